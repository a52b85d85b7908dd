"""Proofs of references/pooling-tuning-more.md."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from fastapi import FastAPI, Response
from harness import Database, disposing, leave_early, muted, outcome, proxy, serve, statements, until, value
from prometheus_client import CollectorRegistry, Gauge
from skill_validator.loading import load
from skill_validator.parts import Example
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

PROCESS = "select pg_backend_pid()"
Query = Callable[[AsyncEngine], Awaitable[int]]


async def test_timeout_that_costs_the_connection(example: Example, database: Database) -> None:
    """A quick report, then two that take too long."""
    module = load(example)
    await database.execute("""
        create table seconds (pause float); insert into seconds values (0);
        create view report as select pg_sleep(pause)::text from seconds
    """)
    async with disposing(module.make_engine(database.url)) as engine:
        reports, processes = [await module.report(engine)], [await value(engine, PROCESS)]
        await database.execute("update seconds set pause = 1")
        for _ in range(2):
            reports.append(await module.report(engine))
            processes.append(await value(engine, PROCESS))

    assert (reports, len(set(processes))) == ([1, None, None], 1)


async def test_queue_of_the_departed(example: Example, database: Database) -> None:
    """One report hangs, eighty clients leave the queue behind it, and then one comes who stays."""
    await database.execute("create table sales (price int)")
    app, arrived, ended, served_reports = FastAPI(), 0, 0, 0
    async with disposing(load(example).make_engine(database.url)) as engine:

        @app.get("/report")
        async def report() -> Response:
            nonlocal arrived, ended, served_reports
            arrived += 1
            try:
                async with engine.connect() as connection:
                    await connection.execute(sa.text("select count(*) from sales"))
                served_reports += 1
            except sa.exc.TimeoutError:
                return Response(status_code=503)
            finally:
                ended += 1
            return Response("done")

        async with serve(app) as served:
            first = (await served.client.get("/report")).text
            async with database.connect() as holder, holder.transaction():
                await holder.execute("lock table sales")
                hanging = asyncio.create_task(served.client.get("/report"))
                assert await until(lambda: arrived == 2)
                await asyncio.gather(*(leave_early(served.port, "/report", after=b"", pause=0.1) for _ in range(80)))
                assert await until(lambda: arrived == 82)
                await until(lambda: ended == 81, 1.0)
            answer = (await served.client.get("/report")).text
            await until(lambda: ended == 83)  # who comes last may be served before those who queue
            in_vain = served_reports - len((first, hanging, answer))

    assert (first, (await hanging).text, answer, in_vain) == ("done", "done", "done", 0)


async def test_load_tripled_by_retries(example: Example) -> None:
    """A blip, then an outage of two hundred calls."""
    retries = load(example).Retries()
    calls, fails = 0, 1

    async def query() -> int:
        nonlocal calls
        calls += 1
        if calls <= fails:
            raise ConnectionResetError
        return 42

    repaired = await retries.run(query)
    calls, fails = 0, 10_000
    outage = await asyncio.gather(*(retries.run(query) for _ in range(200)), return_exceptions=True)

    assert (repaired, {type(error) for error in outage}) == (42, {ConnectionResetError})
    assert 200 < calls < 250


async def test_gauge_blank_with_workers(example: Example, database: Database) -> None:
    """prometheus_client is imported afresh, as a worker does that finds the variable set."""
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(Path.cwd())
    for name in [name for name in sys.modules if name.partition(".")[0] == "prometheus_client"]:
        del sys.modules[name]
    module = load(example)
    from prometheus_client import CollectorRegistry, multiprocess

    def scraped() -> float | None:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return registry.get_sample_value("db_pool_used")

    async with disposing(create_async_engine(database.url)) as engine:
        module.instrument(engine)
        async with engine.connect(), engine.connect(), engine.connect() as broken:
            used = [scraped()]
            await broken.invalidate()
        used.append(scraped())
        await _leak(engine)
        used.append(scraped())

    assert used == [3.0, 0.0, 0.0]


async def _leak(engine: AsyncEngine) -> None:
    """Use a session and forget to close it."""
    session = AsyncSession(engine)
    await session.execute(sa.text("select 1"))
    with muted():
        del session
    await asyncio.sleep(0.05)


async def test_free_connections_at_zero(example: Example, database: Database) -> None:
    registry = CollectorRegistry()
    gauge = Gauge("db_pool_free", "Connections that can be had", registry=registry)
    async with disposing(create_async_engine(database.url, pool_size=3, max_overflow=2)) as engine:
        load(example).instrument(engine, 5, gauge)
        free = [registry.get_sample_value("db_pool_free")]
        async with engine.connect(), engine.connect():
            free.append(registry.get_sample_value("db_pool_free"))
        await engine.dispose()
        async with engine.connect(), engine.connect(), engine.connect(), engine.connect():
            free.append(registry.get_sample_value("db_pool_free"))

    assert free == [5.0, 3.0, 1.0]


async def test_zero_is_no_limit(example: Example, database: Database) -> None:
    most = 0
    async with disposing(load(example).make_engine(database.url)) as engine:
        requests = asyncio.gather(*(value(engine, "select length(pg_sleep(0.05)::text)") for _ in range(6)))

        async def watch() -> bool:
            nonlocal most
            most = max(most, await database.connections())
            return requests.done()

        await until(watch)
        served = await requests

    assert (served, 0 < most <= 2) == ([0] * 6, True)


async def test_one_request_takes_the_pool(example: Example, database: Database) -> None:
    """A report over twenty days and a pool of four: what it has done when another request gets a connection."""
    await database.execute("""
        create view totals as select day, 5 + length(pg_sleep(0.02)::text) cents from generate_series(1, 20) day
    """)
    async with disposing(create_async_engine(database.url, pool_size=4, max_overflow=0), warm=4) as engine:
        sent = statements(engine)
        report = asyncio.create_task(load(example).totals(async_sessionmaker(engine), list(range(1, 21))))
        await until(lambda: len(sent) >= 2)
        async with engine.connect():
            before = len(sent)
        totals = await report

    assert (totals, len(sent), before < 10) == ([5] * 20, 20, True)


async def test_three_trips_for_a_row(example: Example, database: Database) -> None:
    """Without the ping and with it; then with the ping on an engine that knows no transactions."""
    module = load(example)
    await database.execute("create table items (id int, cents int); insert into items values (7, 500)")
    counted = [
        await _trips(database, lambda engine: module.price(engine, 7), **options)
        for options in ({}, {"pool_pre_ping": True}, {"pool_pre_ping": True, "isolation_level": "AUTOCOMMIT"})
    ]

    assert counted == [(500, 1), (500, 4), (500, 2)]


async def _trips(database: Database, query: Query, **options: Any) -> tuple[int, int]:
    """What the third query on a warm connection gets, and how often it waits for the server."""
    async with (
        proxy(database) as way,
        disposing(create_async_engine(way.database.url, pool_size=1, **options)) as engine,
    ):
        for _ in range(2):
            await query(engine)
        before = way.trips
        return await query(engine), way.trips - before


async def test_queue_that_no_gauge_shows(example: Example, database: Database) -> None:
    """One has the connection, three wait."""
    registry = CollectorRegistry()
    gauge = Gauge("db_pool_waiting", "Callers that wait for a connection", registry=registry)

    def waiting() -> float | None:
        return registry.get_sample_value("db_pool_waiting")

    async with disposing(load(example).make_engine(database.url, gauge), warm=1) as engine:
        async with engine.connect():
            queue = [asyncio.create_task(value(engine, "select 1")) for _ in range(3)]
            await until(lambda: waiting() == 3, 1)
            seen = waiting()
        await asyncio.gather(*queue)

    assert (seen, waiting()) == (3, 0)


async def test_leak_without_an_address(example: Example, database: Database) -> None:
    async with disposing(create_async_engine(database.url)) as engine:
        holders = load(example).watch(engine)

        async def forgetful_report() -> AsyncSession:
            session = AsyncSession(engine)
            await session.execute(sa.text("select 1"))
            return session

        async with engine.connect():
            session = await forgetful_report()
        held = list(holders.values())
        await session.close()

    assert [("forgetful_report" in stack) for stack in held] == [True]
    assert holders == {}


async def test_recycled_too_late(example: Example, database: Database) -> None:
    """Two connections are pooled when the server ends all of them; what recycling costs is counted beside it."""
    one: Query = partial(value, sql="select 1")
    async with disposing(load(example).make_engine(database.url), warm=2) as engine:
        await database.end_others()
        answers = [await outcome(one(engine)) for _ in range(3)]
    (_, kept), (_, recycled) = [await _trips(database, one, **options) for options in ({}, {"pool_recycle": 0})]

    assert answers == ["1"] * 3
    assert recycled - kept >= 4


async def test_overflow_thrown_away(example: Example, database: Database) -> None:
    """Two bursts of twenty."""
    async with proxy(database) as way, disposing(load(example).make_engine(way.database.url)) as engine:
        for _ in range(2):
            async with contextlib.AsyncExitStack() as stack:
                for _ in range(20):
                    await stack.enter_async_context(engine.connect())

    assert way.opened == 20
