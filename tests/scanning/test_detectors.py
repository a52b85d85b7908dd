"""The house rules of detectors, and what they see beyond one module: dependencies, aliases, tests, revisions."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from scanner.detectors import DETECTORS
from scanner.scanning import Scanner
from scans import scanned


def modules() -> Iterator[tuple[str, ModuleType]]:
    """The tables of each page's detectors: the page, and the module."""
    for path in sorted(Path(__file__).parent.glob("test_detectors_*.py")):
        yield path.stem.removeprefix("test_detectors_").replace("_", "-"), importlib.import_module(path.stem)


def test_every_error_has_a_near_miss_of_its_own() -> None:
    near = {trap for _, module in modules() for trap in getattr(module, "NEAR_MISSES", {})}

    assert {d.trap for d in DETECTORS if d.severity == "error"} - near == set()


def test_a_table_has_the_traps_of_its_page() -> None:
    strangers = [
        (page, trap)
        for page, module in modules()
        for trap in {**getattr(module, "FAULTS", {}), **getattr(module, "NEAR_MISSES", {})}
        if trap not in {d.trap for d in DETECTORS if d.page == page}
    ]

    assert strangers == []


def test_every_trap_is_told_of_by_one_detector_with_a_manual() -> None:
    assert len({d.trap for d in DETECTORS}) == len(DETECTORS)
    assert [d.trap for d in DETECTORS if not d.manual.startswith("Flags ")] == []


ROUTES = """
from fastapi import FastAPI
from deps import Db
app = FastAPI()
@app.get("/orders")
async def read(db: Db): ...
"""
DEPS = """
from typing import Annotated
from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession
from db import get_db
Db = Annotated[AsyncSession, Depends(get_db)]
"""
DB = """
from sqlalchemy.ext.asyncio import async_sessionmaker
make = async_sessionmaker()
async def get_db():
    async with make() as session:
        yield session
        await session.commit()
"""


def test_a_dependency_of_another_module_is_told_of_where_it_commits() -> None:
    [found] = scanned(DEPS, "late-commit", db=DB)

    assert (found.path, found.line, found.source) == ("db.py", 7, "await session.commit()")


def test_an_alias_of_another_module_is_a_session() -> None:
    streamed = ROUTES.replace("read(db: Db): ...", "read(db: Db):\n    yield await db.scalar('x')")

    assert [(f.line, f.trap) for f in scanned(streamed, "pinned-connection", deps=DEPS, db=DB)] == [
        (6, "pinned-connection")
    ]


def test_an_error_in_a_test_is_a_warning_and_a_warning_nothing() -> None:
    code = "import aiohttp\nc = aiohttp.TCPConnector(ssl=False, ttl_dns_cache=300)\n"
    found = {name: Scanner(texts={name: code}).file(name) for name in ("app.py", "tests/test_app.py", "conftest.py")}

    assert {name: [f.severity for f in findings] for name, findings in found.items()} == {
        "app.py": ["error", "warning"],
        "tests/test_app.py": ["warning"],
        "conftest.py": ["warning"],
    }


REVISION = """
from alembic import op
revision = "{}"
down_revision = {}
def upgrade() -> None:
    op.add_column("orders", "note")
"""


@pytest.mark.parametrize(
    ("path", "others", "found"),
    [
        pytest.param("db/versions/b.py", {}, 1, id="the newest is what will run"),
        pytest.param("db/versions/a.py", {}, 0, id="history has run"),
        pytest.param("db/versions/b.py", {"db/env.py": "SET lock_timeout = '2s'"}, 0, id="env.py sets it for all"),
        pytest.param("db/versions/b.py", {"db/env.py": "context.configure()"}, 1, id="env.py does not"),
    ],
)
def test_locks_are_asked_of_the_newest_revision(path: str, others: dict[str, str], found: int) -> None:
    texts = {"db/versions/a.py": REVISION.format("a", None), "db/versions/b.py": REVISION.format("b", "'a'")}

    assert len(Scanner(traps=["lock-queue"], texts=texts | others).file(path)) == found
