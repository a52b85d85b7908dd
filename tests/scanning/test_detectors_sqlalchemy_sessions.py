"""Sessions and transactions: order, errors, locks, tasks."""

from __future__ import annotations

from scans import Codes, silent, told

FAULTS: Codes = {
    "swallowed-database-error": {
        "a clause that continues": """
            async def store(session: AsyncSession, names: list[str]) -> None:
                for name in names:
                    try:
                        await session.execute(insert(Order).values(name=name))
                    except IntegrityError:  # here
                        continue
                await session.commit()
        """,
        "in a begin()": """
            async def store(names: list[str]) -> None:
                async with Session.begin() as session:
                    try:
                        await session.execute(insert(Order))
                    except SQLAlchemyError:  # here
                        pass
        """,
    },
    "lock-on-a-loaded-row": {
        "a statement for objects": """
            async def take(session: AsyncSession, key: int) -> None:
                await session.scalars(select(Order).where(Order.id == key).with_for_update())  # here
        """,
    },
    "session-shared-by-tasks": {
        "two arguments of gather": """
            async def both(session: AsyncSession) -> None:
                await asyncio.gather(session.execute(select(Order)), session.execute(select(Customer)))  # here
        """,
        "given to each task": """
            async def work(session: AsyncSession, key: int) -> None: ...
            async def all(session: AsyncSession, keys: list[int]) -> None:
                async with asyncio.TaskGroup() as group:
                    for key in keys:
                        group.create_task(work(session, key))  # here
        """,
        "a comprehension": """
            async def work(session: AsyncSession, key: int) -> None: ...
            async def all(session: AsyncSession, keys: list[int]) -> None:
                await asyncio.gather(*(work(session, key) for key in keys))  # here
        """,
    },
}

NEAR_MISSES: Codes = {
    "swallowed-database-error": {
        "rolled back": """
            async def store(session: AsyncSession) -> None:
                try:
                    await session.execute(insert(Order))
                except IntegrityError:
                    await session.rollback()
                await session.commit()
        """,
        "the commit itself": """
            async def store(session: AsyncSession) -> None:
                try:
                    await session.execute(insert(Order))
                    await session.commit()
                except IntegrityError:
                    print("exists")
        """,
        "nothing is committed": """
            async def ping(session: AsyncSession) -> bool:
                try:
                    await session.execute(text("select 1"))
                except SQLAlchemyError:
                    print("down")
        """,
    },
    "session-shared-by-tasks": {
        "another gather": """
            async def both(session: AsyncSession, gather) -> None:
                await gather(session.execute(text("a")), session.execute(text("b")))
        """,
        "a session for each round": """
            async def work(session: AsyncSession) -> None: ...
            async def all(keys: list[int]) -> None:
                for key in keys:
                    async with Session() as session:
                        await asyncio.create_task(work(session))
        """,
        "one task": """
            async def work(session: AsyncSession) -> None: ...
            async def one(session: AsyncSession) -> None:
                await asyncio.gather(work(session), asyncio.sleep(1))
        """,
    },
    "expired-all-the-same": {
        "refreshed": """
            class Ticket(Base):
                __tablename__ = "tickets"
                edited: Mapped[int] = mapped_column(onupdate=func.now())
            async def rename(session: AsyncSession, ticket: Ticket) -> int:
                ticket.title = "x"
                await session.commit()
                await session.refresh(ticket)
                return ticket.edited
        """,
        "by Python": """
            class Ticket(Base):
                __tablename__ = "tickets"
                edited: Mapped[int] = mapped_column(onupdate=lambda: 1)
            async def rename(session: AsyncSession, ticket: Ticket) -> int:
                ticket.title = "x"
                await session.commit()
                return ticket.edited
        """,
    },
}


test_faults = told(FAULTS)
test_near_misses = silent(NEAR_MISSES)
