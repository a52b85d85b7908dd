"""Proofs of rules/asyncio-taskgroup.md."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, NoReturn

from fastapi import FastAPI, HTTPException
from harness import Database, serve, until
from skill_validator.loading import load
from skill_validator.parts import Example

Call = Callable[[], Coroutine[None, None, int]]


async def test_hidden_httpexception(example: Example) -> None:
    module = load(example)

    async def found() -> int:
        return 7

    async def missing() -> int:
        raise HTTPException(404, "no such user")

    async def missing_deep_down() -> int:
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(missing())
        return task.result()

    def refused_in_the_body() -> NoReturn:
        raise HTTPException(403, "not yours")

    async def broken() -> int:
        raise ValueError("not meant for the client")

    cases = {
        "found": (found, found),
        "missing": (missing, found),
        "nested": (missing_deep_down, found),
        "body": (found, refused_in_the_body),
        "broken": (broken, found),
        "both": (missing, broken),
    }
    statuses = await _statuses(module.dashboard, cases)

    assert statuses == {"found": 200, "missing": 404, "nested": 404, "body": 403, "broken": 500, "both": 500}


async def test_lost_successes(example: Example, database: Database) -> None:
    module = load(example)
    await database.execute("create table payments (invoice int primary key)")
    first_paid = asyncio.Event()
    declined = asyncio.Event()

    async def pay(invoice: int) -> int:
        await database.execute("insert into payments values ($1)", invoice)
        return invoice

    async def early() -> int:
        await pay(1)
        first_paid.set()
        return 1

    async def bad() -> int:
        await first_paid.wait()
        declined.set()
        raise ValueError("card declined")

    async def late() -> int:
        await declined.wait()
        return await pay(3)

    receipts, errors = await module.charge_all([early, bad, late])
    paid = [invoice for (invoice,) in await database.fetch("select invoice from payments order by invoice")]

    assert (sorted(receipts), [str(e) for e in errors], paid) == ([1, 3], ["card declined"], [1, 3])


async def test_both_clauses_run(example: Example) -> None:
    module = load(example)

    async def answers() -> int:
        return 6

    async def times_out() -> int:
        raise TimeoutError

    async def refuses() -> int:
        raise ConnectionRefusedError

    async def broken() -> int:
        raise ValueError("not the supplier's fault")

    cases = {
        "fine": (answers, answers),
        "slow": (times_out, answers),
        "down": (answers, refuses),
        "outage": (times_out, refuses),
        "bug": (times_out, broken),
    }
    statuses = await _statuses(module.quote, cases)

    assert statuses == {"fine": 200, "slow": 504, "down": 502, "outage": 502, "bug": 500}


async def test_siblings_go_on(example: Example, database: Database) -> None:
    module = load(example)
    await database.execute("create table reservations (customer text)")
    answered = asyncio.Event()

    async def reserve(customer: str) -> int:
        if customer == "declined":
            await answered.wait()
        await database.execute("insert into reservations values ($1)", customer)
        return 1

    async def charge(customer: str) -> int:
        if customer == "declined":
            raise HTTPException(402, "card declined")
        return 20

    async def order(customer: str) -> object:
        try:
            return await module.place_order(lambda: charge(customer), lambda: reserve(customer))
        except (HTTPException, ExceptionGroup):
            return "refused"

    told = [await order("good"), await order("declined")]
    answered.set()
    ended = await until(lambda: asyncio.all_tasks() == {asyncio.current_task()})
    reserved = await database.fetch("select customer from reservations")

    assert (told, ended, reserved) == ([20, "refused"], True, [("good",)])


async def test_timeout_inside_the_group(example: Example) -> None:
    module = load(example)

    async def slow() -> int:
        await asyncio.sleep(0.8)
        return 1

    async def quick() -> int:
        return 2

    async def timed(*fetches: Call) -> tuple[object, bool]:
        began = time.monotonic()
        try:
            outcome: object = await module.fetch_all([*fetches], 0.1)
        except TimeoutError:
            outcome = "TimeoutError"
        return outcome, time.monotonic() - began < 0.5

    outcomes = [await timed(quick, quick), await timed(quick, slow)]

    assert outcomes == [([2, 2], True), ("TimeoutError", True)]


async def test_new_and_correct(example: Example) -> None:
    module = load(example)
    seen: list[str] = []

    def supplier(name: str, pause: float, offer: int) -> Call:
        async def ask() -> int:
            try:
                await asyncio.sleep(pause)
            except asyncio.CancelledError:
                seen.append(f"{name} cancelled")
                raise
            if offer < 0:
                raise ValueError(name)
            return offer

        return ask

    async def load_total(order: int) -> int:
        return await supplier(f"order {order}", 0.3 / order if order else 0, order * 10 - 1)()

    async def outcome(call: Awaitable[object]) -> object:
        try:
            return await call
        except ExceptionGroup as group:
            return [str(e) for e in group.exceptions]

    quick, slow = supplier("quick", 0.01, 1), supplier("slow", 5, 2)
    outcomes = [
        await module.totals([1, 2, 3], load_total),
        await outcome(module.totals([1, 0, 3], load_total)),
        await module.first_offer([slow, quick]),
        await module.profile(quick, supplier("orders", 0.02, 3)),
        await outcome(module.profile(supplier("user", 0.01, -1), slow)),
    ]

    assert outcomes == [[9, 19, 29], ["order 0"], 1, (1, 3), ["user"]]
    assert sorted(seen) == ["order 1 cancelled", "order 3 cancelled", "slow cancelled", "slow cancelled"]


async def _statuses(endpoint: Any, cases: dict[str, tuple[Any, Any]]) -> dict[str, int]:
    """What a client of FastAPI gets when `endpoint` is called with the two calls of each case."""
    app = FastAPI()

    @app.get("/{case}")
    async def route(case: str) -> Any:
        return await endpoint(*cases[case])

    async with serve(app) as served:
        return {case: (await served.client.get(f"/{case}")).status_code for case in cases}
