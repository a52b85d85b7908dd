"""Cancellation between tasks, in cleanup, and of clients that left."""

from __future__ import annotations

import ast

from .. import web
from ..finding import Found, warning
from ..kinds import TIMEOUTS
from ..module import Module
from ..syntax import (
    LOOPS,
    TRIES,
    awaited,
    calls,
    caught,
    dotted,
    is_generator,
    last,
    leaves,
    names,
    parameters,
    walk,
    within,
)

READS = {"read", "readline", "readexactly", "readuntil", "recv", "receive", "drain"}
SENDS = ("send_text", "send_json", "send_bytes", "send")
RECEIVES = ("receive", "receive_text", "receive_json", "receive_bytes", "iter_text", "iter_json", "iter_bytes")
SOCKETS = ("fastapi.WebSocket", "starlette.WebSocket")
DISCONNECT = ("fastapi.WebSocketDisconnect", "starlette.WebSocketDisconnect")
TASKS = ("asyncio.Task", "asyncio.Future")


@warning("finally await yield")
def cleanup_without_a_deadline(module: Module) -> Found:
    """Flags a `finally` around a `yield` that reads from a peer without a timeout: a dead peer hangs the exit."""
    for block in module.nodes(ast.Try):
        function = module.coroutine(block)
        if function is None or not is_generator(function):
            continue
        for call in awaited(block.finalbody):
            if last(call) in READS and not module.under(call, *TIMEOUTS, "anyio.CancelScope"):
                yield call, "a peer that is gone hangs this exit: nothing outside limits it"


@warning("is_disconnected")
def poll_for_a_disconnect(module: Module) -> Found:
    """Flags a loop that polls `request.is_disconnected()`: behind HTTP middleware it stays False."""
    for call in module.calls("is_disconnected"):
        function = module.coroutine(call)
        if function and not is_generator(function) and any(True for _ in module.around(call, ast.While)):
            yield call, "stays False behind any HTTP middleware: let a second task receive"


@warning("create_task", "ensure_future")
def one_waiter_cancels_all(module: Module) -> Found:
    """Flags a task kept in an attribute that a method awaits for its callers: one's timeout cancels it for all."""
    for owner in module.nodes(ast.ClassDef):
        kept = {
            dotted(t)
            for node in ast.walk(owner)
            if isinstance(node, ast.Assign) and last(node.value) in {"create_task", "ensure_future"}
            for t in node.targets
            if isinstance(t, ast.Attribute) and module.means(node.value, "asyncio.create_task", "asyncio.ensure_future")
        }
        for node in ast.walk(owner):
            call = node.value if isinstance(node, ast.Return) else None
            if isinstance(call, ast.Await) and isinstance(call.value, ast.Attribute) and dotted(call.value) in kept:
                yield call, f"a caller's timeout cancels {dotted(call.value)} for every caller: await shield() of it"


@warning("CancelledError cancel")
def suppress_while_joining(module: Module) -> Found:
    """Flags a swallowed CancelledError around `await task` after `task.cancel()`: it may be your own.

    A deadline that expires meanwhile is lost. `asyncio.wait({task})` raises only yours.
    """
    blocks: list[ast.With | ast.Try] = [*module.nodes(ast.With), *module.nodes(ast.Try)]
    for block in blocks:
        only = block.body[0] if len(block.body) == 1 else None
        inner = only.value if isinstance(only, ast.Expr) else None
        function = module.coroutine(block)
        if not isinstance(inner, ast.Await) or not function or not _swallows(module, block):
            continue
        if any(isinstance(h.body[-1], ast.Raise) for h in module.around(block, ast.ExceptHandler)):
            continue  # what was caught here is raised again
        name = dotted(inner.value) if isinstance(inner.value, ast.Name | ast.Attribute) else ""
        if name and any(dotted(c.func) == f"{name}.cancel" for c in calls(function, "cancel")):
            yield inner, f"your own cancellation is swallowed with that of {name!r}: asyncio.wait({{{name}}})"


@warning("Task except Exception")
def cancelled_neighbour(module: Module) -> Found:
    """Flags a loop that awaits given tasks and catches Exception: one cancelled by others ends the loop itself."""
    for loop in module.nodes(ast.For):
        tasks = isinstance(loop.iter, ast.Name) and "Task" in "".join(
            ast.dump(b.node) for b in module.bindings(loop.iter) if b.how == "annotation"
        )
        for block in (n for n in within(loop.body) if isinstance(n, ast.Try)) if tasks else ():
            waits = [c for c in awaited(block.body) if isinstance(c, ast.Name) and c.id == dotted(loop.target)]
            kinds = {last(k) for h in block.handlers for k in caught(h)}
            if waits and "Exception" in kinds and not kinds & {"CancelledError", "BaseException"}:
                yield waits[0], "a task that others cancelled raises CancelledError here, and ends this loop"


@warning("async for break")
def break_out_of_a_generator(module: Module) -> Found:
    """Flags `break` or `return` out of `async for` over a generator of the project that holds a resource.

    It is not closed until it is collected. Use `contextlib.aclosing()`.
    """
    for loop in module.nodes(ast.AsyncFor):
        for made in module.values(loop.iter):
            found = module.target_function(made.func) if isinstance(made, ast.Call) else None
            holds = found and is_generator(found[1]) and any(isinstance(n, ast.AsyncWith) for n in walk(found[1]))
            if holds and any(isinstance(n, ast.Break | ast.Return) for n in _own(loop)):
                yield loop, f"left early, {last(made)}() keeps what it holds until it is collected: use aclosing()"


@warning("WebSocket while send_text", "WebSocket while send_json", "WebSocket while send_bytes")
def push_only_websocket(module: Module) -> Found:
    """Flags a WebSocket handler that sends in an endless loop and never receives: it is not told of the end."""
    routes = {r.function for r in web.routes(module)}
    heard = any(module.calls(*RECEIVES))
    for function in module.coroutines:
        if heard and function not in routes:
            continue  # a helper, beside which another function receives
        sockets = {p.arg for p in parameters(function) if module.annotated(p.annotation) in SOCKETS}
        if not sockets or any(isinstance(n, ast.Attribute) and n.attr in RECEIVES for n in ast.walk(function)):
            continue
        for loop in (n for n in walk(function) if isinstance(n, ast.While)):
            for call in calls(loop, *SENDS):
                if names(call.func) & sockets:
                    yield call, "nobody receives: the handler is not told when the client leaves"
                    return


@warning("WebSocketDisconnect for")
def closed_socket_in_a_broadcast(module: Module) -> Found:
    """Flags a broadcast that catches WebSocketDisconnect alone: a socket closed by the server raises RuntimeError."""
    for block in module.nodes(ast.Try):
        kinds = [k for h in block.handlers for k in caught(h)]
        sends = any(True for _ in calls(block.body, *SENDS))
        looped = any(True for _ in module.around(block, ast.For))
        if sends and looped and kinds and all(module.means(k, *DISCONNECT) for k in kinds):
            yield block.handlers[0], "a socket that the server closed raises WebSocketDisconnected, a RuntimeError"


def _swallows(module: Module, block: ast.AST) -> bool:
    if isinstance(block, ast.With):
        return any(
            last(i.context_expr) == "suppress" and any(_is_cancelled(module, a) for a in i.context_expr.args)
            for i in block.items
            if isinstance(i.context_expr, ast.Call)
        )
    handlers = block.handlers if isinstance(block, TRIES) else []
    return any(any(_is_cancelled(module, k) for k in caught(h)) and not leaves(h.body) for h in handlers)


def _is_cancelled(module: Module, node: ast.AST) -> bool:
    return module.means(node, "asyncio.CancelledError")


def _own(loop: ast.AsyncFor) -> list[ast.AST]:
    """The nodes of a loop that are not those of a loop in it."""
    inner = {n for child in walk(loop) if isinstance(child, LOOPS) for n in walk(child)}
    return [n for n in within(loop.body) if n not in inner or isinstance(n, ast.Return)]
