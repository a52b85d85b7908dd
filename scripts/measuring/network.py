"""A network between client and server, which a benchmark on one machine has not."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from harness import Database


@contextlib.asynccontextmanager
async def distant(database: Database, delay: float) -> AsyncIterator[Database]:
    """The same database over a way that takes `delay` seconds in each direction, however much is sent at once."""
    address = urlsplit(database.server)
    talks: set[asyncio.Task[None]] = set()
    ends: list[asyncio.StreamWriter] = []

    async def join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, forth = await asyncio.open_connection(address.hostname, address.port)
        ends.extend((writer, forth))
        for here, there in ((reader, forth), (back, writer)):
            talks.add(asyncio.create_task(_carry(here, there, delay)))

    server = await asyncio.start_server(join, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield database.over(f"postgresql://{address.username}@127.0.0.1:{port}")
    finally:
        server.close()
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
        for end in ends:
            end.transport.abort()
        await asyncio.sleep(0)


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float) -> None:
    """Hand on what arrives, each piece so many seconds after it came."""
    loop = asyncio.get_running_loop()
    try:
        while data := await reader.read(2**16):
            loop.call_later(delay, writer.write, data)
    finally:
        loop.call_later(delay, writer.close)
