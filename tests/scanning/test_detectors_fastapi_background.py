"""Lifespans, probes, workers and background tasks."""

from __future__ import annotations

from scans import Codes, silent, told

FAULTS: Codes = {
    "stop-flag-after-yield": {
        "a handler that forgets uvicorn's": """
            import signal
            @asynccontextmanager
            async def lifespan(app: FastAPI):
                asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, print)  # here
                yield
        """,
    },
    "worker-ends-the-lifespan": {
        "told by what the application is given": """
            async def work(poll) -> None:
                while True:
                    await poll()
            @asynccontextmanager
            async def start(app):
                async with asyncio.TaskGroup() as group:
                    group.create_task(work(print))  # here
                    yield
            service = FastAPI(lifespan=start)
        """,
    },
    "half-started-lifespan": {
        "told by the application's type": """
            @asynccontextmanager
            async def start(app: FastAPI):
                pool = await asyncpg.create_pool()
                yield
                await app.state.flush()
                await pool.close()  # here
        """,
    },
    "first-failure-drops-the-rest": {
        "one more in a branch": """
            @app.post("/")
            async def place(tasks: BackgroundTasks, gift: bool = False):
                tasks.add_task(mail)  # here
                tasks.add_task(audit)
                if gift:
                    tasks.add_task(wrap)
        """,
    },
}

NEAR_MISSES: Codes = {
    "stop-flag-after-yield": {
        "an event of a worker": """
            stopping = asyncio.Event()
            async def work() -> None:
                await stopping.wait()
            @asynccontextmanager
            async def lifespan(app: FastAPI):
                yield
                stopping.set()
        """,
    },
    "worker-ends-the-lifespan": {
        "nobody knows the function": """
            @asynccontextmanager
            async def lifespan(app, job):
                async with asyncio.TaskGroup() as group:
                    group.create_task(job())
                    yield
        """,
        "a group that is given": """
            @asynccontextmanager
            async def lifespan(app: FastAPI, group=None):
                group.create_task(work())
                yield
            async def work() -> None:
                while True:
                    await fetch()
        """,
        "another thing with such a method": """
            @asynccontextmanager
            async def lifespan(app: FastAPI, runner=None):  # not a TaskGroup
                runner.create_task(work())
                yield
            async def work() -> None:
                while True:
                    await fetch()
        """,
    },
    "first-failure-drops-the-rest": {
        "one in each branch": """
            def after(tasks: BackgroundTasks, paid: bool) -> None:
                if paid:
                    tasks.add_task(print)
                else:
                    tasks.add_task(repr)
        """,
    },
    "half-started-lifespan": {
        "a stream": """
            async def stream():
                await one()
                yield 1
                await two()
                await three()
        """,
    },
}


test_faults = told(FAULTS)
test_near_misses = silent(NEAR_MISSES)
