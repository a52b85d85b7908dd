"""Proofs of rules/fastapi-middleware.md."""

from __future__ import annotations

import asyncio
import logging
import zlib
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

import aiohttp
import pytest
from fastapi import APIRouter, Body, Depends, FastAPI, WebSocket
from fastapi import HTTPException as FastAPIHTTPException
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.routing import APIRoute
from harness import leave_early, serve, until
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import BaseModel, field_validator
from skill_validator.loading import load
from skill_validator.parts import Example
from starlette.routing import Host
from starlette.types import ASGIApp, Receive, Scope, Send

SHOP = {"origin": "https://shop.example"}


@pytest.mark.bites("fastapi>=0.137")
async def test_collapsed_routes(example: Example) -> None:
    module = load(example)
    app: FastAPI = module.app
    counted: Counter[str] = Counter()
    orders = APIRouter(prefix="/orders")

    class Count:
        def __init__(self, app: ASGIApp) -> None:
            self.app = app

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            await self.app(scope, receive, send)
            if scope["type"] == "http":
                counted[module.route_label(scope)] += 1

    @orders.get("/{order_id}")
    async def show(order_id: int) -> int:
        return order_id

    app.include_router(orders, prefix="/v1")
    app.include_router(orders, prefix="/v2")
    app.mount("/admin", FastAPI())
    app.router.routes.append(Host("api.shop.example", FastAPI()))
    app.add_middleware(Count)
    async with serve(app, root_path="/shop") as served:
        for path in ("/v1/orders/7", "/v1/orders/8", "/v2/orders/7", "/wp-login.php", "/admin/"):
            await served.client.get(path)

    flat = [route.path for route in app.routes if isinstance(route, APIRoute)]

    assert flat == []
    assert counted == {"/v1/orders/{order_id}": 2, "/v2/orders/{order_id}": 1, "none": 2}


async def test_open_websocket(example: Example) -> None:
    module = load(example)
    app: FastAPI = module.app
    app.add_middleware(module.RequireKey)
    module.KEYS.add("k-7f3a")

    @app.get("/orders")
    async def orders() -> str:
        return "secret"

    @app.websocket("/ws")
    async def ws(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text("secret")

    async def over_http(headers: dict[str, str]) -> object:
        response = await served.client.get("/orders", headers=headers)
        return response.json() if response.status_code == 200 else response.status_code

    async def over_socket(headers: dict[str, str]) -> object:
        try:
            async with aiohttp.ClientSession(served.url) as client, client.ws_connect("/ws", headers=headers) as socket:
                return await socket.receive_str()
        except aiohttp.WSServerHandshakeError as refused:
            return refused.status

    async with serve(app) as served:
        with_key = [await ask({"x-api-key": "k-7f3a"}) for ask in (over_http, over_socket)]
        without = [await ask({"x-api-key": "guess"}) for ask in (over_http, over_socket)]

    assert (with_key, without) == (["secret", "secret"], [401, 401])


async def test_charge_after_timeout(example: Example) -> None:
    """The bank answers when the client has had its 504 already."""
    module = load(example)
    app: FastAPI = module.app
    app.add_middleware(module.Timeout)
    charged: list[str] = []
    bank, ended = asyncio.Event(), asyncio.Event()

    @app.post("/pay/{card}")
    async def pay(card: str) -> None:
        try:
            if card == "slow":
                await bank.wait()
            charged.append(card)
        finally:
            ended.set()

    @app.get("/export")
    async def export() -> StreamingResponse:
        async def lines() -> AsyncIterator[str]:
            yield "first,"
            await asyncio.sleep(0.45)
            yield "last"

        return StreamingResponse(lines())

    @app.get("/broken")
    async def broken() -> None:
        raise TimeoutError("a timeout of the endpoint's own")

    async with serve(app) as served:
        fast = (await served.client.post("/pay/fast")).status_code
        ended.clear()
        slow = (await served.client.post("/pay/slow")).status_code
        bank.set()
        await ended.wait()
        stream = (await served.client.get("/export")).text
        own = (await served.client.get("/broken")).status_code

    assert (fast, slow, charged) == (200, 504, ["fast"])
    assert (stream, own) == ("first,last", 500)


async def test_early_log(example: Example) -> None:
    module = load(example)
    app: FastAPI = module.app
    app.add_middleware(module.AccessLog)
    logged: list[str] = []

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            logged.append(record.getMessage())

    access = logging.getLogger("access")
    access.setLevel(logging.INFO)
    access.addHandler(Collect())

    async def current_user() -> None:
        module.user.set("alice")

    @app.get("/export/{rows}", dependencies=[Depends(current_user)])
    async def export(rows: int) -> StreamingResponse:
        async def lines() -> AsyncIterator[str]:
            yield "first\n"
            for _ in range(rows):
                raise ConnectionError("the database went away")

        return StreamingResponse(lines())

    async with serve(app) as served:
        whole = (await served.client.get("/export/0")).text
        await leave_early(served.port, "/export/1", after=b"first\n")
        await until(lambda: len(logged) == 2)

    assert whole == "first\n"
    assert logged == ["'/export/0' alice completed", "'/export/1' alice aborted"]


async def test_naked_errors(example: Example) -> None:
    module = load(example)
    app: FastAPI = module.app

    @app.exception_handler(Exception)
    async def crashed(*_: object) -> JSONResponse:
        return JSONResponse({"status": 500}, 500)

    @app.get("/orders/{order_id}")
    async def show(order_id: int) -> int:
        return 100 // order_id

    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        await JSONResponse({"status": 401}, 401)(scope, receive, send)

    app.add_middleware(lambda inner: _only("/admin", refuse, inner))
    async with serve(module.service) as served:
        told = [await served.client.get(path, headers=SHOP) for path in ("/orders/5", "/orders/0", "/admin")]
        preflight = await served.client.options("/admin", headers=SHOP | {"access-control-request-method": "GET"})
    seen = [(r.status_code, r.headers.get("access-control-allow-origin")) for r in (*told, preflight)]

    assert seen == [(status, "https://shop.example") for status in (200, 500, 401, 200)]


def _only(path: str, there: ASGIApp, elsewhere: ASGIApp) -> ASGIApp:
    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        await (there if scope.get("path") == path else elsewhere)(scope, receive, send)

    return dispatch


class Account(BaseModel):
    password: str

    @field_validator("password")
    @classmethod
    def long(cls, value: str) -> str:
        if len(value) < 12:
            raise ValueError("too short")
        return value


async def test_missed_problems(example: Example) -> None:
    module = load(example)
    app: FastAPI = module.app

    @app.post("/accounts")
    async def create(account: Annotated[Account, Body()]) -> None:
        raise FastAPIHTTPException(401, f"who are you, {len(account.password)}?", {"WWW-Authenticate": "Bearer"})

    async with serve(app) as served:
        client = served.client
        missing = await client.get("/nowhere")
        method = await client.get("/accounts")
        anonymous = await client.post("/accounts", json={"password": "x" * 12})
        invalid = await client.post("/accounts", json={"password": "hunter2"})
    answers = (missing, method, anonymous, invalid)
    problems = {r.status_code: r.headers["content-type"] for r in answers}

    assert problems == dict.fromkeys((404, 405, 401, 422), "application/problem+json")
    assert (method.headers.get("allow"), anonymous.headers.get("www-authenticate")) == ("POST", "Bearer")
    assert anonymous.json() == {"status": 401, "detail": "who are you, 12?"}
    assert ("too short" in invalid.text, "hunter2" in invalid.text) == (True, False)


async def test_new_and_correct(example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("dist").mkdir()
    Path("dist/index.html").write_text("the shop")
    spans = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    trace.set_tracer_provider(provider)
    module = load(example)
    api: FastAPI = module.api
    go_on = asyncio.Event()

    @api.get("/healthz")
    async def healthz() -> str:
        return "ok"

    orders = APIRouter(prefix="/orders")

    @orders.get("/stream")
    async def stream() -> StreamingResponse:
        async def lines() -> AsyncIterator[str]:
            yield "first\n"
            await go_on.wait()

        return StreamingResponse(lines(), media_type="text/plain")

    @orders.put("/{order_id}")
    async def put(order_id: int, body: Annotated[dict[str, int], Body()]) -> dict[str, int]:
        return body | {"id": order_id}

    api.include_router(orders, prefix="/v1")
    async with serve(api) as served:
        client = served.client
        health = (await client.get("/healthz")).json()
        order = (await client.put("/v1/orders/7", json={"cents": 5})).json()
        untyped = (await client.put("/v1/orders/7", content=b'{"cents": 5}')).status_code
        page = (await client.get("/deep/link", headers={"accept": "text/html", "sec-fetch-mode": "navigate"})).text
        head = b""
        async with (
            aiohttp.ClientSession(served.url, auto_decompress=False) as raw,
            raw.get("/v1/orders/stream", headers={"accept-encoding": "gzip"}) as response,
        ):
            inflate = zlib.decompressobj(31)
            async with asyncio.timeout(2):
                while b"first\n" not in head:
                    head += inflate.decompress(await response.content.readany())
            go_on.set()
    routes = {span.attributes.get("http.route") for span in spans.get_finished_spans() if span.attributes}

    assert (health, order, untyped) == ("ok", {"cents": 5, "id": 7}, 422)
    assert (page, head) == ("the shop", b"first\n")
    assert "/v1/orders/{order_id}" in routes
    assert "/healthz" not in routes
