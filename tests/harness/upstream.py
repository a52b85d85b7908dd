"""An HTTP server whose behaviour a proof scripts: slow, failing, cookie-setting, closing."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field

Reply = tuple[int, Mapping[str, str], bytes]


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
    """The running server and what it has seen. A behaviour that returns None closes the connection without a reply."""

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
        writer.write(f"HTTP/1.1 {status} Scripted\r\nContent-Length: {len(body)}\r\n{lines}\r\n".encode() + body)
        await writer.drain()


async def _read(reader: asyncio.StreamReader, connection: int, number: int) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *rest = head.split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest if line)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Request(method, path, headers, body, connection, number)
