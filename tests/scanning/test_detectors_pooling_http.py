"""HTTP clients: what they share, how long they wait, what they send twice."""

from __future__ import annotations

from scans import Codes, silent, told

FAULTS: Codes = {
    "unread-response": {
        "a session in an attribute": """
            class Client:
                def __init__(self, session: aiohttp.ClientSession) -> None:
                    self.session = session
                async def ping(self) -> bool:
                    answer = await self.session.get("/")  # here
                    return answer.status == 200
        """,
    },
    "certificate-unchecked": {
        "httpx": """
            client = httpx2.AsyncClient(verify=False)  # here
        """,
        "one request": """
            async def read(session: aiohttp.ClientSession) -> None:
                await session.get("https://shop.example", ssl=False)  # here
        """,
    },
    "headers-reach-strangers": {
        "headers in an attribute": """
            class Client:
                def __init__(self, key: str) -> None:
                    self._headers = {"X-Api-Key": key}
                    self._session = aiohttp.ClientSession(headers=self._headers)  # here
        """,
    },
}

NEAR_MISSES: Codes = {
    "override-drops-the-total": {
        "reads are limited": """
            async def read(session: aiohttp.ClientSession) -> None:
                await session.get("/", timeout=aiohttp.ClientTimeout(connect=1, sock_read=5))
        """,
        "a client's own": """
            session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(connect=1))
        """,
        "positional": """
            async def read(session: aiohttp.ClientSession) -> None:
                await session.get("/", timeout=aiohttp.ClientTimeout(5))
        """,
        "given to nobody": """
            PATIENCE = aiohttp.ClientTimeout(connect=2)
            async def read(session: aiohttp.ClientSession) -> None:
                await session.get("/", timeout=None)
        """,
    },
    "unread-response": {
        "given on": """
            async def fetch(session: aiohttp.ClientSession):
                answer = await session.get("/")
                return answer
        """,
        "read": """
            async def fetch(session: aiohttp.ClientSession):
                answer = await session.get("/")
                return await answer.json()
        """,
        "another client": """
            async def fetch(client: httpx2.AsyncClient):
                answer = await client.get("/")
                return answer.status_code
        """,
        "a HEAD has no body": """
            async def ping(session: aiohttp.ClientSession) -> bool:
                answer = await session.head("https://bank.example")
                return answer.status == 200
        """,
    },
    "certificate-unchecked": {
        "no address has a certificate": """
            def runner(host: str) -> aiohttp.TCPConnector:
                print(f"http://{host}/", "see https://example.com")
                return aiohttp.TCPConnector(ssl=False)
        """,
        "no client": """
            def parse(verify: bool) -> None: ...
            parse(verify=False)
        """,
    },
    "headers-reach-strangers": {
        "for one block": """
            async def ping(key: str) -> None:
                async with aiohttp.ClientSession(headers={"X-Api-Key": key}) as session:
                    await session.get("https://bank.example")
        """,
        "no secret": """
            class Client:
                def __init__(self) -> None:
                    self.session = aiohttp.ClientSession(headers={"accept": "application/json"})
        """,
    },
}


test_faults = told(FAULTS)
test_near_misses = silent(NEAR_MISSES)
