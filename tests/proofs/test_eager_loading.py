"""Proofs of references/eager-loading.md: twelve customers with three orders each, but for the second, who has none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from harness import Database, engine_of, executed, traffic
from skill_validator.loading import load
from skill_validator.parts import Example
from sqlalchemy.exc import InvalidRequestError, MissingGreenlet
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

ROWS = """
insert into customers (id, name, email, street, city)
    select n, 'customer ' || n, n || '@example.org', n || ' High Street', 'Town' from generate_series(1, {customers}) n;
insert into orders (customer_id, cents)
    select c, o from generate_series(1, 12) c, generate_series(1, 3) o where c <> 2 order by c, o;
"""
TWELVE = ROWS.format(customers=12)
FIRST_TEN = {n: [] if n == 2 else [1, 2, 3] for n in range(1, 11)}


@dataclass(frozen=True, slots=True)
class Cost:
    """What a query cost, and what it found."""

    statements: int
    rows: int
    values: int
    found: Any


async def cost(engine: AsyncEngine, load_them: Callable[[AsyncSession, int], Any], limit: int, of: Any) -> Cost:
    """Load `limit` rows and look at them; the engine's count of statements must be the server's."""
    await engine.dispose()  # the server's log is heard on new connections
    logged, seen = executed(engine), traffic(engine)
    async with AsyncSession(engine) as session:
        found = of(await load_them(session, limit))
    ours = [sql for sql in logged if "customers" in sql or "orders" in sql]
    assert ours == seen.statements
    return Cost(len(seen.statements), seen.rows, seen.values, found)


def orders_of(customers: list[Any]) -> dict[int, list[int]]:
    return {customer.id: [order.cents for order in customer.orders] for customer in customers}


def names(customers: list[Any]) -> list[str]:
    return [customer.name for customer in customers]


async def refusal(engine: AsyncEngine, module: Any) -> Exception:
    """What the first access to a collection that was not loaded raises."""
    async with AsyncSession(engine) as session:
        (customer,) = await module.customers(session, 1)
        with pytest.raises(Exception, match=r"orders|greenlet_spawn") as caught:
            _ = customer.orders
    return caught.value


async def test_lazy(example: Example, database: Database) -> None:
    module = load(example)
    async with engine_of(module, database, TWELVE) as engine:
        refused = await refusal(engine, module)
        spent = await cost(engine, module.customers, 10, names)

    assert isinstance(refused, MissingGreenlet)
    assert str(refused).startswith("greenlet_spawn has not been called")
    assert (spent.statements, spent.rows, spent.values) == (1, 10, 50)


async def test_raiseload(example: Example, database: Database) -> None:
    module = load(example)
    async with engine_of(module, database, TWELVE) as engine:
        refused = await refusal(engine, module)
        spent = await cost(engine, module.customers, 10, names)

    assert isinstance(refused, InvalidRequestError)
    assert str(refused) == "'Customer.orders' is not available due to lazy='raise'"
    assert (spent.statements, spent.rows) == (1, 10)


async def test_one_by_one(example: Example, database: Database) -> None:
    module = load(example)
    async with engine_of(module, database, TWELVE) as engine:
        assert await cost(engine, module.customers, 10, orders_of) == Cost(11, 37, 131, FIRST_TEN)


async def test_selectinload(example: Example, database: Database) -> None:
    module = load(example)
    async with engine_of(module, database, ROWS.format(customers=1001)) as engine:
        assert await cost(engine, module.customers, 10, orders_of) == Cost(2, 37, 131, FIRST_TEN)
        many = await cost(engine, module.customers, 1001, len)

    assert (many.statements, many.found) == (4, 1001)


async def test_joinedload(example: Example, database: Database) -> None:
    module = load(example)
    async with engine_of(module, database, TWELVE) as engine:
        assert await cost(engine, module.customers, 10, orders_of) == Cost(1, 28, 224, FIRST_TEN)
        async with AsyncSession(engine) as session:
            query = module.FIRST.options(module.joinedload(module.Customer.orders))
            with pytest.raises(InvalidRequestError, match=r"unique\(\)"):
                (await session.scalars(query)).all()


async def test_subqueryload(example: Example, database: Database) -> None:
    module = load(example)
    async with engine_of(module, database, TWELVE) as engine:
        spent = await cost(engine, module.customers, 10, orders_of)

    assert (spent.statements, spent.rows, spent.found) == (2, 37, FIRST_TEN)


async def test_contains_eager(example: Example, database: Database) -> None:
    module = load(example)
    async with engine_of(module, database, TWELVE) as engine:
        assert await cost(engine, module.customers, 10, orders_of) == Cost(1, 28, 224, FIRST_TEN)


async def test_to_one(example: Example, database: Database) -> None:
    """The first ten orders are those of the customers 1, 3, 4 and 5: the latter are four rows of their own, or none."""
    module = load(example)
    customers = [1, 1, 1, 3, 3, 3, 4, 4, 4, 5]

    def who(orders: list[Any]) -> list[int]:
        return [order.customer.id for order in orders]

    async with engine_of(module, database, TWELVE) as engine:
        joined = await cost(engine, module.joined, 10, who)
        selected = await cost(engine, module.selected, 10, who)

    assert (joined.statements, joined.rows, joined.found) == (1, 10, customers)
    assert (selected.statements, selected.rows, selected.found) == (2, 14, customers)


async def test_write_only(example: Example, database: Database) -> None:
    """A shop of a thousand sales: two are read, one is added without reading any."""
    module = load(example)
    async with engine_of(module, database, TWELVE) as engine:
        await database.execute("insert into shops (id) values (1)")
        await database.execute("insert into sales (shop_id, cents) select 1, n from generate_series(1, 1000) n")
        async with AsyncSession(engine, expire_on_commit=False) as session:
            place = await session.get_one(module.Shop, 1)
            seen = traffic(engine)
            newest = [sale.cents for sale in await module.newest(session, place, 2)]
            read = (len(seen.statements), seen.rows)
            await module.sell(session, place, 1001)
        sent = [sql.split()[0] for sql in seen.statements]

    assert (newest, read) == ([1000, 999], (1, 2))
    assert (sent, await database.value("select max(cents) from sales")) == (["SELECT", "INSERT"], 1001)
