"""Proofs of references/asyncio-cancellation-more.md."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import anyio
import asyncpg
import websockets
from fastapi import Depends, FastAPI, Request, WebSocket
from harness import Database, leave_early, serve, until
from skill_validator.loading import load
from skill_validator.parts import Example


async def test_cleanup_without_a_deadline(example: Example) -> None:
    """A peer goes silent after its greeting: either kind of timeout ends the work, and the connection is closed."""
    module = load(example)
    said: list[bytes] = []
    waiting: list[str] = []
    open_peers: set[asyncio.StreamWriter] = set()

    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_peers.add(writer)
        writer.write(b"220 ready\n")
        while line := await reader.readline():
            said.append(line)
        open_peers.discard(writer)
        writer.close()

    async def talk(reader: asyncio.StreamReader) -> None:
        await reader.readline()
        waiting.append("for the silent peer")
        await reader.readline()

    server = await asyncio.start_server(peer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    mailbox = contextlib.asynccontextmanager(module.mailbox)
    by_asyncio, by_anyio = asyncio.timeout(None), anyio.CancelScope()
    app = FastAPI()

    async def mail() -> AsyncIterator[Any]:
        async with mailbox("127.0.0.1", port) as streams:
            yield streams

    @app.get("/letters")
    async def letters(streams: Any = Depends(mail)) -> None:  # noqa: B008, FAST002 - Annotated cannot name what is local
        await talk(streams[0])

    async def limited(scope: Any, receive: Any, send: Any) -> None:
        with by_anyio:
            await app(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 504, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def send_letter() -> None:
        async with by_asyncio, mailbox("127.0.0.1", port) as (reader, _):
            await talk(reader)

    sending = asyncio.create_task(send_letter())
    async with serve(limited, lifespan="off") as served:
        asking = asyncio.create_task(served.client.get("/letters"))
        await until(lambda: len(waiting) == 2)
        by_asyncio.reschedule(0)
        by_anyio.cancel()
        done, late = await asyncio.wait({sending, asking}, timeout=1.2)
        ended = [
            type(sending.exception()) if sending in done else "hangs",
            asking.result().status_code if asking in done else "hangs",
        ]
        closed = not late and await until(lambda: not open_peers, 1)
        for writer in open_peers:
            writer.close()
        if late:
            await asyncio.wait(late)
    server.close()
    sending.exception()

    assert (ended, closed, said) == ([TimeoutError, 504], True, [b"QUIT\r\n", b"QUIT\r\n"])


async def test_poll_for_a_disconnect(example: Example) -> None:
    """A client that waits gets its answer; when it leaves the work is cancelled. The application has a middleware."""
    module = load(example)
    app = FastAPI()
    ends: list[str] = []
    begun, enough = asyncio.Event(), asyncio.Event()

    async def generate() -> str:
        begun.set()
        try:
            await enough.wait()
        except asyncio.CancelledError:
            ends.append("cancelled")
            raise
        ends.append("generated")
        return "text"

    @app.middleware("http")
    async def name(request: Request, call_next: Any) -> Any:
        response = await call_next(request)
        response.headers["x-served-by"] = "a"
        return response

    @app.post("/answer")
    async def answer(request: Request) -> str:
        return str(await module.while_wanted(request, generate()))

    async with serve(app) as served:
        asking = asyncio.create_task(served.client.post("/answer"))
        await begun.wait()
        enough.set()
        response = await asking
        begun.clear()
        enough.clear()
        leaving = asyncio.create_task(leave_early(served.port, "/answer", method="POST", after=b"", pause=0.1))
        await begun.wait()
        await leaving
        await until(lambda: len(ends) == 2, 0.8)
        enough.set()
        await until(lambda: len(ends) == 2)

    assert (response.json(), ends) == ("text", ["generated", "cancelled"])


async def test_one_waiter_cancels_all(example: Example) -> None:
    """Three callers share one fetch; the impatient one leaves, the others get the rate."""
    module = load(example)
    fetches = 0

    async def fetch() -> str:
        nonlocal fetches
        fetches += 1
        await asyncio.sleep(0.15)
        return "1.08"

    rates = module.Rates(fetch)

    async def caller(limit: float) -> str:
        try:
            async with asyncio.timeout(limit):
                return str(await rates.current())
        except TimeoutError:
            return "timed out"
        except asyncio.CancelledError:
            return "cancelled by nobody"

    got = list(await asyncio.gather(*map(caller, (0.02, 3, 3))))

    assert (got, fetches) == (["timed out", "1.08", "1.08"], 1)


async def test_suppress_while_joining(example: Example) -> None:
    """A stop under a deadline: the deadline is reported, the consumer's flush runs to its end."""
    module = load(example)
    steps: list[str] = []

    async def consume() -> None:
        steps.append("consuming")
        try:
            await asyncio.sleep(30)
        finally:
            await asyncio.sleep(0.2)
            steps.append("flushed")

    async def stopped(limit: float) -> str:
        consumer = asyncio.create_task(consume())
        await until(lambda: bool(steps))
        try:
            async with asyncio.timeout(limit):
                await module.stop(consumer)
                steps.append("stopped")
        except TimeoutError:
            steps.append("too late")
        await asyncio.wait({consumer})
        told = " ".join(steps)
        steps.clear()
        return told

    told = [await stopped(3), await stopped(0.03)]

    assert told == ["consuming flushed stopped", "consuming too late flushed"]


async def test_cancelled_neighbour(example: Example) -> None:
    """One job is cancelled, one fails, one works: the supervisor tells of all three, and can itself be cancelled."""
    module = load(example)

    async def job(seconds: float, error: Exception | None = None) -> str:
        await asyncio.sleep(seconds)
        if error:
            raise error
        return "done"

    jobs = [
        asyncio.create_task(job(30)),
        asyncio.create_task(job(0, ValueError("no stock"))),
        asyncio.create_task(job(0)),
    ]
    supervisor = asyncio.create_task(module.supervise(jobs))
    await asyncio.sleep(0)
    jobs[0].cancel()
    await asyncio.wait({supervisor, *jobs}, timeout=2)
    jobs[1].exception()
    told = "supervisor cancelled" if supervisor.cancelled() else supervisor.result()

    endless = asyncio.create_task(job(30))
    supervisor = asyncio.create_task(module.supervise([endless]))
    await asyncio.sleep(0.01)
    supervisor.cancel()
    await asyncio.wait({supervisor})
    endless.cancel()
    await asyncio.wait({endless})

    assert (told, supervisor.cancelled()) == (["cancelled", "failed: no stock", "done"], True)


async def test_break_out_of_a_generator(example: Example, database: Database) -> None:
    """A pool of one connection: the query after the loop finds it free."""
    module = load(example)
    await database.execute(
        "CREATE TABLE invoices AS SELECT days FROM generate_series(1, 90) AS days;"
        "CREATE TABLE dunning AS SELECT 14 AS days, 'reminder' AS name"
    )
    pool = await asyncpg.create_pool(database.dsn, min_size=1, max_size=1)
    found: object
    try:
        async with asyncio.timeout(1):
            found = await module.first_overdue(pool, 30)
    except TimeoutError:
        found = "waits for its own connection"
    try:
        async with asyncio.timeout(1):
            await pool.close()
    except TimeoutError:
        pool.terminate()

    assert found == "reminder"


async def test_push_only_websocket(example: Example) -> None:
    """What is published arrives, then the clients leave: nobody is subscribed any more, without another send."""
    module = load(example)
    subscribers: set[asyncio.Queue[str]] = set()
    app = FastAPI()
    handlers: list[asyncio.Task[Any] | None] = []
    ended: list[str] = []

    @app.websocket("/prices")
    async def prices(socket: WebSocket) -> None:
        handlers.append(asyncio.current_task())
        await module.push(socket, subscribers)
        ended.append("in order")

    async with serve(app) as served:
        async with _connected(served.url, "/prices") as one, _connected(served.url, "/prices") as other:
            await until(lambda: len(subscribers) == 2)
            await one.send(b"hello")
            for queue in subscribers:
                queue.put_nowait("42.00")
            received = [await one.recv(), await other.recv()]
        left = await until(lambda: len(ended) == 2, 0.6)
        for handler in handlers:
            if handler is not None and not left:
                handler.cancel()

    assert (received, left, subscribers) == (["42.00"] * 2, True, set())


async def test_closed_socket_in_a_broadcast(example: Example) -> None:
    """The first of three members has been kicked, the second has left: the third still hears the news, and is alone."""
    module = load(example)
    app = FastAPI()
    members: list[WebSocket] = []
    over = asyncio.Event()

    @app.websocket("/room")
    async def room(socket: WebSocket) -> None:
        await socket.accept()
        members.append(socket)
        await over.wait()

    async with serve(app) as served, _connected(served.url, "/room") as _kicked:
        await until(lambda: len(members) == 1)
        async with _connected(served.url, "/room"):
            await until(lambda: len(members) == 2)
        async with _connected(served.url, "/room") as third:
            await until(lambda: len(members) == 3)
            await members[0].close()
            last = members[2]
            try:
                await module.broadcast(members, "news")
                heard: object = await asyncio.wait_for(third.recv(), 1)
            except RuntimeError as error:
                heard = type(error).__name__
            over.set()

    assert (heard, members) == ("news", [last])


def _connected(url: str, path: str) -> websockets.connect:
    return websockets.connect(url.replace("http://", "ws://") + path, close_timeout=0.2)
