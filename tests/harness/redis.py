"""A server that speaks as much of Redis as the examples need, and can lose an answer."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field


@dataclass
class RedisServer:
    """RPUSH, BLPOP on one list, GET; OK to everything else."""

    port: int = 0
    queue: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    loses_answers: bool = False
    talks: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Talk in a task that can be ended."""
        self.talks.add(asyncio.ensure_future(self._talk(reader, writer)))

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                command = [await self._word(reader) for _ in range(int(line[1:]))]
                self.commands.append(command[0])
                answer = await self._answer(command)
                if self.loses_answers:
                    self.loses_answers = False
                    return
                writer.write(answer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort()

    async def _word(self, reader: asyncio.StreamReader) -> str:
        length = int((await reader.readline())[1:])
        return (await reader.readexactly(length + 2))[:-2].decode()

    async def _answer(self, command: list[str]) -> bytes:
        if command[0] == "HELLO":
            return b"%1\r\n$5\r\nproto\r\n:3\r\n"
        if command[0] == "RPUSH":
            self.queue += command[2:]
            return b":%d\r\n" % len(self.queue)
        if command[0] == "BLPOP":
            try:
                async with asyncio.timeout(float(command[2])):
                    while not self.queue:
                        await asyncio.sleep(0.05)
            except TimeoutError:
                return b"_\r\n"
            job = self.queue.pop(0)
            return b"*2\r\n$4\r\njobs\r\n$%d\r\n%s\r\n" % (len(job), job.encode())
        if command[0] == "GET":
            await asyncio.sleep(0.02)
            return b"$2\r\n42\r\n"
        return b"+OK\r\n"


@contextlib.asynccontextmanager
async def redis_server() -> AsyncIterator[RedisServer]:
    """The server on a free port of 127.0.0.1."""
    redis = RedisServer()
    server = await asyncio.start_server(redis.serve, "127.0.0.1", 0, backlog=300)
    redis.port = server.sockets[0].getsockname()[1]
    try:
        yield redis
    finally:
        server.close()
        for talk in redis.talks:
            talk.cancel()
        await asyncio.gather(*redis.talks, return_exceptions=True)
