"""Connections of a database pool: what stays on them, and how long one waits."""

from __future__ import annotations

import ast
import re

from ..finding import Found, error, warning
from ..kinds import SESSIONS, TIMEOUTS
from ..module import Module
from ..orm import sent, sql
from ..syntax import calls, caught, entries, has, keyword, last, receiver, value

LASTING = re.compile(r"set_config\s*\([^()]*,\s*false\s*\)", re.IGNORECASE)
SETS = re.compile(
    r"^\s*SET\s+(?!LOCAL\b|TRANSACTION\b|CONSTRAINTS\b)(SESSION\s+)?(ROLE\b|search_path\b|\w+\.\w+)", re.IGNORECASE
)
LOCKS = re.compile(r"pg_(try_)?advisory_lock(_shared)?\s*\(", re.IGNORECASE)
ANY_SET = re.compile(r"^\s*SET\s+", re.IGNORECASE | re.MULTILINE)
POOLED = ("fetch", "fetchrow", "fetchval", "execute", "executemany", "acquire")
BROAD = {"Exception", "BaseException", "SQLAlchemyError"}


@error("set_config", "SET execute", "set execute")
def leaked_tenant(module: Module) -> Found:
    """Flags a session setting (`set_config(.., false)`, `SET ROLE`, `SET app.x`) sent by a pooled session.

    It outlives the commit and holds for the next user of the connection. Use `set_config(.., true)` or `SET LOCAL`.
    """
    for function in module.functions:
        for call in sent(module, function, "execute", "scalar"):
            if module.is_kind(getattr(call.func, "value", None), *SESSIONS):
                if LASTING.search(text := sql(module, call)) or SETS.search(text):
                    yield call, "outlives the commit: the next user of this connection has it too"


@warning("pg_advisory_lock", "pg_try_advisory_lock", "pg_advisory_lock_shared")
def surviving_lock(module: Module) -> Found:
    """Flags a session-level advisory lock taken by a pooled session: it outlives rollback and check-in."""
    for function in module.functions:
        for call in sent(module, function, "execute", "scalar"):
            if module.is_kind(getattr(call.func, "value", None), *SESSIONS) and LOCKS.search(sql(module, call)):
                yield (
                    call,
                    "outlives rollback and check-in: take pg_advisory_xact_lock, which ends with the transaction",
                )


@error("asyncpg except")
def uncaught_outage(module: Module) -> Found:
    """Flags an `except` for asyncpg's errors around SQLAlchemy, which raises its own, and none for SQLAlchemy's."""
    for block in module.nodes(ast.Try):
        classes = [k for h in block.handlers for k in caught(h)]
        drivers = [k for k in classes if module.origin(k).startswith("asyncpg.")]
        own = any(module.origin(k).startswith("sqlalchemy.") or last(k) in BROAD for k in classes)
        bare = any(h.type is None for h in block.handlers)
        if drivers and not own and not bare and any(True for _ in sent(module, block.body)):
            yield drivers[0], "SQLAlchemy raises its own errors: neither an outage nor a full pool is caught here"


@warning("create_pool timeout")
def ignored_deadline(module: Module) -> Found:
    """Flags a timeout around an asyncpg pool's query where the pool is made without `command_timeout`.

    When packets vanish it expires, but giving the connection back waits for the server.
    """
    made = [c for c in module.calls("create_pool") if module.means(c, "asyncpg.create_pool")]
    if not made or any(has(c, "command_timeout") for c in made):
        return
    for call in module.calls(*POOLED):
        pool = receiver(call)
        if module.is_kind(pool, "asyncpg.Pool") and module.under(call, *TIMEOUTS[:-1]):
            yield call, "the timeout expires, but the release waits for the server: give the pool a command_timeout"


@warning("acquire")
def endless_acquire(module: Module) -> Found:
    """Flags `pool.acquire()` of asyncpg without a timeout: the wait for a free connection has no limit."""
    for call in module.calls("acquire"):
        pool = receiver(call)
        if module.is_kind(pool, "asyncpg.Pool") and not has(call, "timeout") and not call.args:
            if not module.under(call, *TIMEOUTS):
                yield call, "waits for a free connection without a limit: acquire(timeout=...)"


@error("create_pool init")
def lost_settings(module: Module) -> Found:
    """Flags a `SET` in the `init=` of an asyncpg pool: RESET ALL undoes it at the first release."""
    for call in module.calls("create_pool"):
        found = module.target_function(keyword(call, "init"))
        for sets in calls(found[1], "execute") if found else ():
            if sets.args and ANY_SET.match(str(value(sets.args[0]) or "")):
                yield (
                    sets if found and found[0] is module else call,
                    "undone by RESET ALL when the connection is first released: use server_settings",
                )


@warning("statement_timeout server_settings")
def idle_transaction(module: Module) -> Found:
    """Flags server settings that limit statements and not idle transactions, whose locks stop other writers."""
    for node in (*module.nodes(ast.Dict), *module.calls("dict")):
        later = "idle_in_transaction_session_timeout" in ast.dump(module.scope(node))
        if "statement_timeout" in entries(node) and not later:
            yield node, "no limit for a transaction that does nothing: idle_in_transaction_session_timeout"


@warning("pg_advisory_lock", "pg_try_advisory_lock", "pg_advisory_lock_shared")
def lock_for_everybody(module: Module) -> Found:
    """Flags a session-level advisory lock on an asyncpg connection outside a transaction.

    Behind PgBouncer in transaction mode the session is lent to others, who then have the lock too.
    """
    for call in module.calls("fetchval", "execute", "fetchrow", "fetch"):
        lent = module.is_kind(receiver(call), "asyncpg.Connection", "asyncpg.Pool")
        held = any(last(item.context_expr) == "transaction" for _, item in module.entered(call))
        if lent and not held and LOCKS.search(sql(module, call)):
            yield call, "behind PgBouncer others get this session, and the lock with it: pg_advisory_xact_lock"
