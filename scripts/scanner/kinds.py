"""What constructors and methods of the libraries return, by the names that `Module.kind` uses."""

from __future__ import annotations

# What a call of these makes, where it is not an object of the class that is called.
MAKES = {
    "sqlalchemy.create_async_engine": "sqlalchemy.AsyncEngine",
    "sqlalchemy.create_engine": "sqlalchemy.Engine",
    "sqlalchemy.async_sessionmaker": "sqlalchemy.async_sessionmaker",
    "sqlalchemy.async_scoped_session": "sqlalchemy.async_scoped_session",
    "sqlalchemy.sessionmaker": "sqlalchemy.sessionmaker",
    "asyncpg.create_pool": "asyncpg.Pool",
    "asyncpg.connect": "asyncpg.Connection",
    "asyncio.create_task": "asyncio.Task",
    "asyncio.ensure_future": "asyncio.Task",
    "asyncio.gather": "asyncio.gather",
    "anyio.create_task_group": "anyio.TaskGroup",
    "contextvars.ContextVar": "contextvars.ContextVar",
}

# What a call of an object, or of its method, makes.
METHODS = {
    ("sqlalchemy.async_sessionmaker", ""): "sqlalchemy.AsyncSession",
    ("sqlalchemy.async_sessionmaker", "begin"): "sqlalchemy.AsyncSession",
    ("sqlalchemy.async_scoped_session", ""): "sqlalchemy.AsyncSession",
    ("sqlalchemy.sessionmaker", ""): "sqlalchemy.Session",
    ("sqlalchemy.sessionmaker", "begin"): "sqlalchemy.Session",
    ("sqlalchemy.AsyncEngine", "connect"): "sqlalchemy.AsyncConnection",
    ("sqlalchemy.AsyncEngine", "begin"): "sqlalchemy.AsyncConnection",
    ("sqlalchemy.AsyncSession", "connection"): "sqlalchemy.AsyncConnection",
    ("asyncpg.Pool", "acquire"): "asyncpg.Connection",
    ("asyncio.TaskGroup", "create_task"): "asyncio.Task",
    ("anyio.TaskGroup", "create_task"): "anyio.TaskHandle",
    ("redis.Redis", "from_url"): "redis.Redis",
}

SESSIONS = ("sqlalchemy.AsyncSession", "sqlmodel.AsyncSession", "sqlalchemy.async_scoped_session")
DATABASES = (*SESSIONS, "sqlalchemy.AsyncConnection", "sqlalchemy.AsyncEngine")
MAKERS = ("sqlalchemy.async_sessionmaker", "sqlalchemy.sessionmaker", "sqlalchemy.async_scoped_session")
HTTP_CLIENTS = ("aiohttp.ClientSession", "httpx.AsyncClient", "httpx2.AsyncClient")
GROUPS = ("asyncio.TaskGroup", "anyio.create_task_group")
TIMEOUTS = (
    "asyncio.timeout",
    "asyncio.timeout_at",
    "anyio.fail_after",
    "anyio.move_on_after",
    "async_timeout.timeout",
    "asyncio.wait_for",
)

# Annotations that say what comes out of them, and which of their parameters it is.
WRAPPERS = ("Annotated", "Optional", "Final", "ClassVar")
STREAMS = (
    "AsyncIterator",
    "AsyncGenerator",
    "AsyncIterable",
    "Iterator",
    "Generator",
    "Iterable",
    "AbstractAsyncContextManager",
    "AsyncContextManager",
    "Awaitable",
    "Coroutine",
)
