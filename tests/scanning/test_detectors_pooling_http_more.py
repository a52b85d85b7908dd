"""HTTP calls that are repeated, redirected or left half read."""

from __future__ import annotations

from scans import Codes, silent

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
}


test_near_misses = silent(NEAR_MISSES)
