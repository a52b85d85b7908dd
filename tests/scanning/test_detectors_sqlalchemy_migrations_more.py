"""Bulk data, COPY, and what a revision does to a running service."""

from __future__ import annotations

from scans import Codes, silent, told

FAULTS: Codes = {
    "imports-that-deadlock": {
        "the dialect's module": """
            from sqlalchemy.dialects import postgresql
            async def store(session: AsyncSession, rows: list[dict]) -> None:
                statement = postgresql.insert(Order)
                statement = statement.on_conflict_do_update(index_elements=["id"])
                await session.execute(statement, rows)  # here
        """,
    },
    "same-key-twice-in-an-upsert": {
        "SQLite's in one branch alone": """
            def store(session, rows: list[dict], lite: bool) -> None:
                if lite:
                    from sqlalchemy.dialects.sqlite import insert
                else:
                    from sqlalchemy.dialects.postgresql import insert
                statement = insert(Order).values(rows)  # here
                session.execute(statement.on_conflict_do_update(index_elements=["id"]))
        """,
        "made from a list": """
            async def store(session: AsyncSession, keys: list[int]) -> None:
                statement = insert(Order).values([{"id": key} for key in keys])  # here
                await session.execute(statement.on_conflict_do_update(index_elements=["id"]))
        """,
    },
}

NEAR_MISSES: Codes = {
    "imports-that-deadlock": {
        "no session": """
            def store(connection, rows: list) -> None:
                connection.execute(insert(Order).on_conflict_do_update(), rows)
        """,
        "SQLite, which has one writer at a time": """
            from sqlalchemy.dialects import sqlite
            async def store(session: AsyncSession, rows: list[dict]) -> None:
                statement = sqlite.insert(Order)
                statement = statement.on_conflict_do_update(index_elements=["id"])
                await session.execute(statement, rows)
        """,
        "one row": """
            async def store(session: AsyncSession) -> None:
                await session.execute(insert(Order).on_conflict_do_update(), {"id": 1})
        """,
    },
    "copy-that-commits-itself": {
        "the driver's own connection": """
            async def load(connection: asyncpg.Connection, rows) -> None:
                await connection.copy_records_to_table("prices", records=rows)
        """,
    },
    "setting-lost-at-the-block": {
        "used before it": """
            def upgrade() -> None:
                op.execute("SET LOCAL lock_timeout = 1")
                op.add_column("orders", sa.Column("note", sa.Text()))
                with op.get_context().autocommit_block():
                    op.execute("CREATE INDEX CONCURRENTLY ix ON orders (id)")
        """,
    },
    "same-key-twice-in-an-upsert": {
        "SQLite, which updates a row twice": """
            from sqlalchemy.dialects.sqlite import insert as upsert
            async def store(session: AsyncSession, rows: list[dict]) -> None:
                statement = upsert(Order).values(rows)
                await session.execute(statement.on_conflict_do_update(index_elements=["id"]))
        """,
        "the values of a dictionary, which has each key once": """
            async def store(session: AsyncSession, orders: list[Order]) -> None:
                rows = {order.id: {"id": order.id} for order in orders}
                statement = insert(Order).values([row for row in rows.values()])
                await session.execute(statement.on_conflict_do_update(index_elements=["id"]))
        """,
        "no list, no update": """
            async def store(session: AsyncSession, rows: list[dict]) -> None:
                # on_conflict_do_update
                await session.execute(insert(Order).values(id=1))
                await session.execute(insert(Order).values(rows))
        """,
    },
    "lock-that-deadlocks": {
        "another statement": """
            # pg_advisory_lock
            def run(connection) -> None:
                context.configure(connection=connection)
                context.execute("select 1")
        """,
    },
    "type-changed-under-the-service": {
        "another change": """
            # type_
            def upgrade() -> None:
                op.alter_column("orders", "note", server_default="")
        """,
    },
}


test_faults = told(FAULTS)
test_near_misses = silent(NEAR_MISSES)
