"""Proofs of rules/sqlalchemy-sessions.md."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable
from typing import Any

import pytest
from harness import Database, checked_out, engine_of, statements
from skill_validator.loading import load
from skill_validator.parts import Example
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

Sessions = async_sessionmaker[AsyncSession]

AUDIT = """
create table audit (actor text);
create function note() returns trigger language plpgsql as
$$ begin insert into audit values (nullif(current_setting('app.actor', true), '')); return new; end $$;
create trigger noted before update on accounts for each row execute function note();
"""


async def failure(call: Awaitable[object]) -> str | None:
    """The name of the exception that a call ends with: of the first one, when it is a group."""
    try:
        await call
    except BaseExceptionGroup as group:
        return type(group.exceptions[0]).__name__
    except Exception as error:
        return type(error).__name__
    return None


async def store(database: Database, *rows: tuple[int, str, int]) -> None:
    for row in rows:
        await database.execute(
            "insert into accounts (id, email, balance, edited) values ($1, $2, $3, now() - interval '1 day')", *row
        )


@pytest.mark.bites("sqlalchemy>=2.1")
async def test_setting_after_the_write(example: Example, database: Database) -> None:
    module = load(example)
    async with engine_of(module, database) as engine:
        await store(database, (1, "ann@example.org", 100))
        await database.execute(AUDIT)
        await module.empty(async_sessionmaker(engine), 1, "root@example.org")

    assert await database.fetch("select balance, actor from accounts, audit") == [(0, "root@example.org")]


async def test_swallowed_database_error(example: Example, database: Database) -> None:
    emails = "select email from accounts order by email"
    module = load(example)
    async with engine_of(module, database) as engine, AsyncSession(engine) as session:
        error = await failure(module.import_all(session, ["ann@x.org", "bob@x.org", "bob@x.org"]))
        first = await database.fetch(emails)
        other = await failure(module.import_all(session, ["bob@x.org", "cid@x.org"]))

    assert (error, first) == (None, [("ann@x.org",), ("bob@x.org",)])
    assert (other, await database.fetch(emails)) == (None, [("ann@x.org",), ("bob@x.org",), ("cid@x.org",)])


async def test_lock_on_a_loaded_row(example: Example, database: Database) -> None:
    """The request has loaded the account before another one takes 60 of its 100."""
    module = load(example)
    async with engine_of(module, database) as engine, AsyncSession(engine, expire_on_commit=False) as session:
        sent = statements(engine)
        await store(database, (1, "ann@example.org", 100))
        current = await session.get_one(module.Account, 1)
        await database.execute("update accounts set balance = balance - 60")
        await module.withdraw(session, 1, 10)
        locked = [sql for sql in sent if sql.endswith("FOR UPDATE")]

    assert (await database.value("select balance from accounts"), len(locked), current.balance) == (30, 1, 30)


async def test_error_class_that_never_comes(example: Example, database: Database) -> None:
    module = load(example)
    attempts = {"conflict": 0, "deadlock": 0, "duplicate": 0}

    async def conflict(session: AsyncSession) -> None:
        attempts["conflict"] += 1
        account = await session.get_one(module.Account, 1002)
        if attempts["conflict"] == 1:
            await database.execute("update accounts set balance = balance + 50 where id = 1002")
        account.balance += 10

    async def deadlock(session: AsyncSession) -> None:
        attempts["deadlock"] += 1
        if attempts["deadlock"] == 1:
            await session.execute(text("do $$ begin raise sqlstate '40P01'; end $$"))
        session.add(module.Account(email="bob@example.org"))

    async def duplicate(session: AsyncSession) -> None:
        attempts["duplicate"] += 1
        session.add(module.Account(email="ann@example.org"))

    async with engine_of(module, database, isolation_level="REPEATABLE READ") as engine:
        sessions = async_sessionmaker(engine)
        await store(database, (1001, "ann@example.org", 0), (1002, "eve@example.org", 100))
        errors = [await failure(module.transact(sessions, work)) for work in (conflict, deadlock, duplicate)]

    stored = await database.fetch("select email, balance from accounts order by email")
    assert (errors, attempts) == (
        [None, None, "IntegrityError"],
        {"conflict": 2, "deadlock": 2, "duplicate": 1},
    )
    assert stored == [("ann@example.org", 0), ("bob@example.org", 0), ("eve@example.org", 160)]


@pytest.mark.filterwarnings("ignore:Usage of the 'Session.add")
async def test_session_shared_by_tasks(example: Example, database: Database) -> None:
    module = load(example)
    emails = ["ann@example.org", "bob@example.org", "cid@example.org"]
    sent: list[str] = []

    async def send(email: str) -> None:
        await asyncio.sleep(0)
        sent.append(email)

    async with engine_of(module, database) as engine:
        error = await failure(module.invite(async_sessionmaker(engine), emails, send))
        held = checked_out(engine)

    stored = await database.fetch("select email from accounts order by email")
    assert (sorted(sent), stored, error, held) == (emails, [(email,) for email in emails], None, 0)


async def test_expired_all_the_same(example: Example, database: Database) -> None:
    module = load(example)
    async with engine_of(module, database) as engine, AsyncSession(engine, expire_on_commit=False) as session:
        ticket = module.Ticket(title="broken")
        session.add(ticket)
        await session.commit()
        created = ticket.edited
        sent = statements(engine)
        answer = error = None
        try:
            answer = await module.rename(session, ticket, "mended")
        except Exception as caught:
            error = type(caught).__name__
        commands = [sql.split()[0] for sql in sent]

    title, changed = (await database.fetch("select title, edited from tickets"))[0]
    assert title == "mended"
    assert changed > created
    assert (error, answer, commands) == (None, changed, ["UPDATE"])


@pytest.mark.needs("sqlalchemy>=2.1")
async def test_new_and_correct(example: Example, database: Database) -> None:
    module = load(example)
    async with engine_of(module, database) as engine:
        sessions = async_sessionmaker(engine, expire_on_commit=False)
        await store(database, (7, "old@example.org", 5), (8, "cid@example.org", 5))
        sent = statements(engine)
        merged = await module.store(
            sessions, [module.Account(id=7, email="ann@example.org"), module.Account(id=9, email="bob@example.org")]
        )
        commands = sorted(sql.split()[0] for sql in sent)
        twice = await module.store(sessions, [module.Account(id=7, email="cid@example.org")])
        async with sessions() as session:
            known = await session.get_one(module.Account, 8)
            deposited = await module.deposit(session, "cid@example.org", 30)
            answers = (deposited is known, deposited.balance, deposited.edited)
            await module.deposit(session, "dan@example.org", 2)
            await session.commit()
            recent = select(func.count()).where(module.Account.edited > func.now() - text("interval '1 hour'"))
            changed = await session.scalar(recent)

    assert (merged, commands, twice) == (None, ["INSERT", "SELECT", "SELECT", "UPDATE"], "accounts_email_key")
    stored = await database.fetch("select email, balance, edited from accounts order by email")
    assert [row[:2] for row in stored] == [
        ("ann@example.org", 5),
        ("bob@example.org", 0),
        ("cid@example.org", 35),
        ("dan@example.org", 2),
    ]
    assert (answers, changed) == ((True, 35, stored[2][2]), 4)
    assert await unreachable(module, database.url + "_missing") == "3D000"
    assert await unreachable(module, f"postgresql+asyncpg://ann@127.0.0.1:{closed_port()}/accounts") == "refused"


async def unreachable(module: Any, url: str) -> str | None:
    engine = create_async_engine(url)
    try:
        answer: str | None = await module.store(async_sessionmaker(engine), [module.Account(id=1, email="a")])
    finally:
        await engine.dispose()
    return answer


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
