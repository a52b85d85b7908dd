"""Proofs of references/pooling-database-more.md."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import sqlalchemy as sa
from harness import Database, QuickLoop, disposing, forked, muted, outcome, pgbouncer, proxy, until, value
from harness.certificates import FORGED, REAL
from harness.redis import redis_server
from skill_validator.loading import load
from skill_validator.parts import Example
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

QUERY = "select 42"
MakeEngine = Callable[[str], AsyncEngine]


async def test_push_repeated(example: Example) -> None:
    """The server queues the second payment, then the connection breaks before it has answered."""
    module = load(example)
    async with redis_server() as server:
        client = module.make_client("127.0.0.1", server.port)
        errors: list[object] = []
        for payment in ("p1", "p2", "p3"):
            server.loses_answers = payment == "p2"
            errors.append(await outcome(module.enqueue(client, payment)))
        await client.aclose()

    assert (server.queue, errors) == (["p1", "p2", "p3"], ["None", "ConnectionError", "None"])


def test_blocking_pop_cut_off(example: Example) -> None:
    """An empty queue, then a job that comes after 6 s; a second lasts 40 ms."""
    module = load(example)

    async def work() -> tuple[list[str], int]:
        async with redis_server() as server:
            client = module.make_client(f"redis://127.0.0.1:{server.port}")
            jobs = [await outcome(module.next_job(client), 60)]
            asyncio.get_running_loop().call_later(6, server.queue.append, "j1")
            jobs.append(await outcome(module.next_job(client), 60))
            await client.aclose()
            return jobs, server.commands.count("BLPOP")

    with asyncio.Runner(loop_factory=QuickLoop) as runner:
        jobs, sent = runner.run(work())

    assert (jobs, sent) == (["None", "b'j1'"], 2)


async def test_deaf_listener(example: Example, database: Database) -> None:
    await database.execute("create table prices (cents int); insert into prices values (1)")
    seen: list[int] = []

    async def reload() -> None:
        seen.append(await database.value("select cents from prices"))

    async def change(cents: int) -> bool:
        await database.execute(f"update prices set cents = {cents}; notify prices")
        return await until(lambda: seen[-1] == cents, 1.5)

    watch = asyncio.create_task(load(example).watch_prices(database.dsn, reload))
    try:
        await until(lambda: bool(seen))
        heard = [await change(2)]
        await database.end_others()
        heard.append(await change(3))
        heard.append(heard[-1] and await change(4))
    finally:
        watch.cancel()
        await asyncio.wait({watch})

    assert heard == [True, True, True]


async def test_statement_of_another_worker(example: Example, database: Database) -> None:
    """Two workers over one connection of PgBouncer's, one after the other; then one that draws its names by lot."""
    make_engine: MakeEngine = load(example).make_engine

    def random_names(url: str) -> AsyncEngine:
        names = {"prepared_statement_name_func": lambda: f"__asyncpg_{uuid4()}__"}
        return create_async_engine(url, poolclass=sa.NullPool, connect_args=names)

    async with pgbouncer(database) as way:
        answers = [await forked(lambda: asyncio.run(_three_requests(make_engine(way.url)))) for _ in range(2)]
        left = [await _statements_left(way)]
        answers.append(await _three_requests(random_names(way.url)))
        left.append(await _statements_left(way))

    assert answers == [["42"] * 3] * 3
    assert (left[0], left[1] > 2) == (0, True)


async def _three_requests(engine: AsyncEngine) -> list[str]:
    async with disposing(engine):
        return [await outcome(value(engine, QUERY)) for _ in range(3)]


async def _statements_left(way: Database) -> int:
    connection = await asyncpg.connect(way.dsn, statement_cache_size=0)
    left: int = await connection.fetchval("select count(*) from pg_prepared_statements where name <> ''")
    await connection.close()
    return left


async def test_dropped_limits(example: Example, database: Database) -> None:
    """Through a PgBouncer that was told to ignore the parameter, and through one that was not."""
    make_engine: MakeEngine = load(example).make_engine
    limits = []
    for settings in ({"ignore_startup_parameters": "statement_timeout"}, {}):
        async with pgbouncer(database, **settings) as way, disposing(make_engine(way.url)) as engine:
            limits.append(await outcome(value(engine, "show statement_timeout")))
    await database.execute(f"alter database {database.name} set statement_timeout = '300ms'")
    async with pgbouncer(database) as way:
        for_all = await way.value("show statement_timeout")
        way.forget()

    assert (limits, for_all) == (["'200ms'"] * 2, "300ms")


async def test_unheard_notify(example: Example, database: Database) -> None:
    changed = asyncio.Event()
    async with pgbouncer(database) as way:
        connection = await load(example).listen(way.dsn, database.dsn, changed)
        await database.execute("notify prices")
        heard = await outcome(changed.wait(), 1)
        connection.terminate()

    assert heard == "True"


async def test_demoted_primary(example: Example, database: Database) -> None:
    """Two connections are pooled when their server turns read-only; whoever connects now reaches one that is not."""
    await database.execute("create table orders (id int)")
    errors: list[object] = []
    async with disposing(load(example).make_engine(database.url)) as engine:
        async with engine.connect() as one, engine.connect() as two:
            for connection in (one, two):
                await connection.execute(sa.text("set session characteristics as transaction read only"))
                await connection.commit()
        for order in range(4):
            try:
                async with engine.begin() as connection:
                    await connection.execute(sa.text("insert into orders values (:order)"), {"order": order})
            except sa.exc.DBAPIError as error:
                errors.append(getattr(error.orig, "sqlstate", None))

    assert errors == ["25006"]
    assert await database.fetch("select id from orders order by id") == [(1,), (2,), (3,)]


async def test_certificate_of_a_stranger(example: Example, database: Database) -> None:
    """Two servers that speak TLS: the one's certificate is its own authority, the other's is forged."""
    module = load(example)
    Path("ca.pem").write_text(REAL)
    answers: list[object] = []
    for certificate in (REAL, FORGED):
        async with proxy(database, certificate) as way:
            engine = module.make_engine(way.database.url, "ca.pem")
            answers.append(await outcome(value(engine, QUERY)))
            await engine.dispose()

    assert answers == ["42", "SSLCertVerificationError"]


async def test_idle_below_the_floor(example: Example, database: Database) -> None:
    """The firewall forgets connections that were idle for 0.4 s."""
    async with proxy(database) as way:
        pool = await load(example).make_pool(way.database.dsn, 0.4)
        before = await pool.fetchval(QUERY)
        await asyncio.sleep(0.4)
        way.forget()
        after = await outcome(pool.fetchval(QUERY), 2)
        pool.terminate()

    assert (before, after) == (42, "42")


async def test_ping_without_a_limit(example: Example, database: Database) -> None:
    async with proxy(database) as way, disposing(load(example).make_engine(way.database.url)) as engine:
        before = await value(engine, QUERY)
        way.forget()
        unlucky = asyncio.create_task(value(engine, QUERY))
        answers = [await outcome(unlucky, 1.2), await outcome(value(engine, QUERY), 1)]
        way.cut()
        await outcome(unlucky, 1)

    assert (before, answers) == (42, ["TimeoutError", "42"])


async def test_connecting_unbounded(example: Example, database: Database) -> None:
    async with proxy(database) as way, disposing(load(example).make_engine(way.database.url)) as engine:
        before = await value(engine, QUERY)
        await engine.dispose()
        way.dead = True
        task = asyncio.create_task(value(engine, QUERY))
        after = await outcome(task, 0.9)
        way.cut()
        await outcome(task, 1)

    assert (before, after) == (42, "TimeoutError")


async def test_burst_over_a_hundred(example: Example) -> None:
    async with redis_server() as server:
        client = load(example).make_client(f"redis://127.0.0.1:{server.port}")
        answers = await asyncio.gather(*(client.get("rate") for _ in range(150)), return_exceptions=True)
        await client.aclose()

    assert answers == [b"42"] * 150


async def test_foreign_loop(example: Example, database: Database) -> None:
    """Three calls in this process, one in a fork of it, and another one here."""
    await database.execute("create table orders (id int)")
    with muted():
        answers = await _here_and_in_a_fork(load(example).make_task(database.url))

    assert answers == [0] * 5


async def _here_and_in_a_fork(task: Callable[[], int]) -> list[object]:
    def call() -> object:
        try:
            return task()
        except (RuntimeError, sa.exc.SQLAlchemyError) as error:
            return type(error).__name__

    with ThreadPoolExecutor(1) as aside:
        here = [aside.submit(call).result() for _ in range(3)]
        return [*here, await forked(call), aside.submit(call).result()]


async def test_reset_that_replaces(example: Example, database: Database) -> None:
    """One user leaves a setting and a table, the next looks for them; then the trips of an acquire and a query."""
    async with await load(example).make_pool(database.dsn) as pool:
        async with pool.acquire() as connection:
            await connection.execute("set app.tenant = 'acme'; create temp table basket (id int)")
        found = await pool.fetchrow("select current_setting('app.tenant') tenant, to_regclass('basket') basket")
    sets = {"setup": lambda connection: connection.execute("set app.tenant = 'acme'")}
    trips = [await _trips(database), await _trips(database, **sets)]

    assert (tuple(found), trips) == (("", None), [2, 3])


async def _trips(database: Database, **options: Any) -> int:
    """How often a warm pool waits for the server during a query."""
    async with proxy(database) as way, asyncpg.create_pool(way.database.dsn, min_size=1, **options) as pool:
        await pool.fetchval("select 1")
        before = way.trips
        await pool.fetchval("select 1")
        return way.trips - before
