"""What FastAPI does since some version, probed where it can be seen: each function says whether it does."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import warnings
from collections.abc import AsyncIterable, AsyncIterator, Callable
from typing import Annotated, Any

import anyio
import pytest
from fastapi import APIRouter, Body, Depends, FastAPI, Header, Request, WebSocket
from fastapi.responses import ORJSONResponse
from fastapi.security import HTTPBearer
from harness import serve
from httpx2 import Response
from pydantic import BaseModel

Probe = Callable[[], Any]


class Item(BaseModel):
    id: int


async def ask(app: FastAPI, path: str = "/", method: str = "GET", **request: Any) -> Response:
    async with serve(app) as served:
        return await served.client.request(method, path, **request)


async def order_of_exit(scope: Any) -> list[str]:
    told: list[str] = []

    async def resource() -> AsyncIterator[None]:
        yield
        told.append("exit")

    class Watch:
        def __init__(self, app: Any) -> None:
            self.app = app

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            async def noting(message: Any) -> None:
                if message["type"] == "http.response.start":
                    told.append("response")
                await send(message)

            await self.app(scope, receive, noting)

    app = FastAPI()
    app.add_middleware(Watch)

    app.get("/", dependencies=[Depends(resource, scope=scope)])(lambda: 1)

    await ask(app)
    return told


async def exit_after_the_response() -> bool:
    return await order_of_exit("request") == ["response", "exit"]


async def function_scope() -> bool:
    return await order_of_exit("function") == ["exit", "response"]


async def bearer_401() -> bool:
    app = FastAPI(dependencies=[Depends(HTTPBearer())])
    app.get("/")(lambda: 1)
    reply = await ask(app)
    return (reply.status_code, reply.headers.get("www-authenticate")) == (401, "Bearer")


async def orjson_deprecated() -> bool:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with contextlib.suppress(AssertionError, ImportError):  # orjson itself need not be there
            ORJSONResponse({})
    return any("ORJSONResponse is deprecated" in str(w.message) for w in caught)


async def content_type_is_needed() -> bool:
    app = FastAPI()

    @app.post("/")
    async def endpoint(item: Item) -> Item:
        return item

    reply = await ask(app, "/", "POST", content=b'{"id": 1}')
    return reply.status_code == 422


async def generators_stream() -> bool:
    app = FastAPI()

    @app.get("/")
    async def endpoint() -> AsyncIterable[Item]:
        yield Item(id=1)
        yield Item(id=2)

    reply = await ask(app)
    return (reply.headers["content-type"], reply.text) == ("application/jsonl", '{"id":1}\n{"id":2}\n')


async def underscore_headers_ignored() -> bool:
    app = FastAPI()

    @app.get("/")
    async def endpoint(x_token: Annotated[str, Header()] = "none") -> str:
        return x_token

    return bool((await ask(app, headers={"x_token": "evil"})).json() == "none")


async def path_without_prefix() -> bool:
    app, router = FastAPI(), APIRouter()

    @router.get("/orders")
    async def endpoint(request: Request) -> str:
        return str(request.scope["route"].path)

    app.include_router(router, prefix="/v1")
    return bool((await ask(app, "/v1/orders")).json() == "/orders")


async def bearer_on_a_websocket() -> bool:
    app, seen = FastAPI(), []

    @app.websocket("/")
    async def endpoint(socket: WebSocket, token: Annotated[Any, Depends(HTTPBearer())]) -> None:
        seen.append(token.credentials)
        await socket.close()

    scope = {"type": "websocket", "path": "/", "raw_path": b"/", "query_string": b"", "root_path": "", "scheme": "ws"}
    received = [{"type": "websocket.connect"}]

    async def receive() -> dict[str, str]:
        return received.pop()

    async def send(_message: Any) -> None:
        return

    await app(scope | {"headers": [(b"authorization", b"Bearer abc")], "subprotocols": []}, receive, send)
    return seen == ["abc"]


async def unknown_keyword() -> bool:
    with pytest.raises(TypeError):
        FastAPI(colour="red")  # type: ignore[call-arg]
    return True


async def root_path_deprecated() -> bool:
    with pytest.warns(UserWarning, match="root_path"):
        FastAPI(root_path="/api")
    return True


async def null_reaches_a_body() -> bool:
    app = FastAPI()

    @app.post("/")
    async def endpoint(limit: Annotated[int | None, Body()] = 5) -> int | None:
        return limit

    headers = {"content-type": "application/json"}
    return (await ask(app, "/", "POST", content=b"null", headers=headers)).json() is None


async def exit_is_shielded() -> bool:
    closed = []

    async def resource() -> AsyncIterator[None]:
        try:
            yield
        finally:
            await asyncio.sleep(0.01)
            closed.append(True)

    app = FastAPI()

    @app.get("/", dependencies=[Depends(resource)])
    async def endpoint() -> None:
        await asyncio.sleep(5)

    async def limited(scope: Any, receive: Any, send: Any) -> None:
        with anyio.move_on_after(0.05):
            await app(scope, receive, send)

    async with serve(limited, lifespan="off") as served:
        await served.client.get("/")
    return closed == [True]


async def max_concurrency_exists() -> bool:
    return "max_concurrency" in inspect.signature(Depends).parameters


async def max_body_size() -> bool:
    app = FastAPI(max_body_size=10)

    @app.post("/")
    async def endpoint(request: Request) -> int:
        return len(await request.body())

    return (await ask(app, "/", "POST", content=b"x" * 11)).status_code == 413


FASTAPI: dict[tuple[str, str], Probe] = {
    ("fastapi", "0.118.0"): exit_after_the_response,
    ("fastapi", "0.121.1"): function_scope,
    ("fastapi", "0.122.0"): bearer_401,
    ("fastapi", "0.131.0"): orjson_deprecated,
    ("fastapi", "0.132.0"): content_type_is_needed,
    ("fastapi", "0.134.0"): generators_stream,
    ("fastapi", "0.136.3"): underscore_headers_ignored,
    ("fastapi", "0.137.0"): path_without_prefix,
    ("fastapi", "0.144.0"): bearer_on_a_websocket,
    ("fastapi", "0.145.0"): unknown_keyword,
    ("fastapi", "0.146.0"): root_path_deprecated,
    ("fastapi", "0.151.0"): null_reaches_a_body,
    ("fastapi", "0.162.7"): exit_is_shielded,
    ("fastapi", "0.163.0"): max_concurrency_exists,
    ("fastapi", "0.164.0"): max_body_size,
}
