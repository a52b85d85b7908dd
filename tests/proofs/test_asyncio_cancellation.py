"""Proofs of rules/asyncio-cancellation.md."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import anyio
import asyncpg
import httpx2
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from harness import Database, leave_early, serve, until, upstream
from harness.upstream import Reply, Request
from skill_validator.loading import load
from skill_validator.parts import Example

PING = ": ping\n\n"


async def test_await_in_a_stream_finally(example: Example, database: Database) -> None:
    """One client reads to the end, one leaves after the first token: both are billed for what they got."""
    module = load(example)
    await database.execute("CREATE TABLE usage (tokens int)")
    app = FastAPI()

    async def tokens(pause: float) -> AsyncIterator[bytes]:
        yield b"first "
        await asyncio.sleep(pause)
        yield b"second"

    async with asyncpg.create_pool(database.dsn, min_size=1, max_size=2) as pool:

        @app.get("/answer")
        async def answer(pause: float) -> StreamingResponse:
            return StreamingResponse(module.metered(tokens(pause), pool))

        async with serve(app) as served:
            read = await served.client.get("/answer?pause=0")
            await leave_early(served.port, "/answer?pause=30", after=b"first ")
            await until(lambda: _rows(database, 2), 0.8)
        billed = await database.fetch("SELECT tokens FROM usage ORDER BY tokens")

    assert (read.content, billed) == (b"first second", [(1,), (2,)])


async def test_timeout_around_anext(example: Example) -> None:
    """Orders with a quiet moment between them: all arrive, with pings. A feed that is left closes its source."""
    module = load(example)
    calm, closed = asyncio.Event(), asyncio.Event()
    written: list[str] = []

    async def orders() -> AsyncIterator[str]:
        try:
            yield "1"
            await calm.wait()
            yield "2"
            yield "3"
        finally:
            closed.set()

    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(2):
            async for text in module.feed(orders(), 0.05):
                written.append(text)
                if written.count(PING) == 2:
                    calm.set()
    events = [text for text in written if text != PING]

    calm.clear()
    closed.clear()
    left = module.feed(orders(), 0.05)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(2):
            while await anext(left, PING) != PING:
                pass
    await left.aclose()
    released = await until(closed.is_set, 1)

    assert (events, written.count(PING) >= 2, released) == (["data: 1\n\n", "data: 2\n\n", "data: 3\n\n"], True, True)


async def test_shield_alone(example: Example, database: Database) -> None:
    """Cancelled half way, by asyncio and by anyio: both halves are booked when the caller goes on, and it knows."""
    module = load(example)
    await database.execute("CREATE TABLE ledger (entry text)")
    reached = asyncio.Event()

    async def book(connection: Any) -> None:
        await connection.execute("INSERT INTO ledger VALUES ('debit')")
        reached.set()
        await connection.execute("SELECT pg_sleep(0.15)")
        await connection.execute("INSERT INTO ledger VALUES ('credit')")

    async with asyncpg.create_pool(database.dsn, min_size=2, max_size=2) as pool:
        task = asyncio.create_task(module.pay(pool, book))
        await reached.wait()
        task.cancel()
        await asyncio.wait({task})
        by_asyncio = "cancelled" if task.cancelled() else type(task.exception()).__name__
        booked = [await database.value("SELECT count(*) FROM ledger")]

        reached.clear()
        by_anyio = await _cancelled_by_anyio(module.pay(pool, book), reached)
        booked.append(await database.value("SELECT count(*) FROM ledger"))
        await module.pay(pool, book)
        booked.append(await database.value("SELECT count(*) FROM ledger"))

    assert (by_asyncio, by_anyio, booked) == ("cancelled", "cancelled", [2, 4, 6])


async def test_yield_inside_a_timeout(example: Example) -> None:
    """The client is slow, the fetch is not: everything arrives. A slow fetch is still cut off."""
    module = load(example)
    app = FastAPI()
    size = 1_000_000

    async def fetch(number: int) -> bytes:
        return b"x" * size if number < 12 else b""

    async def stuck(_number: int) -> bytes:
        await asyncio.sleep(0.5)
        return b"late"

    @app.get("/export")
    async def export() -> StreamingResponse:
        return StreamingResponse(module.export(fetch, 0.1))

    async with serve(app) as served, served.client.stream("GET", "/export") as response:
        await asyncio.sleep(0.4)
        received = await _length(response)
    try:
        async with asyncio.timeout(2):
            late: object = await anext(module.export(stuck, 0.05))
    except TimeoutError:
        late = "cut off"

    assert (response.status_code, received, late) == (200, 12 * size, "cut off")


async def test_swallowed_cancellation(example: Example) -> None:
    """A stock, a shop that hangs up, and one that is slow: three different answers."""
    module = load(example)

    async def shop(request: Request) -> Reply | None:
        if request.path == "/stock/broken":
            return None
        if request.path == "/stock/slow":
            await asyncio.sleep(1)
        return 200, {}, b"7"

    async def asked(session: aiohttp.ClientSession, sku: str, limit: float) -> object:
        try:
            return await module.stock(session, sku, limit)
        except TimeoutError:
            return "too slow"

    async with upstream(shop) as served, aiohttp.ClientSession(served.url) as session:
        answers = [
            await asked(session, "lamp", 3),
            await asked(session, "broken", 3),
            await asked(session, "slow", 0.05),
        ]

    assert answers == [7, None, "too slow"]


async def test_new_and_correct(example: Example, database: Database) -> None:
    """Usage is billed when the client leaves and when a deadline around the application ends the request."""
    module = load(example)
    await database.execute("CREATE TABLE usage (tokens int)")
    begun = asyncio.Event()
    deadline = anyio.CancelScope()

    async def tokens() -> AsyncIterator[str]:
        yield "first"
        begun.set()
        await asyncio.sleep(30)

    async def limited(scope: Any, receive: Any, send: Any) -> None:
        with deadline:
            await module.app(scope, receive, send)

    async with asyncpg.create_pool(database.dsn, min_size=1, max_size=2) as pool:
        module.app.state.pool, module.app.state.tokens = pool, tokens
        async with serve(module.app) as served:
            sent = await leave_early(served.port, "/answer", after=b"\n\n")
            left = await until(lambda: _rows(database, 1))
        begun.clear()
        async with serve(limited, lifespan="off") as served, served.client.stream("GET", "/answer"):
            await begun.wait()
            deadline.cancel()
            ended = await until(lambda: _rows(database, 2))

    ticks: list[int] = []

    async def work() -> None:
        try:
            await asyncio.sleep(30)
        finally:
            ticks.append(1)

    stopping = asyncio.create_task(module.stop(work))
    await asyncio.wait({stopping}, timeout=2)
    stopped = stopping.result() if stopping.done() else "still working"
    stopping.cancel()
    assert (b"text/event-stream" in sent, left, ended, stopped, ticks) == (True, True, True, "stopped", [1])


async def _rows(database: Database, count: int) -> bool:
    return bool(await database.value("SELECT count(*) FROM usage") >= count)


async def _cancelled_by_anyio(payment: Any, reached: asyncio.Event) -> str:
    """How a payment ends whose anyio scope is cancelled when it has been half booked."""
    ends: list[str] = []
    async with anyio.create_task_group() as group:
        handle = group.create_task(_told(payment, ends))
        await reached.wait()
        handle.cancel()
    return ends[0]


async def _told(payment: Any, ends: list[str]) -> None:
    try:
        await payment
    except asyncio.CancelledError:
        ends.append("cancelled")
        raise
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        ends.append(type(error).__name__)
    else:
        ends.append("went on")


async def _length(response: httpx2.Response) -> int:
    received = 0
    with contextlib.suppress(httpx2.RemoteProtocolError):  # the body was cut off: what came before it counts
        async for chunk in response.aiter_raw():
            received += len(chunk)
    return received
