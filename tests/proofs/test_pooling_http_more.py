"""Proofs of references/pooling-http-more.md."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import httpx2
from fastapi import FastAPI
from fastapi import Request as Incoming
from fastapi.responses import Response
from harness import Request, serve, upstream
from harness.upstream import Reply
from skill_validator.loading import load
from skill_validator.model import Example


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
        try:
            status = await _status(session, "GET", server.url)
        except TimeoutError:
            status = 0

    assert status == 200
    assert len(server.requests) >= 2


async def test_token_waits_for_itself(example: Example) -> None:
    async def shop(request: Request) -> Reply:
        if request.path == "/token":
            return 200, {}, b"t1"
        return 200, {}, request.headers.get("authorization", "nobody").encode()

    answers: list[str] = []
    async with (
        upstream(shop) as server,
        aiohttp.ClientSession(middlewares=(load(example).TokenAuth(f"{server.url}/token"),)) as session,
    ):
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.5):
                for _ in range(2):
                    async with session.get(f"{server.url}/orders") as response:
                        answers.append(await response.text())

    assert answers == ["Bearer t1", "Bearer t1"]
    assert [request.path for request in server.requests] == ["/token", "/orders", "/orders"]


async def test_idle_longer_than_the_server(example: Example) -> None:
    """The server forgets a connection after 0.4 s without a word; the client posts at once, then after 0.5 s."""
    last: dict[int, float] = {}

    async def forgetful(request: Request) -> Reply | None:
        now = time.monotonic()
        idle, last[request.connection] = now - last.get(request.connection, now), now
        return None if idle > 0.4 else (201, {}, b"")

    outcomes: list[object] = []
    async with upstream(forgetful) as server, load(example).make_session(0.4) as session:
        for pause in (0, 0, 0.5):
            await asyncio.sleep(pause)
            try:
                outcomes.append(await _status(session, "POST", server.url, json={"item": "lamp"}))
            except aiohttp.ServerDisconnectedError as error:
                outcomes.append(type(error).__name__)

    assert outcomes == [201, 201, 201]
    assert [request.connection for request in server.requests][:2] == [1, 1]


async def test_stream_without_an_end(example: Example) -> None:
    """One body comes at once; of the other, a byte every 0.1 s."""
    module = load(example)

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while request := await reader.readuntil(b"\r\n\r\n"):
            pause, size = (0.1, 50) if b"/slow" in request else (0, 3)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
            for _ in range(size):
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(pause)

    async with _raw_server(drip) as url, httpx2.AsyncClient() as client:
        body = await module.report(client, f"{url}/quick")
        waiting = asyncio.create_task(module.report(client, f"{url}/slow"))
        await asyncio.wait({waiting}, timeout=0.9)
        gave_up = waiting.done()
        waiting.cancel()
        ended = (await asyncio.gather(waiting, return_exceptions=True))[0]

    assert (body, gave_up, type(ended)) == (b"xxx", True, TimeoutError)


async def test_quoted_cookie(example: Example) -> None:
    async def shop(request: Request) -> Reply:
        return 200, {}, request.headers.get("cookie", "").encode()

    jar = aiohttp.DummyCookieJar()
    async with upstream(shop) as server, aiohttp.ClientSession(cookie_jar=jar) as session:
        received = [await load(example).basket(session, server.url, sid) for sid in ("a1", "a1/b==")]

    assert received == ["sid=a1", "sid=a1/b=="]


async def test_error_body_left_unread(example: Example) -> None:
    """The body of every answer follows its head a moment later."""
    module = load(example)
    opened = 0

    async def failing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal opened
        opened += 1
        while request := await reader.readuntil(b"\r\n\r\n"):
            status = 503 if b"/gone" in request else 200
            writer.write(b"HTTP/1.1 %d Scripted\r\nContent-Length: 2\r\n\r\n" % status)
            await writer.drain()
            await asyncio.sleep(0.02)
            writer.write(b"12")

    async with _raw_server(failing) as url, aiohttp.ClientSession() as session:
        stock = await module.stock(session, f"{url}/lamps")
        stocks = [await module.stock(session, f"{url}/gone") for _ in range(5)]

    assert (stock, stocks, opened) == (b"12", [None] * 5, 1)


async def _status(session: aiohttp.ClientSession, method: str, url: str, **body: object) -> int:
    async with session.request(method, url, **body) as response:  # type: ignore[arg-type]
        await response.read()
        return response.status


@contextlib.asynccontextmanager
async def _raw_server(
    converse: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[str]:
    """A server that talks as it is told to; whoever is still talking in the end is cut off."""
    talks: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.add(asyncio.ensure_future(_until_cut_off(converse, reader, writer)))

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)


async def _until_cut_off(
    converse: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> None:
    try:
        await converse(reader, writer)
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.transport.abort()
        await asyncio.sleep(0)
