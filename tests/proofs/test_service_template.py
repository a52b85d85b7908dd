"""What references/service-template.md does as a whole: deployed with two processes, seen from outside."""

from __future__ import annotations

import asyncio
import re
import signal
from collections.abc import Awaitable
from pathlib import Path

import httpx2
import pytest
from harness import ORIGIN, Database, Service, cluster, deployed, leave_early, migrate, proxy, upstream
from harness.service import PATIENCE
from harness.shop import CUP, TEA, Provider, eventually, insist, metrics, pay, place, together
from skill_validator.loading import extract
from skill_validator.parts import Example
from skill_validator.processes import is_alive

COUNT = "select count(*) from orders where status = $1"
LAST = """
    select state, query from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
"""
MANY = """
    insert into orders (reference, status) select 'r-' || n, 'new' from generate_series(1, {0}) n;
    insert into order_lines select id, 'tea', 1, 250 from orders
"""
CLOSE = {
    "connection": "close"
}  # after an unhandled error uvicorn does, whether the client sends its next request or not
TRACEBACK = "ERROR uvicorn.error [web-7] Exception in ASGI application\nTraceback"
RESOURCES = "default::ResourceWarning"
NO_REUSE = httpx2.Limits(max_keepalive_connections=0)
# uvicorn itself leaves its listening socket, a line with its port, to the end of its process.
NOISE = re.compile("[Uu]nclosed|never awaited|never retrieved|was destroyed|garbage|Traceback")


async def test_few_statements_whatever_the_size(example: Example, database: Database) -> None:
    async with (
        proxy(database) as way,
        deployed(example, way.database.url, "http://127.0.0.1:9", processes=1, SETTLE_EVERY="3600") as service,
    ):

        async def counted(call: Awaitable[httpx2.Response]) -> tuple[httpx2.Response, int]:
            before = way.statements
            return await call, way.statements - before

        async def list_all() -> tuple[list[str], int]:
            page, count = await counted(service.client.get("/orders?limit=50"))
            return [order["reference"] for order in page.json()["orders"]], count

        async def polled() -> bool:
            """The worker has looked for payments, and will not again: what is sent from now on is counted."""
            return await database.fetch(LAST) == [("idle", "COMMIT;")]

        assert await eventually(polled)
        await place(service, "first")
        created, creating = await counted(place(service, "second", TEA, CUP))
        read, reading = await counted(service.client.get(created.headers["location"]))
        short, listing_two = await list_all()
        for number in range(28):
            await place(service, f"more-{number}", TEA, CUP)
        long, listing_thirty = await list_all()
        top = (await service.client.get("/orders?limit=29")).json()
        rest = (await service.client.get(f"/orders?limit=29&before={top['before']}")).json()

    assert created.status_code == 201
    assert read.json() == created.json() == {
        "id": 2, "reference": "second", "status": "new", "total": 2050, "lines": [CUP, TEA],
    }  # fmt: skip
    assert (short, len(long), long[-2:]) == (["second", "first"], 30, ["second", "first"])
    assert [order["reference"] for order in top["orders"] + rest["orders"]] == long
    assert rest["before"] is None
    assert listing_two == listing_thirty == reading <= 7  # three for the ping, BEGIN, orders, lines, ROLLBACK
    assert creating <= 8  # three for the ping, BEGIN, the order, two lines, COMMIT


@pytest.mark.needs("sqlalchemy>=2.1")
async def test_constraint_that_fails_at_the_commit(example: Example, database: Database) -> None:
    async with deployed(example, database.url, "http://127.0.0.1:9", processes=1) as service:
        first, again = await place(service, "r-1"), await place(service, "r-1")
    deferred = await database.value("select condeferred from pg_constraint where conname = 'uq_orders_reference'")

    assert deferred is True
    assert (first.status_code, again.status_code) == (201, 409)
    assert again.headers["content-type"] == "application/problem+json"
    assert again.json()["detail"] == "uq_orders_reference"
    assert await database.fetch("select reference from orders") == [("r-1",)]


async def test_no_lost_update(example: Example, database: Database) -> None:
    async with deployed(example, database.url, "http://127.0.0.1:9") as service:
        await place(service, "r-1")
        answers = await together(50, lambda _: insist(lambda: service.client.post("/orders/1/lines", json=TEA)))
    stored = await database.value("select quantity from order_lines")

    assert {answer.status_code for answer in answers} == {200}
    assert sorted(answer.json()["lines"][0]["quantity"] for answer in answers) == list(range(2, 52))
    assert stored == 51


async def test_errors_are_problems_with_id_and_cors_headers(example: Example, database: Database) -> None:
    async with deployed(example, database.url, "http://127.0.0.1:9", processes=1) as service:
        unknown = await service.client.get("/nothing")
        absent = await service.client.get("/orders/7")
        invalid = await service.client.post("/orders", json={"reference": "a secret b", "lines": [TEA]})
        await database.execute("alter table orders rename to gone")
        broken = await service.client.get("/orders", headers=CLOSE | {"x-request-id": "web-7"})
        forged = await service.client.get("/orders", headers=CLOSE | {"x-request-id": "7 user=root"})
        logged = await eventually(lambda: TRACEBACK in service.output)
    answers = [unknown, absent, invalid, broken, forged]
    ids = [answer.headers["x-request-id"] for answer in answers]

    assert [answer.status_code for answer in answers] == [404, 404, 422, 500, 500]
    assert [answer.json()["status"] for answer in answers] == [404, 404, 422, 500, 500]
    assert {answer.headers["content-type"] for answer in answers} == {"application/problem+json"}
    assert {answer.headers["access-control-allow-origin"] for answer in answers} == {ORIGIN}
    assert [answer.json()["instance"] for answer in answers] == ids
    assert (ids[3], len(set(ids)), len(ids[4])) == ("web-7", 5, 32)
    assert "a secret b" not in invalid.text
    assert logged


async def test_readiness_follows_the_database(example: Example) -> None:
    with cluster() as server:
        url = Database(server.address, "postgres").url
        async with deployed(example, url, "http://127.0.0.1:9", SETTLE_EVERY="3600") as service:

            async def all_say(status: int) -> bool:
                """Ten new connections: at least one for each process, as good as certainly."""
                async with httpx2.AsyncClient(base_url=service.url, limits=NO_REUSE, timeout=PATIENCE) as client:
                    answers = await together(10, lambda _: client.get("/ready"))
                return {answer.status_code for answer in answers} == {status}

            before = service.workers
            assert await eventually(lambda: all_say(200))
            server.stop(signal.SIGINT)
            assert await eventually(lambda: all_say(503))
            alive = (await service.client.get("/live")).status_code
            refused = await place(service, "r-1")
            server.start()
            assert await eventually(lambda: all_say(200))
            server.stop(signal.SIGINT)
            server.start()
            placed = await together(20, lambda n: place(service, f"r-{n}"))

    assert alive == 200
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert {answer.status_code for answer in placed} == {201}  # a restart that nobody noticed costs nobody a request
    assert len(before) >= 2


async def test_slow_provider_holds_no_connection(example: Example, database: Database) -> None:
    provider = Provider()
    async with (
        upstream(provider) as bank,
        deployed(example, database.url, bank.url, POOL_SIZE="2", PAYMENT_SECONDS="60") as service,
    ):
        await database.execute(MANY.format(30))
        payments = asyncio.ensure_future(together(30, lambda n: pay(service, n)))
        began = await eventually(lambda: _counts(database, "paying", 30))
        page = await service.client.get("/orders")
        told = await metrics(service)
        states = await database.states()
        provider.released.set()
        answers = await payments

    assert began
    assert page.status_code == 200
    assert (told["db_pool_used"], told["db_pool_size"], set(states)) == (0, 4, {"idle"})
    assert {(answer.status_code, answer.json()["status"]) for answer in answers} == {(200, "paid")}
    assert {request.headers["idempotency-key"] for request in bank.requests} == {f"order-{n}" for n in range(1, 31)}


async def test_unanswered_payments_are_settled_by_a_worker(example: Example, database: Database) -> None:
    provider = Provider(status=None)
    provider.released.set()
    async with (
        upstream(provider) as bank,
        deployed(example, database.url, bank.url, SETTLE_EVERY="0.05", SETTLE_AFTER="0") as service,
    ):
        await place(service, "r-1", TEA, CUP)
        asked = await service.client.post("/orders/1/payment")
        again = await service.client.post("/orders/1/payment")
        await database.execute("alter table orders rename to gone")
        failed = await eventually(lambda: "payments not settled" in service.output)
        await database.execute("alter table gone rename to orders")
        provider.status = 402
        settled = await eventually(lambda: _counts(database, "declined", 1))
        ready = await service.client.get("/ready")
    calls = {(r.headers["authorization"], r.headers["idempotency-key"], r.body) for r in bank.requests}

    assert (asked.status_code, asked.json()["status"], again.status_code) == (202, "paying", 409)
    assert (failed, settled, ready.status_code) == (True, True, 200)
    assert calls == {("Bearer sk-secret", "order-1", b'{"cents": 2050}')}
    assert len(bank.requests) >= 2


async def test_metrics_speak_for_both_processes(example: Example, database: Database) -> None:
    released = asyncio.Event()
    async with deployed(example, database.url, "http://127.0.0.1:9", POOL_SIZE="2", SETTLE_EVERY="3600") as service:
        await place(service, "r-1")

        async def add(_: int) -> httpx2.Response:
            while True:  # a lock that is waited for too long is a 503
                answer = await service.client.post("/orders/1/lines", json=TEA)
                if answer.status_code == 200 or released.is_set():
                    return answer

        async def all_wait() -> bool:
            """Two of them with a connection in each process that got so many, the others without."""
            told = await metrics(service)
            return 2 <= told["db_pool_used"] <= 4 and told["db_pool_used"] + told["db_pool_waiting"] == 12

        async with database.connect() as connection:
            async with connection.transaction():
                await connection.execute("select from orders for update")
                adding = asyncio.ensure_future(together(12, add))
                waited = await eventually(all_wait)
            released.set()
        await adding
        idle = await eventually(lambda: _unused(service))
        told = await metrics(service)

    assert (waited, idle) == (True, True)
    assert (told["db_pool_size"], told["db_pool_waiting"]) == (4, 0)
    assert told["db_pool_wait_seconds_count"] >= 13


async def test_requests_in_flight_survive_sigterm(example: Example, database: Database) -> None:
    provider = Provider()
    async with (
        upstream(provider) as bank,
        deployed(example, database.url, bank.url, PAYMENT_SECONDS="60", DRAIN_SECONDS="1") as service,
    ):
        await database.execute(MANY.format(100))
        payments = asyncio.ensure_future(together(100, lambda n: pay(service, n)))
        began = await eventually(lambda: _counts(database, "paying", 100))
        service.terminate()
        async with httpx2.AsyncClient(base_url=service.url, limits=NO_REUSE, timeout=PATIENCE) as prober:

            async def stopping() -> bool:
                return (await prober.get("/ready")).status_code == 503

            told = await eventually(stopping)
        closed = await eventually(lambda: service.output.count("Shutting down") == 2)
        provider.released.set()
        answers = await payments
        status = await service.exited(PATIENCE)

    assert (began, told, closed) == (True, True, True)
    assert {(answer.status_code, answer.json()["status"]) for answer in answers} == {(200, "paid")}
    assert await database.value(COUNT, "paid") == len(bank.requests) == 100
    assert status is not None


PROBE = """
import asyncio
import psutil
from app.main import service as app

def connected():
    return sorted(c.raddr.port for c in psutil.Process().net_connections("tcp") if c.status == psutil.CONN_ESTABLISHED)

async def service(scope, receive, send):
    async def ending(message):
        if message["type"] == "lifespan.shutdown.complete":
            for _ in range(100):
                if connected():
                    await asyncio.sleep(0.01)  # closing takes a turn of the loop or two
            left = asyncio.all_tasks() - {asyncio.current_task()}
            print("left:", sorted(task.get_coro().__qualname__ for task in left), connected(), flush=True)
        await send(message)

    await app(scope, receive, ending)
"""


async def test_nothing_is_left_behind(example: Example, database: Database) -> None:
    provider = Provider()
    Path("service").mkdir()
    Path("service/probe.py").write_text(PROBE)
    async with (
        upstream(provider) as bank,
        deployed(
            example, database.url, bank.url, "probe:service", PYTHONWARNINGS=RESOURCES, SETTLE_EVERY="0.2"
        ) as service,
    ):
        await together(20, lambda n: insist(lambda: place(service, f"r-{n}")))
        await leave_early(service.port, "/orders/1/payment", method="POST", after=b"")
        gone = await eventually(lambda: len(bank.requests) == 1)
        payments = asyncio.ensure_future(together(5, lambda n: pay(service, n + 1)))
        await eventually(lambda: _counts(database, "paying", 6))
        provider.released.set()
        await payments
        paid = await eventually(lambda: _counts(database, "paid", 6))
        workers = service.workers
        service.terminate()
        status = await service.exited(PATIENCE)
        connections = await database.connections()
        calls = await eventually(lambda: bank.open == 0)
        ended = await eventually(lambda: not any(is_alive(worker) for worker in workers))
    gauges = [path.name for path in Path("service/metrics").glob("gauge_*")]
    left = re.findall("left: (.*)", service.output)

    assert (gone, paid, calls, ended) == (True, True, True, True)
    assert status is not None
    assert (connections, gauges) == (0, [])
    assert left == ["['Server.serve'] []"] * 2  # uvicorn's own task
    assert [line for line in service.output.splitlines() if NOISE.search(line) and str(service.port) not in line] == []


async def test_migration_makes_what_the_models_say(example: Example, database: Database) -> None:
    environment = extract(example, Path("service").absolute()) | {"DATABASE_URL": database.url}
    for _ in range(2):
        await migrate(Path("service"), environment)
    said = await migrate(Path("service"), environment, "check")
    async with database.connect() as connection, connection.transaction():
        await connection.execute("lock table alembic_version")
        with pytest.raises(RuntimeError) as failed:
            await migrate(Path("service"), environment)
    tables = await database.fetch("select tablename from pg_tables where schemaname = 'public' order by 1")

    assert "No new upgrade operations detected." in said
    assert "canceling statement due to lock timeout" in str(failed.value)
    assert tables == [("alembic_version",), ("order_lines",), ("orders",)]


async def _counts(database: Database, status: str, number: int) -> bool:
    return bool(await database.value(COUNT, status) == number)


async def _unused(service: Service) -> bool:
    return (await metrics(service))["db_pool_used"] == 0
