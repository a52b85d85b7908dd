"""An HTTP server whose behaviour a proof scripts: slow, failing, cookie-setting, closing."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import aiohttp

Body = bytes | AsyncIterator[bytes]
Reply = tuple[int, Mapping[str, str], Body]


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it arrived; `connection` and `number` count from 1."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    connection: int
    number: int


Behaviour = Callable[[Request], Awaitable[Reply | None]]


@dataclass(slots=True)
class Upstream:
    """The running server and what it has seen. A behaviour that returns None closes the connection without a reply.

    A body may be an async generator: its pieces are sent as they come.
    """

    port: int
    requests: list[Request] = field(default_factory=list)
    opened: int = 0
    open: int = 0

    @property
    def url(self) -> str:
        """Its address by IP; aiohttp's cookie jar ignores such hosts, see `named_url`."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def named_url(self) -> str:
        """Its address by name."""
        return f"http://localhost:{self.port}"


async def pieces(piece: bytes, *, count: int = 1, pause: float = 0.0, silence: float = 0.0) -> AsyncIterator[bytes]:
    """A body that comes in so many pieces, each after a pause in seconds, and ends after a silence."""
    for _ in range(count):
        await asyncio.sleep(pause)
        yield piece
    await asyncio.sleep(silence)


async def text_of(session: aiohttp.ClientSession, url: str) -> str:
    """What a GET answers."""
    async with session.get(url) as response:
        return await response.text()


async def _answers(_request: Request) -> Reply:
    return 200, {}, b"ok"


@contextlib.asynccontextmanager
async def upstream(behaviour: Behaviour = _answers) -> AsyncIterator[Upstream]:
    """Serve `behaviour` over real HTTP/1.1 with keep-alive, on a free port of 127.0.0.1."""
    seen = Upstream(0)
    writers: set[asyncio.StreamWriter] = set()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.opened += 1
        seen.open += 1
        writers.add(writer)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await _talk(reader, writer, seen, behaviour)
        seen.open -= 1
        writers.discard(writer)
        writer.close()

    server = await asyncio.start_server(converse, "127.0.0.1", 0)
    seen.port = server.sockets[0].getsockname()[1]
    try:
        yield seen
    finally:
        server.close()
        for writer in set(writers):
            writer.transport.abort()
        await asyncio.sleep(0)


async def _talk(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seen: Upstream, behaviour: Behaviour
) -> None:
    connection = seen.opened
    while True:
        request = await _read(reader, connection, len(seen.requests) + 1)
        seen.requests.append(request)
        reply = await behaviour(request)
        if reply is None:
            return
        status, headers, body = reply
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        length = f"Content-Length: {len(body)}" if isinstance(body, bytes) else "Transfer-Encoding: chunked"
        writer.write(f"HTTP/1.1 {status} Scripted\r\n{length}\r\n{lines}\r\n".encode())
        await _send(writer, body)


async def _send(writer: asyncio.StreamWriter, body: Body) -> None:
    """A body in one piece, or piece by piece as it comes."""
    if isinstance(body, bytes):
        writer.write(body)
    else:
        await writer.drain()
        async for piece in body:
            writer.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            await writer.drain()
        writer.write(b"0\r\n\r\n")
    await writer.drain()


async def _read(reader: asyncio.StreamReader, connection: int, number: int) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *rest = head.split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest if line)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Request(method, path, headers, body, connection, number)
