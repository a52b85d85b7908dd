"""Caches, queues, contexts and threads."""

from __future__ import annotations

from scans import Codes, silent, told

FAULTS: Codes = {
    "worker-of-the-first-tenant": {
        "in a global": """
            TENANT = ContextVar("tenant")
            worker = None
            async def work() -> None:
                while True:
                    await asyncio.sleep(1)
            async def add() -> None:
                global worker
                if worker is None:
                    worker = asyncio.create_task(work())  # here
        """,
    },
    "refresher-that-died-unseen": {
        "a step with something outside its try": """
            class Rates:
                def start(self) -> None:
                    self.task = asyncio.create_task(self.refresh())  # here
                async def refresh(self) -> None:
                    while True:
                        await self.step()
                        await asyncio.sleep(1)
                async def step(self) -> None:
                    rates = await self.load()
                    try:
                        self.store(rates)
                    except Exception:
                        log()
        """,
    },
    "context-left-behind": {
        "a function of the module": """
            TENANT = ContextVar("tenant", default="public")
            def table() -> str:
                return TENANT.get()
            async def read() -> str:
                return await asyncio.get_running_loop().run_in_executor(None, table)  # here
        """,
    },
}

NEAR_MISSES: Codes = {
    "context-left-behind": {
        "nothing is read": """
            TENANT = ContextVar("tenant")
            def table() -> str:
                return "public"
            async def read() -> str:
                return await asyncio.get_running_loop().run_in_executor(None, table)
        """,
        "what has a get() of its own": """
            CACHE: dict[str, str] = {}
            def read() -> str | None:
                return CACHE.get("a")
            async def load() -> str | None:
                return await asyncio.get_running_loop().run_in_executor(None, read)
        """,
    },
    "join-on-dead-workers": {
        "not awaited here": """
            async def stop(queue: asyncio.Queue):
                queue.task_done()
                return queue.join()
        """,
        "a thread's": """
            def stop(thread, queue: asyncio.Queue) -> None:
                thread.join()
                queue.task_done()
        """,
        "done in finally": """
            async def drain(queue: asyncio.Queue, handle) -> None:
                async def work() -> None:
                    while True:
                        item = await queue.get()
                        try:
                            await handle(item)
                        finally:
                            queue.task_done()
                asyncio.create_task(work())
                await queue.join()
        """,
        "workers that were gathered before": """
            async def work(queue: asyncio.Queue) -> None:
                while True:
                    await fetch(await queue.get())
                    queue.task_done()
            async def run(queue: asyncio.Queue) -> None:
                workers = [asyncio.create_task(work(queue))]
                await asyncio.gather(*workers)
                await queue.join()
        """,
    },
    "refresher-that-died-unseen": {
        "a step that lets nothing out": """
            class Rates:
                def start(self) -> None:
                    self.task = asyncio.create_task(self.refresh())
                async def refresh(self) -> None:
                    while True:
                        await self.step()
                        await asyncio.sleep(1)
                async def step(self) -> None:
                    '''One of many.'''
                    try:
                        await self.load()
                    except Exception:
                        log()
        """,
        "no endless loop": """
            class Rates:
                def start(self) -> None:
                    self.task = asyncio.create_task(self.refresh())
                async def refresh(self) -> None:
                    await asyncio.sleep(1)
                    await self.load()
        """,
    },
    "threads-past-the-limit": {
        "without a timeout": """
            from fastapi.concurrency import run_in_threadpool
            async def read() -> str:
                return await run_in_threadpool(str)
        """,
    },
    "worker-of-the-first-tenant": {
        "a job that ends": """
            class Jobs:
                async def add(self) -> None:
                    if self._task is None:
                        self._task = asyncio.create_task(once())
            async def once() -> None: ...
        """,
    },
    "loop-per-call": {
        "arguments that belong to no loop": """
            async def store(key: int) -> None: ...
            def task(key: int) -> None:
                asyncio.run(store(key))
        """,
    },
    "queue-fed-from-a-thread": {
        "a queue of another kind": """
            from queue import Queue
            async def listen(sdk) -> None:
                box: Queue = Queue()
                sdk.on_message(box.put_nowait)
        """,
    },
}


test_faults = told(FAULTS)
test_near_misses = silent(NEAR_MISSES)
