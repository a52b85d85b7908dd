"""Dependencies: when they end, which of them are the same, what they take from the client."""

from __future__ import annotations

from scans import Codes, silent, told

FAULTS: Codes = {
    "late-commit": {
        "in a plain generator with a default": """
            def get_db():
                with sa.orm.Session() as db:
                    yield db
                    db.commit()  # here
            @app.get("/")
            def read(db=Depends(get_db)): ...
        """,
        "in the happy branch": """
            async def get_db() -> AsyncIterator[AsyncSession]:
                async with Session() as db:
                    try:
                        yield db
                        await db.commit()  # here
                    except Exception:
                        await db.rollback()
                        raise
            Db = Annotated[AsyncSession, Depends(get_db)]
        """,
        "by the end of begin()": """
            async def get_db() -> AsyncIterator[AsyncSession]:
                async with Session.begin() as db:  # here
                    yield db
            Db = Annotated[AsyncSession, Depends(get_db)]
        """,
        "on a path that is no constant": """
            PATH = "/"
            async def get_db() -> AsyncIterator[AsyncSession]:
                async with Session() as db:
                    yield db
                    await db.commit()  # here
            @app.get(PATH)
            async def read(db: Annotated[AsyncSession, Depends(get_db)]): ...
        """,
    },
    "pinned-connection": {
        "a stream": """
            async def get_db() -> AsyncIterator[AsyncSession]:
                async with Session() as db:
                    yield db
            @app.get("/export")
            async def export(db: Annotated[AsyncSession, Depends(get_db)]) -> StreamingResponse: ...  # here
        """,
    },
    "revived-session": {
        "in a generator of its own": """
            async def get_db() -> AsyncIterator[AsyncSession]:
                async with Session() as db:
                    yield db
            @app.get("/")
            async def read(db: Annotated[AsyncSession, Depends(get_db, scope="function")]):  # here
                async def rows():
                    for row in await db.scalars(select(Order)):
                        yield row
                return StreamingResponse(rows())
        """,
        "on a path that is no constant": """
            PATH = "/"
            async def get_db() -> AsyncIterator[AsyncSession]:
                async with Session() as db:
                    yield db
            @app.get(PATH)
            async def read(db: Annotated[AsyncSession, Depends(get_db, scope="function")]):  # here
                yield await db.scalar(text("select 1"))
        """,
    },
    "constructor-as-query": {
        "derived from one's own base": """
            class Common(BaseSettings): ...
            class Limits(Common):
                most: int = 5
            @app.get("/")
            async def read(limits: Limits = Depends()): ...  # here
        """,
    },
}

NEAR_MISSES: Codes = {
    "late-commit": {
        "a function that yields nothing": """
            async def get_db() -> AsyncSession:
                db = Session()
                await db.commit()
                return db
            Db = Annotated[AsyncSession, Depends(get_db)]
        """,
        "function scope": """
            async def get_db() -> AsyncIterator[AsyncSession]:
                async with Session() as db:
                    yield db
                    await db.commit()
            Db = Annotated[AsyncSession, Depends(get_db, scope="function")]
        """,
        "used by nobody": """
            @asynccontextmanager
            async def session() -> AsyncIterator[AsyncSession]:
                async with Session() as db:
                    yield db
                    await db.commit()
        """,
        "committed before the yield": """
            async def get_db() -> AsyncIterator[AsyncSession]:
                async with Session() as db:
                    await db.commit()
                    yield db
            Db = Annotated[AsyncSession, Depends(get_db)]
        """,
        "another commit": """
            async def get_log(log: object) -> AsyncIterator[object]:
                yield log
                await log.commit()
            Log = Annotated[object, Depends(get_log)]
        """,
        "another begin() around the yield": """
            async def get_db(clock) -> AsyncIterator[AsyncSession]:
                async with Session() as db, clock.begin():
                    yield db
            Db = Annotated[AsyncSession, Depends(get_db)]
        """,
        "a generator that hands on": """
            def get_db():
                yield from connections()
            Db = Depends(get_db)
        """,
    },
    "two-sessions": {
        "two functions": """
            async def reads() -> AsyncIterator[AsyncSession]:
                yield Session()
            async def writes() -> AsyncIterator[AsyncSession]:
                yield Session()
            @app.get("/")
            async def read(a: Annotated[AsyncSession, Depends(reads)], b: Annotated[AsyncSession, Depends(writes, scope="function")]): ...
        """,
        "one alias twice, and what is no dependency": """
            async def get_db() -> AsyncIterator[AsyncSession]:
                async with Session() as db:
                    yield db
            Db = Annotated[AsyncSession, Depends(get_db)]
            async def user(db: Db) -> str: ...
            async def tenant(db: Db) -> str: ...
            @app.get("/", dependencies=[print])
            async def read(a: str = Depends(user), b: str = Depends(tenant)): ...
        """,
    },
    "revived-session": {
        "a session that the stream does not use": """
            async def get_db() -> AsyncIterator[AsyncSession]:
                yield Session()
            @app.get("/")
            async def read(db: Annotated[AsyncSession, Depends(get_db, scope="function")]):
                rows = await db.scalars(select(Order))
                return StreamingResponse(iter(rows))
        """,
    },
    "constructor-as-query": {
        "a class for parameters": """
            class Page:
                def __init__(self, size: int = 10) -> None: ...
            @app.get("/")
            async def read(page: Annotated[Page, Depends()]): ...
        """,
        "the default of a lambda": """
            given = lambda settings=Depends(print): settings
        """,
    },
}


test_faults = told(FAULTS)
test_near_misses = silent(NEAR_MISSES)
