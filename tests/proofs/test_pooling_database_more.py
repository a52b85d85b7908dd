"""Proofs of references/pooling-database-more.md."""

from __future__ import annotations

import asyncio
import contextlib
import pathlib
import selectors
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

import sqlalchemy as sa
from harness import Database, until
from harness.certificates import FORGED, REAL
from skill_validator.loading import load
from skill_validator.model import Example
from sqlalchemy.ext.asyncio import AsyncEngine

COUNT = sa.text("select count(*) from orders")


async def test_push_repeated(example: Example) -> None:
    """The server queues the second payment, then the connection breaks before it has answered."""
    module = load(example)
    async with redis_server() as server:
        client = module.make_client("127.0.0.1", server.port)
        errors: list[object] = []
        for payment in ("p1", "p2", "p3"):
            server.loses_answers = payment == "p2"
            errors.append(await outcome(asyncio.create_task(module.enqueue(client, payment)), 2))
        await client.aclose()

    assert (server.queue, errors) == (["p1", "p2", "p3"], ["None", "ConnectionError", "None"])


def test_blocking_pop_cut_off(example: Example) -> None:
    """An empty queue, then a job that comes after 6 s; a second lasts 40 ms."""
    module = load(example)

    async def work() -> tuple[list[str], int]:
        async with redis_server() as server:
            client = module.make_client(f"redis://127.0.0.1:{server.port}")
            jobs = [await outcome(asyncio.create_task(module.next_job(client)), 60)]
            asyncio.get_running_loop().call_later(6, server.queue.append, "j1")
            jobs.append(await outcome(asyncio.create_task(module.next_job(client)), 60))
            await client.aclose()
            return jobs, server.commands.count("BLPOP")

    with asyncio.Runner(loop_factory=lambda: _QuickLoop(_QuickSelector())) as runner:
        jobs, sent = runner.run(work())

    assert (jobs, sent) == (["None", "b'j1'"], 2)


async def test_deaf_listener(example: Example, database: Database) -> None:
    await database.execute("create table prices (cents int); insert into prices values (1)")
    seen: list[int] = []

    async def reload() -> None:
        seen.append(await database.value("select cents from prices"))

    async def change(cents: int) -> bool:
        await database.execute(f"update prices set cents = {cents}; notify prices")
        return await until(lambda: seen[-1] == cents, 0.5)

    watch = asyncio.create_task(load(example).watch_prices(database.dsn, reload))
    try:
        await until(lambda: bool(seen))
        heard = [await change(2)]
        await database.execute("""select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()""")
        heard.append(await change(3))
        heard.append(heard[-1] and await change(4))
    finally:
        watch.cancel()
        await asyncio.wait({watch})

    assert heard == [True, True, True]


async def test_demoted_primary(example: Example, database: Database) -> None:
    """Two connections are pooled when their server turns read-only; whoever connects now reaches one that is not."""
    await database.execute("create table orders (id int)")
    engine = load(example).make_engine(database.url)
    errors: list[object] = []
    try:
        async with engine.connect() as one, engine.connect() as two:
            for connection in (one, two):
                await connection.execute(sa.text("set session characteristics as transaction read only"))
                await connection.commit()
        for order in range(4):
            try:
                async with engine.begin() as connection:
                    await connection.execute(sa.text("insert into orders values (:order)"), {"order": order})
            except sa.exc.DBAPIError as error:
                errors.append(getattr(error.orig, "sqlstate", None))
    finally:
        await engine.dispose()

    assert errors == ["25006"]
    assert await database.fetch("select id from orders order by id") == [(1,), (2,), (3,)]


async def test_certificate_of_a_stranger(example: Example, database: Database) -> None:
    """Two servers that speak TLS: the one's certificate is its own authority, the other's is forged."""
    await database.execute("create table orders (id int)")
    module = load(example)
    pathlib.Path("ca.pem").write_text(REAL)
    answers: list[object] = []
    for certificate in (REAL, FORGED):
        async with path(database, certificate) as way:
            engine = module.make_engine(way.url, "ca.pem")
            answers.append(await outcome(asyncio.create_task(_orders(engine)), 2))
            await engine.dispose()

    assert answers == ["0", "SSLCertVerificationError"]


async def test_idle_below_the_floor(example: Example, database: Database) -> None:
    """The firewall forgets connections that were idle for 0.4 s."""
    await database.execute("create table orders (id int)")
    async with path(database) as way:
        pool = await load(example).make_pool(way.dsn, 0.4)
        try:
            before = await pool.fetchval(COUNT.text)
            await asyncio.sleep(0.4)
            way.forget()
            after = await outcome(asyncio.create_task(pool.fetchval(COUNT.text)), 2)
        finally:
            pool.terminate()

    assert (before, after) == (0, "0")


async def test_ping_without_a_limit(example: Example, database: Database) -> None:
    await database.execute("create table orders (id int)")
    async with path(database) as way:
        engine = load(example).make_engine(way.url)
        before = await _orders(engine)
        way.forget()
        unlucky = asyncio.create_task(_orders(engine))
        answers = [await outcome(unlucky, 1.2), await outcome(asyncio.create_task(_orders(engine)), 1)]
        way.close()
        await outcome(unlucky, 1)
        await engine.dispose()

    assert (before, answers) == (0, ["TimeoutError", "0"])


async def test_connecting_unbounded(example: Example, database: Database) -> None:
    await database.execute("create table orders (id int)")
    async with path(database) as way:
        engine = load(example).make_engine(way.url)
        before = await _orders(engine)
        await engine.dispose()
        way.dead = True
        task = asyncio.create_task(_orders(engine))
        after = await outcome(task, 0.9)
        way.close()
        await outcome(task, 1)
        await engine.dispose()

    assert (before, after) == (0, "TimeoutError")


async def test_burst_over_a_hundred(example: Example) -> None:
    async with redis_server() as server:
        client = load(example).make_client(f"redis://127.0.0.1:{server.port}")
        answers = await asyncio.gather(*(client.get("rate") for _ in range(150)), return_exceptions=True)
        await client.aclose()

    assert answers == [b"42"] * 150


async def test_overflow_thrown_away(example: Example, database: Database) -> None:
    """Two bursts of twenty."""
    async with path(database) as way:
        engine = load(example).make_engine(way.url)
        for _ in range(2):
            async with contextlib.AsyncExitStack() as stack:
                for _ in range(20):
                    await stack.enter_async_context(engine.connect())
        opened = way.opened
        await engine.dispose()

    assert opened == 20


async def _orders(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        return int((await connection.execute(COUNT)).scalar_one())


async def outcome(task: asyncio.Task[object], patience: float) -> str:
    """The task's result or the name of its exception; `still waiting` when it has not ended in time."""
    done, _ = await asyncio.wait({task}, timeout=patience)
    if not done:
        return "still waiting"
    return repr(task.result()) if task.exception() is None else type(task.exception()).__name__


@dataclass
class Path:
    """A way to the database on which packets can be made to vanish, and that may speak TLS."""

    server: SplitResult
    tls: ssl.SSLContext | None
    port: int = 0
    opened: int = 0
    dead: bool = False
    forgotten: int = 0
    ends: list[asyncio.StreamWriter] = field(default_factory=list)

    @property
    def dsn(self) -> str:
        """Its address for asyncpg."""
        return self.server._replace(netloc=f"{self.server.username}@127.0.0.1:{self.port}").geturl()

    @property
    def url(self) -> str:
        """Its address for SQLAlchemy."""
        return self.dsn.replace("postgresql://", "postgresql+asyncpg://", 1)

    def forget(self) -> None:
        """Swallow what comes on today's connections, without closing them."""
        self.forgotten = self.opened

    def close(self) -> None:
        """Cut all connections."""
        for end in self.ends:
            end.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Connect a client with the server."""
        self.opened += 1
        number = self.opened
        self.ends.append(writer)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            if self.tls:
                await reader.readexactly(8)
                writer.write(b"S")
                await writer.start_tls(self.tls)
            back, forth = await asyncio.open_connection(self.server.hostname, self.server.port)
            self.ends.append(forth)
            await asyncio.gather(self._carry(reader, forth, number), self._carry(back, writer, number))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                if not self.dead and number > self.forgotten:
                    writer.write(data)
        if not self.dead and number > self.forgotten:
            writer.close()


@contextlib.asynccontextmanager
async def path(database: Database, certificate: str = "") -> AsyncIterator[Path]:
    """A proxy to the database."""
    tls = None
    if certificate:
        pathlib.Path("server.pem").write_text(certificate)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain("server.pem")
    way = Path(urlsplit(database.dsn), tls)
    proxy = await asyncio.start_server(way.serve, "127.0.0.1", 0)
    way.port = proxy.sockets[0].getsockname()[1]
    try:
        yield way
    finally:
        proxy.close()
        for _ in range(5):
            way.close()
            await asyncio.sleep(0.01)


@dataclass
class RedisServer:
    """As much of Redis as the examples need: RPUSH, BLPOP on a list, GET, and OK to everything else."""

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


class _QuickSelector(selectors.DefaultSelector):
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(timeout and timeout / 25)


class _QuickLoop(asyncio.SelectorEventLoop):
    """A loop whose seconds last 40 ms."""

    def time(self) -> float:
        return super().time() * 25
