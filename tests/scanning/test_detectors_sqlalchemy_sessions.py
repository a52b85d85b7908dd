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
        "one that a service keeps": """
            class Service:
                def __init__(self, session: AsyncSession) -> None:
                    self._session = session
                async def both(self) -> None:
                    await asyncio.gather(self._session.scalar(select(Order)), self._session.scalar(select(Customer)))  # here
        """,
        "methods that use the one of their service": """
            class Service:
                def __init__(self, session: AsyncSession) -> None:
                    self._session = session
                async def all(self, keys: list[int]) -> None:
                    async with asyncio.TaskGroup() as group:
                        for key in keys:
                            group.create_task(self.one(key))  # here
                async def one(self, key: int) -> None:
                    await self._session.get(Order, key)
        """,
    },
    "setting-after-the-write": {
        "by a function of SQLAlchemy": """
            async def rename(session: AsyncSession) -> None:
                order = await session.get(Order, 1)
                order.customer_id = 2
                await session.execute(select(func.set_config("app.actor", "me", True)))  # here
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
        "another error": """
            async def store(session: AsyncSession) -> None:
                with suppress(KeyError):
                    await session.execute(insert(Order))
                await session.commit()
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
        "methods that open their own": """
            class Service:
                def __init__(self, session: AsyncSession, sessions: async_sessionmaker) -> None:
                    self._session, self._sessions = session, sessions
                async def all(self, keys: list[int]) -> None:
                    await asyncio.gather(*(self.one(key) for key in keys))
                async def one(self, key: int) -> None:
                    async with self._sessions() as session:
                        await session.get(Order, key)
        """,
        "a registry with a session for each task": """
            from sqlalchemy.ext.asyncio import async_scoped_session
            session = async_scoped_session(Session, scopefunc=asyncio.current_task)
            async def both() -> None:
                await asyncio.gather(session.scalar(select(Order)), session.scalar(select(Customer)))
        """,
        "functions of elsewhere, and one that uses none": """
            async def idle(key: int) -> None: ...
            async def run(session: AsyncSession, keys: list[int], other) -> None:
                for key in keys:
                    asyncio.create_task(idle(key))
                    asyncio.create_task(other(key))
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
    "lock-on-a-loaded-row": {
        "no lock, and columns": """
            async def read(session: AsyncSession) -> None:
                await session.get(Order, 1, with_for_update=False)
                await session.execute(select(Order.id).with_for_update())
        """,
    },
    "error-class-that-never-comes": {
        "no session": """
            async def read(file) -> None:
                try:
                    await file.read()
                except OperationalError:
                    pass
        """,
    },
}


test_faults = told(FAULTS)
test_near_misses = silent(NEAR_MISSES)
