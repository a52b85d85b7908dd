"""The loading strategies side by side: the blocks of references/eager-loading.md, and the table in it."""

from __future__ import annotations

import asyncio
import time
from types import ModuleType
from typing import Any

from harness import Database, traffic
from harness.postgres import postgres
from measuring.network import distant
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
AWAY = 0.0005
ROUNDS_AWAY = 3
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
        near = await _timed(database, modules, ROUNDS)
        async with distant(database, AWAY) as far:
            away = await _timed(far, modules, ROUNDS_AWAY)
    sizes = {"customers": CUSTOMERS, "orders_each": ORDERS, "page": PAGE_OF, "round_trip": 2 * AWAY}
    strategies = {s: counts[s] | {"time": near[s], "away": away[s]} for s in STRATEGIES}
    data = {"facts": facts, **sizes, "strategies": strategies}
    save(PAGE, data, blocks(data))


async def _timed(database: Database, modules: dict[str, ModuleType], rounds: int) -> dict[str, float]:
    """The times of all strategies as ratios to the best."""
    async with engine_of(database, pool_size=1) as engine:
        return ratios(await race({s: _contender(engine, modules[s]) for s in STRATEGIES}, rounds))


def blocks(data: dict[str, Any]) -> dict[str, str]:
    """The table of the page by the mark between which it stands."""
    page, everybody = f"LIMIT {data['page']}", f"all {data['customers']:,}"
    columns = ("statements", "rows", "values")
    header = ["strategy", *(f"{c}, {page}" for c in columns), *(f"{c}, {everybody}" for c in columns)]
    header += ["time", f"time, {data['round_trip'] * 1000:.0f} ms away"]
    rows = []
    for strategy, label in STRATEGIES.items():
        of = data["strategies"][strategy]
        numbers = [f"{of[which][column]:,}" for which in ("page", "all") for column in columns]
        rows.append((label, *numbers, times(of["time"]), times(of["away"])))
    note = (
        f"{data['customers']:,} customers of {data['orders_each']} orders each. The times are those of all; in the last"
        f" column each round trip takes {data['round_trip'] * 1000:.0f} ms more. {told(data['facts'])}."
    )
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
