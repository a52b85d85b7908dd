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
}


test_near_misses = silent(NEAR_MISSES)
