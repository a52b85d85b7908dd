"""HTTP calls that are repeated, redirected or left half read."""

from __future__ import annotations

from scans import Codes, silent, told

FAULTS: Codes = {
    "error-body-left-unread": {
        "by an exception": """
            async def read(session: aiohttp.ClientSession) -> bytes:
                async with session.get("/") as answer:
                    if not answer.ok:
                        raise ValueError  # here
                    return await answer.read()
        """,
    },
    "retry-with-an-empty-body": {
        "a class whose object is the middleware": """
            class Auth:
                async def __call__(self, request: aiohttp.ClientRequest, handler) -> aiohttp.ClientResponse:
                    answer = await handler(request)
                    if answer.status == 401:
                        return await handler(request)  # here
                    return answer
        """,
    },
}

NEAR_MISSES: Codes = {
    "retry-with-an-empty-body": {
        "all bodies are forms": """
            async def retry(request: aiohttp.ClientRequest, send) -> aiohttp.ClientResponse:
                await send(request)
                return await send(request)
            async def order(session: aiohttp.ClientSession) -> None:
                await session.post("/", data={"item": "lamp"})
            session = aiohttp.ClientSession(middlewares=(retry,))
        """,
    },
    "token-waits-for-itself": {
        "a session of its own": """
            async def sign(request: aiohttp.ClientRequest, send):
                async with aiohttp.ClientSession() as session:
                    await session.post("/token")
                return await send(request)
        """,
    },
    "session-nobody-closes": {
        "closed by a stack": """
            @asynccontextmanager
            async def lifespan(app):
                app.state.shop = aiohttp.ClientSession()
                stack.push_async_callback(app.state.shop.close)
                yield
        """,
        "closed": """
            @asynccontextmanager
            async def lifespan(app):
                app.state.shop = aiohttp.ClientSession()
                yield
                await app.state.shop.close()
        """,
    },
    "error-body-left-unread": {
        "a session of this call alone": """
            async def read() -> bytes | None:
                async with aiohttp.ClientSession() as session, session.get("/") as answer:
                    if answer.status != 200:
                        return None
                    return await answer.read()
        """,
        "logged, and then read": """
            async def read(session: aiohttp.ClientSession) -> bytes:
                async with session.get("/") as answer:
                    if answer.status != 200:
                        print("odd")
                    return await answer.read()
        """,
    },
    "quoted-cookie": {
        "of another client": """
            async def read(client: httpx2.AsyncClient) -> None:
                await client.get("/", cookies={"a": "b/c"})
        """,
    },
}


test_near_misses = silent(NEAR_MISSES)
test_faults = told(FAULTS)
