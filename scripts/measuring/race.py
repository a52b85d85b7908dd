"""A race: every contender in every round, so that what disturbs the machine disturbs them all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from statistics import median

Contender = Callable[[], Awaitable[float]]


async def race(contenders: Mapping[str, Contender], rounds: int) -> dict[str, float]:
    """What each contender measured of itself (seconds, say), as the median of `rounds`.

    The contenders take turns; each round begins with the next of them, so that none has the best place in all.
    """
    measured: dict[str, list[float]] = {name: [] for name in contenders}
    names = list(contenders)
    for number in range(rounds):
        first = number % len(names)
        for name in (*names[first:], *names[:first]):
            measured[name].append(await contenders[name]())
    return {name: median(values) for name, values in measured.items()}


def ratios(measured: Mapping[str, float]) -> dict[str, float]:
    """Each measurement divided by the smallest: 1.0 is the best. Smaller must be better."""
    best = min(measured.values())
    return {name: value / best for name, value in measured.items()}
