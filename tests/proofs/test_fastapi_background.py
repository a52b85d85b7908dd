"""Proofs of rules/fastapi-background.md."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import signal
import socket
import time
from typing import Any

import asyncpg
import httpx2
from fastapi import BackgroundTasks, FastAPI
from harness import Database, Spawned, serve, spawn, until
from skill_validator.loading import load
from skill_validator.parts import Example
from sqlalchemy.ext.asyncio import create_async_engine


async def test_stop_flag_after_yield(example: Example) -> None:
    """SIGTERM reaches the process while a client listens to a stream and a balancer probes with new connections."""
    async with spawn(example) as process, httpx2.AsyncClient(base_url=process.url, verify=False) as client:
        async with client.stream("GET", "/events") as stream:
            lines = stream.aiter_lines()
            first = await anext(lines)
            process.terminate()
            told = await _seconds_of_503(process)
            rest = await _within(1, _last_data(lines))
        status = await process.exited(5) if rest else None

    assert (first, rest, status) == ('data: "open"', 'data: "closing"', -signal.SIGTERM)
    assert told > 0.2


async def test_worker_ends_the_lifespan(example: Example, database: Database) -> None:
    """The worker fails for a while and is then well again; the pool must serve throughout."""
    await database.execute("create table orders (id int)")
    module = load(example)
    broken, polls = False, 0

    async def poll() -> None:
        nonlocal polls
        if broken:
            raise ValueError("poison message")
        polls += 1

    app = FastAPI(lifespan=functools.partial(module.lifespan, dsn=database.dsn, poll=poll))
    app.include_router(module.routes)

    @app.get("/orders")
    async def count_orders() -> int:
        return int(await app.state.pool.fetchval("select count(*) from orders"))

    async with serve(app) as served:
        at_first = await _becomes(served.client, 200)
        broken = True
        during = await _becomes(served.client, 503)
        orders = await _status(served.client, "/orders")
        broken, before = False, polls
        at_last = orders == 200 and await _becomes(served.client, 200)
        worked_on = polls > before

    assert (at_first, during, orders, at_last, worked_on) == (True, True, 200, True, True)


async def test_unbounded_readiness(example: Example, database: Database) -> None:
    """One pool is exhausted; one database accepts connections and never says a word."""
    module = load(example)
    engine = create_async_engine(database.url, pool_size=1, max_overflow=0)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        lost = create_async_engine(f"postgresql+asyncpg://app@127.0.0.1:{mute.getsockname()[1]}/app")
        try:
            idle = (await module.database_ready(engine)).status_code
            async with engine.connect():
                busy = await asyncio.gather(*(_within(1.5, module.database_ready(e)) for e in (engine, lost)))
            again = (await module.database_ready(engine)).status_code
        finally:
            await engine.dispose()
            await lost.dispose()

    assert (idle, [response and response.status_code for response in busy], again) == (200, [503, 503], 200)


async def test_half_started_lifespan(example: Example, database: Database) -> None:
    """Once the second start fails; once a request has kept a connection, so that the first close fails."""
    lifespan = load(example).lifespan
    after_failed_start = await _flushes(lifespan, database.dsn + "_missing")
    after_failed_close = await _flushes(lifespan, database.dsn)

    assert (after_failed_start, after_failed_close, await database.connections()) == (1, 1, 0)


async def test_first_failure_drops_the_rest(example: Example) -> None:
    module = load(example)
    done = []

    async def tell_warehouse() -> None:
        done.append("told")
        raise ConnectionError("the warehouse is closed")

    async def send_receipt() -> None:
        done.append("sent")

    app = FastAPI()

    @app.post("/orders", status_code=202)
    async def create_order(tasks: BackgroundTasks) -> None:
        module.after_order(tasks, tell_warehouse, send_receipt)

    async with serve(app) as served:
        status = (await served.client.post("/orders")).status_code
        await until(lambda: len(done) == 2, 0.5)

    assert (status, done) == (202, ["told", "sent"])


async def test_new_and_correct(example: Example) -> None:
    os.environ["BATCH"] = "2"
    module = load(example)
    async with serve(module.app) as served:
        response = await served.client.get("/orders")
        os.environ["BATCH"] = "3"
        again = await served.client.get("/orders")
    event = await asyncio.to_thread(module.first_event)

    assert (response.headers["content-type"], response.text) == ("application/jsonl", "0\n1\n")
    assert (again.text, event) == (response.text, 'data: "open"')


async def _seconds_of_503(process: Spawned) -> float:
    """For how long a balancer's probes, on a new connection each, were told 503 before they were refused."""
    told: list[float] = []

    async def refused() -> bool:
        try:
            async with httpx2.AsyncClient(base_url=process.url, verify=False) as fresh:
                if await _status(fresh, "/ready") == 503:
                    told.append(time.monotonic())
        except httpx2.TransportError:
            return True
        return False

    await until(refused)
    return told[-1] - told[0] if told else 0.0


async def _last_data(lines: Any) -> str:
    last = ""
    async for line in lines:
        last = line or last
    return last


async def _within(seconds: float, answer: Any) -> Any:
    """The answer, or None when there is none in time."""
    try:
        async with asyncio.timeout(seconds):
            return await answer
    except TimeoutError:
        return None


async def _status(client: httpx2.AsyncClient, path: str) -> int:
    return (await client.get(path)).status_code


async def _becomes(client: httpx2.AsyncClient, status: int) -> bool:
    async def is_so() -> bool:
        return await _status(client, "/ready") == status

    return await until(is_so)


async def _flushes(lifespan: Any, dsn: str) -> int:
    """How often a lifespan that ends in an error has saved what it held."""
    flushes = 0

    async def flush() -> None:
        nonlocal flushes
        flushes += 1

    app = FastAPI()
    with contextlib.suppress(TimeoutError, asyncpg.InvalidCatalogNameError):
        async with lifespan(app, dsn, flush):
            await app.state.pool.acquire()
    return flushes
