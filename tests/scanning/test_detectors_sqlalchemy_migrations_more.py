"""Bulk data, COPY, and what a revision does to a running service."""

from __future__ import annotations

from scans import Codes, silent

NEAR_MISSES: Codes = {
    "imports-that-deadlock": {
        "no session": """
            def store(connection, rows: list) -> None:
                connection.execute(insert(Order).on_conflict_do_update(), rows)
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


test_near_misses = silent(NEAR_MISSES)
