"""Proofs of SKILL.md's own examples."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import pytest
from harness import Database, serve
from skill_validator.loading import load
from skill_validator.parts import Example


@pytest.fixture
async def orders(database: Database) -> Database:
    await database.execute("create table orders (id serial primary key, item text not null unique)")
    return database


async def test_a_session_per_request(example: Example, orders: Database) -> None:
    os.environ["DATABASE_URL"] = orders.url
    module = load(example)
    async with serve(module.app) as served:
        created = await served.client.post("/orders", json={"item": "tea"})
        stored = await orders.fetch("select id, item from orders")
        read = await served.client.get(f"/orders/{created.json()['id']}")
        missing = await served.client.get("/orders/99")
        again = await served.client.post("/orders", json={"item": "tea"})
        states = await orders.states()
    left = await orders.connections()

    assert (created.status_code, created.json()) == (201, {"id": 1, "item": "tea"})
    assert stored == [(1, "tea")]
    assert (read.status_code, read.json()) == (200, {"id": 1, "item": "tea"})
    assert (missing.status_code, again.status_code) == (404, 500)
    assert states == ["idle"]
    assert left == 0


async def test_concurrent_calls_with_a_deadline(example: Example) -> None:
    module = load(example)
    cancelled: list[str] = []
    running = asyncio.Event()

    async def price() -> int:
        running.set()
        return 7

    async def slow() -> int:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append("slow")
            raise
        return 0

    async def refuses() -> int:
        await running.wait()
        raise LookupError("no such item")

    assert await module.quote(price, price, deadline=1.0) == 14
    assert await outcome(module, price, slow, deadline=0.05) is TimeoutError
    assert await outcome(module, refuses, slow, deadline=1.0) is LookupError
    assert cancelled == ["slow", "slow"]


async def outcome(module: Any, *calls: Any, deadline: float) -> type[BaseException] | None:
    try:
        await module.quote(*calls, deadline=deadline)
    except Exception as error:
        return type(error)
    return None
