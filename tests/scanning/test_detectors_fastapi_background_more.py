"""What outlives the request: tasks, routers' lifespans, settings, files."""

from __future__ import annotations

from scans import Codes, silent, told

FAULTS: Codes = {
    "session-handed-to-a-task": {
        "by keyword": """
            async def get_db() -> AsyncIterator[AsyncSession]:
                async with Session() as db:
                    yield db
            @app.post("/")
            async def create(tasks: BackgroundTasks, db: AsyncSession = Depends(get_db, scope="function")):
                tasks.add_task(print, session=db)  # here
        """,
    },
    "fast-path-turned-off": {
        "on a router": """
            router = APIRouter(default_response_class=JSONResponse)  # here
        """,
    },
}

NEAR_MISSES: Codes = {
    "tasks-of-a-websocket": {
        "a route": """
            @app.post("/")
            async def create(tasks: BackgroundTasks): ...
        """,
    },
    "session-handed-to-a-task": {
        "request scope": """
            async def get_db() -> AsyncIterator[AsyncSession]:
                yield Session()
            @app.post("/")
            async def create(tasks: BackgroundTasks, db: Annotated[AsyncSession, Depends(get_db)]):
                tasks.add_task(print, db)
        """,
    },
    "lifespan-of-a-router": {
        "included once": """
            router = APIRouter(lifespan=None)
            app.include_router(router)
        """,
    },
    "file-kept-by-a-bad-range": {
        "another task": """
            def read(path: str) -> FileResponse:
                return FileResponse(path, background=BackgroundTask(print, path))
        """,
    },
    "added-before-the-error": {
        "only in one branch": """
            async def login(password: str, tasks: BackgroundTasks):
                if password:
                    tasks.add_task(print)
                else:
                    raise HTTPException(401)
        """,
        "tasks of one's own": """
            async def login(tasks: list):
                tasks.add_task(print)
                raise HTTPException(401)
        """,
    },
    "failed-start-with-status-0": {
        "one worker, and another run()": """
            import uvicorn
            uvicorn.run("app:app", workers=1)
            asyncio.run(app, workers=4)
        """,
    },
}


test_faults = told(FAULTS)
test_near_misses = silent(NEAR_MISSES)
