"""Proofs of references/pooling-tuning-more.md."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import sys
import warnings
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import sqlalchemy as sa
from fastapi import FastAPI, Response
from harness import Database, leave_early, serve, statements, until
from prometheus_client import CollectorRegistry, Gauge
from skill_validator.loading import load
from skill_validator.model import Example
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine


@contextlib.asynccontextmanager
async def disposing(engine: AsyncEngine) -> AsyncIterator[AsyncEngine]:
    """The engine, disposed of afterwards."""
    try:
        yield engine
    finally:
        await engine.dispose()


async def test_timeout_that_costs_the_connection(example: Example, database: Database) -> None:
    """A quick report, then two that take too long."""
    module = load(example)
    await database.execute("""
        create table seconds (pause float); insert into seconds values (0);
        create view report as select pg_sleep(pause)::text from seconds
    """)
    async with disposing(module.make_engine(database.url)) as engine:

        async def server_process() -> int:
            async with engine.connect() as connection:
                return int((await connection.execute(sa.text("select pg_backend_pid()"))).scalar_one())

        reports, processes = [await module.report(engine)], [await server_process()]
        await database.execute("update seconds set pause = 1")
        for _ in range(2):
            reports.append(await module.report(engine))
            processes.append(await server_process())

    assert reports == [1, None, None]
    assert len(set(processes)) == 1


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
    logging.disable()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        del session
        gc.collect()
    logging.disable(logging.NOTSET)
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
    most = served = 0
    async with disposing(load(example).make_engine(database.url)) as engine:

        async def request() -> None:
            nonlocal served
            async with engine.connect() as connection:
                await connection.execute(sa.text("select pg_sleep(0.05)"))
            served += 1

        requests = asyncio.gather(*(request() for _ in range(6)))

        async def watch() -> bool:
            nonlocal most
            most = max(most, await database.connections())
            return requests.done()

        await until(watch)
        await requests

    assert served == 6
    assert 0 < most <= 2


async def test_one_request_takes_the_pool(example: Example, database: Database) -> None:
    """A report over twenty days and a pool of four: what it has done when another request gets a connection."""
    await database.execute("""
        create view totals as select day, 5 + length(pg_sleep(0.02)::text) cents from generate_series(1, 20) day
    """)
    async with disposing(create_async_engine(database.url, pool_size=4, max_overflow=0)) as engine:
        async with contextlib.AsyncExitStack() as stack:
            for _ in range(4):
                await stack.enter_async_context(engine.connect())
        sent = statements(engine)
        report = asyncio.create_task(load(example).totals(async_sessionmaker(engine), list(range(1, 21))))
        await until(lambda: len(sent) >= 2)
        async with engine.connect():
            before = len(sent)
        totals = await report

    assert (totals, len(sent)) == ([5] * 20, 20)
    assert before < 10


async def test_three_trips_for_a_row(example: Example, database: Database) -> None:
    """Counts what the client sends through a proxy."""
    module = load(example)
    await database.execute("create table items (id int, cents int); insert into items values (7, 500)")
    address, sent = urlsplit(database.url), 0

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, counted: bool) -> None:
        nonlocal sent
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                sent += counted
                writer.write(data)
        writer.close()

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, forth = await asyncio.open_connection(address.hostname, address.port)
        await asyncio.gather(carry(reader, forth, True), carry(back, writer, False))

    proxy = await asyncio.start_server(pass_on, "127.0.0.1", 0)
    port = proxy.sockets[0].getsockname()[1]
    url = address._replace(netloc=f"{address.username}@127.0.0.1:{port}").geturl()
    async with disposing(create_async_engine(url, pool_size=1)) as engine:
        prices = [await module.price(engine, 7) for _ in range(2)]
        sent = 0
        prices.append(await module.price(engine, 7))
        trips = sent
    proxy.close()
    await asyncio.sleep(0.02)

    assert (prices, trips) == ([500, 500, 500], 1)
