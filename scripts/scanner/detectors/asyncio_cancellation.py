"""Cancellation: cleanup, streams, shields and what swallows it."""

from __future__ import annotations

import ast

from ..finding import Found, error, warning
from ..kinds import GROUPS, TIMEOUTS
from ..module import Module
from ..syntax import LOOPS, awaited, calls, caught, decorated, dotted, is_generator, last, names, walk

ENDINGS = {
    "aclose", "cancel", "cancelled", "close", "disconnect", "gather", "join", "put", "release", "shield", "shutdown",
    "sleep", "stop", "unsubscribe", "wait", "wait_closed", "wait_for",
}  # fmt: skip
CANCELLED = ("asyncio.CancelledError", "concurrent.CancelledError")
SCOPES = (*TIMEOUTS, "anyio.CancelScope")
MANAGERS = ("asynccontextmanager", "contextmanager", "fixture")


@warning("yield finally await")
def await_in_a_stream_finally(module: Module) -> Found:
    """Flags an async generator whose `finally` awaits work (an execute, a transaction, a send) without a shield.

    Look whether it is streamed: by `StreamingResponse`, server-sent events, or anything else in an anyio scope. Then
    that work never finishes when the client leaves. Dependencies are exempt (FastAPI >= 0.162.7), context managers too.
    """
    for function in module.coroutines:
        if not is_generator(function) or decorated(function, *MANAGERS) or _is_dependency(module, function):
            continue
        for block in (n for n in walk(function) if isinstance(n, ast.Try) and n.finalbody):
            if not any(isinstance(n, ast.Yield) for s in block.body for n in (s, *walk(s))):
                continue
            work: list[ast.AST] = [c for c in awaited(block.finalbody) if _is_work(c)]
            work += [n for s in block.finalbody for n in (s, *walk(s)) if isinstance(n, ast.AsyncWith)]
            for node in work[:1]:
                if not module.under(node, *SCOPES) and not any(
                    module.means(i.context_expr, *SCOPES) for i in _items(node)
                ):
                    yield (
                        node,
                        "if this streams to a client, the await is cancelled again when the client leaves",
                    )


@warning("anext", "__anext__")
def timeout_around_anext(module: Module) -> Found:
    """Flags `wait_for(anext(x), ...)` in a loop: if x is an async generator, the first timeout finishes it."""
    for call in module.calls("wait_for"):
        if (
            call.args
            and last(call.args[0]) in {"anext", "__anext__"}
            and any(True for _ in module.around(call, *LOOPS))
        ):
            yield call, "the first timeout finishes the generator, and the stream ends without an error"


@error("shield")
def shield_alone(module: Module) -> Found:
    """Flags `await shield(work(resource))` inside the `async with` that opened the resource.

    Cancelled there, the block closes what the shielded work still uses. Make the whole unit the task.
    """
    for call in module.calls("shield"):
        if not isinstance(module.parent(call), ast.Await) or not module.means(call, "asyncio.shield"):
            continue
        used = {n for arg in call.args for n in names(arg)}
        if any(True for _ in module.around(call, ast.ExceptHandler)):
            continue  # cleanup: it takes a second cancellation to interrupt it
        for block, item in module.entered(call):
            if isinstance(block, ast.AsyncWith) and isinstance(item.optional_vars, ast.Name):
                if item.optional_vars.id in used:
                    yield call, f"cancelled here, the block closes {item.optional_vars.id!r} under the shielded work"
                    break


@error(
    "yield timeout",
    "yield timeout_at",
    "yield fail_after",
    "yield move_on_after",
    "yield TaskGroup",
    "yield create_task_group",
    "yield CancelScope",
)
def yield_inside_a_timeout(module: Module) -> Found:
    """Flags an async generator that yields, in a loop or more than once, inside a timeout or task group.

    The scope runs on in whoever consumes the generator. `@asynccontextmanager` functions and dependencies are exempt.
    """
    for function in module.coroutines:
        if decorated(function, *MANAGERS) or function.name == "__aenter__":
            continue
        found = [n for n in walk(function) if isinstance(n, ast.Yield)]
        for node in found:
            scope = module.under(node, *(t for t in SCOPES if t != "asyncio.wait_for"), *GROUPS)
            if scope and (len(found) > 1 or any(True for _ in module.around(node, *LOOPS))):
                yield node, f"the {last(scope[1].context_expr) or 'timeout'} scope runs on in the consumer"
                break


@error("CancelledError timeout", "CancelledError fail_after", "CancelledError wait_for")
def swallowed_cancellation(module: Module) -> Found:
    """Flags an `except` that catches CancelledError inside a timeout and does not raise it again.

    The timeout then raises no TimeoutError: the deadline becomes a result.
    """
    for handler in module.nodes(ast.ExceptHandler):
        if not any(module.means(c, *CANCELLED) for c in caught(handler)):
            continue
        inner = [n for s in handler.body for n in (s, *walk(s))]
        if any(isinstance(n, ast.Raise) for n in inner) or any(True for _ in calls(handler.body, "uncancel")):
            continue
        block = module.parent(handler)
        if isinstance(block, ast.Try) and _joins(block):
            continue
        function = module.coroutine(handler)
        called = module.calls(function.name) if function and module.function(function) is None else ()
        timed = any(module.under(c, *TIMEOUTS[:-1]) for c in called if dotted(c) == last(c))
        if module.under(handler, *TIMEOUTS[:-1]) or timed:
            yield handler, "the timeout around this raises no TimeoutError when its cancellation is swallowed here"


def _is_work(node: ast.expr) -> bool:
    """Whether what is awaited does something: neither a task that is joined, nor the end of something."""
    ends = {last(node), last(node).strip("_").partition("_")[0]}
    return isinstance(node, ast.Call) and not ends & ENDINGS


def _joins(block: ast.Try) -> bool:
    """Whether the block only awaits a task: then the cancellation is most likely the task's."""
    only = block.body[0]
    inner = only.value if isinstance(only, ast.Expr) and len(block.body) == 1 else None
    return isinstance(inner, ast.Await) and isinstance(inner.value, ast.Name | ast.Attribute)


def _items(node: ast.AST) -> list[ast.withitem]:
    return node.items if isinstance(node, ast.AsyncWith) else []


def _is_dependency(module: Module, function: ast.AST) -> bool:
    found = (call.args[0] for call in module.calls("Depends") if call.args)
    return any(isinstance(f, ast.Name) and f.id == getattr(function, "name", "") for f in found)
