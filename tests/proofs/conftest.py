"""What every proof may ask for: a fresh database. Its server starts once, before the first proof forks off."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from harness.database import Database, create_template, fresh_database
from harness.pgbouncer import version as pgbouncer_version
from harness.postgres import PostgresNotStartedError, postgres
from skill_validator.plugin import pytest_configure, pytest_generate_tests, pytest_runtest_makereport

__all__ = ["pytest_configure", "pytest_generate_tests", "pytest_runtest_makereport"]

SERVER = pytest.StashKey[str]()
VERSION = pytest.StashKey[str]()
STACK = pytest.StashKey[ExitStack]()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start PostgreSQL if a collected proof wants a database; without it nothing can be proven, so the run ends."""
    stack = session.config.stash.setdefault(STACK, ExitStack())
    if not any("database" in getattr(item, "fixturenames", ()) for item in session.items):
        return
    try:
        server = stack.enter_context(postgres())
        session.config.stash[VERSION] = asyncio.run(create_template(server))
    except (PostgresNotStartedError, OSError) as error:
        pytest.exit(str(error), returncode=pytest.ExitCode.INTERNAL_ERROR)
    session.config.stash[SERVER] = server


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server."""
    config.stash.setdefault(STACK, ExitStack()).close()


@pytest.hookimpl(optionalhook=True)
def pytest_skill_versions(config: pytest.Config) -> dict[str, str]:
    """The versions of the servers that the proofs ran on."""
    found = {"postgresql": config.stash.get(VERSION, None), "pgbouncer": pgbouncer_version()}
    return {name: version for name, version in found.items() if version}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a proof writes, it writes into a folder of its own."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
async def database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """A database of the proof's own."""
    async with fresh_database(request.config.stash[SERVER]) as fresh:
        yield fresh
