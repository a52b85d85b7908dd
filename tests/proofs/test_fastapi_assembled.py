"""Proofs of references/fastapi-assembled.md: each piece as one application, seen from outside."""

from __future__ import annotations

import logging

import pytest
from fastapi import Depends, FastAPI, HTTPException, WebSocket
from fastapi.security import HTTPBearer
from harness import Database, serve
from pydantic import SecretStr
from skill_validator.loading import load
from skill_validator.parts import Example
from sqlalchemy.ext.asyncio import create_async_engine
from websockets.asyncio.client import connect

SHOP = {"origin": "https://shop.example"}
FORGED = ("7 user=root", "x" * 9_000, "<script>", "")


async def test_the_middleware_stack(example: Example, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    module = load(example)
    app: FastAPI = module.app

    @app.get("/orders/{order_id}", dependencies=[Depends(HTTPBearer())])
    async def order(order_id: int) -> int:
        if order_id > 9:
            raise HTTPException(404)
        return 1 // order_id

    @app.websocket("/events")
    async def events(socket: WebSocket) -> None:
        await socket.accept()
        await socket.close()

    async with serve(module.service, lifespan="on") as served:
        client = served.client
        preflight = await client.options(
            "/orders/1",
            headers=SHOP | {"access-control-request-method": "GET", "access-control-request-headers": "authorization"},
        )
        signed = SHOP | {"authorization": "Bearer t"}
        good = await client.get("/orders/1", headers=signed | {"x-request-id": "web-7.1_a"})
        unsigned = await client.get("/orders/1", headers=SHOP)
        missing = await client.get("/orders/10", headers=signed)
        broken = await client.get("/orders/0", headers=signed)
        forged = [await client.get("/orders/1", headers=signed | {"x-request-id": given}) for given in FORGED]
        async with connect(
            f"ws://127.0.0.1:{served.port}/events", additional_headers={"x-request-id": "ws-1"}
        ) as socket:
            upgraded = socket.response.headers["x-request-id"] if socket.response else None
    answers = [good, unsigned, missing, broken, *forged]
    ids = [answer.headers["x-request-id"] for answer in answers]
    logged = [record.getMessage() for record in caplog.records if record.name == "access"]

    assert (preflight.status_code, preflight.headers["access-control-allow-origin"]) == (200, SHOP["origin"])
    assert [answer.status_code for answer in answers] == [200, 401, 404, 500, 200, 200, 200, 200]
    assert {answer.headers["access-control-allow-origin"] for answer in answers} == {SHOP["origin"]}
    assert all(answer.headers["server-timing"].startswith("app;dur=") for answer in answers)
    assert (ids[0], len(set(ids)), {len(i) for i in ids[1:]}) == ("web-7.1_a", len(ids), {32})
    assert unsigned.headers["www-authenticate"] == "Bearer"
    assert broken.json() == {"status": 500, "title": "Internal Server Error", "instance": ids[3]}
    assert logged == [f"{i} GET '{a.url.path}' {a.status_code}" for i, a in zip(ids, answers, strict=True)]
    assert upgraded == "ws-1"


async def test_the_dependency_chain(example: Example, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNING_KEY", "live")
    monkeypatch.setenv("CLERKS", '["ann"]')
    await database.execute("create table refunds (order_id int, cents int, paid_by text)")
    module = load(example)
    engine = create_async_engine(database.url)
    module.Session.configure(bind=engine)
    live = await module.get_settings()
    tested = module.Settings(signing_key=SecretStr("test"), clerks={"bob"})

    async with serve(module.app) as served:

        async def pay(token: str | None, cents: int = 500, more: str = "") -> tuple[int, str | None]:
            headers = {b"authorization": f"Bearer {token}".encode("latin-1")} if token else {}
            answer = await served.client.post(f"/orders/7/refunds?cents={cents}{more}", headers=headers)
            return answer.status_code, answer.headers.get("www-authenticate")

        ann, eve = module.sign("ann", live), module.sign("eve", live)
        refused = [await pay(None), await pay("ann.guess"), await pay("å"), await pay(eve)]
        above = await pay(ann, 9_999, "&limit=99999&refund_limit=99999")
        paid = await pay(ann)
        with module.overridden({module.get_settings: lambda: tested}):
            in_test = [await pay(ann), await pay(module.sign("bob", tested))]
        after = await pay(module.sign("bob", tested))
    rows = await database.fetch("select order_id, cents, paid_by from refunds")
    await engine.dispose()

    invalid = (401, 'Bearer error="invalid_token"')
    assert refused == [(401, "Bearer"), invalid, invalid, (403, None)]
    assert (above, paid) == ((403, None), (201, None))
    assert (in_test, after) == ([invalid, (201, None)], invalid)
    assert rows == [(7, 500, "ann"), (7, 500, "bob")]
