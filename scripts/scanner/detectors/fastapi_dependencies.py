"""Dependencies: when they end, which of them are the same, what they take from the client."""

from __future__ import annotations

import ast

from .. import web
from ..finding import Found, error, warning
from ..kinds import SESSIONS
from ..module import Definition, Module
from ..orm import opens_session, sent
from ..syntax import FUNCTIONS, Function, at, calls, dotted, is_generator, last, walk, within


@error("Depends")
def late_commit(module: Module) -> Found:
    """Flags a dependency that commits after its `yield` and is used without `scope="function"`.

    Since FastAPI 0.118 (and before 0.106) that code runs when the client has its answer. Commit in the endpoint, or ask
    for the dependency with `scope="function"`.
    """
    for found in web.uses(module):
        target = found.function
        if target is None or found.scope == "function" or not is_generator(target[1]):
            continue
        if commit := _late(*target):
            yield Definition(target[0], commit), f"the client has its answer before {target[1].name}() commits"


@error("FastAPI", "APIRouter")
def two_sessions(module: Module) -> Found:
    """Flags a route that gets one session dependency in two scopes: two sessions on two connections."""
    for route in web.routes(module):
        scopes: dict[int, tuple[str, web.Dependency]] = {}
        for found in sorted(web.needed(module, route), key=lambda d: d.scope):
            target = found.function
            if target is None or not found.is_session or not is_generator(target[1]):
                continue
            scope, _ = scopes.setdefault(id(target[1]), (found.scope, found))
            if scope != found.scope:
                yield route.function, f"{target[1].name}() in two scopes: two sessions, and a commit of one of them"
                break


@warning("FastAPI", "APIRouter", "Depends")
def pinned_connection(module: Module) -> Found:
    """Flags a session dependency of a stream or WebSocket, and one in a guard that gives only plain data on.

    The session keeps its connection until the last byte, or the end of the socket. Open and close one inside.
    """
    routed = set()
    for route in web.routes(module):
        routed.add(route.function)
        if not route.is_websocket and not web.is_streamed(route):
            continue
        for found in web.needed(module, route):
            if found.is_session and (route.is_websocket or found.scope != "function"):
                kind = "WebSocket" if route.is_websocket else "stream"
                yield route.function, f"{dotted(found.target)}() keeps its connection until the {kind} ends"
                break
    for function in module.coroutines:
        if function not in routed and _is_guard(module, function):
            yield function, "keeps its connection until the response ends, also a stream or WebSocket that it guards"


@error("FastAPI", "APIRouter")
def revived_session(module: Module) -> Found:
    """Flags a stream that uses a session of function scope: it is closed before the first item is made."""
    for route in web.routes(module):
        if route.is_websocket or not web.is_streamed(route):
            continue
        for found in web.depends(module, route.function):
            if (
                found.is_session
                and found.scope == "function"
                and found.parameter
                and _in_stream(route, found.parameter.arg)
            ):
                yield found.parameter, "closed before the first item: the stream reopens it, and nobody closes it again"


@error("Depends")
def constructor_as_query(module: Module) -> Found:
    """Flags a settings class as a dependency: its fields become query parameters that the client sets."""
    for found in web.uses(module):
        target = found.module.target_class(found.target)
        if target and web.is_settings(*target):
            yield found.call, f"every field of {target[1].name} is a query parameter that the client may set"


def _late(module: Module, function: Function) -> ast.AST | None:
    """What commits after the `yield` of a dependency: a `commit()`, or the end of a `begin()` around it."""
    yields = [n for n in walk(function) if isinstance(n, ast.Yield)]
    if not yields:
        return None
    after = min(at(n) for n in yields)
    for call in calls(function, "commit"):
        if at(call) > after and isinstance(call.func, ast.Attribute) and _is_session(module, call.func.value):
            return call
    for node in yields:
        for _, item in module.entered(node):
            if last(item.context_expr) == "begin" and isinstance(item.context_expr, ast.Call):
                if opens_session(module, item.context_expr) or _is_session(module, item.context_expr.func):
                    return item.context_expr
    return None


def _is_session(module: Module, node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute) and node.attr == "begin":
        node = node.value
    return module.is_kind(node, *SESSIONS, "sqlalchemy.Session", "sqlmodel.Session")


def _is_guard(module: Module, function: Function) -> bool:
    """Whether a function asks the session one question, refuses with HTTPException, and returns what it was given."""
    if is_generator(function) or not any(d.is_session for d in web.depends(module, function)):
        return False
    nodes = list(walk(function))
    refuses = any(isinstance(n, ast.Raise) and last(n.exc) == "HTTPException" for n in nodes)
    given = {a.arg for a in (*function.args.args, *function.args.kwonlyargs)}
    returned = [n.value for n in nodes if isinstance(n, ast.Return)]
    plain = all(
        r is None or isinstance(r, ast.Constant) or (isinstance(r, ast.Name) and r.id in given) for r in returned
    )
    return refuses and plain and len(list(sent(module, function))) == 1


def _in_stream(route: web.Route, name: str) -> bool:
    """Whether a route's stream uses a parameter: the generator itself, or what a streaming response is given."""
    if is_generator(route.function):
        return any(isinstance(n, ast.Name) and n.id == name for n in within(route.function.body))
    made = (n for n in walk(route.function) if isinstance(n, ast.Call) and last(n) in web.STREAMING)
    inner = {f.name for f in ast.walk(route.function) if isinstance(f, FUNCTIONS) and _reads(f, name)}
    return any(
        isinstance(n, ast.Name) and n.id in {name, *inner} for call in made for a in call.args[:1] for n in ast.walk(a)
    )


def _reads(function: ast.AST, name: str) -> bool:
    return any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(function))
