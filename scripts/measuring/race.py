"""A race: every contender in every round, so that what disturbs the machine disturbs them all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from statistics import median
from typing import TypeVar

T = TypeVar("T")
Contender = Callable[[], Awaitable[float]]


async def race(contenders: Mapping[str, Callable[[], Awaitable[T]]], rounds: int) -> dict[str, list[T]]:
    """What each contender measured of itself (seconds, say) in each of `rounds`.

    The contenders take turns; each round begins with the next of them, so that none has the best place in all.
    """
    measured: dict[str, list[T]] = {name: [] for name in contenders}
    names = list(contenders)
    for number in range(rounds):
        first = number % len(names)
        for name in (*names[first:], *names[:first]):
            measured[name].append(await contenders[name]())
    return measured


def ratios(measured: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """The median of each contender divided by the smallest one: 1.0 is the best. Smaller must be better."""
    medians = {name: median(values) for name, values in measured.items()}
    return {name: value / min(medians.values()) for name, value in medians.items()}
