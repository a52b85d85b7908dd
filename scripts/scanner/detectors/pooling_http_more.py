"""HTTP calls that are repeated, redirected or left half read."""

from __future__ import annotations

import ast

from ..finding import Found, error, warning
from ..kinds import HTTP_CLIENTS, TIMEOUTS
from ..module import Module
from ..syntax import (
    LOOPS,
    Function,
    at,
    awaited,
    caught,
    dotted,
    has,
    keyword,
    last,
    number,
    parameters,
    receiver,
    walk,
    within,
)
from .asyncio_structured import in_lifespan

METHODS = ("get", "post", "put", "patch", "delete", "request")
READS = {"read", "text", "json", "release", "content", "aread"}
KEPT = 15
MINUTE = 60


@warning("ClientRequest await")
def retry_with_an_empty_body(module: Module) -> Found:
    """Flags a client middleware that sends a request again without asking for its body: a stream is used up.

    Forms, JSON and bytes are sent again in full: a module whose own requests have no other bodies is let be.
    """
    bodies = [b for c in module.calls(*METHODS) if (b := keyword(c, "data"))]
    if bodies and all(isinstance(b, ast.Dict | ast.Constant) for b in bodies):
        return
    for function, handler in _middlewares(module):
        sends = [c for c in awaited(function) if isinstance(c, ast.Call) and dotted(c) == handler]
        if len(sends) > 1 and "body" not in _attributes(function) and not any(_in_loop(module, s) for s in sends):
            yield max(sends, key=at), "a streamed body is used up: the second attempt sends nothing, and gets its 200"


@warning("ClientRequest await")
def retry_without_time_left(module: Module) -> Found:
    """Flags a client middleware that retries after a timeout without one for each attempt: the total is used up."""
    for function, handler in _middlewares(module):
        for call in awaited(function):
            if not isinstance(call, ast.Call) or dotted(call) != handler or not _in_loop(module, call):
                continue
            kinds = {last(k) for b in module.around(call, ast.Try) for h in b.handlers for k in caught(h)}
            if "TimeoutError" in kinds and not module.under(call, *TIMEOUTS):
                yield call, "the first attempt may use up the session's total: a timeout for each"


@error("ClientRequest session")
def token_waits_for_itself(module: Module) -> Found:
    """Flags a client middleware that calls through `request.session` with middlewares: it comes back to itself."""
    for call in module.calls(*METHODS):
        session = receiver(call)
        function = module.coroutine(call)
        if not function or not isinstance(session, ast.Attribute) or session.attr != "session":
            continue
        kinds = {p.arg: module.annotated(p.annotation) for p in parameters(function)}
        if kinds.get(dotted(session.value)) == "aiohttp.ClientRequest" and not has(call, "middlewares"):
            yield call, "runs this middleware again, which waits for itself: middlewares=()"


@warning("keepalive_timeout")
def idle_longer_than_the_server(module: Module) -> Found:
    """Flags a `keepalive_timeout` above aiohttp's own 15 s: servers drop idle connections sooner (uvicorn: 5 s)."""
    for call in module.calls("TCPConnector"):
        seconds = number(keyword(call, "keepalive_timeout"))
        if module.means(call, "aiohttp.TCPConnector") and seconds is not None and seconds > KEPT:
            yield call, "kept longer than servers keep them (uvicorn: 5 s): the next POST is disconnected"


@warning("cookies aiohttp")
def quoted_cookie(module: Module) -> Found:
    """Flags `cookies=` of one aiohttp request: a value with `/`, `=` or a comma is sent in quotes."""
    for call in module.calls(*METHODS):
        client = receiver(call)
        if keyword(call, "cookies") is not None and module.is_kind(client, "aiohttp.ClientSession"):
            yield call, "a value with '/', '=' or ',' is sent in quotes: a Cookie header sends it as it is"


@warning("ClientSession status", "ClientSession ok")
def error_body_left_unread(module: Module) -> Found:
    """Flags leaving for a bad status before the body was read: it closes the connection, in an outage each time."""
    for block in module.nodes(ast.AsyncWith):
        for item in block.items:
            call, name = item.context_expr, dotted(item.optional_vars)
            client = call.func.value if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) else None
            if not name or last(call) not in METHODS or not module.is_kind(client, "aiohttp.ClientSession"):
                continue
            if any(dotted(i.optional_vars) == dotted(client) for _, i in module.entered(item)):
                continue  # a session of this call alone: its connections end with it
            read = [
                n
                for n in within(block.body)
                if isinstance(n, ast.Attribute) and n.attr in READS and dotted(n.value) == name
            ]
            for node in within(block.body):
                asked = {dotted(n) for n in ast.walk(node.test)} if isinstance(node, ast.If) else set()
                asks = bool({f"{name}.status", f"{name}.ok"} & asked)
                if not isinstance(node, ast.If) or not asks or any(at(r) < at(node.body[-1]) for r in read):
                    continue
                if isinstance(node.body[-1], ast.Return | ast.Raise) and not any(n in read for n in within(node.body)):
                    yield node.body[-1], "leaves before the body was read, which closes the connection"


@warning("ClientTimeout total")
def silence_in_a_stream(module: Module) -> Found:
    """Flags `ClientTimeout(total=None)` without `sock_read`: nothing ends the wait for an upstream that has gone."""
    for call in module.calls("ClientTimeout"):
        total = keyword(call, "total")
        endless = isinstance(total, ast.Constant) and total.value is None
        if endless and module.means(call, "aiohttp.ClientTimeout") and not has(call, "sock_read"):
            yield call, "nothing ends the wait for an upstream that has gone: sock_read"


@warning("ttl_dns_cache")
def address_of_yesterday(module: Module) -> Found:
    """Flags addresses kept for a minute or more: after a failover the old one is called on."""
    for call in module.calls("TCPConnector"):
        seconds = number(keyword(call, "ttl_dns_cache"))
        if module.means(call, "aiohttp.TCPConnector") and seconds is not None and seconds >= MINUTE:
            yield call, "after a failover the old address is called on (aiohttp's default: 10 s)"


@warning("ClientSession state", "AsyncClient state")
def session_nobody_closes(module: Module) -> Found:
    """Flags a client that a lifespan opens and the module never closes: its connections outlive the application."""
    for call in module.calls("ClientSession", "AsyncClient"):
        above = module.parent(call)
        target = above.targets[0] if isinstance(above, ast.Assign) else None
        if not isinstance(target, ast.Attribute) or not in_lifespan(module, call):
            continue
        ends = {last(receiver(c)) for c in module.calls("close", "aclose")} | _pushed(module)
        if module.means(call, *HTTP_CLIENTS) and target.attr not in ends:
            yield call, f"{dotted(target)} is never closed: enter it with `async with`"


def _pushed(module: Module) -> set[str]:
    """What an exit stack closes: `x` of `push_async_callback(app.state.x.close)`."""
    given = [a for c in module.calls("push_async_callback", "callback") for a in c.args]
    return {last(a.value) for a in given if isinstance(a, ast.Attribute)}


def _middlewares(module: Module) -> list[tuple[Function, str]]:
    """The client middlewares of aiohttp in a module, each with the name of the parameter that sends."""
    found: list[tuple[Function, str]] = []
    for function in module.coroutines:
        given = [p for p in parameters(function) if p.arg not in {"self", "cls"}]
        if len(given) == 2 and module.annotated(given[0].annotation) == "aiohttp.ClientRequest":
            found.append((function, given[1].arg))
    return found


def _attributes(function: ast.AST) -> set[str]:
    return {n.attr for n in walk(function) if isinstance(n, ast.Attribute)}


def _in_loop(module: Module, node: ast.AST) -> bool:
    return any(True for _ in module.around(node, *LOOPS))
