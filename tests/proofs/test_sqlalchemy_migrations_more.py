"""Proofs of references/sqlalchemy-migrations-more.md."""

from __future__ import annotations

import asyncio
import multiprocessing
import sys
from collections.abc import Awaitable
from typing import Any

import alembic.command
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from harness import UPGRADED, Database, engine_of, project, statements, until, upgraded
from skill_validator.loading import load
from skill_validator.parts import Example
from sqlalchemy.ext.asyncio import AsyncSession


async def complaint(call: Awaitable[Any]) -> str | None:
    """The first line of what a call raises."""
    try:
        await call
    except Exception as error:
        return str(error).splitlines()[0]
    return None


async def test_row_from_an_empty_batch(example: Example, database: Database) -> None:
    module = load(example)
    async with engine_of(module, database) as engine, AsyncSession(engine) as session:
        await module.record(session, [{"page": "/cart"}, {"page": "/pay"}])
        await module.record(session, [])

    assert await database.fetch("select page from visits order by id") == [("/cart",), ("/pay",)]


async def test_keys_dropped_from_a_batch(example: Example, database: Database) -> None:
    """Three users of whom one has a phone, and one whose phone is misspelt."""
    module = load(example)
    users = [{"email": "ann@x.org"}, {"email": "bob@x.org", "phone": "555"}, {"email": "cid@x.org"}]
    async with engine_of(module, database) as engine:
        sent = statements(engine)
        async with engine.begin() as connection:
            right = await complaint(connection.run_sync(module.seed, users))
        inserts = len(sent)
        async with engine.begin() as connection:
            wrong = await complaint(connection.run_sync(module.seed, [{"email": "dan@x.org", "fone": "777"}]))

    stored = await database.fetch("select email, phone from users order by id")
    assert (right, inserts) == (None, 1)
    assert stored == [("ann@x.org", None), ("bob@x.org", "555"), ("cid@x.org", None)]
    assert wrong == "Unconsumed column names: fone"


async def test_batch_split_by_none(example: Example, database: Database) -> None:
    module = load(example)
    users = [{"email": f"{n}@x.org", "phone": str(n) if n % 2 else None} for n in range(200)]
    async with engine_of(module, database) as engine, AsyncSession(engine) as session:
        sent = statements(engine)
        await module.import_users(session, users)

    stored = await database.fetch("select count(*), count(phone) from users")
    assert (stored, len(sent)) == ([(200, 100)], 1)


async def test_same_key_twice_in_an_upsert(example: Example, database: Database) -> None:
    """A price that comes twice, and more rows than one statement may have parameters for."""
    module = load(example)
    async with engine_of(module, database) as engine:
        await database.execute("insert into prices (sku, cents) values ('tea', 1), ('cup', 2)")
        twice = [{"sku": "tea", "cents": 30}, {"sku": "pot", "cents": 50}, {"sku": "tea", "cents": 40}]
        async with AsyncSession(engine) as session:
            first = await complaint(module.import_prices(session, twice))
        stored = await database.fetch("select sku, cents from prices order by sku")
        assert (first, stored) == (None, [("cup", 2), ("pot", 50), ("tea", 40)])

        many = [{"id": n, "sku": f"sku-{n}", "cents": n} for n in range(1001, 12_001)]
        async with AsyncSession(engine) as session:
            second = await complaint(module.import_prices(session, many))

    assert (second, await database.value("select count(*) from prices where sku like 'sku%'")) == (None, 11_000)


async def test_imports_that_deadlock(example: Example, database: Database) -> None:
    """A third transaction has the row in the middle until both imports wait, each with what it could lock before."""
    module = load(example)
    await database.execute(f"alter database {database.name} set deadlock_timeout = '50ms'")
    rows = [{"sku": sku, "cents": 5} for sku in ("a", "m", "z")]
    locked = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"

    async def both() -> bool:
        return bool(await database.value(locked) == 2)

    async with engine_of(module, database) as engine, AsyncSession(engine) as one, AsyncSession(engine) as other:
        await database.execute("insert into prices (sku, cents) values ('a', 1), ('m', 1), ('z', 1)")
        async with database.connect() as gate:
            async with gate.transaction():
                await gate.execute("update prices set cents = 2 where sku = 'm'")
                imports = [
                    asyncio.create_task(complaint(module.import_all(one, rows))),
                    asyncio.create_task(complaint(module.import_all(other, rows[::-1]))),
                ]
                met = await until(both)
            endings = await asyncio.gather(*imports)
    stored = await database.fetch("select sku, cents from prices order by sku")

    assert (met, endings) == (True, [None, None])
    assert stored == [("a", 5), ("m", 5), ("z", 5)]


async def test_copy_that_commits_itself(example: Example, database: Database) -> None:
    module = load(example)
    async with engine_of(module, database) as engine:
        async with AsyncSession(engine) as session:
            await module.copy_prices(session, [("tea", 1), ("cup", 2)])
            await session.rollback()
        undone = await database.fetch("select sku from prices")
        async with AsyncSession(engine) as session:
            await module.copy_prices(session, [("pot", 3), ("tin", 4)])
            await session.commit()

    assert undone == []
    assert await database.fetch("select sku, cents from prices order by sku") == [("pot", 3), ("tin", 4)]


BUILD = """
def upgrade():
    op.execute("CREATE TABLE orders (id int)")
    with op.get_context().autocommit_block():
        op.execute("SELECT pg_advisory_lock(1)")
        op.create_index("ix_orders", "orders", ["id"], postgresql_concurrently=True)
"""
REPLICAS = """
    select count(*) filter (where wait_event_type = 'Lock'),
        count(*) filter (where state like 'idle%' and state_change < clock_timestamp() - interval '40 ms')
    from pg_stat_activity where datname = current_database() and application_name = 'migration'
"""


async def test_lock_that_deadlocks(example: Example, database: Database) -> None:
    """The winner stops before its CONCURRENTLY until the other replica waits for its turn, in whatever way."""
    module = load(example)
    await database.execute(f"alter database {database.name} set deadlock_timeout = '50ms'")

    async def waiting() -> bool:
        blocked, idle = (await database.fetch(REPLICAS))[0]
        return bool(blocked == 2 or (blocked, idle) == (1, 1))

    with project(database, module, run="{example}.run_migrations", upgrade=BUILD) as config:
        async with database.connect() as gate:
            await gate.execute("select pg_advisory_lock(1)")
            fork = multiprocessing.get_context("fork")
            replicas = [fork.Process(target=_migrate, args=(config,)) for _ in range(2)]
            for replica in replicas:
                replica.start()
            met = await until(waiting)
        over = await until(lambda: not any(replica.is_alive() for replica in replicas))
        for replica in replicas:
            replica.kill()
            replica.join()
    valid = await database.fetch("select indisvalid from pg_index where indexrelid::regclass::text = 'ix_orders'")

    assert (met, over, valid) == (True, True, [(True,)])
    assert [replica.exitcode for replica in replicas] == [0, 0]


def _migrate(config: Config) -> None:
    """Be a replica that migrates when it starts."""
    try:
        alembic.command.upgrade(config, "head")
    except sa.exc.SQLAlchemyError:
        sys.exit(1)


async def test_models_of_today(example: Example, database: Database) -> None:
    module = load(example)
    await database.execute("create table users (id int, email text); insert into users values (1, 'Ann@X.org')")
    with project(database, module) as config:
        outcome = await upgraded(config)

    assert (outcome, await database.fetch("select * from users")) == (UPGRADED, [(1, "ann@x.org")])


async def test_setting_lost_at_the_block(example: Example, database: Database) -> None:
    """The index asks, while it is built, after how many seconds it would be killed."""
    module = load(example)
    await database.execute(f"""
        alter database {database.name} set statement_timeout = '30s';
        create function slug(title text) returns text immutable language plpgsql as $$ begin
            if current_setting('statement_timeout') <> '0' then raise sqlstate '57014'; end if;
            return lower(title);
        end $$;
        create table orders (title text);
        insert into orders values ('Tea')
    """)
    with project(database, module) as config:
        outcome = await upgraded(config)
    valid = await database.fetch("select indisvalid from pg_index where indexrelid::regclass::text = 'ix_slug'")

    assert (outcome, valid) == (UPGRADED, [(True,)])


async def test_scan_under_the_strongest_lock(example: Example, database: Database) -> None:
    """The server tells which statement reads the whole table to verify it."""
    module = load(example)
    said: list[str] = []
    await database.execute(f"""
        create table users (email text);
        insert into users select 'ann@x.org' from generate_series(1, 1000);
        alter database {database.name} set client_min_messages = debug1;
        alter database {database.name} set log_statement = 'ddl'
    """)

    def listen(connection: Any, _record: object) -> None:
        connection.driver_connection.add_log_listener(lambda _connection, message: said.append(message.message))

    sa.event.listen(sa.pool.Pool, "connect", listen)
    with project(database, module) as config:
        outcome = await upgraded(config)
    statement, verified = "", []
    for message in said:
        if "ALTER TABLE users" in message:
            statement = message
        elif message == 'verifying table "users"':
            verified.append(statement)
    columns = "select is_nullable from information_schema.columns where table_name = 'users'"
    nullable = await database.value(columns)

    assert (outcome, nullable, len(verified)) == (UPGRADED, "NO", 1)
    assert "SET NOT NULL" not in verified[0]


async def test_type_changed_under_the_service(example: Example, database: Database) -> None:
    module = load(example)
    bigint = "select column_name from information_schema.columns where table_name = 'prices' and data_type = 'bigint'"
    async with engine_of(module, database) as engine:
        await database.execute("insert into prices (sku, cents) values ('tea', 300)")

        async def serve() -> str | None:
            async with AsyncSession(engine) as session:
                return await complaint(session.scalars(sa.select(module.Price)))

        answers = [await serve()]
        with project(database, module) as config:
            answers.append(await upgraded(config))
        answers += [await serve(), await serve()]
    (wide,) = await database.fetch(bigint)
    await database.execute(f"update prices set {wide[0]} = 3000000000")

    assert answers == [None, UPGRADED, None, None]


async def test_member_that_no_revision_adds(example: Example, database: Database) -> None:
    """The database is from before `void`; autogenerate is asked what to do, and then `void` is used."""
    module = load(example)
    await database.execute("create type status as enum ('open', 'paid')")

    def differences(connection: sa.Connection, /, **options: bool) -> list[str]:
        found = compare_metadata(MigrationContext.configure(connection, opts=options), module.Base.metadata)
        return [steps[0][0] for steps in found]

    async with engine_of(module, database) as engine:
        await database.execute("alter table visits alter page set default '/home'")
        async with engine.connect() as connection:
            found = await connection.run_sync(differences)
            asked = await connection.run_sync(differences, compare_server_default=True)
        async with engine.begin() as connection:
            rows = [{"id": 1, "status": "open"}, {"id": 2, "status": "void"}]
            error = await complaint(connection.execute(sa.insert(module.invoices), rows))

    stored = await database.fetch("select id, status::text from invoices order by id")
    assert (found, asked) == ([], ["modify_default"])
    assert (error, stored) == (None, [(1, "open"), (2, "void")])
