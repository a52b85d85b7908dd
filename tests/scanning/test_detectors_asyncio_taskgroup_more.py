"""Task groups: results awaited in the body, races, deadlines."""

from __future__ import annotations

from scans import Codes, silent, told

FAULTS: Codes = {
    "cancellederror-as-data": {
        "a loop": """
            async def run(calls) -> None:
                results = await asyncio.gather(*calls, return_exceptions=True)
                for result in results:
                    if isinstance(result, Exception):  # here
                        print(result)
        """,
    },
}

NEAR_MISSES: Codes = {
    "fallback-in-the-body": {
        "another task": """
            async def page(load, rating: asyncio.Task) -> None:
                async with asyncio.TaskGroup() as group:
                    group.create_task(load())
                    try:
                        await rating
                    except ConnectionError:
                        pass
        """,
    },
    "group-that-ends-in-silence": {
        "not a task": """
            async def run(Task) -> None:
                async with anyio.create_task_group() as group:
                    group.start_soon(print)
                    group.start_soon()
        """,
    },
    "failure-raised-twice": {
        "no except* around it": """
            async def page(load) -> None:
                async with anyio.create_task_group() as group:
                    handle = group.create_task(load())
                    await handle
        """,
    },
    "deadline-lost-in-the-group": {
        "another error": """
            async def run() -> None:
                try:
                    async with asyncio.timeout(1), asyncio.TaskGroup() as group: ...
                except ValueError:
                    print("TimeoutError")
        """,
        "groups too": """
            async def run() -> None:
                try:
                    async with asyncio.timeout(1), asyncio.TaskGroup() as group: ...
                except (TimeoutError, ExceptionGroup):
                    print("late")
        """,
    },
    "cleanup-still-running": {
        "no timeout": """
            async def run(jobs, close) -> None:
                try:
                    await asyncio.gather(*jobs)
                finally:
                    await close()
        """,
    },
    "waiting-for-the-losers": {
        "all of them are waited for": """
            async def race(jobs):
                async with asyncio.TaskGroup() as group:
                    await asyncio.wait([group.create_task(j()) for j in jobs])
                    return asyncio.FIRST_COMPLETED
        """,
        "nothing is returned": """
            async def race(jobs) -> None:
                async with asyncio.TaskGroup() as group:
                    done, _ = await asyncio.wait([group.create_task(j()) for j in jobs], return_when=asyncio.FIRST_COMPLETED)
        """,
    },
    "cancellederror-as-data": {
        "asked for as well": """
            async def run(calls) -> None:
                results = await asyncio.gather(*calls, return_exceptions=True)
                for result in results:
                    if isinstance(result, Exception) and not isinstance(result, asyncio.CancelledError):
                        print(result)
        """,
        "of nobody's results": """
            def is_bad(x, return_exceptions) -> bool:
                return isinstance(x, Exception)
        """,
        "BaseException first": """
            async def run(calls) -> None:
                results = await asyncio.gather(*calls, return_exceptions=True)
                for result in results:
                    if isinstance(result, BaseException):
                        if isinstance(result, Exception):
                            print(result)
        """,
    },
    "stop-that-stops-nothing": {
        "raised again": """
            async def work(job) -> None:
                try:
                    await job()
                except asyncio.CancelledError as error:
                    raise asyncio.CancelledError from error
            async def run(job) -> None:
                async with asyncio.TaskGroup() as group:
                    group.create_task(work(job))
        """,
        "no task of a group": """
            async def stop() -> None:
                raise asyncio.CancelledError
            async def run() -> None:
                async with asyncio.TaskGroup() as group: ...
        """,
    },
}


test_faults = told(FAULTS)
test_near_misses = silent(NEAR_MISSES)
