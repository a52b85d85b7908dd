"""Throughput and waiting against the size of the pool: the table and the plot of references/pool-sizing.md."""

from __future__ import annotations

import asyncio
import hashlib
import math
import os
import time
from collections.abc import Awaitable, Callable
from statistics import mean, median
from typing import Any

from harness import Database
from harness.postgres import postgres
from measuring.load import Answered, arriving, looping
from measuring.pages import DATA, REFERENCES, save, table, times
from measuring.plots import Series, draw
from measuring.race import race
from measuring.stage import engine_of, stage, told
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

PAGE = "pool-sizing"
ARRIVALS = 150.0
STATEMENTS = 5
EACH = 0.01
WINDOW = 2.0
CLIENTS = 24
BUSY_WINDOW = 0.8
ROUNDS = 3
WAITING = text(f"select pg_sleep({EACH})")
BUSY = text("select sum(i * i) from generate_series(1, 30000) i")

Load = Callable[[AsyncEngine], Awaitable[Answered]]


async def main(server: str) -> None:
    """Measure, and write what was measured to the data, the page and the plot."""
    cores = os.cpu_count() or 1
    async with stage(server) as (database, facts):
        held = await _held(database)
        in_use = ARRIVALS * held
        names = named(in_use, cores)
        sizes = sorted({2, *names.values(), 2 * names["law and half"], 48})
        busy_sizes = sorted({1, cores, 2 * cores, 2 * cores + 1, 4 * cores, CLIENTS})
        data: dict[str, Any] = {
            "facts": facts,
            "arrivals": ARRIVALS,
            "statements": STATEMENTS,
            "each": EACH,
            "held": held,
            "in_use": in_use,
            "named": names,
            "waiting": await _measured(database, sizes, _arriving),
            "busy": await _measured(database, busy_sizes, _looping),
        }
    save(PAGE, data, blocks(data))
    plot(data)


def named(in_use: float, cores: int) -> dict[str, int]:
    """The sizes that formulas give: `in_use` is arrivals per second x seconds held."""
    return {
        "divided by statements": math.ceil(math.ceil(in_use) / STATEMENTS * 1.5),
        "from cores": 2 * cores + 1,
        "law": math.ceil(in_use),
        "law and half": math.ceil(in_use * 1.5),
    }


LABELS = {
    "divided by statements": "concurrent requests / statements x 1.5",
    "from cores": "2 x cores + 1",
    "law": "arrivals x time held",
    "law and half": "arrivals x time held x 1.5",
}


def blocks(data: dict[str, Any]) -> dict[str, str]:
    """The tables of the page by the marks between which they stand."""
    labels = {str(size): LABELS[name] for name, size in data["named"].items()}
    header = ["pool size", "throughput", "p99"]
    waiting = [(*row, labels.get(row[0], "")) for row in _rows(data["waiting"])]
    said = (
        f"{data['arrivals']:.0f} requests a second arrive at random, each holds its connection for {data['statements']}"
        f" statements of {data['each'] * 1000:.0f} ms: {data['held'] * 1000:.0f} ms were measured, so"
        f" {data['arrivals']:.0f} x {data['held']:.3f} = {data['in_use']:.1f} connections are in use on average."
        f" {told(data['facts'])}."
    )
    return {
        "pool-waiting": f"{table([*header, 'what gives this size'], waiting)}\n\n{said}",
        "pool-busy": table(header, _rows(data["busy"])),
    }


def plot(data: dict[str, Any]) -> None:
    """Draw the first table to references/pool-sizing.png; the picture carries the fingerprint of its data."""
    ratios = {int(size): of for size, of in _ratios(data["waiting"]).items()}
    throughput = {size: 100 * of[0] for size, of in ratios.items()}
    p99 = {size: of[1] for size, of in ratios.items()}
    series = (
        Series("throughput\n(% of the best)", throughput),
        Series("p99 of the response time\n(multiple of the best)", p99, log=True),
    )
    marks = {"2 x cores + 1": data["named"]["from cores"], "Little's law x 1.5": data["named"]["law and half"]}
    draw(REFERENCES / f"{PAGE}.png", "pool size (connections)", series, marks, fingerprint())


def fingerprint() -> str:
    """What tells the committed data from any other."""
    return hashlib.sha256((DATA / f"{PAGE}.json").read_bytes()).hexdigest()


def _rows(measured: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(size, f"{of[0]:.2f}", times(of[1])) for size, of in _ratios(measured).items()]


def _ratios(measured: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """Throughput and p99 of each size, divided by the best of all sizes."""
    most = max(of["throughput"] for of in measured.values())
    least = min(of["p99"] for of in measured.values())
    return {size: (of["throughput"] / most, of["p99"] / least) for size, of in measured.items()}


async def _held(database: Database) -> float:
    """For how many seconds a request holds its connection when it never waits for one."""
    seconds: list[float] = []
    async with engine_of(database, pool_size=64, max_overflow=0) as engine:
        await _warm(engine, 64)

        async def request() -> None:
            async with engine.connect() as connection:
                begin = time.perf_counter()
                for _ in range(STATEMENTS):
                    await connection.execute(WAITING)
                seconds.append(time.perf_counter() - begin)

        await arriving(request, ARRIVALS, WINDOW, seed=0)
    return mean(seconds)


async def _measured(database: Database, sizes: list[int], load: Load) -> dict[str, dict[str, float]]:
    """Throughput and p99 under `load` by size of the pool, each the median of the rounds."""

    def contender(size: int) -> Callable[[], Awaitable[Answered]]:
        async def run() -> Answered:
            async with engine_of(database, pool_size=size, max_overflow=0, pool_timeout=60) as engine:
                await _warm(engine, size)
                return await load(engine)

        return run

    found = await race({str(size): contender(size) for size in sizes}, ROUNDS)
    return {
        size: {"throughput": median(a.throughput for a in answers), "p99": median(a.p99 for a in answers)}
        for size, answers in found.items()
    }


async def _warm(engine: AsyncEngine, size: int) -> None:
    """Open every connection, and let SQLAlchemy compile both statements."""
    connections = [await engine.connect() for _ in range(size)]
    for connection in connections:
        await connection.execute(text("select 1"))
    for connection in connections:
        await connection.close()


async def _arriving(engine: AsyncEngine) -> Answered:
    async def request() -> None:
        async with engine.connect() as connection:
            for _ in range(STATEMENTS):
                await connection.execute(WAITING)

    return await arriving(request, ARRIVALS, WINDOW, seed=1)


async def _looping(engine: AsyncEngine) -> Answered:
    async def request() -> None:
        async with engine.connect() as connection:
            await connection.execute(BUSY)

    return await looping(request, CLIENTS, BUSY_WINDOW)


if __name__ == "__main__":
    with postgres() as address:
        asyncio.run(main(address))
