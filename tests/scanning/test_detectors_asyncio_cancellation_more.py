"""Cancellation between tasks, in cleanup, and of clients that left."""

from __future__ import annotations

from scans import Codes, silent, told

FAULTS: Codes = {
    "suppress-while-joining": {
        "a clause that passes": """
            async def stop(task: asyncio.Task) -> None:
                task.cancel()
                try:
                    await task  # here
                except asyncio.CancelledError:
                    pass
        """,
    },
}

NEAR_MISSES: Codes = {
    "suppress-while-joining": {
        "something else is awaited": """
            async def stop(task: asyncio.Task) -> None:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await asyncio.sleep(1)
                with suppress(asyncio.CancelledError):
                    print(task)
        """,
    },
    "cancelled-neighbour": {
        "it asks for both": """
            async def watch(jobs: list[asyncio.Task]) -> None:
                for job in jobs:
                    try:
                        await job
                    except (Exception, asyncio.CancelledError):
                        pass
        """,
    },
    "break-out-of-a-generator": {
        "it holds nothing": """
            async def numbers() -> AsyncIterator[int]:
                yield 1
            async def first() -> None:
                async for number in numbers():
                    break
        """,
    },
    "push-only-websocket": {
        "nothing of the socket is in the loop": """
            async def push(socket: WebSocket, other) -> None:
                while True:
                    await other.send_text("x")
        """,
    },
}


test_faults = told(FAULTS)
test_near_misses = silent(NEAR_MISSES)
