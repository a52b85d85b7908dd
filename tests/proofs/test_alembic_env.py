"""Proofs of references/alembic-env.md."""

from __future__ import annotations

import asyncio
import io
import sys
from types import ModuleType
from typing import Any

import alembic.command
import pytest
import sqlalchemy as sa
from harness import UPGRADED, Client, Database, busy, folder_of, project, until, upgraded
from skill_validator.loading import load
from skill_validator.markdown import read_document
from skill_validator.parts import Example
from sqlalchemy.ext.asyncio import create_async_engine

LIMIT = 0.5
REVISION = """
from alembic import op

revision, down_revision = {name!r}, {before!r}

def upgrade():
    op.execute({sql!r})

def downgrade():
    op.execute("drop table {name}")
"""


def revision(name: str, before: str | None, sql: str) -> str:
    return REVISION.format(name=name, before=before, sql=sql)


async def test_the_env_file(example: Example, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two revisions of which the second fails at first; then the rest, the SQL alone, and back."""
    monkeypatch.setenv("DATABASE_URL", database.url)
    here = ModuleType("the_env_file_of_this_proof")
    vars(here)["run"] = lambda: load(example)
    monkeypatch.setitem(sys.modules, here.__name__, here)
    patience = "select current_setting('lock_timeout') as patience"
    revisions = {
        "orders": revision("orders", None, f"create table orders as {patience}"),
        "users": revision("users", "orders", "create table users as select count(*) from teams"),
    }
    with folder_of(database, f"import sys; sys.modules[{here.__name__!r}].run()", revisions) as config:
        first = await upgraded(config)
        kept = await database.fetch("select * from orders, alembic_version")
        await database.execute("create table teams (id int)")
        second = await upgraded(config)
        tables = "select tablename from pg_tables where schemaname = 'public' order by 1"
        after = await database.fetch(tables)
        config.output_buffer = io.StringIO()
        await asyncio.to_thread(alembic.command.upgrade, config, "head", sql=True)
        await asyncio.to_thread(alembic.command.downgrade, config, "base")

    assert "teams" in first
    assert (kept, second) == ([("2s", "orders")], UPGRADED)
    assert after == [("alembic_version",), ("orders",), ("teams",), ("users",)]
    assert config.output_buffer.getvalue().count("COMMIT;") == 2
    assert await database.fetch(tables) == [("alembic_version",), ("teams",)]
    assert await database.connections() == 0


async def test_upgrade_with_retries(example: Example, database: Database) -> None:
    """A long SELECT keeps the lock for three attempts; a client goes on reading and writing all the while."""
    module = load(example)
    await database.execute("create table orders (id int); create sequence attempts")
    await database.execute(f"alter database {database.name} set lock_timeout = '100ms'")
    upgrade = (
        "def upgrade(): op.execute(\"select nextval('attempts')\"); op.execute('alter table orders add note text')"
    )

    async def thrice() -> bool:
        return bool(await database.value("select last_value >= 3 and is_called from attempts"))

    with project(database, module, upgrade=upgrade) as config:
        async with busy(database, "insert into orders (id) values (1); select count(*) from orders") as client:
            async with database.connect() as report, report.transaction():
                await report.execute("select count(*) from orders")
                migration = asyncio.create_task(asyncio.to_thread(module.migrate, config, pause=0.02))
                assert await until(thrice)
            attempts = await migration
            await served(client)

    assert attempts >= 3
    assert client.longest < LIMIT
    assert await database.value("select count(*) from information_schema.columns where column_name = 'note'") == 1


async def served(client: Client) -> None:
    mark = client.served + 5
    assert await until(lambda: client.served > mark)


def orders(*more: Any, status: Any = sa.Text) -> sa.MetaData:
    metadata = sa.MetaData()
    sa.Table("orders", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("status", status), *more)
    return metadata


def of_users(ondelete: str | None) -> sa.MetaData:
    metadata = orders(sa.Column("user_id", sa.ForeignKey("users.id", ondelete=ondelete, name="placed_by")))
    sa.Table("users", metadata, sa.Column("id", sa.Integer, primary_key=True))
    return metadata


def partial(predicate: str) -> sa.MetaData:
    metadata = orders()
    sa.Index("ix_open", metadata.tables["orders"].c.id, postgresql_where=sa.text(predicate))
    return metadata


def total(expression: str) -> sa.Column[int]:
    return sa.Column("total", sa.Integer, sa.Computed(expression, persisted=True))


RUIN = "insert into orders values (1); update pg_index set indisvalid = false where indexrelid = 'ix_open'::regclass"
PROBES: dict[str, tuple[sa.MetaData, sa.MetaData, str]] = {
    "a column added": (orders(), orders(sa.Column("note", sa.Text)), ""),
    "a longer string type": (orders(status=sa.String(10)), orders(status=sa.String(20)), ""),
    "NULL allowed": (orders(sa.Column("n", sa.Text, nullable=False)), orders(sa.Column("n", sa.Text)), ""),
    "`ondelete` of a foreign key": (of_users(None), of_users("CASCADE"), ""),
    "a unique constraint added": (orders(), orders(sa.UniqueConstraint("status", name="once")), ""),
    "a module with models not imported": (orders(), sa.MetaData(), ""),
    "a column renamed": (orders(sa.Column("cents", sa.Integer)), orders(sa.Column("amount", sa.Integer)), ""),
    "a server default": (
        orders(sa.Column("n", sa.Integer, server_default="1")),
        orders(sa.Column("n", sa.Integer, server_default="2")),
        "",
    ),
    "a CHECK constraint": (orders(), orders(sa.CheckConstraint("id > 0", "positive")), ""),
    "a member of a native ENUM": (
        orders(status=sa.Enum("open", name="status")),
        orders(status=sa.Enum("open", "paid", name="status")),
        "",
    ),
    "the predicate of a partial index": (partial("status = 'open'"), partial("status = 'new'"), ""),
    "the expression of a computed column": (orders(total("id * 2")), orders(total("id * 3")), ""),
    "an index that is invalid": (partial("status = 'open'"), partial("status = 'open'"), RUIN),
}


async def test_what_autogenerate_sees(example: Example, database: Database) -> None:
    """Each row of the page's table: the database is made from the old models, and compared with the new ones."""
    module = load(example)
    engine = create_async_engine(database.url)
    found: dict[str, list[str]] = {}
    defaults: list[str] = []
    try:
        for change, (old, new, then) in PROBES.items():
            async with engine.begin() as connection:
                await connection.run_sync(old.create_all)
                for sql in filter(None, then.split("; ")):
                    await connection.execute(sa.text(sql))
                found[change] = await connection.run_sync(module.differences, new)
                if change == "a server default":
                    defaults = await connection.run_sync(module.differences, new, compare_server_default=True)
                await connection.run_sync(old.drop_all)
    finally:
        await engine.dispose()

    (table,) = read_document(example.path, example.path.read_text(encoding="utf-8")).tables
    said = {row.cells[0]: row.cells[1] for row in table.rows[1:]}
    assert {change: ", ".join(f"`{step}`" for step in steps) or "nothing" for change, steps in found.items()} == said
    assert defaults == ["modify_default"]
