"""Meters of the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import selectors
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self


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


async def outcome(call: Awaitable[object], patience: float = 3.0) -> str:
    """What a call returns (its repr) or the name of what it raises; `still waiting` when it takes longer.

    A task is left to itself then. Anything else is cancelled.
    """
    task = asyncio.ensure_future(call)
    await asyncio.wait({task}, timeout=patience)
    if not task.done():
        if task is not call:
            task.cancel()
        return "still waiting"
    if task.cancelled():
        return "CancelledError"
    return repr(task.result()) if task.exception() is None else type(task.exception()).__name__


async def result_of(call: Awaitable[Any], deadline: float = 3.0) -> Any:
    """What a call returns, or the name of what it raises; `TimeoutError` after `deadline` seconds."""
    try:
        async with asyncio.timeout(deadline):
            return await call
    except Exception as error:
        return type(error).__name__


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


class QuickLoop(asyncio.SelectorEventLoop):
    """A loop whose seconds last 40 ms."""

    def __init__(self) -> None:
        super().__init__(_QuickSelector())

    def time(self) -> float:
        """The loop's clock, 25 times as fast as others."""
        return super().time() * 25


class _QuickSelector(selectors.DefaultSelector):
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(timeout and timeout / 25)
