"""Proofs of rules/pooling-http.md."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
from harness import Request, until, upstream
from harness.certificates import FORGED, REAL, server_context
from harness.upstream import Reply, text_of
from skill_validator.loading import load
from skill_validator.parts import Example


async def test_headers_reach_strangers(example: Example) -> None:
    async def key_of(request: Request) -> Reply:
        return 200, {}, request.headers.get("x-api-key", "no key").encode()

    async with upstream(key_of) as stranger:

        async def own(request: Request) -> Reply:
            if request.path == "/moved":
                return 302, {"Location": f"{stranger.url}/here"}, b""
            return await key_of(request)

        async with upstream(own) as home, load(example).make_session(home.url, "secret") as session:
            addresses = ("/orders", f"{stranger.url}/orders", "/moved")
            told = [await text_of(session, address) for address in addresses]

    assert told == ["secret", "no key", "no key"]


async def test_shared_cookie_jar(example: Example) -> None:
    async def shop(request: Request) -> Reply:
        if request.path == "/login":
            return 200, {"Set-Cookie": "user=alice; Path=/"}, b"welcome"
        return 200, {}, request.headers.get("cookie", "nobody").encode()

    async with upstream(shop) as server, load(example).make_session() as session:
        alice = await text_of(session, f"{server.named_url}/login")
        bob = await text_of(session, f"{server.named_url}/basket")

    assert (alice, bob) == ("welcome", "nobody")


async def test_override_drops_the_total(example: Example) -> None:
    module = load(example)

    async def sometimes(request: Request) -> Reply:
        if request.path == "/silent":
            await asyncio.sleep(30)
        return 200, {}, b"42"

    session_limit = aiohttp.ClientTimeout(total=0.3)
    async with upstream(sometimes) as server, aiohttp.ClientSession(timeout=session_limit) as session:
        quote = await module.quote(session, server.url)
        waiting = asyncio.create_task(module.quote(session, f"{server.url}/silent"))
        await asyncio.wait({waiting}, timeout=1.5)
        gave_up = waiting.done()
        waiting.cancel()
        ended = (await asyncio.gather(waiting, return_exceptions=True))[0]

    assert (quote, gave_up, isinstance(ended, TimeoutError)) == ("42", True, True)


async def test_one_host_takes_the_pool(example: Example) -> None:
    """Ten calls to a hanging host, to which the caller grants more time, then one to a healthy host."""

    async def hang(_request: Request) -> None:
        await asyncio.sleep(30)

    async with upstream(hang) as sick, upstream() as well, load(example).make_session() as session:
        patience = aiohttp.ClientTimeout(total=30)
        hung = [asyncio.ensure_future(session.get(sick.url, timeout=patience)) for _ in range(10)]
        await until(lambda: len(sick.requests) >= 5)
        try:
            answer = await text_of(session, well.url)
        except TimeoutError:
            answer = "timed out"
        for task in hung:
            task.cancel()
        await asyncio.gather(*hung, return_exceptions=True)

    assert (answer, len(well.requests)) == ("ok", 1)


async def test_unread_response(example: Example) -> None:
    """Two connections, three calls."""
    module = load(example)
    responses: list[aiohttp.ClientResponse] = []

    async def large(_request: Request) -> Reply:
        return 200, {}, bytes(1_000_000)

    async def note(_session: object, _context: object, end: aiohttp.TraceRequestEndParams) -> None:
        responses.append(end.response)

    watch = aiohttp.TraceConfig()
    watch.on_request_end.append(note)
    connector, limit = aiohttp.TCPConnector(limit=2), aiohttp.ClientTimeout(total=1)
    found: list[bool | str] = []
    async with (
        upstream(large) as server,
        aiohttp.ClientSession(connector=connector, timeout=limit, trace_configs=[watch]) as session,
    ):
        for _ in range(3):
            try:
                found.append(await module.exists(session, server.url))
            except TimeoutError:
                found.append("timed out")
        for response in responses:
            response.close()

    assert found == [True, True, True]


async def test_put_is_sent_twice(example: Example) -> None:
    """The server adds, remembers what it has done under a key, and loses its first answer."""
    stock, done = 0, set()

    async def store(request: Request) -> Reply | None:
        nonlocal stock
        key = request.headers.get("idempotency-key")
        if key not in done:
            stock += json.loads(request.body)["add"]
        if key:
            done.add(key)
        return None if request.number == 1 else (200, {}, b"")

    async with upstream(store) as server, aiohttp.ClientSession() as session:
        await load(example).add_stock(session, server.url, "delivery 7")

    assert (stock, [request.method for request in server.requests]) == (10, ["PUT", "PUT"])


async def test_certificate_unchecked(example: Example) -> None:
    """Two servers call themselves localhost; only the certificate of the first is trusted."""
    module = load(example)
    answers = []
    Path("ca.pem").write_text(REAL)
    for certificate in (REAL, FORGED):
        async with _tls_server(certificate) as url, module.make_session("ca.pem") as session:
            try:
                answers.append(await text_of(session, url))
            except aiohttp.ClientConnectorCertificateError as error:
                answers.append(type(error).__name__)

    assert answers == ["ok", "ClientConnectorCertificateError"]


async def test_new_and_correct(example: Example) -> None:
    module = load(example)
    many = {f"X-{number}": "1" for number in range(200)}

    async def busy_at_first(request: Request) -> Reply:
        return (503, {}, b"") if request.number == 1 else (201, many, b"")

    async def stream(_request: Request) -> Reply:
        return 200, {"Content-Type": "text/event-stream"}, b"data: 1.5\n\ndata: 2.5\n\n"

    async with upstream(busy_at_first) as shop, upstream(stream) as market, aiohttp.ClientSession() as plain:
        status = await module.order(shop.url, "jürgen", "geheim")
        sent = [(request.body, request.headers["authorization"]) for request in shop.requests]
        prices = [price async for price in module.prices(market.url)]
        try:
            refused = await text_of(plain, shop.url)
        except aiohttp.ClientResponseError as error:
            refused = f"{error.status} {error.message}"

    assert (status, sent) == (201, [(b"item=lamp", "Basic asO8cmdlbjpnZWhlaW0=")] * 2)
    assert (prices, "Too many headers" in refused) == ([1.5, 2.5], True)


@contextlib.asynccontextmanager
async def _tls_server(certificate: str) -> AsyncIterator[str]:
    """Answers `ok` to one request a connection, over TLS."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, OSError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=server_context(certificate))
    try:
        yield f"https://localhost:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
