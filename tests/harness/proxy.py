"""A way to the database on which things get lost, as networks and failovers lose them."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Generator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from .certificates import server_context
from .database import Database

SSL_REQUEST = (80877103).to_bytes(4)


@dataclass(slots=True)
class Proxy:
    """The way: `database` leads over it. It counts connections, and the `trips` there and back that clients wait for.

    While `dead` it swallows everything and closes nothing. With `losing` it lets the next COMMIT through and loses its
    answer, and the connection with it. `statements` counts what the server was asked to execute.
    """

    database: Database
    dead: bool = False
    losing: bool = False
    opened: int = 0
    trips: int = 0
    statements: int = 0
    _tls: ssl.SSLContext | None = None
    _forgotten: int = 0
    _ends: list[asyncio.StreamWriter] = field(default_factory=list)

    def forget(self) -> None:
        """Swallow from now on what comes on the connections of today, as a firewall does after a while."""
        self._forgotten = self.opened

    def cut(self) -> None:
        """Break every connection."""
        for end in self._ends:
            end.transport.abort()

    async def _join(self, server: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        number = self.opened
        self._ends.append(writer)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            if self._tls:
                await reader.readexactly(8)  # the question whether this server speaks TLS
                writer.write(b"S")
                await writer.start_tls(self._tls)
            parts = urlsplit(server)
            back, forth = await asyncio.open_connection(parts.hostname, parts.port)
            self._ends.append(forth)
            lost = asyncio.Event()
            await asyncio.gather(self._ask(reader, forth, number, lost), self._answer(back, writer, number, lost))

    async def _ask(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int, lost: asyncio.Event
    ) -> None:
        kinds = _kinds()
        next(kinds)
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                self.trips += 1
                self.statements += sum(kind in b"QE" for kind in kinds.send(data))
                if self.losing and b"COMMIT;" in data:
                    self.losing = False
                    lost.set()
                if self._carries(number):
                    writer.write(data)
        writer.close()

    async def _answer(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int, lost: asyncio.Event
    ) -> None:
        with contextlib.suppress(ConnectionError):
            while (data := await reader.read(65536)) and not lost.is_set():
                if self._carries(number):
                    writer.write(data)
        if self._carries(number):
            writer.close()

    def _carries(self, number: int) -> bool:
        return not self.dead and number > self._forgotten


def _kinds() -> Generator[bytes, bytes, None]:
    """The kinds of the messages that a client has sent completely: `Q` is a query, `E` executes a prepared one.

    Those before the first answer have none: https://www.postgresql.org/docs/current/protocol-message-formats.html
    """
    begun, rest = False, b""
    kinds = b""
    while True:
        rest += yield kinds
        kinds = b""
        while len(rest) >= 4 + begun and len(rest) >= (size := int.from_bytes(rest[begun : begun + 4]) + begun):
            kinds += rest[:begun]
            begun = begun or rest[4:8] != SSL_REQUEST
            rest = rest[size:]


@contextlib.asynccontextmanager
async def proxy(database: Database, certificate: str = "") -> AsyncIterator[Proxy]:
    """Open a way to `database` through a free port of 127.0.0.1, which speaks TLS if it has a certificate."""
    parts = urlsplit(database.server)
    way = Proxy(database, _tls=server_context(certificate) if certificate else None)
    listener = await asyncio.start_server(lambda r, w: way._join(database.server, r, w), "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    user = (parts.netloc.rpartition("@")[0] + "@").lstrip("@")
    way.database = database.over(f"{parts.scheme}://{user}127.0.0.1:{port}")
    try:
        yield way
    finally:
        listener.close()
        for _ in range(5):
            way.cut()
            await asyncio.sleep(0.01)
