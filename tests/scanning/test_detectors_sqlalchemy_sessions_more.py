"""Versions, savepoints, counters and repositories."""

from __future__ import annotations

from scans import Codes, silent

NEAR_MISSES: Codes = {
    "version-from-the-client": {
        "another column": """
            class Article(Base):
                __tablename__ = "articles"
                version: Mapped[int] = mapped_column()
                __mapper_args__ = {"version_id_col": version}
            async def edit(session: AsyncSession, key: int) -> None:
                article = await session.get_one(Article, key)
                article.title = "x"
        """,
    },
    "timeout-inside-a-transaction": {
        "around all of it": """
            async def place() -> None:
                async with asyncio.timeout(1), Session.begin() as session:
                    async with session.begin_nested():
                        await session.execute(text("select 1"))
        """,
    },
    "utc-without-a-zone": {
        "a zone is replaced": """
            from datetime import UTC, datetime
            made = mapped_column(sa.DateTime(timezone=True), default=lambda: datetime.now().replace(tzinfo=UTC))
        """,
        "a column without one": """
            from datetime import datetime
            made = mapped_column(sa.DateTime(), default=datetime.utcnow)  # timezone
        """,
    },
}


test_near_misses = silent(NEAR_MISSES)
