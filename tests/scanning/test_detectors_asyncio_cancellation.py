"""Cancellation: cleanup, streams, shields and what swallows it."""

from __future__ import annotations

from scans import Codes, silent, told

FAULTS: Codes = {
    "await-in-a-stream-finally": {
        "an await of work": """
            async def rows(pool) -> AsyncIterator[int]:
                try:
                    yield 1
                finally:
                    await pool.execute("delete")  # here
        """,
    },
    "shield-alone": {
        "a session": """
            async def pay(book) -> None:
                async with Session() as session:
                    await asyncio.shield(book(session))  # here
        """,
    },
    "yield-inside-a-timeout": {
        "a task group": """
            async def merged(feeds):
                async with asyncio.TaskGroup() as group:
                    for feed in feeds:
                        yield feed  # here
        """,
    },
    "swallowed-cancellation": {
        "in a function that is called inside the timeout": """
            async def balance() -> int | None:
                try:
                    await asyncio.sleep(5)
                    return 100
                except asyncio.CancelledError:  # here
                    return None
            async def read() -> int | None:
                async with asyncio.timeout(1):
                    return await balance()
        """,
    },
}

NEAR_MISSES: Codes = {
    "await-in-a-stream-finally": {
        "closing": """
            async def rows(source) -> AsyncIterator[int]:
                try:
                    async for row in source:
                        yield row
                finally:
                    await source.aclose()
        """,
        "nothing is yielded in it": """
            async def rows(pool) -> AsyncIterator[int]:
                yield 1
                try:
                    await pool.fetch()
                finally:
                    await pool.execute("delete")
        """,
        "a task that is joined, and an end by its name": """
            async def stream(pump, source):
                task = asyncio.create_task(pump())
                try:
                    async for item in source:
                        yield item
                finally:
                    task.cancel()
                    await task
                    await source.close_all()
                    await release_slot(source)
        """,
    },
    "timeout-around-anext": {
        "once": """
            async def first(rows) -> int:
                return await asyncio.wait_for(anext(rows), 1)
        """,
    },
    "shield-alone": {
        "a task of its own": """
            async def pay(book) -> None:
                async with Session() as session:
                    task = asyncio.shield(book(session))
        """,
        "work without the resource": """
            async def pay(book) -> None:
                async with Session() as session:
                    await asyncio.shield(book())
        """,
        "cleanup in a clause": """
            async def pay(book) -> None:
                async with Session() as session:
                    try:
                        await book(session)
                    except asyncio.CancelledError:
                        await asyncio.shield(session.invalidate())
                        raise
        """,
    },
    "yield-inside-a-timeout": {
        "a dependency that yields once": """
            async def group():
                async with asyncio.TaskGroup() as tasks:
                    yield tasks
        """,
        "a context manager": """
            @asynccontextmanager
            async def limited():
                async with asyncio.timeout(1):
                    while True:
                        yield
        """,
    },
    "swallowed-cancellation": {
        "joined": """
            async def stop(task) -> None:
                async with asyncio.timeout(1):
                    task.cancel()
                    try:
                        await task
                    except asyncio.CancelledError:
                        pass
        """,
        "raised again": """
            async def read() -> None:
                async with asyncio.timeout(1):
                    try:
                        await asyncio.sleep(1)
                    except asyncio.CancelledError:
                        print("late")
                        raise
        """,
        "another error": """
            async def read() -> None:
                async with asyncio.timeout(1):
                    try:
                        await asyncio.sleep(1)
                    except ValueError:
                        pass
                    print(asyncio.CancelledError)
        """,
        "no timeout around it": """
            async def run(job) -> None:
                try:
                    await job()
                except asyncio.CancelledError:
                    print("stopped")
            async def other() -> None:
                async with asyncio.timeout(1):
                    await asyncio.sleep(1)
        """,
    },
}


test_faults = told(FAULTS)
test_near_misses = silent(NEAR_MISSES)
