"""Proofs of references/repository.md."""

from __future__ import annotations

import asyncio

import pytest
from harness import Database, engine_of, statements
from skill_validator.loading import load
from skill_validator.parts import Example
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, InterfaceError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

ACCOUNTS = "insert into accounts (owner, cents) select 'a' || n, 100 from generate_series(1, 10) n"


async def test_the_repository(example: Example, database: Database) -> None:
    module = load(example)
    many = [9, 3, 77_777, 5, *range(100_000, 140_000)]
    async with engine_of(module, database, ACCOUNTS) as engine:
        sent = statements(engine)
        async with AsyncSession(engine) as session:
            accounts = module.Repository(session, module.Account)
            with pytest.raises(InterfaceError, match="cannot exceed 32767"):
                await session.scalars(select(module.Account).where(module.Account.id.in_(many)))
            await session.rollback()
            sent.clear()
            several = [account.id for account in await accounts.get_many(many)]
            nobody = await accounts.get_many([])
            first = [account.id for account in await accounts.page(4)]
            second = [account.id for account in await accounts.page(4, after=first[-1])]
            reading = len(sent)

            new = module.Account(owner="new")
            await accounts.add(new)
            key = new.id
            await accounts.change(new, owner="renamed")
            for wrong in ({"ownr": "x"}, {"id": 1}):
                with pytest.raises(AttributeError):
                    await accounts.change(new, **wrong)
            await accounts.remove(await session.get_one(module.Account, 1))
            outside = await database.value("select count(*) from accounts where id = 1 or owner = 'renamed'")
            await session.commit()

    assert (several, nobody, reading) == ([9, 3, 5], [], 4)
    assert (first, second) == ([1, 2, 3, 4], [5, 6, 7, 8])
    assert outside == 1
    assert await database.fetch("select id, owner from accounts where id = 1 or id > 10") == [(key, "renamed")]


async def test_the_service_commits(example: Example, database: Database) -> None:
    """A transfer, one that nobody can pay, one to nobody; then forty at once in opposite directions."""
    module = load(example)
    async with engine_of(module, database, ACCOUNTS) as engine:
        sessions = async_sessionmaker(engine)
        await module.transfer(sessions, 2, 1, 30)
        with pytest.raises(IntegrityError, match="covered"):
            await module.transfer(sessions, 2, 1, 80)
        with pytest.raises(LookupError, match="99"):
            await module.transfer(sessions, 2, 99, 10)
        moved = await database.fetch("select id, cents from accounts where id <= 2 order by id")

        pairs = [(3, 4), (4, 3)] * 20
        endings = await asyncio.gather(
            *(module.transfer(sessions, giver, taker, 1) for giver, taker in pairs), return_exceptions=True
        )

    assert moved == [(1, 130), (2, 70)]
    assert endings == [None] * 40
    assert await database.fetch("select cents from accounts where id in (3, 4)") == [(100,), (100,)]
