"""The loading strategies side by side: the blocks of references/eager-loading.md, and the table in it."""

from __future__ import annotations

import asyncio
import time
from types import ModuleType
from typing import Any

from harness import Database, traffic
from harness.postgres import postgres
from measuring.pages import examples, save, table, times
from measuring.race import Contender, race, ratios
from measuring.stage import engine_of, stage, told
from skill_validator.loading import load
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

PAGE = "eager-loading"
CUSTOMERS = 1_200
ORDERS = 10
PAGE_OF = 10
ROUNDS = 7
STRATEGIES = {
    "one-by-one": "awaited one by one",
    "selectinload": "`selectinload`",
    "joinedload": "`joinedload`",
    "subqueryload": "`subqueryload`",
    "contains-eager": "`contains_eager`, LIMIT inside",
}
ROWS = """
    insert into customers (id, name, email, street, city)
    select n, 'customer ' || n, n || '@example.org', n || ' High Street', 'Town' from generate_series(1, $1::int) n
"""


async def main(server: str) -> None:
    """Measure, and write what was measured to the data and the page."""
    async with stage(server) as (database, facts):
        modules = {section: load(example) for section, example in examples(PAGE).items()}
        await fill(database, modules["selectinload"], CUSTOMERS, ORDERS)
        async with engine_of(database, pool_size=1) as engine:
            counts = {
                strategy: {
                    "page": await counted(engine, modules[strategy], PAGE_OF),
                    "all": await counted(engine, modules[strategy], CUSTOMERS),
                }
                for strategy in STRATEGIES
            }
            runs = {strategy: _contender(engine, modules[strategy]) for strategy in STRATEGIES}
            found = ratios(await race(runs, ROUNDS))
    sizes = {"customers": CUSTOMERS, "orders_each": ORDERS, "page": PAGE_OF}
    strategies = {strategy: counts[strategy] | {"time": found[strategy]} for strategy in STRATEGIES}
    data = {"facts": facts, **sizes, "strategies": strategies}
    save(PAGE, data, blocks(data))


def blocks(data: dict[str, Any]) -> dict[str, str]:
    """The table of the page by the mark between which it stands."""
    page, everybody = f"LIMIT {data['page']}", f"all {data['customers']:,}"
    columns = ("statements", "rows", "values")
    header = ["strategy", *(f"{c}, {page}" for c in columns), *(f"{c}, {everybody}" for c in columns), "time"]
    rows = []
    for strategy, label in STRATEGIES.items():
        of = data["strategies"][strategy]
        numbers = [f"{of[which][column]:,}" for which in ("page", "all") for column in columns]
        rows.append((label, *numbers, times(of["time"])))
    note = f"{data['customers']:,} customers of {data['orders_each']} orders each; time: all. {told(data['facts'])}."
    return {"eager-loading": f"{table(header, rows)}\n\n{note}"}


async def fill(database: Database, module: ModuleType, customers: int, orders: int) -> None:
    """The page's tables with so many customers, each of them with so many orders."""
    async with engine_of(database) as engine, engine.begin() as connection:
        await connection.run_sync(module.Base.metadata.create_all)
    await database.execute(ROWS, customers)
    await database.execute(
        "insert into orders (customer_id, cents)"
        " select c, c from generate_series(1, $1::int) c, generate_series(1, $2::int)",
        customers,
        orders,
    )
    await database.execute("analyze")


async def counted(engine: AsyncEngine, module: ModuleType, limit: int) -> dict[str, int]:
    """What the strategy of `module` sends and gets for so many customers."""
    seen = traffic(engine)
    async with AsyncSession(engine) as session:
        await module.customers(session, limit)
    return {"statements": len(seen.statements), "rows": seen.rows, "values": seen.values}


def _contender(engine: AsyncEngine, module: ModuleType) -> Contender:
    async def run() -> float:
        async with AsyncSession(engine) as session:
            await session.connection()
            begin = time.perf_counter()
            found = await module.customers(session, CUSTOMERS)
            if sum(len(customer.orders) for customer in found) != CUSTOMERS * ORDERS:
                raise RuntimeError(f"{module.__name__} did not load every order")
            return time.perf_counter() - begin

    return run


if __name__ == "__main__":
    with postgres() as address:
        asyncio.run(main(address))
