"""Proofs of references/bulk-writes.md: every way stores the same rows, with the statements that its table says."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from harness import Database, engine_of, executed, statements
from skill_validator.loading import load
from skill_validator.parts import Example
from sqlalchemy import text
from sqlalchemy.exc import InterfaceError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

ROWS = [{"sku": f"sku-{n}", "cents": n} for n in range(1200)]


async def stored(database: Database) -> list[tuple[str, int]]:
    return await database.fetch("select sku, cents from prices order by cents, sku")


async def written(module: ModuleType, database: Database) -> tuple[int, int]:
    """Write nothing at all and then the rows, each in its own transaction; the statements sent, and those executed."""
    async with engine_of(module, database) as engine:
        await engine.dispose()  # the server's log is heard on new connections
        logged, sent = executed(engine), statements(engine)
        async with AsyncSession(engine) as session:
            await module.write(session, [])
            await session.rollback()
            logged.clear()
            sent.clear()
            await module.write(session, ROWS)
            await session.commit()
    assert await stored(database) == [(row["sku"], row["cents"]) for row in ROWS]
    return len(sent), len([sql for sql in logged if "prices" in sql])


async def test_flush_per_row(example: Example, database: Database) -> None:
    assert await written(load(example), database) == (1200, 1200)


async def test_add_all(example: Example, database: Database) -> None:
    assert await written(load(example), database) == (2, 2)


async def test_rows_as_parameters(example: Example, database: Database) -> None:
    assert await written(load(example), database) == (1, 1200)


async def test_returned_keys(example: Example, database: Database) -> None:
    module = load(example)
    assert await written(module, database) == (2, 2)

    async with engine_of(module, database) as engine, AsyncSession(engine) as session:
        keys = await module.write(session, [{"sku": sku, "cents": 1} for sku in ("tea", "cup", "pot")])
        await session.commit()
    new = dict(await database.fetch("select sku, id from prices where cents = 1"))
    assert keys == [new["tea"], new["cup"], new["pot"]]


async def test_rows_in_the_statement(example: Example, database: Database) -> None:
    """Three columns leave room for 10,922 rows, and not for two more."""
    module = load(example)
    assert await written(module, database) == (1, 1)

    many = [{"id": n, "sku": f"many-{n}", "cents": n} for n in range(10_000, 21_000)]
    async with engine_of(module, database) as engine, AsyncSession(engine) as session:
        with pytest.raises(InterfaceError, match="cannot exceed 32767"):
            await session.execute(module.insert(module.Price).values(many[:10_923]))
        await session.rollback()
        sent = statements(engine)
        await module.write(session, many)
        await session.commit()

    assert len(sent) == 2
    assert await database.value("select count(*) from prices where sku like 'many%'") == 11_000


async def test_unnest(example: Example, database: Database) -> None:
    module = load(example)
    assert await written(module, database) == (1, 1)

    async with engine_of(module, database) as engine, AsyncSession(engine) as session:
        with pytest.raises(ProgrammingError, match="is not unique"):
            await session.execute(text(module.INSERT.text), {"sku": ["tea"], "cents": [1]})


async def test_copy(example: Example, database: Database) -> None:
    """SQLAlchemy knows of the statement that begins the transaction only; a rollback undoes the COPY."""
    module = load(example)
    assert await written(module, database) == (1, 1)

    async with engine_of(module, database) as engine, AsyncSession(engine) as session:
        await module.write(session, [{"sku": "tea", "cents": 1}])
        await session.rollback()
    assert await database.value("select count(*) from prices where sku = 'tea'") == 0


async def upserted(module: ModuleType, database: Database) -> list[tuple[str, int]]:
    """What is stored when two keys are known and one comes twice."""
    async with engine_of(module, database) as engine, AsyncSession(engine) as session:
        await database.execute("truncate prices")
        await database.execute("insert into prices (sku, cents) values ('tea', 1), ('cup', 2)")
        incoming = [("tea", 30), ("pot", 50), ("tea", 40)]
        await module.write(session, [{"sku": sku, "cents": cents} for sku, cents in incoming])
        await session.commit()
    return await stored(database)


UPSERTED = [("cup", 2), ("tea", 40), ("pot", 50)]


async def test_upsert_by_parameters(example: Example, database: Database) -> None:
    module = load(example)
    assert await written(module, database) == (1, 1200)
    assert await upserted(module, database) == UPSERTED


async def test_upsert_by_unnest(example: Example, database: Database) -> None:
    module = load(example)
    assert await written(module, database) == (1, 1)
    assert await upserted(module, database) == UPSERTED


async def test_upsert_through_copy(example: Example, database: Database) -> None:
    """The one that names the table `prices` is the INSERT; the table of the transaction is gone after it."""
    module = load(example)
    assert await written(module, database) == (2, 1)
    assert await upserted(module, database) == UPSERTED


async def test_in_chunks(example: Example, database: Database) -> None:
    """The source breaks in the third chunk: two are stored, and a second run completes them."""
    module = load(example)

    def source(*, breaks: bool) -> Iterator[dict[str, Any]]:
        for n in range(2500):
            if breaks and n == 2100:
                raise ConnectionResetError("the source went away")
            yield {"sku": f"sku-{n}", "cents": n}
        yield {"sku": "sku-2400", "cents": 9999}

    async with engine_of(module, database) as engine:
        sent = statements(engine)
        with pytest.raises(ConnectionResetError):
            await module.load(async_sessionmaker(engine), source(breaks=True), 1000)
        first = await database.fetch("select count(*), max(cents) from prices")
        await module.load(async_sessionmaker(engine), source(breaks=False), 1000)

    assert (first, len(sent)) == ([(2000, 1999)], 5)
    assert await database.fetch("select count(*), max(cents) from prices") == [(2500, 9999)]
