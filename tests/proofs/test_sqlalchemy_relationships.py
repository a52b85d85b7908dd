"""Proofs of rules/sqlalchemy-relationships.md."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import pytest
from harness import Database, engine_of, request, statements
from skill_validator.loading import load
from skill_validator.parts import Example
from sqlalchemy import exc, select
from sqlalchemy.orm import selectinload

ANN = """
insert into customers (id, name) values (1001, 'ann');
insert into orders (id, customer_id, status) values (1001, 1001, 'open'), (1002, 1001, 'paid');
"""


async def test_filtered_collection(example: Example, database: Database) -> None:
    """The same question alone, before somebody sums all orders in the same request, and after somebody loaded them."""
    module = load(example)
    async with engine_of(module, database, ANN) as engine:
        async with request(engine) as session:
            current = await session.get_one(module.Customer, 1001)
            alone = [order.id for order in await module.open_orders(session, 1001)]
            later = sorted(order.id for order in (await module.with_orders(session, 1001)).orders)
        async with request(engine) as session:
            current = await module.with_orders(session, 1001)
            after = [order.id for order in await module.open_orders(session, 1001)]
            kept = sorted(order.id for order in current.orders)

    assert (alone, later) == ([1001], [1001, 1002])
    assert (after, kept) == ([1001], [1001, 1002])


async def test_child_added_by_its_key(example: Example, database: Database) -> None:
    module = load(example)
    async with engine_of(module, database, ANN) as engine, request(engine) as session:
        answered = sorted(order.id for order in await module.place(session, 1001))

    stored = [key for (key,) in await database.fetch("select id from orders where customer_id = 1001 order by id")]
    assert len(stored) == 3
    assert answered == stored


async def test_limit_over_joined_rows(example: Example, database: Database) -> None:
    module = load(example)
    rows = """
    insert into customers (id, name) values (1, 'ann'), (2, 'bob'), (3, 'cid'), (4, 'dan');
    insert into orders (customer_id, status) values (1, 'open'), (1, 'open'), (1, 'paid'), (2, 'open'), (3, 'open');
    """
    pages = []
    async with engine_of(module, database, rows) as engine:
        for offset in (0, 2):
            async with request(engine) as session:
                customers = await module.page(session, 2, offset)
                pages.append([(customer.name, len(customer.orders)) for customer in customers])

    assert pages == [[("ann", 3), ("bob", 1)], [("cid", 1)]]


async def test_serialised_after_create(example: Example, database: Database) -> None:
    module = load(example)
    async with engine_of(module, database) as engine, request(engine) as session:
        try:
            answer = await module.create(session, "ann")
        except Exception as error:
            answer = type(error).__name__

    assert await database.fetch("select name from customers") == [("ann",)]
    assert answer == {"id": await database.value("select id from customers"), "orders": []}


async def test_n_plus_one_made_legal(example: Example, database: Database) -> None:
    module = load(example)
    rows = """
    insert into customers (id, name) select n, 'customer ' || n from generate_series(1, 50) n;
    insert into orders (customer_id, status) select n, 'open' from generate_series(1, 50) n;
    """
    async with engine_of(module, database, rows) as engine, request(engine) as session:
        sent = statements(engine)
        counts = await module.report(session)

    assert counts == {f"customer {n}": 1 for n in range(1, 51)}
    assert len(sent) == 2


async def test_loaded_by_every_query(example: Example, database: Database) -> None:
    """A query that wants invoices alone, one that forgets their customer, one that asks for it."""
    module = load(example)
    rows = """
    insert into customers (id, name) values (1, 'ann');
    insert into invoices (id, cents, customer_id) values (7, 900, 1);
    """
    async with engine_of(module, database, rows) as engine:
        sent = statements(engine)
        async with request(engine) as session:
            total = sum(invoice.cents for invoice in await session.scalars(select(module.Invoice)))
            invoices = len(sent)
        async with request(engine) as session:
            invoice = (await session.scalars(select(module.Invoice))).one()
            forgotten = await failure(customer_name(invoice))
            awaited = await failure(invoice.awaitable_attrs.customer)
            await session.refresh(invoice, ["customer"])
            refreshed = invoice.customer.name
        async with request(engine) as session:
            query = select(module.Invoice).options(selectinload(module.Invoice.customer))
            asked = (await session.scalars(query)).one().customer.name

    assert (total, invoices, asked, refreshed) == (900, 1, "ann", "ann")
    assert forgotten == awaited == "'Invoice.customer' is not available due to lazy='raise'"


async def customer_name(invoice: Any) -> str:
    return str(invoice.customer.name)


async def failure(call: Awaitable[object]) -> str:
    try:
        await call
    except exc.InvalidRequestError as error:
        return str(error)
    return "no error"


@pytest.mark.needs("sqlalchemy>=2.1")
async def test_new_and_correct(example: Example, database: Database) -> None:
    module = load(example)
    rows = """
    insert into customers (id, name) select n, 'customer ' || n % 2 from generate_series(1, 1001) n;
    insert into orders (id, customer_id, status) values (1, 1, 'paid'), (2, 1, 'open'), (3, 3, 'open'), (4, 2, 'open');
    """
    async with engine_of(module, database, rows) as engine:
        sent = statements(engine)
        async with request(engine) as session:
            latest = [order.id for order in await module.latest_orders(session, [1, 3, 4])]
        sent.clear()
        async with request(engine) as session:
            exported = {c.id: len(c.orders) for c in await module.export(session)}
        chunks = len(sent)
        async with request(engine) as session:
            shop = module.Shop()
            shop.sales.add_all([module.Sale() for _ in range(12)])
            session.add(shop)
            await session.commit()
            sent.clear()
            newest = [sale.id for sale in await module.recent(session, shop)]
            await session.delete(shop)
            await session.commit()
        deleting = [sql.split()[0] for sql in sent]
    try:
        str(select(module.Order).join(module.Customer).filter_by(id=1))
        ambiguous = False
    except exc.AmbiguousColumnError:
        ambiguous = True

    assert (latest, ambiguous) == ([2, 3], True)
    assert (chunks, len(exported), exported[1], exported[2], exported[4]) == (2, 1001, 2, 1, 0)
    assert newest == sorted(newest, reverse=True)
    assert len(newest) == 10
    assert (deleting, await database.value("select count(*) from sales")) == (["SELECT", "DELETE"], 0)
