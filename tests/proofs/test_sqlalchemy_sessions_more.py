"""Proofs of references/sqlalchemy-sessions-more.md."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from harness import Database, checked_out, engine_of, request, result_of, statements, until
from skill_validator.loading import load
from skill_validator.parts import Example
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InvalidRequestError
from sqlalchemy.ext.asyncio import async_sessionmaker

ARTICLE = "insert into articles (id, title, version) values (1, 'now', 5)"
WAITING = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"


async def test_version_from_the_client(example: Example, database: Database) -> None:
    """An edit of an old form, one of the current form, and one that another request overtakes."""
    module = load(example)
    async with engine_of(module, database, ARTICLE) as engine:
        async with request(engine) as session:
            old = await result_of(module.retitle(session, 1, "old", 3))
        kept = await database.fetch("select title, version from articles")
        await database.execute("update articles set title = 'now', version = 5")
        async with request(engine) as session:
            current = await result_of(module.retitle(session, 1, "current", 5))
        stored = await database.fetch("select title, version from articles")
        async with request(engine) as session:
            loaded = await session.get_one(module.Article, 1)  # noqa: F841 - keeps it in the session
            await database.execute("update articles set title = 'overtaken', version = 7")
            late = await result_of(module.retitle(session, 1, "late", 6))

    assert (current, stored) == (None, [("current", 6)])
    assert (old, kept) == ("StaleDataError", [("now", 5)])
    assert (late, await database.value("select title from articles")) == ("StaleDataError", "overtaken")


async def test_savepoint_without_a_commit(example: Example, database: Database) -> None:
    module = load(example)
    async with engine_of(module, database, ARTICLE) as engine:
        async with request(engine) as session:
            await session.get_one(module.Article, 1)
            begun = ""
            try:
                async with session.begin():
                    pass
            except InvalidRequestError as error:
                begun = str(error)
        async with request(engine) as session:
            answer = await module.publish(session, 1, "new")

    assert (begun, answer) == ("A transaction is already begun on this Session.", "new")
    assert await database.value("select title from articles") == "new"


async def test_timeout_inside_a_transaction(example: Example, database: Database) -> None:
    """The optional counter is free, then locked by another request, then broken."""
    module = load(example)
    orders = "select item from orders order by item"
    async with engine_of(module, database, "insert into items values (1, 0, 0), (2, 0, 2147483647)") as engine:
        sessions = async_sessionmaker(engine)
        free = await result_of(module.place(sessions, 1))
        sold = await database.value("select sold from items where id = 1")
        await database.execute("delete from orders")
        async with database.connect() as other, other.transaction():
            await other.execute("update items set sold = 9 where id = 1")
            locked = await result_of(module.place(sessions, 1))
        placed = await database.fetch(orders)
        broken = await result_of(module.place(sessions, 2))
        held = checked_out(engine)

    assert (free, sold, held) == (None, 1, 0)
    assert (locked, placed) == (None, [(1,)])
    assert (broken, await database.fetch(orders)) == ("DBAPIError", [(1,)])


async def test_last_item_sold_twice(example: Example, database: Database) -> None:
    """Another request takes the last item, and commits when this one comes to wait for the row."""
    module = load(example)
    async with engine_of(module, database, "insert into items values (1, 2, 0)") as engine:

        async def take() -> bool:
            async with request(engine) as session:
                return bool(await module.take(session, 1))

        first = await take()
        async with database.connect() as other:
            sale = other.transaction()
            await sale.start()
            await other.execute("update items set stock = stock - 1")
            second = asyncio.create_task(take())
            waited = await until(lambda: _waits(database))
            await sale.commit()
            answers = [first, await second, await take()]

    assert (waited, await database.value("select stock from items")) == (True, 0)
    assert answers == [True, False, False]


async def _waits(database: Database) -> bool:
    return bool(await database.value(WAITING))


@pytest.mark.needs("sqlalchemy>=2.1")
async def test_insert_per_row(example: Example, database: Database) -> None:
    module = load(example)
    names = [f"event {n}" for n in range(200)]
    async with engine_of(module, database) as engine:
        sent = statements(engine)
        async with request(engine) as session:
            keys = await module.record(session, names)

    stored = dict(await database.fetch("select id, name from events"))
    assert [stored[key] for key in keys] == names
    assert [sql.split()[0] for sql in sent] == ["INSERT"]


async def test_limit_without_pending_rows(example: Example, database: Database) -> None:
    module = load(example)
    answers = []
    async with engine_of(module, database) as engine:
        for item, cents in ((1, 60), (2, 70), (3, 40)):
            async with module.make_sessions(engine)() as session:
                answers.append(await module.order(session, item, cents))

    stored = await database.fetch("select item, cents from orders order by item")
    assert (answers, stored) == ([True, False, True], [(1, 60), (3, 40)])


async def test_commit_in_the_repository(example: Example, database: Database) -> None:
    """Two use cases of two calls: the second call of the first one breaks a constraint."""
    module = load(example)
    async with engine_of(module, database, "insert into orders (item, cents) values (7, 0)") as engine:

        async def buy(stocked: int, ordered: int) -> int:
            async with request(engine) as session:
                orders, item = module.Repository(session), module.Item(stock=stocked)
                await orders.add(item)
                key = item.id
                await orders.add(module.Order(item=ordered))
                await session.commit()
                return int(key)

        failed, bought = await result_of(buy(3, 7)), await result_of(buy(4, 8))

    assert failed == "IntegrityError"
    assert await database.fetch("select id, stock from items") == [(bought, 4)]
    assert await database.fetch("select item from orders order by item") == [(7,), (8,)]


async def test_attribute_without_a_column(example: Example, database: Database) -> None:
    module = load(example)
    async with engine_of(module, database, ARTICLE) as engine, request(engine) as session:
        article = await session.get_one(module.Article, 1)
        right = await result_of(module.patch(session, article, {"title": "new"}))
        wrong = await result_of(module.patch(session, article, {"title": "newer", "name": "newest"}))

    stored = await database.value("select title from articles")
    assert (right, wrong, stored) == (None, "AttributeError", "new")


async def test_null_that_is_not_null(example: Example, database: Database) -> None:
    module = load(example)
    async with engine_of(module, database) as engine, request(engine) as session:
        session.add_all([module.Job(id=1), module.Job(id=2, result=None), module.Job(id=3, result={"rows": 5})])
        await session.commit()
        job = await session.get_one(module.Job, 3)
        job.result = None
        session.add(module.Job(id=4, result={"rows": 7}))
        await session.commit()
        waiting = (await session.scalars(module.OPEN_JOBS)).all()

    assert waiting == [1, 2, 3]
    assert await database.value("select result->>'rows' from jobs where id = 4") == "7"


@pytest.fixture
def new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The process lives in New York."""
    with monkeypatch.context() as place:
        place.setenv("TZ", "America/New_York")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("new_york")
async def test_utc_without_a_zone(example: Example, database: Database) -> None:
    """A booking by its default; and what a column without a zone makes of an aware value."""
    module = load(example)
    logs = "create table logs (at timestamp)"
    async with engine_of(module, database, logs) as engine, request(engine) as session:
        session.add(module.Booking(id=1))
        await session.commit()
        with pytest.raises(DBAPIError, match="offset-naive and offset-aware"):
            await session.execute(text("insert into logs values (:at)"), {"at": datetime.now(UTC)})
    off = await database.value("select extract(epoch from clock_timestamp() - made)::float from bookings")

    assert abs(off) < 60
