"""Proofs of references/pooling-http-more.md."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator

import aiohttp
import httpx2
import pytest
from fastapi import FastAPI
from fastapi import Request as Incoming
from fastapi.responses import Response
from harness import Request, outcome, serve, until, upstream
from harness.upstream import Reply, pieces, text_of
from skill_validator.loading import load
from skill_validator.parts import Example

CONNECT = aiohttp.ClientTimeout(total=None, connect=0.1)
SOCK_CONNECT = aiohttp.ClientTimeout(total=None, sock_connect=0.1)


async def test_retry_with_an_empty_body(example: Example) -> None:
    """Each upload meets a busy server first; bytes can be sent again, a stream cannot."""
    module, app = load(example), FastAPI()
    files: dict[str, list[bytes]] = {"bytes": [], "stream": []}

    @app.put("/{name}")
    async def store(name: str, incoming: Incoming) -> Response:
        files[name].append(await incoming.body())
        return Response(status_code=503 if len(files[name]) == 1 else 200)

    async def chunks() -> AsyncIterator[bytes]:
        yield b"in"
        yield b"voice"

    async with serve(app) as served, module.make_session() as session:
        statuses = [
            await _status(session, "PUT", f"{served.url}/{name}", data=data)
            for name, data in (("bytes", b"invoice"), ("stream", chunks()))
        ]

    assert (statuses[0], files["bytes"]) == (200, [b"invoice", b"invoice"])
    assert (statuses[1], files["stream"][-1]) in ((503, b"invoice"), (200, b"invoice"))


async def test_post_becomes_a_get(example: Example) -> None:
    module = load(example)
    paid: list[int] = []

    async def bank(request: Request) -> Reply:
        if request.path == "/old":
            return 302, {"Location": "/payments"}, b""
        if request.method == "POST":
            paid.append(json.loads(request.body)["cents"])
        return 200, {}, b"[]"

    async with upstream(bank) as server, aiohttp.ClientSession() as session:
        told = [await module.pay(session, f"{server.url}{path}", 500) for path in ("/payments", "/old")]

    assert (told, paid) == ([True, False], [500])


async def test_retry_without_time_left(example: Example) -> None:
    async def silent_once(request: Request) -> Reply:
        if request.number == 1:
            await asyncio.sleep(30)
        return 200, {}, b"42"

    async with upstream(silent_once) as server, load(example).make_session() as session:
        status = await outcome(_status(session, "GET", server.url))

    assert (status, len(server.requests) >= 2) == ("200", True)


async def test_token_waits_for_itself(example: Example) -> None:
    async def shop(request: Request) -> Reply:
        if request.path == "/token":
            return 200, {}, b"t1"
        return 200, {}, request.headers.get("authorization", "nobody").encode()

    async with upstream(shop) as server:
        sign = load(example).TokenAuth(f"{server.url}/token")
        async with aiohttp.ClientSession(middlewares=(sign,)) as session:
            answers = [await outcome(text_of(session, f"{server.url}/orders"), 0.5) for _ in range(2)]

    assert answers == ["'Bearer t1'"] * 2
    assert [request.path for request in server.requests] == ["/token", "/orders", "/orders"]


async def test_idle_longer_than_the_server(example: Example) -> None:
    """The server forgets a connection after 0.4 s without a word; the client posts at once, then after 0.5 s."""
    last: dict[int, float] = {}

    async def forgetful(request: Request) -> Reply | None:
        now = time.monotonic()
        idle, last[request.connection] = now - last.get(request.connection, now), now
        return None if idle > 0.4 else (201, {}, b"")

    statuses: list[str] = []
    async with upstream(forgetful) as server, load(example).make_session(0.4) as session:
        for pause in (0, 0, 0.5):
            await asyncio.sleep(pause)
            statuses.append(await outcome(_status(session, "POST", server.url, json={"item": "lamp"})))

    assert statuses == ["201"] * 3
    assert [request.connection for request in server.requests][:2] == [1, 1]


async def test_stream_without_an_end(example: Example) -> None:
    """One body comes at once; of the other, a byte every 0.1 s."""
    module = load(example)

    async def report(request: Request) -> Reply:
        return 200, {}, b"xxx" if request.path == "/quick" else pieces(b"x", count=50, pause=0.1)

    async with upstream(report) as server, httpx2.AsyncClient() as client:
        body = await module.report(client, f"{server.url}/quick")
        ended = await outcome(module.report(client, f"{server.url}/slow"), 0.9)

    assert (body, ended) == (b"xxx", "TimeoutError")


async def test_quoted_cookie(example: Example) -> None:
    async def shop(request: Request) -> Reply:
        return 200, {}, request.headers.get("cookie", "").encode()

    async with upstream(shop) as server, aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        received = [await load(example).basket(session, server.url, sid) for sid in ("a1", "a1/b==")]

    assert received == ["sid=a1", "sid=a1/b=="]


async def test_error_body_left_unread(example: Example) -> None:
    """The body of every answer follows its head a moment later."""
    module = load(example)

    async def failing(request: Request) -> Reply:
        return 503 if request.path == "/gone" else 200, {}, pieces(b"12", pause=0.02)

    async with upstream(failing) as server, aiohttp.ClientSession() as session:
        stock = await module.stock(session, f"{server.url}/lamps")
        stocks = [await module.stock(session, f"{server.url}/gone") for _ in range(5)]

    assert (stock, stocks, server.opened) == (b"12", [None] * 5, 1)


async def test_silence_in_a_stream(example: Example) -> None:
    """Four lines in a second, then silence; and which limit counts the wait for the only connection."""
    module = load(example)

    async def falls_silent(_request: Request) -> Reply:
        return 200, {}, pieces(b"42\n", count=4, pause=0.2, silence=30)

    lines: list[bytes] = []
    connector = aiohttp.TCPConnector(limit=1)
    async with upstream(falls_silent) as server, aiohttp.ClientSession(connector=connector) as session:

        async def read() -> None:
            async for line in module.prices(session, server.url):
                lines.append(line)  # noqa: PERF401 - what came before the silence counts

        reading = asyncio.create_task(read())
        assert await until(lambda: bool(lines))
        queued = [await outcome(_status(session, "GET", server.url, timeout=CONNECT))]
        queued.append(await outcome(_status(session, "GET", server.url, timeout=SOCK_CONNECT), 0.3))
        ended = await outcome(reading, 2)
        reading.cancel()
        await asyncio.wait({reading})

    assert queued == ["ConnectionTimeoutError", "still waiting"]
    assert (lines, ended) == ([b"42\n"] * 4, "SocketTimeoutError")


async def test_address_of_yesterday(example: Example, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name moves from one server to another, as a database's does in a failover."""

    async def once(_request: Request) -> Reply:
        return 200, {"Connection": "close"}, b"ok"

    async with upstream(once) as yesterday, upstream(once) as today, load(example).make_session(0.4) as session:
        named = yesterday

        async def look_up(*_args: object, **_options: object) -> list[object]:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", named.port))]

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", look_up)

        async def followed() -> bool:
            await text_of(session, "http://shop.test/")
            return bool(today.requests)

        before = await followed()
        named = today
        after = await until(followed, 1)

    assert (before, after, bool(yesterday.requests)) == (False, True, True)


async def test_session_nobody_closes(example: Example) -> None:
    """Three requests of the application's, its shutdown; and three sessions of one request each."""
    app = FastAPI(lifespan=load(example).lifespan)

    @app.get("/stock")
    async def stock(incoming: Incoming) -> str:
        return await text_of(incoming.app.state.shop, shop.url)

    async with upstream() as shop:
        async with serve(app) as served:
            answers = [(await served.client.get("/stock")).json() for _ in range(3)]
        shared = shop.opened
        await until(lambda: shop.open == 0, 1)
        left = shop.open
        await app.state.shop.close()
        for _ in range(3):
            async with aiohttp.ClientSession() as session:
                await text_of(session, shop.url)

    assert (answers, left) == (["ok"] * 3, 0)
    assert (shared, shop.opened - shared) == (1, 3)


async def test_new_and_correct(example: Example) -> None:
    async def shop(request: Request) -> Reply | None:
        if request.path == "/slow":
            await asyncio.sleep(30)
        if request.path == "/moved":
            return 302, {"Location": "/"}, b""
        cookies = request.headers.get("cookie", "none").encode()
        return None if request.path == "/lost" else (200, {"Set-Cookie": "user=alice; Path=/"}, cookies)

    async with upstream(shop) as server, load(example).make_client(server.named_url) as client:
        statuses = [(await client.get(path)).status_code for path in ("/", "/moved")]
        cookies = (await client.get("/")).text
        lost = await outcome(client.put("/lost"))
        sent = [request.path for request in server.requests].count("/lost")
        slow = [asyncio.create_task(client.get("/slow")) for _ in range(2)]
        await until(lambda: [request.path for request in server.requests].count("/slow") == 2)
        limits = [await outcome(client.get("/")), *[await outcome(task) for task in slow]]
        opened = [server.opened + 1]
        for pause in (0, 0, 0.7):
            await asyncio.sleep(pause)
            await client.get("/")
            opened.append(server.opened)
        async with httpx2.AsyncClient(base_url=server.named_url) as default:
            kept = [(await default.get("/")).text for _ in range(2)]

    assert (statuses, cookies, lost, sent) == ([200, 302], "none", "RemoteProtocolError", 1)
    assert (limits, default.timeout) == (["PoolTimeout", "ReadTimeout", "ReadTimeout"], httpx2.Timeout(5))
    assert (kept, httpx2.Limits().keepalive_expiry) == (["none", "user=alice"], 5)
    assert [count - opened[0] for count in opened] == [0, 0, 0, 1]


async def _status(session: aiohttp.ClientSession, method: str, url: str, **body: object) -> int:
    async with session.request(method, url, **body) as response:  # type: ignore[arg-type]
        await response.read()
        return response.status
