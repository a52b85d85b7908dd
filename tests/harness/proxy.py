"""A way to the database on which things get lost, as networks and failovers lose them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from .database import Database


@dataclass(slots=True)
class Proxy:
    """The way: `database` leads over it.

    While `dead` it swallows everything and closes nothing. With `losing` it lets the next COMMIT through and loses its
    answer, and the connection with it.
    """

    database: Database
    dead: bool = False
    losing: bool = False
    _ends: list[asyncio.StreamWriter] = field(default_factory=list)

    def cut(self) -> None:
        """Break every connection."""
        for end in self._ends:
            end.transport.abort()

    async def _join(self, server: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._ends.append(writer)
        parts = urlsplit(server)
        back, forth = await asyncio.open_connection(parts.hostname, parts.port)
        self._ends.append(forth)
        lost = asyncio.Event()
        await asyncio.gather(self._ask(reader, forth, lost), self._answer(back, writer, lost))

    async def _ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, lost: asyncio.Event) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                if self.losing and b"COMMIT;" in data:
                    self.losing = False
                    lost.set()
                if not self.dead:
                    writer.write(data)
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, lost: asyncio.Event) -> None:
        with contextlib.suppress(ConnectionError):
            while (data := await reader.read(65536)) and not lost.is_set():
                if not self.dead:
                    writer.write(data)
        writer.close()


@contextlib.asynccontextmanager
async def proxy(database: Database) -> AsyncIterator[Proxy]:
    """Open a way to `database` through a free port of 127.0.0.1."""
    parts = urlsplit(database.server)
    way = Proxy(database)
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
