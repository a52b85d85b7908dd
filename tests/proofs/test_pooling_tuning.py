"""Proofs of rules/pooling-tuning.md."""

from __future__ import annotations

import asyncio
import contextlib
import time

import sqlalchemy as sa
from harness import Database, checked_out, disposing, proxy, serve, until
from prometheus_client import CollectorRegistry, Histogram
from skill_validator.loading import load
from skill_validator.parts import Example
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine


async def test_lost_writes(example: Example, database: Database) -> None:
    module = load(example)
    await database.execute("create table orders (id int); create table charges (order_id int)")
    conflict = sa.text("do $$ begin raise exception using errcode = '40001'; end $$")
    attempts = iter([conflict, sa.text("insert into charges values (1)")])

    async def charge(session: AsyncSession) -> None:
        await session.execute(next(attempts))

    async with disposing(create_async_engine(database.url)) as engine:
        await module.place(async_sessionmaker(engine), charge)
    orders, charges = await database.fetch("select id from orders"), await database.fetch("select * from charges")

    assert (orders, charges) == ([(1,)], [(1,)])


async def test_doubled_write(example: Example, database: Database) -> None:
    module = load(example)
    await database.execute("create table payments (id uuid primary key, cents int)")
    async with proxy(database) as way, disposing(create_async_engine(way.database.url, pool_size=2), warm=2) as engine:
        way.losing = True
        await module.pay(async_sessionmaker(engine), 500)

    assert not way.losing
    assert await database.fetch("select cents from payments") == [(500,)]


async def test_second_checkout(example: Example, database: Database) -> None:
    module = load(example)
    await database.execute("create table orders (id int); create table audit (order_id int)")
    limits = {"pool_size": 2, "max_overflow": 0, "pool_timeout": 0.5}
    async with disposing(create_async_engine(database.url, **limits), warm=2) as engine:
        sessions = async_sessionmaker(engine)
        await module.order(sessions, 1)
        errors = await asyncio.gather(*(module.order(sessions, n) for n in (2, 3)), return_exceptions=True)
    audited = await database.fetch("select id from orders join audit on id = order_id order by id")

    assert (errors, audited) == ([None, None], [(1,), (2,), (3,)])


async def test_held_connection(example: Example, database: Database) -> None:
    module = load(example)
    await database.execute("create table items (id int, cents int); insert into items values (7, 500)")
    held: list[int] = []

    async with disposing(create_async_engine(database.url)) as engine:

        async def quote(_item: int) -> int:
            held.append(checked_out(engine))
            return 20

        async with AsyncSession(engine) as session:
            price = await module.price(session, quote, 7)

    assert (price, held) == (520, [0])


async def test_cores_as_pool_size(example: Example, database: Database) -> None:
    """A hundred requests a second, also where the loop is late, that hold a connection for 0.15 s; two cores."""
    module = load(example)
    size = module.pool_size(100, 0.15, 2)
    limits = {"pool_size": size, "max_overflow": 0, "pool_timeout": 0.5}

    async with disposing(create_async_engine(database.url, **limits), warm=size) as engine:
        began = time.monotonic()

        async def request(number: int) -> None:
            await asyncio.sleep(began + number * 0.01 - time.monotonic())
            async with engine.connect() as connection:
                await connection.execute(sa.text("select 1"))
                await asyncio.sleep(0.15)

        answers = await asyncio.gather(*(request(number) for number in range(60)), return_exceptions=True)

    assert size < 30
    assert [answer for answer in answers if answer is not None] == []


async def test_forgotten_overflow(example: Example, database: Database) -> None:
    module = load(example)
    async with contextlib.AsyncExitStack() as stack:
        engines = [
            await stack.enter_async_context(disposing(module.make_engine(database.url, 20, 2))) for _ in range(2)
        ]

        async def request(engine: AsyncEngine) -> None:
            async with engine.connect():
                await asyncio.sleep(60)

        requests = [asyncio.create_task(request(engine)) for engine in engines for _ in range(15)]

        async def more_than(number: int) -> bool:
            return await database.connections() > number

        await until(lambda: more_than(9), 5)
        await until(lambda: more_than(10), 0.5)
        opened = await database.connections()
        for task in requests:
            task.cancel()
        await asyncio.wait(requests)

    assert opened == 10


async def test_wait_that_is_none(example: Example, database: Database) -> None:
    module = load(example)
    registry = CollectorRegistry()
    wait = Histogram("wait_seconds", "Time until a connection is free", registry=registry)

    def waited() -> float:
        return registry.get_sample_value("wait_seconds_sum") or 0.0

    async with disposing(module.make_engine(database.url, 1, wait), warm=1) as engine:
        before = waited()
        async with engine.connect():
            waiting = asyncio.create_task(engine.connect().start())
            await asyncio.sleep(0.25)
        connection = await waiting
        queued = waited() - before
        await connection.close()
        before = waited()
        async with engine.connect():
            await asyncio.sleep(0.25)
        held = waited() - before

    assert (0.2 < queued < 1, held < 0.2) == (True, True)


async def test_new_and_correct(example: Example, database: Database) -> None:
    module = load(example)
    await database.execute("create view orders as select pg_sleep(0.1)::text")
    limits = {"pool_size": 2, "max_overflow": 0, "pool_timeout": 0.05}
    async with disposing(create_async_engine(database.url, **limits), warm=2) as engine, serve(module.app) as served:
        module.app.state.sessions = async_sessionmaker(engine)
        responses = await asyncio.gather(*(served.client.get("/orders") for _ in range(4)))

    assert [(response.status_code, response.json()) for response in responses] == [(200, 1)] * 4
