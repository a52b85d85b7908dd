"""Connections of a database pool: what stays on them, and how long one waits."""

from __future__ import annotations

from scans import Codes, silent, told

FAULTS: Codes = {
    "leaked-tenant": {
        "a role": """
            async def act(session: AsyncSession) -> None:
                await session.execute(text("SET ROLE reader"))  # here
        """,
        "text in a constant": """
            PATH = text("SET search_path TO acme")
            async def act(session: AsyncSession) -> None:
                await session.execute(PATH)  # here
        """,
        "by a function of SQLAlchemy": """
            async def act(session: AsyncSession) -> None:
                await session.execute(select(func.set_config("app.tenant", "acme", False)))  # here
        """,
    },
    "endless-acquire": {
        "a pool in the application's state": """
            @asynccontextmanager
            async def lifespan(app: FastAPI):
                async with asyncpg.create_pool() as app.state.pool:
                    yield
            async def read(request: Request) -> int:
                async with request.app.state.pool.acquire() as connection:  # here
                    return await connection.fetchval("select 1")
        """,
    },
    "surviving-lock": {
        "in a statement that was made before": """
            async def lead(session: AsyncSession) -> bool:
                statement = select(func.pg_try_advisory_lock(42))
                return bool(await session.scalar(statement))  # here
        """,
    },
}

NEAR_MISSES: Codes = {
    "leaked-tenant": {
        "local": """
            async def act(session: AsyncSession) -> None:
                await session.execute(text("SET LOCAL ROLE reader"))
        """,
        "a transaction's mode": """
            async def act(session: AsyncSession) -> None:
                await session.execute(text("SET TRANSACTION READ ONLY"))
        """,
        "by a function of SQLAlchemy, for the transaction": """
            async def act(session: AsyncSession) -> None:
                await session.execute(select(func.set_config("app.tenant", "acme", True)))
        """,
        "nothing is sent": """
            async def act(session: AsyncSession) -> None:
                await session.execute()  # SET
        """,
    },
    "uncaught-outage": {
        "asyncpg itself": """
            async def read(pool: asyncpg.Pool) -> int:
                try:
                    return await pool.fetchval("select 1")
                except asyncpg.PostgresError:
                    return 0
        """,
    },
    "lost-settings": {
        "a codec": """
            async def prepare(connection) -> None:
                await connection.set_type_codec("json", encoder=json.dumps, decoder=json.loads)
            async def make():
                return await asyncpg.create_pool(init=prepare)
        """,
        "an init that sets nothing": """
            async def init(connection) -> None:
                await connection.execute("SELECT 1")
            pool = asyncpg.create_pool("u", init=init)
        """,
    },
}


test_faults = told(FAULTS)
test_near_misses = silent(NEAR_MISSES)
