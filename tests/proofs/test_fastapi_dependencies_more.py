"""Proofs of references/fastapi-dependencies-more.md."""

from __future__ import annotations

import asyncio

import httpx2
import pytest
from harness import Database, serve
from skill_validator.loading import load
from skill_validator.parts import Example
from sqlalchemy.ext.asyncio import create_async_engine


async def _answer(client: httpx2.AsyncClient, path: str, **headers: str) -> tuple[int, object]:
    """Status and JSON of a GET; the status of a response that broke off is 0."""
    try:
        response = await client.get(path, headers=headers)
    except httpx2.RemoteProtocolError as broken:
        return 0, str(broken)
    return response.status_code, response.json() if response.status_code == 200 else None


async def test_mount_outside_the_guard(example: Example) -> None:
    async with serve(load(example).shop) as served:
        anonymous = await _answer(served.client, "/admin/orders")
        clerk = await _answer(served.client, "/admin/orders", **{"x-token": "clerk"})

    assert (anonymous, clerk) == ((401, None), (200, [7]))


async def test_key_burnt_by_a_422(example: Example, database: Database) -> None:
    """The client corrects its order and tries again with the same key; and once more, which is a duplicate."""
    await database.execute("create table claims (key text primary key)")
    module = load(example)
    engine = create_async_engine(database.url)
    module.Session.configure(bind=engine)
    key = {"idempotency-key": "k-7f3a"}
    try:
        async with serve(module.app) as served:
            orders = [{"cents": "ten"}, {"cents": 10}, {"cents": 10}]
            told = [(await served.client.post("/orders", json=order, headers=key)).status_code for order in orders]
    finally:
        await engine.dispose()

    assert (told, await database.fetch("select key from claims")) == ([422, 201, 409], [("k-7f3a",)])


@pytest.mark.bites("fastapi>=0.134")
async def test_error_inside_a_stream(example: Example) -> None:
    async with serve(load(example).app) as served:
        known = (await served.client.get("/orders/7/lines")).text
        unknown = await _answer(served.client, "/orders/8/lines")

    assert (known, unknown) == ('"tea"\n"cup"\n', (404, None))


@pytest.mark.bites("fastapi>=0.163")
async def test_limits_in_two_orders(example: Example) -> None:
    async with serve(load(example).app, timeout_graceful_shutdown=0.05) as served:
        alone = [(await served.client.post(path)).json() for path in ("/pay", "/refund")]
        try:
            async with asyncio.timeout(0.5):
                both = await asyncio.gather(*(served.client.post(path) for path in ("/pay", "/refund")))
        except TimeoutError:
            both = []

    assert alone == ["paid with ledger and bank", "refunded with ledger and bank"]
    assert [response.json() for response in both] == alone


@pytest.mark.bites("fastapi>=0.163")
async def test_limit_per_route(example: Example) -> None:
    """Ten requests at once; the warehouse counts how many of them it has to serve together."""
    module = load(example)
    live = peak = 0

    async def ask_warehouse() -> int:
        nonlocal live, peak
        live += 1
        peak = max(peak, live)
        await asyncio.sleep(0.03)
        live -= 1
        return 7

    module.add_routes(module.app, ask_warehouse)
    async with serve(module.app) as served:
        answers = await asyncio.gather(*(served.client.get(path) for path in ["/stock", "/delivery"] * 5))

    assert ([answer.json() for answer in answers], peak) == ([7] * 10, 2)


async def test_context_set_in_a_thread(example: Example) -> None:
    async with serve(load(example).app) as served:
        invoices = await _answer(served.client, "/invoices", **{"x-tenant": "acme"})

    assert invoices == (200, "acme.invoices")


async def test_scopes_nobody_reads(example: Example) -> None:
    async with serve(load(example).app) as served:
        tokens = ("guess", "clerk", "chief")
        told = [(await served.client.post("/refunds", headers={"x-token": token})).status_code for token in tokens]

    assert told == [401, 403, 200]


@pytest.mark.bites("fastapi>=0.157")
async def test_sibling_refused(example: Example) -> None:
    async with serve(load(example).app) as served:
        told = [await _answer(served.client, f"/orders{query}") for query in ("", "?status=paid&page=2", "?pgae=2")]

    assert told == [(200, "new, page 1"), (200, "paid, page 2"), (422, None)]


async def test_import_for_checkers_only(example: Example) -> None:
    async with serve(load(example).app) as served:
        told = await _answer(served.client, "/ip")

    assert told == (200, "127.0.0.1")


async def test_override_of_a_twin(example: Example) -> None:
    module = load(example)
    async with serve(module.app) as served:
        real = (await served.client.post("/welcome")).json()
        module.fake_mail()
        fake = (await served.client.post("/welcome")).json()

    assert (real, fake) == ("smtp.eu.shop.example", "fake")
