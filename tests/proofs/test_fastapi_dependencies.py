"""Proofs of rules/fastapi-dependencies.md."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from types import ModuleType
from typing import Any

import aiohttp
import pytest
from fastapi import BackgroundTasks, Depends, FastAPI, WebSocket
from fastapi.responses import StreamingResponse
from harness import Database, checked_out, serve, until
from skill_validator.loading import load
from skill_validator.parts import Example
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.util import greenlet_spawn

ORDERS = "create table orders (id int primary key, status text not null)"
CARTS = """
create table carts (id int primary key);
create table orders (id int primary key references carts deferrable initially deferred, status text not null);
insert into carts values (2);
"""


@contextlib.asynccontextmanager
async def bound(module: ModuleType, database: Database, tables: str, size: int = 1) -> AsyncIterator[AsyncEngine]:
    """The example's sessions on a small pool."""
    await database.execute(tables)
    engine = create_async_engine(database.url, pool_size=size, max_overflow=0, pool_timeout=0.1)
    module.Session.configure(bind=engine)
    try:
        yield engine
    finally:
        await engine.dispose()


@pytest.mark.bites("fastapi>=0.118")
async def test_late_commit(example: Example, database: Database) -> None:
    """Order 1 has no cart: PostgreSQL finds out at the commit, because the foreign key is deferred."""
    module = load(example)
    async with bound(module, database, CARTS), serve(module.app) as served:
        told = [(await served.client.put(f"/orders/{order}")).status_code for order in (1, 2)]
    stored = await database.fetch("select id, status from orders")

    assert (told, stored) == ([500, 201], [(2, "new")])


async def test_two_sessions(example: Example, database: Database) -> None:
    module = load(example)
    rows = f"{ORDERS}; insert into orders values (1, 'new')"
    async with bound(module, database, rows, size=2), serve(module.app) as served:
        told = (await served.client.post("/orders/1/pay")).json()
    stored = await database.value("select status from orders")

    assert (told, stored) == ("paid", "paid")


@pytest.mark.bites("fastapi>=0.118")
async def test_pinned_connection(example: Example, database: Database) -> None:
    """One client is served for long: the other one must still get the connection of a pool of one."""
    module = load(example)
    app: FastAPI = module.app
    left = asyncio.Event()
    authorised = [Depends(module.paid_order)]

    @app.get("/{order_id}", dependencies=authorised)
    async def show(order_id: int) -> int:
        return order_id

    @app.get("/{order_id}/stream", dependencies=authorised)
    async def stream(order_id: int) -> StreamingResponse:
        async def lines() -> AsyncIterator[str]:
            yield f"{order_id}\n"
            await left.wait()

        return StreamingResponse(lines())

    @app.websocket("/{order_id}/socket", dependencies=authorised)
    async def socket(websocket: WebSocket, order_id: int) -> None:
        await websocket.accept()
        await websocket.send_text(str(order_id))
        await left.wait()

    @app.get("/{order_id}/background", dependencies=authorised)
    async def background(order_id: int, tasks: BackgroundTasks) -> int:
        tasks.add_task(left.wait)
        return order_id

    async def occupied(kind: str) -> tuple[str, int]:
        left.clear()
        async with aiohttp.ClientSession(served.url) as client:
            if kind == "socket":
                async with client.ws_connect("/1/socket") as ws:
                    first = await ws.receive_str()
                    second = (await served.client.get("/1")).status_code
                    left.set()
            else:
                async with client.get(f"/1/{kind}") as response:
                    first = (await response.content.readany()).decode().strip()
                    second = (await served.client.get("/1")).status_code
                    left.set()
        assert await until(lambda: checked_out(engine) == 0)
        return first, second

    rows = f"{ORDERS}; insert into orders values (1, 'paid'), (2, 'new')"
    async with bound(module, database, rows) as engine, serve(app) as served:
        refused = (await served.client.get("/2")).status_code
        seen = {kind: await occupied(kind) for kind in ("stream", "socket", "background")}

    assert seen == {"stream": ("1", 200), "socket": ("1", 200), "background": ("1", 200)}
    assert refused == 404


async def test_revived_session(example: Example, database: Database) -> None:
    """The leases are kept alive here, so that no garbage collection hides a leak by terminating its connection."""
    module = load(example)
    leases: list[Any] = []
    async with bound(module, database, f"{ORDERS}; insert into orders values (1, 'new'), (2, 'new')") as engine:
        event.listen(engine.sync_engine, "checkout", lambda _connection, _record, lease: leases.append(lease))
        async with serve(module.app) as served:
            lines = (await served.client.get("/orders")).text.split()
        returned = await until(lambda: checked_out(engine) == 0, 0.3)
        for lease in leases:
            if lease.is_valid:
                await greenlet_spawn(lease.close)

    assert (sorted(lines), len(leases), returned) == (["1", "2"], 1, True)


async def test_constructor_as_query(example: Example) -> None:
    os.environ["MAX_REFUND"] = "100"
    module = load(example)
    async with serve(module.app) as served:
        attempts = {"cents=50", "cents=200", "cents=200&max_refund=999"}
        told = {query: (await served.client.post(f"/refunds?{query}")).status_code for query in attempts}

    assert told == {"cents=50": 200, "cents=200": 403, "cents=200&max_refund=999": 403}


async def test_new_and_correct(example: Example, database: Database) -> None:
    """Eight requests at once share five connections: nobody waits for one, because five sessions is the limit."""
    module = load(example)
    api: FastAPI = module.api
    bearer = {"authorization": "Bearer 42", "content-type": "application/json"}
    live = peak = 0

    async def work(db: AsyncSession) -> None:
        nonlocal live, peak
        live += 1
        peak = max(peak, live)
        await db.execute(text("select 1"))
        await until(lambda: peak >= 5)
        live -= 1

    work.__annotations__["db"] = module.SessionDep
    api.get("/first")(work)
    api.get("/second")(work)
    async with (
        bound(module, database, ORDERS, size=5),
        serve(api) as served,
        aiohttp.ClientSession(served.url) as sockets,
    ):
        client = served.client
        told = await asyncio.gather(*(client.get(path) for path in ["/first", "/second"] * 4))
        anonymous = await client.patch("/note", content=b"null")
        oversized = await client.patch("/note", content=b"x" * 10_001)
        notes = [(await client.patch("/note", content=body, headers=bearer)).json() for body in ("null", '"hi"', "")]
        async with sockets.ws_connect("/events", headers=bearer) as socket:
            token = await socket.receive_str()

    assert (peak, [response.status_code for response in told]) == (5, [200] * 8)
    assert (anonymous.status_code, anonymous.headers.get("www-authenticate")) == (401, "Bearer")
    assert (oversized.status_code, token, notes) == (413, "42", [None, "hi", "unchanged"])
