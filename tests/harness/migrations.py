"""Alembic projects that consist of an example, and a client who goes on working while they migrate."""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import alembic.command
import sqlalchemy as sa
from alembic.config import Config

from .database import Database

ENV = """
import asyncio
import sys
from alembic import context
from sqlalchemy.ext.asyncio import create_async_engine

async def online():
    named = {{"server_settings": {{"application_name": "migration"}}}}
    engine = create_async_engine(context.config.get_main_option("sqlalchemy.url"), connect_args=named)
    try:
        async with engine.connect() as connection:
            await connection.run_sync({run})
    finally:
        await engine.dispose()

def plainly(connection):
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()

asyncio.run(online())
"""
REVISION = """
import sys
from alembic import op

revision = "001"
down_revision = None
{upgrade}
"""
UPGRADED = "upgraded"


@contextlib.contextmanager
def project(
    database: Database, module: ModuleType, *, run: str = "plainly", upgrade: str = "upgrade = {example}.upgrade"
) -> Iterator[Config]:
    """An Alembic project whose one revision, or whose `env.py`, is the example's: `{example}` stands for its module."""
    example = f'sys.modules["{module.__name__}"]'
    revision = REVISION.format(upgrade=upgrade.replace("{example}", example))
    with folder_of(database, ENV.format(run=run.replace("{example}", example)), {"001": revision}) as config:
        yield config


@contextlib.contextmanager
def folder_of(database: Database, env: str, revisions: dict[str, str]) -> Iterator[Config]:
    """An Alembic project of these texts, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder, Path(os.devnull).open("w") as nowhere:
        (Path(folder) / "versions").mkdir()
        (Path(folder) / "env.py").write_text(env)
        for name, revision in revisions.items():
            (Path(folder) / "versions" / f"{name}.py").write_text(revision)
        config = Config(stdout=nowhere)
        config.set_main_option("script_location", folder)
        config.set_main_option("sqlalchemy.url", database.url.replace("%", "%%"))
        yield config


async def upgraded(config: Config) -> str:
    """Run `alembic upgrade head`: `UPGRADED`, or the first line of what it complains of."""
    try:
        await asyncio.to_thread(alembic.command.upgrade, config, "head")
    except sa.exc.SQLAlchemyError as error:
        return str(error).splitlines()[0]
    return UPGRADED


@dataclass(slots=True)
class Client:
    """A client that asks the same again and again: how often it was served, and since when it waits, if it does."""

    served: int = 0
    worst: float = 0.0
    since: float | None = None

    @property
    def longest(self) -> float:
        """The longest wait for an answer so far, in seconds; one that still lasts counts."""
        return max(self.worst, time.monotonic() - self.since if self.since else 0.0)


@contextlib.asynccontextmanager
async def busy(database: Database, sql: str) -> AsyncIterator[Client]:
    """A client on a connection of its own that keeps executing `sql`, each time in a transaction of its own."""
    client = Client()

    async def work() -> None:
        async with database.connect() as connection:
            await connection.execute("set lock_timeout = 0")  # what the database sets is meant for the migration
            while True:
                client.since = time.monotonic()
                await connection.execute(sql)
                client.worst, client.since = client.longest, None
                client.served += 1
                await asyncio.sleep(0.002)

    working = asyncio.create_task(work())
    try:
        yield client
    finally:
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working
