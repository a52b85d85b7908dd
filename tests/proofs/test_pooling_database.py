"""Proofs of rules/pooling-database.md."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa
from harness import Database, disposing, outcome, pgbouncer, proxy, until
from skill_validator.loading import load
from skill_validator.parts import Example
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine


async def test_leaked_tenant(example: Example, database: Database) -> None:
    module = load(example)
    await database.execute("""
        create table everything (id int, tenant text);
        insert into everything values (1, 'acme'), (2, 'globex');
        create view invoices as select id from everything where tenant = current_setting('app.tenant', true)
    """)
    async with disposing(create_async_engine(database.url, pool_size=1, max_overflow=0)) as engine:
        sessions = async_sessionmaker(engine)
        served = [await module.invoices(sessions, tenant) for tenant in ("acme", "globex", None)]

    assert served == [[1], [2], []]


async def test_surviving_lock(example: Example, database: Database) -> None:
    module = load(example)
    await database.execute("create table reports (id int primary key)")
    engines = [create_async_engine(database.url, pool_size=1) for _ in range(2)]

    async def report(session: AsyncSession) -> None:
        await session.execute(sa.text("insert into reports values (1)"))

    async def failing(session: AsyncSession) -> None:
        await report(session)
        await report(session)

    async with disposing(engines[0]) as here, disposing(engines[1]) as there:
        with contextlib.suppress(sa.exc.DBAPIError):
            await module.exclusively(async_sessionmaker(here), failing)
        ran = await module.exclusively(async_sessionmaker(there), report)

    assert (ran, await database.value("select count(*) from reports")) == (True, 1)


async def test_lock_for_everybody(example: Example, database: Database) -> None:
    """A second worker comes while the first is at work, and once more when that is done; then a stranger's SET."""
    module = load(example)
    at_work, over = asyncio.Event(), asyncio.Event()

    async def long() -> None:
        at_work.set()
        await over.wait()

    async def short() -> None: ...

    async with pgbouncer(database, default_pool_size=2) as way, _pool(way) as first, _pool(way) as second:
        working = asyncio.create_task(module.exclusively(first, long))
        await at_work.wait()
        ran = [await module.exclusively(second, short)]
        over.set()
        ran += [await working, await module.exclusively(second, short)]
        async with first.acquire() as connection:
            await connection.execute("set app.tenant = 'acme'")
            seen = await second.fetchval("select current_setting('app.tenant', true)")

    assert ran == [False, True, True]
    assert seen == "acme"


def _pool(way: Database) -> Any:
    return asyncpg.create_pool(way.dsn, min_size=1, statement_cache_size=0)


@pytest.mark.needs("sqlalchemy>=2.1")
async def test_uncaught_outage(example: Example, database: Database) -> None:
    module = load(example)
    await database.execute("create table orders (id int)")
    server, _, _ = database.url.rpartition("/")
    engines = {
        "healthy": create_async_engine(database.url),
        "exhausted": create_async_engine(database.url, pool_size=1, max_overflow=0, pool_timeout=0.05),
        "missing": create_async_engine(f"{server}/nothing"),
        "refused": create_async_engine("postgresql+asyncpg://postgres@127.0.0.1:9/orders"),
    }
    answers: dict[str, object] = {}
    try:
        async with engines["exhausted"].connect():
            for state, engine in engines.items():
                try:
                    answers[state] = await module.orders(engine)
                except (sa.exc.SQLAlchemyError, asyncpg.PostgresError) as error:
                    answers[state] = type(error)
    finally:
        for engine in engines.values():
            await engine.dispose()

    assert answers == {"healthy": 0, "exhausted": None, "missing": None, "refused": None}


async def test_ignored_deadline(example: Example, database: Database) -> None:
    module = load(example)
    await database.execute("create table accounts (id int, cents int); insert into accounts values (1, 500)")
    async with proxy(database) as way:
        pool = await module.make_pool(way.database.dsn)
        task = asyncio.create_task(module.balance(pool, 1))
        try:
            before = await outcome(task, 1)
            way.dead = True
            task = asyncio.create_task(module.balance(pool, 1))
            after = await outcome(task, 1.2)
        finally:
            pool.terminate()
            await outcome(task, 1)

    assert (before, after) == ("500", "TimeoutError")


async def test_endless_acquire(example: Example, database: Database) -> None:
    module = load(example)
    await database.execute("create table accounts (id int, cents int); insert into accounts values (1, 500)")
    async with asyncpg.create_pool(database.dsn, min_size=1, max_size=1, timeout=0.5, command_timeout=0.5) as pool:
        async with pool.acquire():
            busy = await outcome(module.balance(pool, 1), 1)
        free = await module.balance(pool, 1)

    assert (busy, free) == ("TimeoutError", 500)


async def test_lost_settings(example: Example, database: Database) -> None:
    module = load(example)
    pool = await module.make_pool(database.dsn)
    try:
        limits = [await pool.fetchval("show statement_timeout") for _ in range(3)]
    finally:
        pool.terminate()

    assert limits == ["5s", "5s", "5s"]


async def test_idle_transaction(example: Example, database: Database) -> None:
    module = load(example)
    await database.execute("create table stock (id int, units int); insert into stock values (1, 5)")
    sell = sa.text("update stock set units = units - 1 where id = 1")
    async with disposing(module.make_engine(database.url)) as engine:

        async def sale() -> str:
            async with engine.begin() as connection:
                await connection.execute(sell)
            return "sold"

        async with engine.connect() as forgotten:
            await forgotten.execute(sell)
            task = asyncio.create_task(sale())
            sold = await outcome(task, 1)
            await forgotten.invalidate()
        await outcome(task, 1)

    assert (sold, await database.value("select units from stock")) == ("'sold'", 4)


async def test_new_and_correct(example: Example, database: Database) -> None:
    module = load(example)
    clients = "select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    before = await database.connections()
    async with await module.make_pool(database.dsn) as pool:
        opened = await database.connections() - before
        assert await until(lambda: pool.get_size() == 1)
        await asyncio.sleep(0.6)
        ((kept,),) = await database.fetch(clients)
        await database.execute("select pg_terminate_backend($1)", kept)

        async def refilled() -> bool:
            return await database.fetch(clients) not in ([(kept,)], [])

        assert await until(refilled)
        answering = await pool.fetchval("select pg_backend_pid()")

    assert (opened, answering != kept) == (3, True)
