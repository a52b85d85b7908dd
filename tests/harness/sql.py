"""What an engine sends and holds."""

from __future__ import annotations

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import QueuePool


def statements(engine: AsyncEngine) -> list[str]:
    """A list that from now on receives every statement that the engine sends."""
    sent: list[str] = []
    event.listen(engine.sync_engine, "before_cursor_execute", lambda _c, _cursor, sql, *_: sent.append(sql))
    return sent


def checked_out(engine: AsyncEngine) -> int:
    """How many of the engine's connections are in somebody's hands."""
    pool = engine.pool
    if not isinstance(pool, QueuePool):
        raise TypeError(f"{type(pool).__name__} does not count its connections")
    return pool.checkedout()
