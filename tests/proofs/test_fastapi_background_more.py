"""Proofs of references/fastapi-background-more.md."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import math
import multiprocessing
import os
import sys
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType
from typing import Any

import aiohttp
import httpx2
import uvicorn
from fastapi import Depends, FastAPI
from harness import Database, checked_out, serve, until
from pydantic import BaseModel, ValidationError
from skill_validator.loading import load
from skill_validator.parts import Example
from sqlalchemy import event
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.util import greenlet_spawn


async def test_tasks_of_a_websocket(example: Example) -> None:
    module = load(example)
    saved: list[str] = []

    async def save(message: str) -> None:
        await asyncio.sleep(0)
        saved.append(message)

    app = FastAPI()
    module.add_chat(app, save)
    async with (
        serve(app) as served,
        aiohttp.ClientSession(served.url) as client,
        client.ws_connect("/chat") as socket,
    ):
        for message in ("tea?", "no milk"):
            await socket.send_str(message)
        await socket.close()
        await until(lambda: len(saved) == 2, 0.3)

    assert saved == ["tea?", "no milk"]


async def test_session_handed_to_a_task(example: Example, database: Database) -> None:
    """The leases are kept alive here, so that no garbage collection hides a leak by terminating its connection."""
    await database.execute("create table orders (id int primary key, cents int)")
    module = load(example)
    engine = create_async_engine(database.url, pool_size=1, max_overflow=0)
    module.Session.configure(bind=engine)
    leases: list[Any] = []
    event.listen(engine.sync_engine, "checkout", lambda _connection, _record, lease: leases.append(lease))
    app = FastAPI()
    app.post("/orders/{order_id}")(module.create_order)
    try:
        async with serve(app) as served:
            status = (await served.client.post("/orders/7")).status_code
            receipt = Path("receipt-7.txt")
            written = await until(receipt.exists) and await until(lambda: receipt.read_text() == "500 cents")
        returned = await until(lambda: checked_out(engine) == 0, 0.3)
        for lease in leases:
            if lease.is_valid:
                await greenlet_spawn(lease.close)
    finally:
        await engine.dispose()

    assert (status, written, len(leases), returned) == (200, True, 2, True)


async def test_task_lost_at_sigterm(example: Example) -> None:
    """The loop is uvicorn's own, in a thread: it closes as in a process that was told to stop."""
    module = load(example)
    sent: list[str] = []
    stopping = asyncio.Event()

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with module.lifespan(app):
            yield
            stopping.set()

    async def send_mail() -> None:
        await stopping.wait()
        await asyncio.sleep(0.2)
        sent.append("receipt")

    app = FastAPI(lifespan=lifespan)

    @app.post("/orders")
    async def create_order() -> None:
        module.start(send_mail())

    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical"))
    thread = threading.Thread(target=server.run)
    thread.start()
    await until(lambda: server.started)
    url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    async with httpx2.AsyncClient(base_url=url, verify=False) as client:
        status = (await client.post("/orders")).status_code
    server.should_exit = True
    await asyncio.to_thread(thread.join)

    assert (status, sent) == (200, ["receipt"])


async def test_pool_closed_under_its_users(example: Example, database: Database) -> None:
    """The patience of the server ends while an order waits for the bank; the order gives its reservation back."""
    await database.execute("create table reservations (id int)")
    module = load(example)
    app = FastAPI(lifespan=functools.partial(module.lifespan, dsn=database.dsn), dependencies=[Depends(module.tracked)])
    waiting = asyncio.Event()
    given_back: list[object] = []

    @app.post("/orders")
    async def create_order() -> None:
        await app.state.pool.execute("insert into reservations values (7)")
        try:
            waiting.set()
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.05)  # the bank takes the payment back
            try:
                given_back.append(await app.state.pool.execute("delete from reservations"))
            except Exception as error:
                given_back.append(error)

    async with serve(app, timeout_graceful_shutdown=0.05) as served:
        request = asyncio.create_task(served.client.post("/orders"))
        await waiting.wait()
        served.server.should_exit = True
        await asyncio.wait({request})
        with contextlib.suppress(httpx2.HTTPError):
            await request
    await until(lambda: bool(given_back))

    assert (await database.value("select count(*) from reservations"), given_back) == (0, ["DELETE 1"])


async def test_lifespan_of_a_router(example: Example) -> None:
    module = load(example)
    running = most = 0

    @contextlib.asynccontextmanager
    async def consumer(_app: FastAPI) -> AsyncIterator[None]:
        nonlocal running, most
        running += 1
        most = max(most, running)
        yield
        running -= 1

    async with serve(module.build(consumer)):
        pass

    assert (running, most) == (0, 1)


def test_failed_start_with_status_0(example: Example) -> None:
    module = load(example)
    Path("shop.py").write_text(
        "async def app(scope, receive, send):\n"
        "    await receive()\n"
        "    await send({'type': 'lifespan.startup.failed', 'message': 'no database'})\n"
    )
    starting = multiprocessing.get_context("fork").Process(target=_start, args=(module,))
    starting.start()
    starting.join(8)
    status = starting.exitcode
    starting.terminate()
    starting.join(2)

    assert status == 3


def _start(module: ModuleType) -> None:
    """The workers of uvicorn import the main module and open its input: neither must be pytest's."""
    sys.modules["__main__"] = ModuleType("__main__")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.stdin = os.fdopen(0)
    sys.path.insert(0, str(Path.cwd()))
    module.main("shop:app", port=0, timeout_worker_healthcheck=1)


async def test_secrets_in_the_start_log(example: Example) -> None:
    os.environ.update(DATABASE_URL="postgresql://app:hunter2@db/app", API_KEY="sk-live-123")
    os.environ.pop("SMTP_HOST", None)
    module = load(example)
    try:
        said = str(module.Settings())
    except ValidationError as error:
        said = str(error)
    os.environ["SMTP_HOST"] = "smtp.shop.example"
    settings = module.Settings()

    assert ("smtp_host" in said, "Field required" in said, "sk-live" in said) == (True, True, False)
    assert (settings.api_key.get_secret_value(), settings.smtp_host) == ("sk-live-123", "smtp.shop.example")


async def test_file_kept_by_a_bad_range(example: Example) -> None:
    app = FastAPI()
    load(example).add_export(app)
    asked = [{}, {"range": "bytes=0-4"}, {"range": "bytes=999-"}, {"range": "lines=1"}]
    async with serve(app) as served:
        told = [await served.client.get("/export", headers=headers) for headers in asked]
        cleared = await until(lambda: not list(Path().glob("*.csv")), 0.3)

    assert [response.status_code for response in told] == [200, 206, 416, 400]
    assert (told[0].text, told[1].text, cleared) == ("order,cents\n7,500\n", "order", True)


async def test_added_before_the_error(example: Example) -> None:
    failures: list[str] = []

    async def count_failure() -> None:
        failures.append("one")

    app = FastAPI()
    load(example).add_login(app, count_failure)
    async with serve(app) as served:
        passwords = ("guess", "hunter2", "12345")
        told = [(await served.client.post("/login", params={"password": p})).status_code for p in passwords]
        await until(lambda: len(failures) == 2, 0.3)

    assert (told, failures) == ([401, 200, 401], ["one", "one"])


class Reading(BaseModel):
    """What a meter sends."""

    id: int
    celsius: float
    tags: list[str]


async def test_fast_path_turned_off(example: Example) -> None:
    """The example's application in turn with one that leaves the choice to FastAPI, in processor time."""
    app: FastAPI = load(example).app
    usual = FastAPI()
    readings = [Reading(id=i, celsius=21.5, tags=["cellar", "raw"]) for i in range(2000)]

    async def every() -> list[Reading]:
        return readings

    async def broken() -> Reading:
        return Reading(id=1, celsius=math.nan, tags=[])

    for each in (app, usual):
        each.get("/readings")(every)
        each.get("/broken")(broken)
    times = [(await _seconds(app, "/readings"), await _seconds(usual, "/readings")) for _ in range(8)]
    async with serve(app) as served:
        answer = await served.client.get("/broken")

    assert (answer.status_code, answer.text) == (200, '{"id":1,"celsius":null,"tags":[]}')
    assert min(taken for taken, _ in times) < 2 * min(taken for _, taken in times)


async def _seconds(app: FastAPI, path: str) -> float:
    """What a request costs the application itself, without server and client."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(_message: Any) -> None:
        pass

    scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "query_string": b"", "headers": []}
    start = time.process_time()
    await app(scope, receive, send)
    return time.process_time() - start
