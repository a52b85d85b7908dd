"""Meters of the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self


async def until(condition: Callable[[], bool | Awaitable[bool]], deadline: float = 3.0) -> bool:
    """Wait until `condition()` holds, for at most `deadline` seconds; whether it did. Use it instead of sleeping."""
    end = time.monotonic() + deadline
    while True:
        holds = condition()
        if await holds if inspect.isawaitable(holds) else holds:
            return True
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.005)


class LoopLag:
    """The longest time, in seconds, for which the event loop could not run anything: `async with LoopLag() as lag`."""

    def __init__(self, every: float = 0.005) -> None:
        self.every = every
        self.worst = 0.0

    async def __aenter__(self) -> Self:
        """Start the heartbeat."""
        self._beat = asyncio.create_task(self._run())
        await asyncio.sleep(0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let one last beat tell of a stall that has just ended, then stop."""
        await asyncio.sleep(2 * self.every)
        self._beat.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._beat

    async def _run(self) -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(self.every)
            now = time.perf_counter()
            self.worst = max(self.worst, now - last - self.every)
            last = now
