"""Associations, cascades, hierarchies and tenant filters."""

from __future__ import annotations

from scans import Codes, silent, told

FAULTS: Codes = {
    "loaded-to-be-deleted": {
        "without quotes": """
            from __future__ import annotations
            class Shop(Base):
                __tablename__ = "shops"
                id: Mapped[int] = mapped_column(primary_key=True)
                goods: Mapped[list[Good]] = relationship(cascade="all, delete-orphan")  # here
            class Good(Base):
                __tablename__ = "goods"
                shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id", ondelete="CASCADE"))
        """,
    },
}

NEAR_MISSES: Codes = {
    "doubled-association": {
        "unique together": """
            pairs = sa.Table("pairs", Base.metadata, sa.Column("a", ForeignKey("a.id")), sa.Column("b", ForeignKey("b.id")), sa.UniqueConstraint("a", "b"))
        """,
        "no association": """
            lines = sa.Table("lines", Base.metadata, sa.Column("a", ForeignKey("a.id")), sa.Column("count"))
        """,
    },
    "writes-past-the-tenant-filter": {
        "no filter": """
            @event.listens_for(Session, "do_orm_execute")
            def count(state) -> None:
                if state.is_select:
                    print("with_loader_criteria")
        """,
    },
    "shown-but-not-stored": {
        "by key": """
            async def place(session: AsyncSession) -> None:
                Order(customer_id=1)
                await session.commit()
        """,
        "no model": """
            def build() -> None:
                Thing(name="a")
            class Thing: ...
            # commit
        """,
    },
    "columns-of-a-subclass": {
        "loaded by the query": """
            from sqlalchemy.orm import selectin_polymorphic
            class Gift(Order):
                note: Mapped[str]
            async def read(session: AsyncSession) -> None:
                for row in await session.scalars(select(Order).options(selectin_polymorphic(Order, [Gift]))):
                    if isinstance(row, Gift):
                        print(row.note)
        """,
        "no model": """
            async def read(session: AsyncSession) -> None:
                for row in await session.scalars(select(Order)):
                    if isinstance(row, dict):
                        print(row.x)
        """,
        "only asked": """
            class Gift(Order):
                ribbon: Mapped[str]
            async def read(session: AsyncSession) -> None:
                for order in await session.scalars(select(Order)):
                    if isinstance(order, Gift):
                        print(order.id)
        """,
    },
    "loaded-to-be-deleted": {
        "the database does not cascade": """
            class Folder(Base):
                __tablename__ = "folders"
                files: Mapped[list["File"]] = relationship(cascade="all, delete-orphan")
            class File(Base):
                __tablename__ = "files"
                folder_id: Mapped[int] = mapped_column(ForeignKey("folders.id"))
        """,
    },
    "options-ignored-by-get": {
        "always loaded": """
            async def read(session: AsyncSession) -> None:
                await session.get(Order, 1, options=[selectinload(Order.customer)], populate_existing=True)
        """,
    },
    "collections-multiplied": {
        "to one": """
            from sqlalchemy.orm import joinedload
            query = select(Order).options(joinedload(Order.customer))
        """,
    },
}


test_near_misses = silent(NEAR_MISSES)
test_faults = told(FAULTS)
