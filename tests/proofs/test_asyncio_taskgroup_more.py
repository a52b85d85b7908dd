"""Proofs of references/asyncio-taskgroup-more.md."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import asyncpg
import pytest
from fastapi import FastAPI
from harness import Database, serve, until
from skill_validator.loading import load
from skill_validator.parts import Example

Call = Callable[[], Coroutine[None, None, int]]


async def test_fallback_in_the_body(example: Example) -> None:
    module = load(example)

    async def page(load_rating: Call) -> object:
        try:
            return await module.product_page(_after(0.02, 7), load_rating)
        except ExceptionGroup as group:
            return group.exceptions

    pages = [await page(_after(0.01, 5)), await page(_after(0.01, ConnectionError("ratings are down")))]

    assert pages == [(7, 5), (7, 0)]


async def test_group_that_ends_in_silence(example: Example, database: Database) -> None:
    module = load(example)
    await database.execute("create table archive (name text)")
    dropped = asyncio.Event()

    async def store(name: str, rows: int) -> None:
        await dropped.wait()
        await asyncio.sleep(0.05 * rows)
        await database.execute("insert into archive values ($1)", name)

    async def drop(export: asyncio.Task[int]) -> None:
        await asyncio.sleep(0.01)
        export.cancel()
        await asyncio.wait([export])
        dropped.set()

    names = ("invoices", "orders", "users")
    exports = {name: asyncio.create_task(_after(9 if name == "orders" else 0, 1)()) for name in names}
    dropping = asyncio.create_task(drop(exports["orders"]))
    archived = await module.archive(exports, store)
    await asyncio.wait([dropping, *exports.values()])
    stored = await database.fetch("select name from archive order by name")

    assert (sorted(archived), stored) == (["invoices", "users"], [("invoices",), ("users",)])


async def test_failure_raised_twice(example: Example) -> None:
    module = load(example)
    down = ConnectionError("payment service")
    cases = {
        "paid": (_after(0.01, 3), _after(0.02, 1)),
        "payment": (_after(0.01, down), _after(5, 1)),
        "stock": (_after(5, 3), _after(0.01, down)),
        "bug": (_after(0.01, ValueError("amount")), _after(5, 1)),
    }
    statuses = await _statuses(lambda case: module.checkout(*cases[case]), [*cases])

    assert statuses == {"paid": 200, "payment": 502, "stock": 502, "bug": 500}


@pytest.mark.bites("python<3.13")
async def test_miscounted_cancellation(example: Example) -> None:
    module = load(example)

    async def outcome(attempts: list[Call], seconds: float) -> object:
        """What the attempts lead to, in a task of its own, since a stray cancellation must not end this one."""

        async def replica() -> int:
            return await attempts.pop(0)()

        reading = asyncio.create_task(module.read([replica], seconds))
        await asyncio.wait([reading])
        if reading.cancelled():
            return asyncio.CancelledError
        return type(reading.exception()) if reading.exception() else reading.result()

    async def fails_at_the_deadline() -> int:
        time.sleep(0.1)  # the timer is due when the failure arrives
        raise ConnectionError("replica")

    down = _after(0.001, ConnectionError("replica"))
    outcomes = [
        await outcome([down, down, _after(0.001, 4)], 5),
        await outcome([down, down, _after(5, 4)], 0.2),
        await outcome([fails_at_the_deadline, _after(0.001, 4)], 0.05),
    ]

    assert outcomes == [[4], TimeoutError, TimeoutError]


async def test_deadline_lost_in_the_group(example: Example) -> None:
    module = load(example)

    async def fails_to_roll_back() -> int:
        try:
            return await _after(5, 1)()
        finally:
            raise ConnectionError("rollback failed")

    cases: dict[str, list[Call]] = {
        "done": [_after(0.01, 1), _after(0.01, 2)],
        "slow": [_after(5, 1), _after(0.01, 2)],
        "rollback": [_after(5, 1), fails_to_roll_back],
        "broken": [_after(0.01, OSError("disk full")), _after(5, 2)],
    }
    statuses = await _statuses(lambda case: module.publish(cases[case], 0.25), [*cases])

    assert statuses == {"done": 200, "slow": 504, "rollback": 504, "broken": 500}


async def test_cleanup_still_running(example: Example, database: Database) -> None:
    module = load(example)
    await database.execute("create table imports (state text); insert into imports values ('running')")
    connection = await asyncpg.connect(database.dsn)
    closed = asyncio.Event()

    async def load_file() -> int:
        try:
            return await _after(5, 1)()
        finally:
            await asyncio.wait([asyncio.create_task(closed.wait())], timeout=0.1)
            await connection.execute("update imports set state = 'rolled back'")

    async def close() -> int:
        await connection.close()
        closed.set()
        return 0

    results = await module.run_jobs([_after(0.01, 1), _after(0, 2)], _after(0, 0), 5)
    try:
        await module.run_jobs([_after(5, 1), load_file], close, 0.05)
        outcome = "returned"
    except TimeoutError:
        outcome = "TimeoutError"
    await until(lambda: asyncio.all_tasks() == {asyncio.current_task()})
    state = await database.value("select state from imports")

    assert (results, outcome, closed.is_set(), state) == ([1, 2], "TimeoutError", True, "rolled back")


async def test_waiting_for_the_losers(example: Example) -> None:
    module = load(example)
    ended: list[str] = []

    async def loser() -> int:
        try:
            return await _after(1, 2)()
        finally:
            ended.append("loser")

    began = time.monotonic()
    answer = await module.first_answer([loser, _after(0.01, 1)])
    seconds = time.monotonic() - began

    assert (answer, seconds < 0.5, ended) == (1, True, ["loser"])


async def test_cancellederror_as_data(example: Example) -> None:
    module = load(example)
    shared = asyncio.create_task(_after(5, 12)())
    asyncio.get_running_loop().call_later(0.01, shared.cancel)

    async def from_shared() -> int:
        return await shared

    answers = await module.prices([_after(0, 10), from_shared, _after(0, ValueError("no price")), _after(0, 11)])

    assert answers == ([10, 11], 2)


async def test_stop_that_stops_nothing(example: Example) -> None:
    module = load(example)
    stop = asyncio.Event()
    seen: list[str] = []

    async def worker() -> int:
        seen.append("started")
        try:
            return await _after(5, 0)()
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    service = asyncio.create_task(module.run_until(stop, worker))
    _, running = await asyncio.wait([service], timeout=0.05)
    stop.set()
    _, hanging = await asyncio.wait([service], timeout=0.5)
    seen.append("hanging" if hanging else "stopped" if service.exception() is None else "failed")
    service.cancel()
    await asyncio.wait([service])

    assert (running, seen) == ({service}, ["started", "cancelled", "stopped"])


def _after(seconds: float, outcome: int | Exception) -> Call:
    """A call that takes `seconds` and then returns its number or raises its exception."""

    async def call() -> int:
        await asyncio.sleep(seconds)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return call


async def _statuses(endpoint: Callable[[str], Awaitable[object]], cases: list[str]) -> dict[str, int]:
    """What a client of FastAPI gets in each case."""
    app = FastAPI()

    @app.get("/{case}")
    async def route(case: str) -> Any:
        return await endpoint(case)

    async with serve(app) as served:
        return {case: (await served.client.get(f"/{case}")).status_code for case in cases}
