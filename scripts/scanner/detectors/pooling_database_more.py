"""Redis, LISTEN, TLS, and connections that were kept open."""

from __future__ import annotations

import ast
import re

from ..finding import Found, error, warning
from ..module import Module
from ..syntax import Function, calls, entries, has, is_true, keyword, last, number, receiver, value, walk
from .pooling_tuning import ENGINES

REDIS = ("redis.Redis", "redis.StrictRedis")
REPEATED = ("rpush", "lpush", "incr", "incrby", "xadd", "publish", "hincrby", "decr")
BLOCKING = ("blpop", "brpop", "blmove", "xread", "xreadgroup", "bzpopmin", "bzpopmax")
RESETS = re.compile(r"\b(RESET|DISCARD)\s+ALL\b", re.IGNORECASE)
STRANGERS = {"require", "prefer", "allow"}


@warning("Redis")
def push_repeated(module: Module) -> Found:
    """Flags a `Redis()` with its own retries in a module that pushes or counts: redis-py >= 6 repeats a lost answer."""
    for call in module.calls("Redis"):
        if module.means(call, *REDIS) and not has(call, "retry", "connection_pool") and any(module.calls(*REPEATED)):
            yield call, "repeats a command whose answer was lost: pushes and counts twice"


@warning("from_url")
def blocking_pop_cut_off(module: Module) -> Found:
    """Flags a client with the default `socket_timeout` (5 s since redis-py 8.0) in a module that blocks longer."""
    for call in module.calls("from_url"):
        owner = receiver(call)
        if module.means(owner, *REDIS) and not has(call, "socket_timeout") and _blocks(module):
            yield call, "the socket gives up after 5 s (redis-py >= 8.0), the blocking command waits longer"


@warning("add_listener")
def deaf_listener(module: Module) -> Found:
    """Flags a LISTEN without a termination listener: when its connection is lost, nothing is raised."""
    for call in module.calls("add_listener"):
        connection = receiver(call)
        if module.is_kind(connection, "asyncpg.Connection") and not any(module.calls("add_termination_listener")):
            yield call, "when the connection is lost, nothing is raised and nothing comes: add_termination_listener"


@warning("ssl")
def certificate_of_a_stranger(module: Module) -> Found:
    """Flags `ssl="require"` and its like for a database: encrypted, to whoever answers."""
    for call in module.calls("create_async_engine", "create_pool", "connect"):
        database = module.means(call, "sqlalchemy.create_async_engine", "asyncpg.create_pool", "asyncpg.connect")
        for given in module.values(keyword(call, "connect_args")) if database else ():
            if value(entries(given).get("ssl")) in STRANGERS:
                yield given, "any certificate will do: give an SSLContext with the server's authority"
        if database and value(keyword(call, "ssl")) in STRANGERS:
            yield call, "any certificate will do: give an SSLContext with the server's authority"


@warning("create_pool min_size")
def idle_below_the_floor(module: Module) -> Found:
    """Flags a pool of asyncpg that limits idle time and keeps a floor: asyncpg >= 0.32 never closes `min_size`."""
    for call in module.calls("create_pool"):
        floor = number(keyword(call, "min_size"))
        if module.means(call, "asyncpg.create_pool") and floor and has(call, "max_inactive_connection_lifetime"):
            if not has(call, "init_size"):
                yield call, "min_size connections are never closed for being idle (asyncpg >= 0.32)"


@warning("pool_pre_ping")
def ping_without_a_limit(module: Module) -> Found:
    """Flags `pool_pre_ping` on asyncpg without a `command_timeout`: on a dead path the ping itself waits."""
    for call in module.calls("create_async_engine"):
        plain = module.means(call, *ENGINES) and is_true(keyword(call, "pool_pre_ping"))
        if plain and not has(call, "connect_args", "poolclass"):
            yield call, "on a path that swallows packets the ping waits without a limit: command_timeout"


@warning("command_timeout connect_args")
def connecting_unbounded(module: Module) -> Found:
    """Flags `connect_args` with a `command_timeout` and no `timeout`: connecting may take a minute."""
    for call in module.calls("create_async_engine"):
        for given in module.values(keyword(call, "connect_args")):
            settings = entries(given)
            if "command_timeout" in settings and not {"timeout", "**"} & settings.keys() and has(call, "pool_timeout"):
                yield given, "connecting has asyncpg's own limit, 60 s: timeout"


@warning("asyncio run create_async_engine")
def foreign_loop(module: Module) -> Found:
    """Flags `asyncio.run()` of a coroutine that uses an engine made outside it: the second run meets a closed loop."""
    for call in module.calls("run"):
        function = module.function(call)
        if (
            not module.means(call, "asyncio.run")
            or function is None
            or getattr(function, "name", "") in {"main", "cli"}
        ):
            continue
        work = call.args[0] if call.args and isinstance(call.args[0], ast.Call) else None
        found = module.target_function(work.func) if work else None
        for node in walk(found[1]) if found and found[0] is module else ():
            if isinstance(node, ast.Name) and not _own(module, node, found[1] if found else function):
                if any(_pooled(module, v) for v in module.values(node)):
                    yield call, f"each run is a new loop, and the connections of {node.id!r} belong to the first"
                    break


@warning("prepared_statement_cache_size", "prepared_statement_name_func")
def statement_of_another_worker(module: Module) -> Found:
    """Flags `prepared_statement_cache_size=0` without asyncpg's `statement_cache_size=0`: statements still have names.

    Behind PgBouncer in transaction mode the names of two workers meet.
    """
    for call in module.calls("create_async_engine"):
        said = ast.dump(call) + "".join(ast.dump(v) for v in module.values(keyword(call, "connect_args")))
        bare = said.replace("prepared_statement_cache_size", "")
        if "prepared_statement_" in said and "statement_cache_size" not in bare:
            yield call, "statements still have names, which other workers use too: statement_cache_size=0"


@warning("statement_cache_size server_settings")
def dropped_limits(module: Module) -> Found:
    """Flags `server_settings` beside `statement_cache_size=0`, the mark of PgBouncer, which refuses or drops them."""
    for node in (*module.nodes(ast.Dict), *module.calls("dict")):
        settings = entries(node)
        if "server_settings" in settings and value(settings.get("statement_cache_size")) == 0:
            yield node, "PgBouncer refuses or drops these settings: SET LOCAL in each transaction"


@error("create_pool reset")
def reset_that_replaces(module: Module) -> Found:
    """Flags a `reset=` of an asyncpg pool that does not send what asyncpg would have sent: it replaces that.

    `connection.reset()`, its `get_reset_query()`, and an own RESET ALL or DISCARD ALL are let be.
    """
    for call in module.calls("create_pool"):
        found = module.target_function(keyword(call, "reset"))
        if not found or not module.means(call, "asyncpg.create_pool") or _resets(*found):
            continue
        yield call, f"{found[1].name}() is sent instead of RESET ALL: the next user finds the last one's settings"


def _resets(module: Module, function: Function) -> bool:
    """Whether a function puts a connection back as asyncpg would."""
    sent = any(RESETS.search(module.text_of(argument)) for c in calls(function) for argument in c.args[:1])
    return sent or any(True for _ in calls(function, "reset", "get_reset_query"))


def _blocks(module: Module) -> bool:
    """Whether the module sends a blocking command that waits for 5 s or more, or for ever."""
    for call in module.calls(*BLOCKING):
        given = keyword(call, "timeout") or keyword(call, "block")
        seconds = number(given)
        if seconds is None or seconds == 0 or seconds >= 5:
            return True
    return False


def _own(module: Module, name: ast.Name, function: ast.AST) -> bool:
    return name.id in module.bound(function)


def _pooled(module: Module, node: ast.AST) -> bool:
    made = module.means(node, "sqlalchemy.create_async_engine") and isinstance(node, ast.Call)
    return made and last(keyword(node, "poolclass")) != "NullPool"
