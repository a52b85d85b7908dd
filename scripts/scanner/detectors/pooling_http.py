"""HTTP clients: what they share, how long they wait, what they send twice."""

from __future__ import annotations

import ast
import re

from ..finding import Found, error, warning
from ..kinds import HTTP_CLIENTS
from ..module import Module
from ..syntax import Function, entries, has, keyword, receiver, targets, value, walk

SECRETS = re.compile(r"^(authorization|cookie|x-)?.*(api-?key|auth|token|secret|cookie|credential)", re.IGNORECASE)
METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "request")
ADDRESS, SAFE_ADDRESS = re.compile(r"^http://", re.MULTILINE), re.compile(r"^https", re.MULTILINE)
READS = {"read", "text", "json", "release", "close", "content", "iter_chunked", "wait_for_close"}


@warning("headers ClientSession", "headers AsyncClient")
def headers_reach_strangers(module: Module) -> Found:
    """Flags a secret among the default headers of a client: they go to every host that it is sent to."""
    for call in _clients(module):
        if isinstance(module.parent(call), ast.withitem):  # for the calls of one block, most often to one host
            continue
        for node in module.values(keyword(call, "headers")):
            if any(SECRETS.match(name) for name in entries(node)):
                yield call, "default headers go to every host, along redirects too"


@warning("ClientSession")
def shared_cookie_jar(module: Module) -> Found:
    """Flags a ClientSession that outlives its function and keeps cookies: one user's go out with another's call."""
    for call in module.calls("ClientSession"):
        above = module.parent(call)
        lives = isinstance(above, ast.Return) or any(isinstance(t, ast.Attribute) for t in targets(above))
        if lives and module.means(call, "aiohttp.ClientSession") and not has(call, "cookie_jar"):
            yield call, "one jar for all users: cookie_jar=aiohttp.DummyCookieJar()"


@error("ClientTimeout")
def override_drops_the_total(module: Module) -> Found:
    """Flags a `ClientTimeout` that limits connecting and neither the total nor the reads, given to one request.

    It replaces the session's, field by field: what it does not say is None. A silent upstream is waited for for ever.
    """
    for call in module.calls("ClientTimeout"):
        if not module.means(call, "aiohttp.ClientTimeout") or call.args or not call.keywords:
            continue
        if has(call, "total", "sock_read"):
            continue
        for request in module.calls(*METHODS):
            given = keyword(request, "timeout")
            if given is call or call in module.values(given):
                yield call, "total is None here: nothing limits the wait for an answer"
                break


@warning("TCPConnector limit")
def one_host_takes_the_pool(module: Module) -> Found:
    """Flags a connector with a `limit` for all hosts and none for each: one hung host stops the calls to all."""
    for call in module.calls("TCPConnector"):
        limited = keyword(call, "limit") is not None and value(keyword(call, "limit")) != 0
        if limited and not has(call, "limit_per_host"):
            yield call, "one hung host takes every connection: limit_per_host"


@error("aiohttp await")
def unread_response(module: Module) -> Found:
    """Flags a response of aiohttp that is neither read nor released: a large body keeps its connection."""
    for function in module.coroutines:
        for node in walk(function):
            call = node.value.value if isinstance(node, ast.Assign) and isinstance(node.value, ast.Await) else None
            if (
                not isinstance(node, ast.Assign)
                or not isinstance(call, ast.Call)
                or not isinstance(call.func, ast.Attribute)
            ):
                continue
            if (
                call.func.attr not in METHODS
                or call.func.attr == "head"
                or not module.is_kind(call.func.value, "aiohttp.ClientSession")
            ):
                continue
            name = node.targets[0]
            if isinstance(name, ast.Name) and not _given_on(module, function, name):
                yield call, f"{name.id!r} is neither read nor released: a large body keeps its connection"


@warning("aiohttp put")
def put_is_sent_twice(module: Module) -> Found:
    """Flags a PUT without an idempotency key: aiohttp sends it again when the connection drops before the answer."""
    for call in module.calls("put"):
        client = receiver(call)
        if module.is_kind(client, "aiohttp.ClientSession") and not has(call, "headers"):
            yield call, "sent again when an answer is lost: give the server a key to tell a repetition"


@error("ssl False", "verify_ssl False", "verify False")
def certificate_unchecked(module: Module) -> Found:
    """Flags `ssl=False` and its like: every certificate is accepted.

    A module whose addresses begin with `http://`, and none with `https`, is let be: there is no certificate to check.
    """
    said = module.text_of(module.tree) if "http://" in module.text else ""
    if ADDRESS.search(said) and not SAFE_ADDRESS.search(said):
        return
    for call in module.calls("TCPConnector", "ClientSession", "AsyncClient", *METHODS):
        for name in ("ssl", "verify_ssl", "verify"):
            if value(keyword(call, name)) is False and _is_http(module, call):
                yield call, "every certificate is accepted, a forged one too"


def _clients(module: Module) -> list[ast.Call]:
    return [c for c in module.calls("ClientSession", "AsyncClient") if module.means(c, *HTTP_CLIENTS)]


def _is_http(module: Module, call: ast.Call) -> bool:
    if module.means(call, *HTTP_CLIENTS, "aiohttp.TCPConnector"):
        return True
    return isinstance(call.func, ast.Attribute) and module.is_kind(call.func.value, *HTTP_CLIENTS)


def _given_on(module: Module, function: Function, name: ast.Name) -> bool:
    """Whether a response is read, released, entered, returned or given to somebody else."""
    for node in ast.walk(function):
        if not isinstance(node, ast.Name) or node.id != name.id or node is name:
            continue
        above = module.parent(node)
        if not isinstance(above, ast.Attribute) or above.attr in READS:
            return True
    return False
