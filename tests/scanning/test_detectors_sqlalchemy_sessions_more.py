"""Versions, savepoints, counters and repositories."""

from __future__ import annotations

from scans import Codes, silent, told

FAULTS: Codes = {
    "last-item-sold-twice": {
        "a sum, of an object from a result": """
            async def sell(session: AsyncSession) -> None:
                result = await session.execute(select(Order))
                order = result.scalar_one()
                order.customer_id = order.customer_id - 1  # here
        """,
    },
    "attribute-without-a-column": {
        "in a service that keeps its session": """
            class Service:
                def __init__(self, session: AsyncSession) -> None:
                    self._session = session
                async def patch(self, changes: dict) -> None:
                    order = await self._session.get_one(Order, 1)
                    for name, given in changes.items():
                        setattr(order, name, given)  # here
                    await self._session.commit()
        """,
    },
    "null-that-is-not-null": {
        "Optional, and the dialect's type": """
            from typing import Optional
            from sqlalchemy.dialects import postgresql as pg
            class Note(Base):
                __tablename__ = "notes"
                data: Mapped[Optional[dict]] = mapped_column(pg.JSONB)  # here
                more: Mapped[dict | None] = mapped_column(pg.JSONB, default=None)
        """,
    },
    "utc-without-a-zone": {
        "the zone taken off": """
            from datetime import UTC, datetime
            from sqlalchemy import DateTime
            class Note(Base):
                __tablename__ = "notes"
                at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=lambda: datetime.now(UTC).replace(tzinfo=None))  # here
        """,
        "utcnow": """
            from datetime import datetime
            from sqlalchemy import DateTime
            class Note(Base):
                __tablename__ = "notes"
                at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=datetime.utcnow)  # here
        """,
    },
}

NEAR_MISSES: Codes = {
    "null-that-is-not-null": {
        "with a default of its own": """
            from sqlalchemy import JSON
            class Note(Base):
                __tablename__ = "notes"
                data: Mapped[dict | None] = mapped_column(JSON, default=dict)
        """,
    },
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
        "an object that was made here": """
            class Page(Base):
                __tablename__ = "pages"
                version: Mapped[int]
                __mapper_args__ = {"version_id_col": version}
            async def write(session: AsyncSession) -> None:
                page = make_page()
                page.version = 3
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
    "last-item-sold-twice": {
        "a sum of others, a text": """
            async def sell(session: AsyncSession, price: int, tax: int) -> None:
                order: Order = await session.get_one(Order, 1)
                order.total = price + tax
                order.note = order.note + "!"
                order.count *= 2
        """,
    },
    "savepoint-without-a-commit": {
        "tried": """
            async def store(session: AsyncSession) -> None:
                order = await session.get(Order, 1)
                try:
                    async with session.begin_nested():
                        order.customer_id = 2
                except IntegrityError:
                    pass
        """,
    },
    "limit-without-pending-rows": {
        "the default": """
            make = async_sessionmaker(autoflush=True)  # not False
        """,
    },
    "attribute-without-a-column": {
        "nothing is stored": """
            async def patch(session: AsyncSession, order: Order, changes: dict) -> None:
                for name, given in changes.items():
                    setattr(order, name, given)
        """,
    },
}


test_near_misses = silent(NEAR_MISSES)
test_faults = told(FAULTS)
