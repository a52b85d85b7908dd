"""What an engine sends, gets and holds."""

from __future__ import annotations

import contextlib
import gc
import logging
import warnings
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import QueuePool

from .database import Database


@contextlib.asynccontextmanager
async def disposing(engine: AsyncEngine, warm: int = 0) -> AsyncIterator[AsyncEngine]:
    """The engine, with so many connections opened beforehand, disposed of afterwards."""
    try:
        async with contextlib.AsyncExitStack() as stack:
            for _ in range(warm):
                await stack.enter_async_context(engine.connect())
        yield engine
    finally:
        await engine.dispose()


@contextlib.asynccontextmanager
async def engine_of(
    module: ModuleType, database: Database, rows: str | None = None, **options: Any
) -> AsyncIterator[AsyncEngine]:
    """An engine on a database that has the tables of the page, by its `Base`, and the rows that `rows` inserts.

    It has one connection, which is idle. `options` are those of `create_async_engine`.
    """
    async with disposing(create_async_engine(database.url, **options)) as engine:
        async with engine.begin() as connection:
            await connection.run_sync(module.Base.metadata.create_all)
        if rows:
            await database.execute(rows)
        yield engine


async def value(engine: AsyncEngine, sql: str) -> Any:
    """What a query answers on a connection of the engine's: the first column of the only row."""
    async with engine.connect() as connection:
        return (await connection.execute(text(sql))).scalar_one()


@contextlib.contextmanager
def muted() -> Iterator[None]:
    """Neither log nor warn of connections that are left behind, and collect them: pytest keeps what is logged."""
    logging.disable()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
            gc.collect()
    finally:
        logging.disable(logging.NOTSET)


def request(engine: AsyncEngine) -> AsyncSession:
    """A session as a request gets it."""
    return AsyncSession(engine, expire_on_commit=False)


def statements(engine: AsyncEngine) -> list[str]:
    """A list that from now on receives every statement that the engine sends."""
    sent: list[str] = []
    event.listen(engine.sync_engine, "before_cursor_execute", lambda _c, _cursor, sql, *_: sent.append(sql))
    return sent


@dataclass(slots=True)
class Traffic:
    """What an engine sent, and how much the server answered: rows by its command tags, values as rows x columns."""

    statements: list[str] = field(default_factory=list)
    rows: int = 0
    values: int = 0


def traffic(engine: AsyncEngine) -> Traffic:
    """The engine's traffic from now on."""
    seen = Traffic()

    def answered(_connection: object, cursor: Any, sql: str, *_: object) -> None:
        seen.statements.append(sql)
        if cursor.description:
            seen.rows += cursor.rowcount
            seen.values += cursor.rowcount * len(cursor.description)

    event.listen(engine.sync_engine, "after_cursor_execute", answered)
    return seen


def executed(engine: AsyncEngine) -> list[str]:
    """A list that from now on receives every statement that the server says it executes, by its own log.

    It hears connections that the engine opens after this call, and needs a superuser: others may not ask for the log.
    """
    said: list[str] = []

    def hear(_connection: object, message: Any) -> None:
        kind, _, sql = message.message.partition(": ")
        if kind == "statement" or kind.startswith("execute "):
            said.append(sql)

    def connected(connection: Any, _record: object) -> None:
        connection.driver_connection.add_log_listener(hear)
        connection.run_async(lambda driver: driver.execute("set log_statement = 'all'; set client_min_messages = log"))

    event.listen(engine.sync_engine, "connect", connected)
    return said


def checked_out(engine: AsyncEngine) -> int:
    """How many of the engine's connections are in somebody's hands."""
    pool = engine.pool
    if not isinstance(pool, QueuePool):
        raise TypeError(f"{type(pool).__name__} does not count its connections")
    return pool.checkedout()
