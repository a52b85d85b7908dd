"""Proofs of references/pool-sizing.md."""

from __future__ import annotations

import asyncio

from harness import Database, checked_out
from prometheus_client import CollectorRegistry, Histogram
from skill_validator.loading import load
from skill_validator.parts import Example
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine


async def test_worked_example(example: Example, database: Database) -> None:
    """The numbers of the prose; then its 5 connections carry 50 requests a second of 60 ms each, as it says."""
    module = load(example)
    size = module.pool_size(50, 0.06)
    assert (size, 8 * size, module.fleet(400, 0.06, 8)) == (5, 40, 80)
    assert (module.pool_size(50, 0.12), module.fleet(400, 0.12, 8)) == (9, 144)

    engine = create_async_engine(database.url, pool_size=size, max_overflow=0, pool_timeout=1)
    in_use: list[int] = []

    async def request() -> None:
        async with engine.connect() as connection:
            in_use.append(checked_out(engine))
            await connection.execute(text("select pg_sleep(0.06)"))

    try:
        requests = []
        for _ in range(30):
            requests.append(asyncio.create_task(request()))
            await asyncio.sleep(0.02)
        await asyncio.gather(*requests)
    finally:
        await engine.dispose()

    assert max(in_use) <= size


async def test_time_held(example: Example, database: Database) -> None:
    """Three connections that are held all the time are three held seconds a second."""
    module = load(example)
    registry = CollectorRegistry()
    held = Histogram("db_held_seconds", "From checkout to checkin", registry=registry)
    engine = create_async_engine(database.url)
    module.measure_holding(engine, held)
    clock = asyncio.get_running_loop().time
    try:
        for _ in range(2):  # the second time without connecting
            before, begin = registry.get_sample_value("db_held_seconds_sum") or 0.0, clock()
            connections = [await engine.connect() for _ in range(3)]
            await asyncio.sleep(0.3)
            for connection in connections:
                await connection.close()
            seconds = clock() - begin
    finally:
        await engine.dispose()
    after = registry.get_sample_value("db_held_seconds_sum") or 0.0

    assert 2.6 < (after - before) / seconds <= 3
    assert registry.get_sample_value("db_held_seconds_count") == 6


async def test_room_on_the_server(example: Example, database: Database) -> None:
    """The settings as another view of the server shows them."""
    module = load(example)
    names = ["max_connections", "superuser_reserved_connections", "reserved_connections"]
    shown = dict(await database.fetch("select name, setting from pg_settings where name = any($1)", names))
    most, *kept = (int(shown.get(name, 0)) for name in names)
    free = most - sum(kept)
    engine = create_async_engine(database.url)
    try:
        async with engine.connect() as connection:
            share = await module.share(connection, 8, 10)
            alone = await module.share(connection, 1, 0)
    finally:
        await engine.dispose()

    assert (share, alone) == ((free - 10) // 16, free // 2)
