"""Task groups and gather(): which errors leave, and what goes on."""

from __future__ import annotations

from scans import Codes, silent, told

FAULTS: Codes = {
    "timeout-inside-the-group": {
        "nested": """
            async def run(jobs) -> None:
                async with asyncio.TaskGroup() as group:
                    async with asyncio.timeout(1):  # here
                        for job in jobs:
                            group.create_task(job())
        """,
    },
}

NEAR_MISSES: Codes = {
    "hidden-httpexception": {
        "a group of somebody else": """
            from groups import TaskGroup
            async def read(load) -> None:
                async with TaskGroup() as group:
                    group.create_task(load())
        """,
        "no group": """
            async def read(TaskGroup) -> None:
                raise HTTPException(404)
        """,
        "caught as a group": """
            async def read(load) -> None:
                try:
                    async with asyncio.TaskGroup() as group:
                        group.create_task(load())
                except ExceptionGroup:
                    raise HTTPException(404)
        """,
        "a group without tasks of its own": """
            async def load(group_of) -> None:
                async with asyncio.TaskGroup() as group:
                    await group_of(group)
        """,
    },
    "lost-successes": {
        "two tasks": """
            async def read(a, b) -> None:
                try:
                    async with asyncio.TaskGroup() as group:
                        group.create_task(a())
                        group.create_task(b())
                except* Exception as failed:
                    print(failed.exceptions)
        """,
    },
    "both-clauses-run": {
        "one of them only logs": """
            async def run() -> None:
                try:
                    async with asyncio.TaskGroup() as group: ...
                except* TimeoutError:
                    raise HTTPException(504)
                except* ValueError as failed:
                    print(failed)
        """,
        "no group: one exception has one clause": """
            async def load() -> None:
                try:
                    await fetch()
                except* ValueError:
                    raise HTTPException(404) from None
                except* OSError:
                    raise HTTPException(502) from None
        """,
    },
    "siblings-go-on": {
        "only reads": """
            async def load(user, orders) -> None:
                await asyncio.gather(user(), orders())
        """,
    },
    "timeout-inside-the-group": {
        "something is awaited in it": """
            async def run(job) -> None:
                async with asyncio.TaskGroup() as group, asyncio.timeout(1):
                    await group.create_task(job())
        """,
    },
}


test_faults = told(FAULTS)
test_near_misses = silent(NEAR_MISSES)
