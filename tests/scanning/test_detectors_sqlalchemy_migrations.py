"""Alembic: what an upgrade commits, locks and leaves behind."""

from __future__ import annotations

from scans import Codes, silent, told

FAULTS: Codes = {
    "lock-queue": {
        "the newest revision": """
            revision = "2"
            down_revision = "1"
            def upgrade() -> None:
                op.add_column("orders", sa.Column("note", sa.Text()))  # here
        """,
    },
    "validation-under-lock": {
        "by an argument": """
            def upgrade() -> None:
                op.create_foreign_key("fk", "orders", "users", ["user_id"], ["id"], postgresql_not_valid=True)
                op.execute("ALTER TABLE orders VALIDATE CONSTRAINT fk")  # here
        """,
    },
    "too-many-parameters": {
        "a comprehension": """
            async def store(session: AsyncSession, keys: list[int]) -> None:
                await session.execute(insert(Order).values([{"id": key} for key in keys]))  # here
        """,
        "a variable": """
            async def store(session: AsyncSession, keys: list[int]) -> None:
                rows = [{"id": key} for key in keys]
                await session.execute(insert(Order).values(rows))  # here
        """,
        "a sequence, and the dialect under another name": """
            from collections.abc import Sequence
            from sqlalchemy.dialects.postgresql import insert as pg_insert
            async def store(session: AsyncSession, rows: Sequence[dict]) -> None:
                await session.execute(pg_insert(Order).values(rows))  # here
        """,
    },
}

NEAR_MISSES: Codes = {
    "uncommitted-upgrade": {
        "a transaction of its own": """
            def run(connection) -> None:
                with connection.begin():
                    connection.execute(text("SET lock_timeout = 1"))
                context.configure(connection=connection)
                context.run_migrations()
        """,
        "no migration": """
            def run(connection) -> None:
                connection.execute(text("select 1"))
                context.configure(connection=connection)  # run_migrations
        """,
    },
    "lock-queue": {
        "a table that is new": """
            def upgrade() -> None:
                op.create_table("notes")
                op.add_column("notes", sa.Column("note", sa.Text()))
        """,
        "no operation of Alembic": """
            def upgrade() -> None:
                table.add_column("orders")
        """,
    },
    "invalid-index": {
        "nothing is skipped": """
            def upgrade() -> None:
                op.create_index("ix", "orders", ["id"], postgresql_concurrently=True)
        """,
        "dropped before": """
            def upgrade() -> None:
                op.drop_index("a", if_exists=True)
                op.create_index("a", "orders", ["b"], postgresql_concurrently=True, if_not_exists=True)
        """,
    },
    "validation-under-lock": {
        "not a migration's": """
            def downgrade() -> None:
                op.execute("ALTER TABLE orders VALIDATE CONSTRAINT fk")
        """,
    },
    "coroutine-upgrade": {
        "no revision": """
            class Client:
                async def upgrade(self) -> None: ...
        """,
    },
    "too-many-parameters": {
        "an unknown value": """
            async def store(session: AsyncSession, row) -> None:
                await session.execute(insert(Order).values(row))
        """,
        "a row": """
            async def store(session: AsyncSession) -> None:
                await session.execute(insert(Order).values({"id": 1}))
        """,
        "MySQL, whose drivers have no such limit": """
            from sqlalchemy.dialects import mysql
            async def store(session: AsyncSession, rows: list[dict]) -> None:
                await session.execute(mysql.insert(Order).values(rows))
        """,
        "an upsert, which is another trap": """
            async def store(session: AsyncSession, rows: list[dict]) -> None:
                await session.execute(insert(Order).values(rows).on_conflict_do_nothing())
        """,
    },
}


test_faults = told(FAULTS)
test_near_misses = silent(NEAR_MISSES)
