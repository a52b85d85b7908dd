"""Proofs of references/sqlalchemy-relationships-more.md."""

from __future__ import annotations

from typing import Any

import pytest
from harness import Database, engine_of, request, result_of, statements
from skill_validator.loading import load
from skill_validator.parts import Example
from sqlalchemy import event, func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import joinedload, selectinload


def fetched(engine: AsyncEngine) -> list[int]:
    """A list that from now on receives how many rows each statement brought or changed."""
    rows: list[int] = []
    event.listen(engine.sync_engine, "after_cursor_execute", lambda _c, cursor, *_: rows.append(cursor.rowcount))
    return rows


@pytest.mark.bites("sqlalchemy>=2.1")
async def test_doubled_association(example: Example, database: Database) -> None:
    """A double click stores the first coupon twice, if the table lets it."""
    module = load(example)
    rows = """
    insert into baskets (id) values (1), (2);
    insert into coupons (id, cents) values (1, 500), (2, 30);
    insert into applied (basket_id, coupon_id) values (1, 1), (1, 2), (2, 2);
    insert into applied (basket_id, coupon_id) values (1, 1) on conflict do nothing;
    """
    async with engine_of(module, database, rows) as engine:
        async with request(engine) as session:
            discounts = [await module.discount(session, key) for key in (1, 2)]
        async with request(engine) as session:
            joined = select(module.Basket).where(module.Basket.id == 1).options(joinedload(module.Basket.coupons))
            coupons = (await session.scalars(joined)).unique().one().coupons

    assert len(coupons) == 2
    assert discounts == [530, 30]


ORDERS = """
insert into customers (id, name) values (1, 'ann');
insert into orders (id, tenant, customer_id, status) values (1001, 1, 1, 'open'), (1002, 2, 1, 'open');
"""


async def test_writes_past_the_tenant_filter(example: Example, database: Database) -> None:
    """Tenant 2 reads, and cancels an order of tenant 1 and one of its own; adding one is open to it."""
    module = load(example)
    async with (
        engine_of(module, database, ORDERS) as engine,
        AsyncSession(engine, sync_session_class=module.TenantSession, info={"tenant": 2}) as session,
    ):
        seen = (await session.scalars(select(module.Order.id))).all()
        cancelled = [await module.cancel(session, key) for key in (1001, 1002)]
        session.add(module.Order(id=1003, tenant=2, customer_id=1))
        loaded = select(module.Customer).options(selectinload(module.Customer.orders))
        related = sorted(order.id for order in (await session.scalars(loaded)).one().orders)
        core = await session.scalar(select(func.count()).select_from(module.Order.__table__))
        raw = await session.scalar(text("select count(*) from orders"))
        await session.commit()

    stored = await database.fetch("select id, status from orders order by id")
    assert (seen, related, core, raw) == ([1002], [1002, 1003], 3, 3)
    assert (cancelled, stored) == ([False, True], [(1001, "open"), (1002, "cancelled"), (1003, "open")])


@pytest.mark.filterwarnings("ignore:Object of type <Order> not in session")
async def test_shown_but_not_stored(example: Example, database: Database) -> None:
    module = load(example)
    async with engine_of(module, database, ORDERS) as engine, request(engine) as session:
        loaded = select(module.Customer).options(selectinload(module.Customer.orders))
        answer = await module.place(session, (await session.scalars(loaded)).one())

    assert (answer, await database.value("select count(*) from orders where customer_id = 1")) == (3, 3)


async def test_options_ignored_by_get(example: Example, database: Database) -> None:
    """In a session of its own, and in one where auth has loaded the customer."""
    module = load(example)
    async with engine_of(module, database, ORDERS) as engine:
        async with request(engine) as session:
            alone = await result_of(module.statuses(session, 1))
        async with request(engine) as session:
            current = await session.get_one(module.Customer, 1)
            behind = await result_of(module.statuses(session, current.id))

    assert alone == ["open", "open"]
    assert behind == ["open", "open"]


async def test_columns_of_a_subclass(example: Example, database: Database) -> None:
    module = load(example)
    rows = (
        "insert into payments (id, kind, last4) values (1, 'payment', null), (2, 'card', '4242'), (3, 'card', '1881')"
    )
    async with engine_of(module, database, rows) as engine, request(engine) as session:
        sent = statements(engine)
        answer = await result_of(module.cards(session))

    assert (answer, len(sent)) == (["4242", "1881"], 2)


async def test_collections_multiplied(example: Example, database: Database) -> None:
    module = load(example)
    rows = """
    insert into customers (id, name) values (1, 'ann');
    insert into orders (tenant, customer_id, status) select 1, 1, 'open' from generate_series(1, 100);
    insert into logins (customer_id) select 1 from generate_series(1, 100);
    """
    async with engine_of(module, database, rows) as engine, request(engine) as session:
        brought = fetched(engine)
        customer = await module.profile(session, 1)

    assert (len(customer.orders), len(customer.logins)) == (100, 100)
    assert sum(brought) == 201


async def test_loaded_to_be_deleted(example: Example, database: Database) -> None:
    module = load(example)
    rows = """
    insert into folders (id) values (1), (2);
    insert into files (folder_id) select n % 2 + 1 from generate_series(1, 400) n;
    """
    async with engine_of(module, database, rows) as engine, request(engine) as session:
        folder = await session.get_one(module.Folder, 1)
        brought = fetched(engine)
        await session.delete(folder)
        await session.commit()

    assert await database.fetch("select folder_id, count(*) from files group by 1") == [(2, 200)]
    assert sum(brought) == 1


async def test_raise_where_nothing_is_loaded(example: Example, database: Database) -> None:
    """Tickets of nobody, of a customer whom the session holds, and of one whom it would have to load."""
    module = load(example)
    rows = """
    insert into customers (id, name) values (1, 'ann'), (2, 'bob');
    insert into tickets (id, customer_id) values (1, null), (2, 1), (3, 2);
    """

    async def name(ticket: Any) -> str | None:
        return ticket.customer and str(ticket.customer.name)

    async with engine_of(module, database, rows) as engine, request(engine) as session:
        await session.get_one(module.Customer, 1)
        ann = await session.get_one(module.Customer, 1)
        sent = statements(engine)
        tickets = (await session.scalars(select(module.Ticket).order_by(module.Ticket.id))).all()
        names = [await result_of(name(ticket)) for ticket in tickets]

    assert (ann.name, len(sent), names[2]) == ("ann", 1, "InvalidRequestError")
    assert names[:2] == [None, "ann"]
