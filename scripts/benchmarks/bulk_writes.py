"""The ways to write many rows, side by side: the blocks of references/bulk-writes.md, and the tables in it."""

from __future__ import annotations

import asyncio
import time
import tracemalloc
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from harness import Database, executed, traffic
from harness.postgres import postgres
from measuring.pages import examples, save, table, times
from measuring.race import Contender, race, ratios
from measuring.stage import engine_of, stage, told
from skill_validator.loading import load
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

PAGE = "bulk-writes"
ROWS = 10_000
ROUNDS = 3
WAYS = {
    "flush-per-row": "flush for each row",
    "add-all": "`add_all`",
    "returned-keys": "rows as parameters, keys returned",
    "rows-as-parameters": "rows as parameters",
    "rows-in-the-statement": "rows in the statement",
    "unnest": "`unnest`",
    "copy": "COPY",
}
UPSERTS = {
    "upsert-by-parameters": "upsert, rows as parameters",
    "upsert-by-unnest": "upsert, `unnest`",
    "upsert-through-copy": "upsert, COPY and INSERT",
}
SIZES = (100, 1_000, 5_000, 10_000, 50_000)
IN_CHUNKS = 50_000

Row = dict[str, Any]


async def main(server: str) -> None:
    """Measure, and write what was measured to the data and the page."""
    async with stage(server) as (database, facts):
        modules = {section: load(example) for section, example in examples(PAGE).items()}
        async with engine_of(database) as engine, engine.begin() as connection:
            await connection.run_sync(modules["copy"].Base.metadata.create_all)
        data = {
            "facts": facts,
            "rows": ROWS,
            "inserts": await _side_by_side(database, {way: modules[way] for way in WAYS}, known=0),
            "upserts": await _side_by_side(database, {way: modules[way] for way in UPSERTS}, known=ROWS // 2),
            "chunks": await _chunks(database, modules["in-chunks"]),
        }
    save(PAGE, data, blocks(data))


def blocks(data: dict[str, Any]) -> dict[str, str]:
    """The tables of the page by the marks between which they stand."""
    header = ["way", "SQLAlchemy sends", "PostgreSQL executes", "time"]
    ways = {**data["inserts"], **data["upserts"]}
    rows = [
        (label, f"{ways[way]['sent']:,}", f"{ways[way]['executed']:,}", times(ways[way]["ratio"]))
        for way, label in {**WAYS, **UPSERTS}.items()
    ]
    chunks = [(f"{int(size):,}", times(of["time"]), times(of["memory"])) for size, of in data["chunks"].items()]
    told_rows = (
        f"{data['rows']:,} rows, commit included; inserts and upserts each against their best; the upserts find every"
        f" second key. {told(data['facts'])}."
    )
    return {
        "bulk-writes": f"{table(header, rows)}\n\n{told_rows}",
        "bulk-chunks": table(["rows a chunk", "time", "peak memory of Python"], chunks),
    }


async def _side_by_side(database: Database, modules: dict[str, ModuleType], known: int) -> dict[str, Row]:
    """What each way sends, what the server executes for it, and its time as a ratio to the best."""
    counts = {way: await _counted(database, module, known) for way, module in modules.items()}
    async with engine_of(database, pool_size=1) as engine:

        def contender(module: ModuleType) -> Contender:
            async def run() -> float:
                await _prepare(database, known)
                return await _seconds(engine, module)

            return run

        found = ratios(await race({way: contender(module) for way, module in modules.items()}, ROUNDS))
    return {way: counts[way] | {"ratio": found[way]} for way in modules}


async def _counted(database: Database, module: ModuleType, known: int) -> Row:
    """The second time on the same connection: at first the driver asks for types, too."""
    async with engine_of(database, pool_size=1) as engine:
        logged, seen = executed(engine), traffic(engine)
        for _ in range(2):
            await _prepare(database, known)
            logged.clear()
            seen.statements.clear()
            await _seconds(engine, module)
        frame = ("BEGIN;", "COMMIT;", "ROLLBACK;")
        return {"sent": len(seen.statements), "executed": len([sql for sql in logged if sql not in frame])}


async def _prepare(database: Database, known: int) -> None:
    """An empty table, or one that has every second of the first `2 * known` keys."""
    await database.execute("truncate prices restart identity")
    await database.execute(
        "insert into prices (sku, cents) select 'sku-' || n * 2, 0 from generate_series(1, $1::int) n", known
    )


async def _seconds(engine: AsyncEngine, module: ModuleType) -> float:
    rows = list(_rows(ROWS))
    async with AsyncSession(engine) as session:
        await session.connection()
        begin = time.perf_counter()
        await module.write(session, rows)
        await session.commit()
        return time.perf_counter() - begin


def _rows(number: int) -> Iterator[Row]:
    return ({"sku": f"sku-{n}", "cents": n} for n in range(number))


async def _chunks(database: Database, module: ModuleType) -> dict[str, Row]:
    """Time and peak memory of a load in chunks, each as a ratio to the best."""
    async with engine_of(database, pool_size=1) as engine:
        sessions = async_sessionmaker(engine)

        def contender(size: int) -> Contender:
            async def run() -> float:
                await _prepare(database, known=0)
                begin = time.perf_counter()
                await module.load(sessions, _rows(IN_CHUNKS), size)
                return time.perf_counter() - begin

            return run

        runs = {str(size): contender(size) for size in SIZES}
        seconds = ratios(await race(runs, ROUNDS))
        memory = ratios({size: [await _peak(run)] for size, run in runs.items()})
    return {size: {"time": seconds[size], "memory": memory[size]} for size in runs}


async def _peak(run: Contender) -> float:
    tracemalloc.start()
    try:
        await run()
        return float(tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()


if __name__ == "__main__":
    with postgres() as address:
        asyncio.run(main(address))
