"""A fresh database for a proof, and a second pair of eyes on it."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import asyncpg

TEMPLATE = "proof_template"


@dataclass(frozen=True, slots=True)
class Database:
    """A database that only this proof knows; its methods use connections of their own, beside the example's."""

    server: str
    name: str
    _idle: dict[asyncio.AbstractEventLoop, list[asyncpg.Connection]] = field(default_factory=dict, compare=False)

    @property
    def dsn(self) -> str:
        """The address for asyncpg: `postgresql://...`."""
        return f"{self.server}/{self.name}"

    @property
    def url(self) -> str:
        """The address for SQLAlchemy: `postgresql+asyncpg://...`."""
        return self.dsn.replace("postgresql://", "postgresql+asyncpg://", 1)

    def over(self, server: str) -> Database:
        """The same database by another way."""
        return Database(server, self.name)

    @contextlib.asynccontextmanager
    async def connect(self) -> AsyncIterator[asyncpg.Connection]:
        """A plain connection beside the example's own."""
        connection = await asyncpg.connect(self.dsn)
        try:
            yield connection
        finally:
            await connection.close()

    @contextlib.asynccontextmanager
    async def _observer(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection for one statement, kept for the next: proofs ask again and again, and connecting is dear."""
        idle = self._idle.setdefault(asyncio.get_running_loop(), [])
        connection = idle.pop() if idle else await asyncpg.connect(self.dsn)
        try:
            yield connection
        except BaseException:
            connection.terminate()
            raise
        idle.append(connection)

    def forget(self) -> None:
        """Close the connections that were kept."""
        for connection in (c for kept in self._idle.values() for c in kept):
            connection.terminate()
        self._idle.clear()

    async def execute(self, sql: str, *args: object) -> None:
        """Run one statement, or several without arguments."""
        async with self._observer() as connection:
            await connection.execute(sql, *args)

    async def fetch(self, sql: str, *args: object) -> list[Any]:
        """The rows of a query, as tuples."""
        async with self._observer() as connection:
            return [tuple(row) for row in await connection.fetch(sql, *args)]

    async def value(self, sql: str, *args: object) -> Any:
        """The first column of the first row."""
        async with self._observer() as connection:
            return await connection.fetchval(sql, *args)

    async def end_others(self) -> None:
        """End every other connection to the database, as a restart of the server does."""
        self.forget()
        await self.fetch(_OTHERS.replace("count(*)", "pg_terminate_backend(pid)"))

    async def connections(self) -> int:
        """How many clients other than this call are connected to the database."""
        return int(await self.value(_OTHERS))

    async def states(self) -> list[str]:
        """What those clients are doing: `idle`, `active`, `idle in transaction`."""
        rows = await self.fetch(_OTHERS.replace("count(*)", "state"))
        return sorted(state for (state,) in rows)


_OTHERS = """select count(*) from pg_stat_activity
             where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'"""


async def create_template(server: str) -> str:
    """Make the template that every proof's database is cloned from; return the server's version."""
    connection = await asyncpg.connect(f"{server}/postgres")
    try:
        await connection.execute(f"drop database if exists {TEMPLATE}")
        await connection.execute(f"create database {TEMPLATE}")
        version = str(await connection.fetchval("show server_version")).split()[0]
    finally:
        await connection.close()
    # The first connection to a database fills its catalogue cache on disk, which clones then have too.
    await (await asyncpg.connect(f"{server}/{TEMPLATE}")).close()
    return version


@contextlib.asynccontextmanager
async def fresh_database(server: str) -> AsyncIterator[Database]:
    """A clone of the template, dropped afterwards whoever is still connected to it."""
    name = f"proof_{uuid.uuid4().hex}"
    maintenance = await asyncpg.connect(f"{server}/postgres")
    fresh = Database(server, name)
    try:
        await _cloned(maintenance, name)
        yield fresh
    finally:
        fresh.forget()
        await maintenance.execute(f"drop database if exists {name} with (force)")
        await maintenance.close()


async def _cloned(maintenance: asyncpg.Connection, name: str) -> None:
    """Two clones at the same moment get in each other's way on some servers: try again for a while."""
    for pause in (0.05, 0.1, 0.2, 0.4, 0.8, None):
        try:
            # Ten times as fast as the default strategy, which writes every block to the log.
            await maintenance.execute(f"create database {name} template {TEMPLATE} strategy file_copy")
        except asyncpg.ObjectInUseError:
            if pause is None:
                raise
            await asyncio.sleep(pause)
        else:
            return
