"""Pool sizes, retries and how long connections are held."""

from __future__ import annotations

import ast
import re

from ..finding import Found, error, warning
from ..kinds import HTTP_CLIENTS
from ..module import Module
from ..orm import on_session, opens_session, sent
from ..syntax import (
    LOOPS,
    at,
    calls,
    decorated,
    dotted,
    has,
    keyword,
    leaves,
    number,
    parameters,
    receiver,
    value,
    walk,
    within,
)

CORES = re.compile(r"cores|cpus?(_|$)|cpu_count", re.IGNORECASE)
POOL = re.compile(r"pool", re.IGNORECASE)
ENGINES = ("sqlalchemy.create_async_engine", "sqlalchemy.create_engine")


@error("rollback")
def lost_writes(module: Module) -> Found:
    """Flags a retry loop inside a transaction that rolls back and goes on: the writes before the loop are gone too."""
    for call in module.calls("rollback"):
        handler = next(module.around(call, ast.ExceptHandler), None)
        session = receiver(call)
        loop = next(module.around(handler, *LOOPS), None) if handler else None
        function = module.coroutine(call)
        if not loop or not handler or not function or leaves(handler.body) or not on_session(module, session):
            continue
        name = dotted(session)
        earlier = [c for c in sent(module, function, "execute", "add", "flush", "add_all") if at(c) < at(loop)]
        committed = [c for c in calls(function, "commit") if at(c) < at(loop) or loop in module.above(c)]
        if any(dotted(c.func).startswith(f"{name}.") for c in earlier) and not committed:
            yield call, f"takes what {name!r} did before the loop along: the retry commits without it"


@warning("uuid4", "uuid7")
def doubled_write(module: Module) -> Found:
    """Flags a new key for each attempt of a retry: a commit whose answer was lost is then written twice."""
    for call in module.calls("uuid4", "uuid7"):
        loop = next(module.around(call, ast.For, ast.While), None)
        if loop is None or not any(_retries(t) for t in walk(loop) if isinstance(t, ast.Try)):
            continue
        if any(isinstance(n, ast.Call) and _sends(module, n) for n in walk(loop)):
            yield call, "a new key for each attempt: what the first one committed is written again"


@error("async with")
def second_checkout(module: Module) -> Found:
    """Flags a session that is opened inside another one of the same sessionmaker: enough such requests deadlock."""
    for block in module.nodes(ast.AsyncWith):
        for item in block.items:
            if not opens_session(module, item.context_expr):
                continue
            maker = dotted(item.context_expr).removesuffix(".begin")
            for _, outer in module.entered(item):
                if (
                    opens_session(module, outer.context_expr)
                    and dotted(outer.context_expr).removesuffix(".begin") == maker
                ):
                    yield (
                        item.context_expr,
                        f"a second connection of {maker!r} while one is held: enough of them deadlock",
                    )
                    break


@warning("await AsyncSession", "await async_sessionmaker", "await Depends")
def held_connection(module: Module) -> Found:
    """Flags a wait for somebody else (an HTTP call, a given function, a sleep) between a query and the commit."""
    for function in module.coroutines:
        queries = sorted(sent(module, function, "execute", "scalar", "scalars", "get", "get_one"), key=at)
        if not queries:
            continue
        ends = [at(c) for c in calls(function, "commit", "rollback", "close")]
        given = {
            p.arg
            for p in parameters(function)
            if module.annotated(p.annotation) in {"collections.Callable", "typing.Callable"}
        }
        for node in walk(function):
            if isinstance(node, ast.Await) and _waits(module, node.value, given) and at(node) > at(queries[0]):
                if not any(at(queries[0]) < end < at(node) for end in ends) and _open(module, node, queries[0]):
                    yield node, "the session keeps its connection while this waits: commit or close it first"
                    break


@warning("cores", "cpu_count", "cpus", "cpu", "process_cpu_count")
def cores_as_pool_size(module: Module) -> Found:
    """Flags a pool size computed as twice the cores plus one: it counts running queries, not held connections."""
    for node in module.nodes(ast.BinOp):
        twice = node.left
        if isinstance(node.op, ast.Add) and isinstance(twice, ast.BinOp) and isinstance(twice.op, ast.Mult):
            sides = (twice.left, twice.right)
            if any(number(s) == 2 for s in sides) and any(CORES.search(dotted(s)) for s in sides):
                if any(POOL.search(_label(here)) for here in module.above(node)):
                    yield node, "knows nothing of the load: arrivals a second x seconds held"


@warning("pool_size")
def forgotten_overflow(module: Module) -> Found:
    """Flags an engine with a computed or configured `pool_size` and no `max_overflow`: 10 more for each process."""
    for call in module.calls("create_async_engine", "create_engine"):
        given = keyword(call, "pool_size")
        if module.means(call, *ENGINES) and given is not None and number(given) is None:
            if not has(call, "max_overflow", "poolclass"):
                yield call, "max_overflow defaults to 10: as many connections more for each process"


@warning("checkout checkin")
def wait_that_is_none(module: Module) -> Found:
    """Flags a "wait" measured from the "checkout" event: it fires when the wait is over."""
    for function in module.functions:
        if not any(_listens(d, "checkin") for d in function.decorator_list) or not decorated(function, "listens_for"):
            continue
        for call in calls(function, "observe", "record", "timing", "histogram"):
            if "wait" in dotted(call.func).lower() and any(
                _listens(c, "checkout") for c in module.calls("listens_for")
            ):
                yield call, "checkout to checkin is how long it was held: the wait is over at checkout"


def _retries(block: ast.Try) -> bool:
    done = any(isinstance(n, ast.Break | ast.Return) for n in within([*block.body, *block.orelse]))
    return done and any(not leaves(h.body) or isinstance(h.body[-1], ast.Continue) for h in block.handlers)


def _sends(module: Module, call: ast.Call) -> bool:
    return any(True for _ in sent(module, call)) or opens_session(module, call)


def _waits(module: Module, call: ast.AST, given: set[str]) -> bool:
    if not isinstance(call, ast.Call):
        return False
    if isinstance(call.func, ast.Name):
        return call.func.id in given
    client = receiver(call)
    return module.means(call, "asyncio.sleep") or module.is_kind(client, *HTTP_CLIENTS)


def _open(module: Module, node: ast.AST, query: ast.Call) -> bool:
    """Whether the session of a query is still open at a node: it is the caller's, or its block has not ended."""
    name = dotted(query.func).rpartition(".")[0]
    block = next((b for b, i in module.entered(query) if dotted(i.optional_vars) == name), None)
    return block is None or block in list(module.above(node))


def _label(node: ast.AST) -> str:
    named = getattr(node, "name", "") or getattr(node, "arg", "") or ""
    return f"{named} {' '.join(dotted(t) for t in getattr(node, 'targets', ()))}"


def _listens(call: ast.AST, event: str) -> bool:
    return isinstance(call, ast.Call) and any(value(a) == event for a in call.args[1:2])
