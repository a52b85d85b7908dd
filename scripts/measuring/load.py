"""Load as users make it, and what became of it."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

Call = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Answered:
    """Requests answered per second, and the 99th percentile of the seconds from arrival to answer."""

    throughput: float
    p99: float


async def arriving(request: Call, per_second: float, window: float, seed: int) -> Answered:
    """An open loop for `window` seconds: users arrive at random and do not wait for each other.

    A request that waits at the end counts with the time that it has waited so far; then it is cancelled.
    """
    taken: list[float] = []
    begin = time.perf_counter()
    tasks = []
    for offset in _moments(per_second, window, seed):
        await asyncio.sleep(max(0.0, begin + offset - time.perf_counter()))
        tasks.append(asyncio.create_task(_timed(request, begin + offset, taken)))
    await asyncio.sleep(max(0.0, begin + window - time.perf_counter()))
    return await _over(tasks, taken, time.perf_counter() - begin)


async def looping(request: Call, clients: int, window: float) -> Answered:
    """A closed loop for `window` seconds: each client asks again as soon as it has its answer."""
    taken: list[float] = []
    begin = time.perf_counter()

    async def client() -> None:
        while True:
            await _timed(request, time.perf_counter(), taken)

    tasks = [asyncio.create_task(client()) for _ in range(clients)]
    await asyncio.sleep(window)
    return await _over(tasks, taken, time.perf_counter() - begin)


def _moments(per_second: float, window: float, seed: int) -> Iterator[float]:
    """When they arrive: a Poisson process, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - arrivals are no secret
    moment = chance.expovariate(per_second)
    while moment < window:
        yield moment
        moment += chance.expovariate(per_second)


async def _timed(request: Call, since: float, taken: list[float]) -> None:
    """Note how long a request took, or had waited when it was cancelled."""
    try:
        await request()
    finally:
        taken.append(time.perf_counter() - since)


async def _over(tasks: list[asyncio.Task[None]], taken: list[float], seconds: float) -> Answered:
    """What was answered until now; the rest is cancelled. Raises the error of a request that failed."""
    answered = len(taken)
    for task in tasks:
        task.cancel()
    endings = await asyncio.gather(*tasks, return_exceptions=True)
    for error in endings:
        if isinstance(error, Exception):
            raise error
    return Answered(answered / seconds, sorted(taken)[int(len(taken) * 0.99)])
