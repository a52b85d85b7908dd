"""Redis, LISTEN, TLS, and connections that were kept open."""

from __future__ import annotations

from scans import Codes, silent, told

FAULTS: Codes = {
    "certificate-of-a-stranger": {
        "a pool": """
            async def make():
                return await asyncpg.create_pool(ssl="prefer")  # here
        """,
    },
    "foreign-loop": {
        "an engine in a global": """
            engine = None
            def configure(url: str) -> None:
                global engine
                engine = create_async_engine(url)
            async def count() -> int:
                async with engine.connect() as connection:
                    return await connection.scalar(text("select 1"))
            def task() -> int:
                return asyncio.run(count())  # here
        """,
    },
    "connecting-unbounded": {
        "settings by dict()": """
            engine = create_async_engine("u", pool_timeout=3, connect_args=dict(command_timeout=5))  # here
        """,
    },
}

NEAR_MISSES: Codes = {
    "blocking-pop-cut-off": {
        "it waits for a second": """
            from redis.asyncio import Redis
            client = Redis.from_url("redis://x")
            async def job():
                return await client.blpop(["jobs"], timeout=1)
        """,
    },
    "foreign-loop": {
        "the program's one loop": """
            engine = create_async_engine("x")
            async def count() -> int:
                return await engine.connect()
            def main() -> None:
                asyncio.run(count())
        """,
    },
    "statement-of-another-worker": {
        "both": """
            engine = create_async_engine("x?prepared_statement_cache_size=0", connect_args={"statement_cache_size": 0})
        """,
    },
    "reset-that-replaces": {
        "asyncpg's own query": """
            async def clean(connection) -> None:
                await connection.execute(connection.get_reset_query())
            async def make():
                return await asyncpg.create_pool(reset=clean)
        """,
        "in words": """
            async def clean(connection) -> None:
                await connection.execute("DISCARD ALL")
            async def make():
                return await asyncpg.create_pool(reset=clean)
        """,
        "as well": """
            async def clean(connection) -> None:
                await connection.reset()
            async def make():
                return await asyncpg.create_pool(reset=clean)
        """,
    },
    "idle-below-the-floor": {
        "with an `init_size`": """
            pool = asyncpg.create_pool("u", min_size=5, init_size=1, max_inactive_connection_lifetime=60)
        """,
    },
}


test_faults = told(FAULTS)
test_near_misses = silent(NEAR_MISSES)
