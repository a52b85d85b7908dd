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
        "the cancellation, and what no group has made": """
            async def load(work, other) -> None:
                async with asyncio.TaskGroup() as group:
                    task = group.create_task(work())
                    made = asyncio.create_task(work())
                    given = other()
                    try:
                        await task
                    except asyncio.CancelledError:
                        raise
                    try:
                        await made
                        await given
                    except ValueError:
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
        "tried inside": """
            async def load(work) -> None:
                try:
                    async with anyio.create_task_group() as group:
                        handle = group.create_task(work())
                        try:
                            await handle
                        except Exception:
                            pass
                except* ValueError:
                    pass
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
        "nothing to close, or nothing that waits": """
            async def load(calls, file) -> None:
                async with asyncio.timeout(1):
                    await asyncio.gather(*calls)
                try:
                    async with asyncio.timeout(1):
                        await asyncio.gather(*calls)
                finally:
                    file.close()
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
        "a list of its own, in a comprehension of others": """
            async def load(return_exceptions: bool) -> list[object]:
                found = [1]
                for one in found:
                    if isinstance(one, Exception):
                        print(one)
                return [isinstance(one, Exception) for other in found]
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
        "handed on, or in a task of no group": """
            async def stop() -> None:
                raise asyncio.CancelledError
            async def hand_on() -> None:
                try:
                    await stop()
                except TimeoutError:
                    raise asyncio.CancelledError from None
            async def run() -> None:
                asyncio.create_task(stop())
                async with asyncio.TaskGroup() as group:
                    group.create_task(hand_on())
        """,
        "another exception": """
            async def stop() -> None:
                raise ValueError  # not CancelledError
            async def run() -> None:
                async with asyncio.TaskGroup() as group:
                    group.create_task(stop())
        """,
    },
}


test_faults = told(FAULTS)
test_near_misses = silent(NEAR_MISSES)
