"""Pool sizes, retries and how long connections are held."""

from __future__ import annotations

from scans import Codes, silent, told

FAULTS: Codes = {
    "second-checkout": {
        "in one statement": """
            async def copy() -> None:
                async with Session() as one, Session() as two:  # here
                    await two.execute(text("select 1"))
        """,
    },
    "wait-that-is-none": {
        "in a counter of one's own": """
            @event.listens_for(object, "checkout")
            def begin(*_): ...
            @event.listens_for(object, "checkin")
            def end(*_):
                pool_wait.record(1)  # here
        """,
    },
}

NEAR_MISSES: Codes = {
    "lost-writes": {
        "nothing came before": """
            async def place(session: AsyncSession, charge) -> None:
                for attempt in range(3):
                    try:
                        await charge(session)
                        break
                    except DBAPIError:
                        await session.rollback()
                await session.commit()
        """,
        "the error leaves": """
            async def place(session: AsyncSession, charges) -> None:
                await session.execute(text("insert into orders values (1)"))
                for charge in charges:
                    try:
                        await charge(session)
                    except DBAPIError:
                        await session.rollback()
                        raise
                await session.commit()
        """,
    },
    "second-checkout": {
        "one after the other": """
            async def copy() -> None:
                async with Session() as one:
                    await one.execute(text("select 1"))
                async with Session() as two:
                    await two.execute(text("select 1"))
        """,
        "another maker": """
            Audit = async_sessionmaker()
            async def copy() -> None:
                async with Session() as one, Audit() as two: ...
        """,
    },
    "forgotten-overflow": {
        "a small constant": """
            engine = create_async_engine("x", pool_size=5)
        """,
    },
    "cores-as-pool-size": {
        "other sums": """
            cores = 4
            pool_size = 3 * cores + 1
            threads = 2 * cores + 1
        """,
    },
    "wait-that-is-none": {
        "how long it was held": """
            @event.listens_for(engine, "checkout")
            def out(connection, record, proxy): ...
            @event.listens_for(engine, "checkin")
            def back(connection, record):
                HELD.observe(1)
        """,
    },
    "doubled-write": {
        "a retry that stores nothing": """
            async def call(fetch) -> None:
                for _ in range(3):
                    try:
                        await fetch(uuid4())
                        break
                    except OSError:
                        continue
        """,
    },
}


test_faults = told(FAULTS)
test_near_misses = silent(NEAR_MISSES)
