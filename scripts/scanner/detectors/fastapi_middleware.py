"""Middleware, error handlers, and what a route is called."""

from __future__ import annotations

import ast
import re

from .. import web
from ..finding import Found, error, warning
from ..kinds import TIMEOUTS
from ..module import Definition, Module
from ..syntax import FUNCTIONS, at, calls, dotted, last, number, value, walk, within

REFUSALS = {401, 403}
LOG = re.compile(r"^(debug|info|warning|error|exception|critical|log)$")
LOGGERS = re.compile(r"(^|\.|_)(log|logger|logging)$", re.IGNORECASE)
STATUS = re.compile(r"HTTP_(401|403)_")
FASTAPIS = ("fastapi.HTTPException", "fastapi.exceptions.HTTPException")


@warning("route path", "route path_format")
def collapsed_routes(module: Module) -> Found:
    """Flags `scope["route"].path`: since FastAPI 0.137 it lacks the prefixes of included routers."""
    for node in module.nodes(ast.Attribute):
        if node.attr in {"path", "path_format"} and any(_is_route(v) for v in module.values(node.value)):
            yield node, "without the prefixes of its routers since FastAPI 0.137: see iter_route_contexts()"
    for call in module.calls("getattr"):
        if len(call.args) > 1 and value(call.args[1]) in {"path", "path_format"} and _is_route(call.args[0]):
            yield call, "without the prefixes of its routers since FastAPI 0.137: see iter_route_contexts()"


@warning("BaseHTTPMiddleware", "middleware")
def open_websocket(module: Module) -> Found:
    """Flags HTTP middleware that refuses with 401 or 403: a WebSocket passes it by."""
    for function in module.coroutines:
        if web.is_dispatch(module, function) and (refusal := _refusal(function)):
            yield refusal, "guards HTTP alone: WebSockets do not come this way"


@error("call_next timeout", "call_next wait_for", "call_next fail_after", "call_next move_on_after")
def charge_after_timeout(module: Module) -> Found:
    """Flags a timeout around `call_next`: it ends the waiting, and the endpoint runs on in another task."""
    for call in module.calls("call_next"):
        if web.is_dispatch(module, module.function(call) or call):
            timed = module.under(call, *TIMEOUTS) or module.means(module.parent(call), "asyncio.wait_for")
            if timed:
                yield call, "the endpoint goes on after this timeout, and so do its writes"


@warning("call_next")
def early_log(module: Module) -> Found:
    """Flags a log line behind `call_next`: the body has not been sent yet, and a dependency's context is not seen."""
    for function in module.coroutines:
        if not web.is_dispatch(module, function):
            continue
        begun = [at(c) for c in calls(function, "call_next") if not _handed_on(module, c)]
        for call in sorted(calls(function), key=at):
            logs = (
                isinstance(call.func, ast.Attribute)
                and LOG.match(call.func.attr)
                and LOGGERS.search(dotted(call.func.value))
            )
            if logs and begun and at(call) > min(begun) and not _in_except(module, call):
                yield call, "logged before the body is sent: a broken download reads as completed"
                break


@warning("add_middleware CORSMiddleware")
def naked_errors(module: Module) -> Found:
    """Flags `add_middleware(CORSMiddleware)`: the 500 of an unhandled error is made outside, without CORS headers."""
    for call in module.calls("add_middleware"):
        if call.args and module.means(call.args[0], *web.CORS):
            yield call, "an unhandled error's 500 has no CORS headers: wrap the application in CORSMiddleware instead"


@warning("exception_handler", "add_exception_handler")
def missed_problems(module: Module) -> Found:
    """Flags a handler for FastAPI's HTTPException, which misses the router's 404 and 405, and raw `exc.errors()`.

    The router raises Starlette's class, the base of FastAPI's. `errors()` has the input, and what JSON does not know.
    """
    for call in module.calls("exception_handler", "add_exception_handler"):
        kind = call.args[0] if call.args else None
        if module.origin(kind) in FASTAPIS:
            yield call, "misses the router's 404 and 405: they are Starlette's HTTPException, its base class"
        elif module.means(kind, "fastapi.RequestValidationError"):
            above = module.parent(call)
            given = module.target_function(call.args[1]) if len(call.args) > 1 else None
            where, function = given or (module, above)
            yield from (
                (Definition(where, c), "answers with the input, a password included") for c in _raw(where, function)
            )


def _is_route(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        return bool(node.args) and value(node.args[0]) == "route" and last(node.func.value) == "scope"
    return isinstance(node, ast.Subscript) and value(node.slice) == "route" and last(node.value) == "scope"


def _refusal(function: ast.AST) -> ast.AST | None:
    for node in walk(function):
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Call):
            given = [*node.value.args, *(k.value for k in node.value.keywords)]
            if any(number(g) in REFUSALS or STATUS.match(last(g)) for g in given):
                return node
    return None


def _handed_on(module: Module, call: ast.AST) -> bool:
    """Whether an answer is returned as it comes, with nothing behind it."""
    returned = any(True for _ in module.around(call, ast.Return))
    return returned and not any(True for _ in module.around(call, ast.Try))


def _in_except(module: Module, node: ast.AST) -> bool:
    return any(True for _ in module.around(node, ast.ExceptHandler))


def _raw(module: Module, function: ast.AST | None) -> list[ast.Call]:
    """The calls of `errors()` whose result goes into the response as it is."""
    found: list[ast.Call] = []
    if not isinstance(function, FUNCTIONS):
        return found
    for call in calls(function, "errors"):
        above = module.parent(call)
        taken = isinstance(above, ast.comprehension | ast.For) or last(above) == "jsonable_encoder"
        sends = any(True for n in within(function) if isinstance(n, ast.Call) and last(n).endswith("JSONResponse"))
        if (
            not taken
            and sends
            and not any(last(a) in {"debug", "info", "warning", "error"} for a in module.above(call))
        ):
            found.append(call)
    return found
