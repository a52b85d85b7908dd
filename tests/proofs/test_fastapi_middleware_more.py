"""Proofs of references/fastapi-middleware-more.md."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
from fastapi import FastAPI, WebSocket
from fastapi.requests import Request
from harness import serve
from skill_validator.loading import load
from skill_validator.parts import Example

SHOP, EVIL = "https://shop.example", "https://evil.example"


async def test_tenant_of_the_last_upload(example: Example) -> None:
    """One keep-alive connection, as a proxy holds it, on which the requests of several clients follow each other."""
    module = load(example)
    app: FastAPI = module.app
    app.add_middleware(module.Tenant)

    @app.post("/photos")
    async def photos(request: Request) -> tuple[str, int]:
        return module.TENANT.get(), len(await request.body())

    @app.get("/tenant")
    async def tenant() -> str:
        return str(module.TENANT.get())

    async with serve(app) as served:
        client, acme = served.client, {"x-tenant": "acme"}
        before = [(await client.get("/tenant", headers=headers)).json() for headers in (acme, {})]
        uploaded = (await client.post("/photos", content=bytes(200_000), headers=acme)).json()
        after = [(await client.get("/tenant", headers=headers)).json() for headers in ({}, {"x-tenant": "zeta"}, {})]

    assert (before, uploaded) == (["acme", "public"], ["acme", 200_000])
    assert after == ["public", "zeta", "public"]


async def test_replay_without_an_end(example: Example) -> None:
    """The alarm counts the processor time of this process, so that it rings only for a loop that spins."""
    module = load(example)
    app: FastAPI = module.app
    app.add_middleware(module.Audit)

    @app.post("/orders")
    async def orders(request: Request, order: dict[str, int]) -> tuple[int, int]:
        return request.state.audit, order["cents"]

    @app.post("/export")
    async def export(request: Request, order: dict[str, int]) -> AsyncIterator[int]:
        yield request.state.audit
        yield order["cents"]

    async with serve(app) as served:
        with _alarm(0.5) as rang:
            body = b'{"cents": 5}'
            whole = (
                await served.client.post("/orders", content=body, headers={"content-type": "application/json"})
            ).json()
            try:
                streamed = (await served.client.post("/export", json={"cents": 5})).text.split()
            except Exception as error:
                streamed = [repr(error)]

    assert whole == [12, 5]
    assert (rang, streamed) == ([], ["11", "5"])


async def test_guard_opened_by_a_prefix(example: Example) -> None:
    module = load(example)
    app: FastAPI = module.app
    app.add_middleware(module.AdminKey)

    @app.get("/admin/orders")
    @app.get("/orders")
    async def orders() -> int:
        return 7

    seen = {}
    for prefix in ("", "/api"):
        async with serve(app, root_path=prefix) as served:
            asked = [("/orders", "guess"), ("/admin/orders", "guess"), ("/admin/orders", "k-7f3a")]
            seen[prefix] = [(await served.client.get(p, headers={"x-key": key})).status_code for p, key in asked]

    assert seen == {"": [200, 403, 200], "/api": [200, 403, 200]}


async def test_first_address_believed(example: Example) -> None:
    """The client invents an address; the proxy at 10.0.0.3 and the one in front of the application append theirs."""
    module = load(example)
    app: FastAPI = module.app

    @app.get("/")
    async def address(request: Request) -> str:
        return request.client.host if request.client else ""

    async with serve(app, **module.SERVER) as served:
        chain = "192.0.2.1, 198.51.100.7, 10.0.0.3"
        seen = (await served.client.get("/", headers={"x-forwarded-for": chain})).json()

    assert seen == "198.51.100.7"


async def test_foreign_page_on_a_websocket(example: Example) -> None:
    module = load(example)
    app: FastAPI = module.app

    @app.websocket("/ws")
    async def ws(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text(f"orders of {socket.cookies['session']}")

    async def opened_from(origin: str) -> str:
        try:
            async with (
                aiohttp.ClientSession(served.url, headers={"cookie": "session=alice"}) as browser,
                browser.ws_connect("/ws", origin=origin) as socket,
            ):
                return await socket.receive_str()
        except aiohttp.WSServerHandshakeError as refused:
            return str(refused.status)

    async with serve(module.service) as served:
        seen = [await opened_from(origin) for origin in (SHOP, EVIL)]
        http = await served.client.get("/nowhere", headers={"origin": SHOP})

    assert (seen, http.headers.get("access-control-allow-origin")) == (["orders of alice", "403"], SHOP)


async def test_lifespan_refused(example: Example) -> None:
    module = load(example)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.pool = "pool"
        yield

    app = FastAPI(lifespan=lifespan)
    app.add_middleware(module.Language)

    @app.get("/")
    async def index(request: Request) -> str:
        return f"{request.state.language} {request.app.state.pool}"

    async with serve(app) as served:
        response = await served.client.get("/", headers={"accept-language": "de-AT"})

    assert (response.status_code, response.text) == (200, '"de pool"')


async def test_traceback_without_its_id(example: Example) -> None:
    module = load(example)
    app: FastAPI = module.app
    app.add_middleware(module.RequestId)
    logged: list[str] = []

    class Collect(logging.Handler):
        def emit(self, _record: logging.LogRecord) -> None:
            logged.append(module.REQUEST_ID.get())

    logging.getLogger("uvicorn.error").addHandler(Collect())

    @app.get("/{order_id}")
    async def share(order_id: int) -> str:
        seen.append(module.REQUEST_ID.get())
        return str(100 // order_id)

    seen: list[str] = []
    async with serve(app, log_config=None, log_level="error") as served:
        statuses = [(await served.client.get(path)).status_code for path in ("/5", "/0")]

    assert (statuses, len({*seen, "-"})) == ([200, 500], 3)
    assert logged == seen[1:]


async def test_slash_after_the_origin(example: Example) -> None:
    os.environ["CORS_ORIGINS"] = json.dumps([SHOP, "http://localhost:5173"])
    module = load(example)
    async with serve(module.with_cors(module.app, module.Settings())) as served:
        allowed = [await _allowed(served.client, origin) for origin in (SHOP, "http://localhost:5173", EVIL)]

    assert allowed == [(SHOP, None), ("http://localhost:5173", None), (None, None)]


async def test_star_with_credentials(example: Example) -> None:
    async with serve(load(example).service) as served:
        allowed = [await _allowed(served.client, origin) for origin in (SHOP, EVIL)]

    assert allowed[0] == (SHOP, "true")
    assert allowed[1][0] is None


async def test_raised_outside_the_handlers(example: Example) -> None:
    module = load(example)
    app: FastAPI = module.app
    app.add_middleware(module.Quota)

    @app.get("/")
    async def index() -> str:
        return "ok"

    async with serve(app) as served:
        statuses = [(await served.client.get("/", headers=headers)).status_code for headers in ({"x-key": "k"}, {})]

    assert statuses == [200, 429]


async def _allowed(client: Any, origin: str) -> tuple[str | None, str | None]:
    """What the response to a page of `origin` lets the browser do."""
    headers = (await client.get("/", headers={"origin": origin, "cookie": "session=alice"})).headers
    return headers.get("access-control-allow-origin"), headers.get("access-control-allow-credentials")


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[list[str]]:
    """Interrupt whatever runs after so many seconds of processor time."""
    rang: list[str] = []

    def ring(*_: object) -> None:
        rang.append("the event loop was blocked")
        raise RuntimeError(rang[0])

    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield rang
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
