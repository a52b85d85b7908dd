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
        "what was caught is raised again": """
            async def run(work) -> None:
                task = asyncio.create_task(work())
                try:
                    await asyncio.wait({task})
                except asyncio.CancelledError:
                    task.cancel()
                    with suppress(asyncio.CancelledError):
                        await task
                    raise
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
        "a helper beside one that receives": """
            async def push(socket: WebSocket) -> None:
                while True:
                    await socket.send_json({})
            @app.websocket("/ws")
            async def serve(socket: WebSocket) -> None:
                async with asyncio.TaskGroup() as group:
                    group.create_task(push(socket))
                    await socket.receive_text()
        """,
    },
    "poll-for-a-disconnect": {
        "asked once": """
            async def read(request: Request) -> bool:
                return await request.is_disconnected()
        """,
    },
}


test_faults = told(FAULTS)
test_near_misses = silent(NEAR_MISSES)
