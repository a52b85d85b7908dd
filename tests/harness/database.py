"""A fresh database for a proof, and a second pair of eyes on it."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import asyncpg

TEMPLATE = "proof_template"


@dataclass(frozen=True, slots=True)
class Database:
    """A database that only this proof knows; its methods use a connection of their own each time."""

    server: str
    name: str

    @property
    def dsn(self) -> str:
        """The address for asyncpg: `postgresql://...`."""
        return f"{self.server}/{self.name}"

    @property
    def url(self) -> str:
        """The address for SQLAlchemy: `postgresql+asyncpg://...`."""
        return self.dsn.replace("postgresql://", "postgresql+asyncpg://", 1)

    @contextlib.asynccontextmanager
    async def connect(self) -> AsyncIterator[asyncpg.Connection]:
        """A plain connection beside the example's own."""
        connection = await asyncpg.connect(self.dsn)
        try:
            yield connection
        finally:
            await connection.close()

    async def execute(self, sql: str, *args: object) -> None:
        """Run one statement, or several without arguments."""
        async with self.connect() as connection:
            await connection.execute(sql, *args)

    async def fetch(self, sql: str, *args: object) -> list[Any]:
        """The rows of a query, as tuples."""
        async with self.connect() as connection:
            return [tuple(row) for row in await connection.fetch(sql, *args)]

    async def value(self, sql: str, *args: object) -> Any:
        """The first column of the first row."""
        async with self.connect() as connection:
            return await connection.fetchval(sql, *args)

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
        return str(await connection.fetchval("show server_version")).split()[0]
    finally:
        await connection.close()


@contextlib.asynccontextmanager
async def fresh_database(server: str) -> AsyncIterator[Database]:
    """A clone of the template, dropped afterwards whoever is still connected to it."""
    name = f"proof_{uuid.uuid4().hex}"
    maintenance = await asyncpg.connect(f"{server}/postgres")
    try:
        await _cloned(maintenance, name)
        yield Database(server, name)
    finally:
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
