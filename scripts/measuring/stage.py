"""The stage of a benchmark: PostgreSQL of the proofs, an engine, and what they were."""

from __future__ import annotations

import contextlib
import os
import platform
from collections.abc import AsyncIterator
from importlib import metadata
from typing import Any

from harness.database import Database, create_template, fresh_database
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


@contextlib.asynccontextmanager
async def stage(server: str) -> AsyncIterator[tuple[Database, dict[str, Any]]]:
    """A fresh database on `server`, and the versions and cores that a measurement on it depends on."""
    facts = {
        "postgresql": await create_template(server),
        "sqlalchemy": metadata.version("sqlalchemy"),
        "asyncpg": metadata.version("asyncpg"),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
    }
    async with fresh_database(server) as database:
        yield database, facts | {"load_before": round(os.getloadavg()[0], 1)}


@contextlib.asynccontextmanager
async def engine_of(database: Database, **settings: float) -> AsyncIterator[AsyncEngine]:
    """An engine on that database, disposed of afterwards."""
    engine = create_async_engine(database.url, **settings)
    try:
        yield engine
    finally:
        await engine.dispose()


def told(facts: dict[str, Any]) -> str:
    """The facts in one line, for the page."""
    names = {"postgresql": "PostgreSQL", "sqlalchemy": "SQLAlchemy", "asyncpg": "asyncpg", "python": "Python"}
    versions = ", ".join(f"{shown} {facts[name]}" for name, shown in names.items())
    return f"{versions}; client and server on {facts['cores']} cores, no network between them, `fsync = off`"
