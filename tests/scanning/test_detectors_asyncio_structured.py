"""Semaphores, threads, executors and jobs that outlive their request."""

from __future__ import annotations

from scans import Codes, silent, told

FAULTS: Codes = {
    "one-job-ends-them-all": {
        "a group kept under another name": """
            async def send(to: str) -> None:
                if "@" not in to:
                    raise ValueError(to)
            @asynccontextmanager
            async def lifespan(app: FastAPI):
                async with asyncio.TaskGroup() as group:
                    app.state.jobs = group
                    yield
            async def mail(to: str) -> None:
                app.state.jobs.create_task(send(to))  # here
        """,
        "entered by an exit stack": """
            class Jobs:
                async def start(self) -> None:
                    self._group = await self._stack.enter_async_context(asyncio.TaskGroup())
                async def submit(self, key: int) -> None:
                    self._group.create_task(self.run(key))  # here
                async def run(self, key: int) -> None:
                    await fetch(key)
        """,
    },
}

NEAR_MISSES: Codes = {
    "one-job-ends-them-all": {
        "suppressed": """
            async def job(send) -> None:
                with suppress(Exception):
                    await send()
            async def lifespan(app):
                async with asyncio.TaskGroup() as app.state.jobs:
                    yield
            def start() -> None:
                app.state.jobs.create_task(job(print))
        """,
        "nobody knows the function": """
            async def lifespan(app):
                async with asyncio.TaskGroup() as app.state.jobs:
                    yield
            def start(job) -> None:
                app.state.jobs.create_task(job())
        """,
    },
    "gil-held-in-a-thread": {
        "a process beside a thread": """
            async def find(pattern: str) -> list[str]:
                await asyncio.to_thread(print)
                return await anyio.to_process.run_sync(re.findall, pattern, "")
        """,
        "another process": """
            async def find(pattern: str) -> list[str]:
                return await anyio.to_process.run_sync(re.findall, pattern, "")
        """,
        "a function of one's own": """
            async def find(pattern: str) -> list[str]:
                return await asyncio.to_thread(scan.findall, pattern)
        """,
    },
    "semaphore-per-call": {
        "in a script": """
            async def crawl(urls) -> None:
                slots = asyncio.Semaphore(3)
            if __name__ == "__main__":
                asyncio.run(crawl([]))
        """,
        "in a test": """
            async def test_limit() -> None:
                slots = asyncio.Semaphore(3)
        """,
    },
    "executor-per-call": {
        "in a function of a thread, and another block": """
            from concurrent.futures import ThreadPoolExecutor
            def crawl() -> None:
                with ThreadPoolExecutor() as pool:
                    pool.submit(print)
            async def load() -> None:
                with open("a") as file:
                    file.read()
        """,
    },
}


test_faults = told(FAULTS)
test_near_misses = silent(NEAR_MISSES)
