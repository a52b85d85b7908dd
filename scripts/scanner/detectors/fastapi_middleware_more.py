"""Middleware: what it keeps, guards and refuses."""

from __future__ import annotations

import ast
import re

from .. import web
from ..finding import Found, error, warning
from ..module import Module
from ..syntax import calls, dotted, entries, is_true, keyword, last, receiver, value, walk, within

REQUESTS = (
    "starlette.HTTPConnection",
    "fastapi.HTTPConnection",
    "starlette.Request",
    "fastapi.Request",
    "starlette.Headers",
)
ID = re.compile(r"id(_?(var|ctx|context|contextvar))?$", re.IGNORECASE)


@error("__call__ receive send")
def replay_without_an_end(module: Module) -> Found:
    """Flags a `receive` that answers with the body every time: a stream that listens for the disconnect never stops."""
    for function in module.coroutines:
        body = [s for s in function.body if not isinstance(s, ast.Expr)]
        only = body[0] if len(body) == 1 and len(function.body) == 1 else None
        around = module.function(function)
        if isinstance(only, ast.Return) and isinstance(only.value, ast.Dict) and around and web.asgi_names(around):
            if any(value(v) == "http.request" for v in only.value.values):
                yield only, "answers at once for ever: the first streamed response freezes the process"


@warning("startswith scope")
def guard_opened_by_a_prefix(module: Module) -> Found:
    """Flags middleware that compares `scope["path"]` and does not know `root_path`: with a prefix it is never equal."""
    for function in module.coroutines:
        if not web.asgi_names(function) or "root_path" in ast.dump(function):
            continue
        for call in calls(function, "startswith"):
            if any(_is_path(v) for v in module.values(receiver(call))) and not _lets_by(module, call):
                yield call, "behind a root_path this is never true: look whether something is then unguarded"


@warning("forwarded_allow_ips")
def first_address_believed(module: Module) -> Found:
    """Flags `forwarded_allow_ips="*"`: the client's address is then what the client says."""
    for call in module.nodes(ast.Call):
        if value(keyword(call, "forwarded_allow_ips")) == "*":
            yield call, "the first entry of X-Forwarded-For is believed, which the client wrote"
    for node in module.nodes(ast.Dict):
        if value(entries(node).get("forwarded_allow_ips")) == "*":
            yield node, "the first entry of X-Forwarded-For is believed, which the client wrote"


@error("scope receive send")
def lifespan_refused(module: Module) -> Found:
    """Flags middleware that asks the scope for headers or a path without looking at its type: the lifespan has none.

    It raises at start-up, and uvicorn serves without the lifespan.
    """
    for function in module.coroutines:
        names = web.asgi_names(function)
        if not names or any(value(n) in {"type", "lifespan"} or _asks(n, names[0]) for n in walk(function)):
            continue
        for node in sorted(walk(function), key=lambda n: (getattr(n, "lineno", 0), getattr(n, "col_offset", 0))):
            if _needs_request(module, node, names[0]) and not any(True for _ in module.around(node, ast.Try, ast.If)):
                yield node, "a lifespan has neither: this raises at start-up, and the pools are never opened"
                break


@warning("reset finally ContextVar")
def traceback_without_its_id(module: Module) -> Found:
    """Flags middleware that resets a context variable when the application returns: the traceback is logged later."""
    for call in module.calls("reset"):
        function = module.function(call)
        variable = receiver(call)
        block = next((b for b in module.around(call, ast.Try) if _within(module, call, b.finalbody)), None)
        if function and web.asgi_names(function) and block and module.is_kind(variable, "contextvars.ContextVar"):
            if ID.search(last(variable)):
                yield call, "'Exception in ASGI application' is logged after this, without it"


@error("allow_origins str")
def slash_after_the_origin(module: Module) -> Found:
    """Flags CORS origins made by `str()` of an AnyHttpUrl: it ends in a slash, and no browser's Origin does."""
    for call in _cors(module):
        for made in module.values(keyword(call, "allow_origins")):
            plain = isinstance(made, ast.ListComp) and isinstance(made.elt, ast.Call) and dotted(made.elt.func) == "str"
            if plain and isinstance(made, ast.ListComp) and _are_urls(module, made.generators[0].iter):
                yield made, "a URL without a path ends in a slash: no browser's Origin equals it"


@error("allow_credentials")
def star_with_credentials(module: Module) -> Found:
    """Flags CORS for `*` with credentials: Starlette reflects whatever origin asks, with the visitor's cookies."""
    for call in _cors(module):
        for origins in module.values(keyword(call, "allow_origins")):
            star = isinstance(origins, ast.List | ast.Tuple) and any(value(o) == "*" for o in origins.elts)
            if star and is_true(keyword(call, "allow_credentials")):
                yield call, "reflects any origin: every page reads with the visitor's cookies"


@error("HTTPException")
def raised_outside_the_handlers(module: Module) -> Found:
    """Flags an HTTPException raised by middleware: handlers sit inside, so it is a 500, whatever its status."""
    for node in module.nodes(ast.Raise):
        function = module.function(node)
        if not function or not module.means(node.exc, "fastapi.HTTPException", "starlette.HTTPException"):
            continue
        if (web.asgi_names(function) or web.is_dispatch(module, function)) and not _caught(module, node):
            yield node, "no handler is outside of middleware: the client gets 500. Send the response instead"


def _lets_by(module: Module, call: ast.Call) -> bool:
    """Whether a path that begins so is only handed on to the application: then the others stay guarded."""
    branch = next(module.around(call, ast.If), None)
    negated = any(isinstance(n, ast.UnaryOp) and isinstance(n.op, ast.Not) for n in module.above(call))
    if branch is None or negated or not any(here is branch.test for here in (call, *module.above(call))):
        return False
    return any(len(c.args) == len(web.ASGI) and isinstance(c.func, ast.Attribute) for c in calls(branch.body[:1]))


def _cors(module: Module) -> list[ast.Call]:
    added = module.calls("add_middleware", "Middleware")
    wrapped = [c for c in module.calls("CORSMiddleware") if module.means(c, *web.CORS)]
    return wrapped + [c for c in added if any(module.means(a, *web.CORS) for a in c.args[:1])]


def _are_urls(module: Module, node: ast.expr) -> bool:
    """Whether it is a field of the module's, or of the class that its object is of, with pydantic's URLs in it."""
    owner = module.class_of(node.value) if isinstance(node, ast.Attribute) else None
    declared = owner[1].body if owner else module.nodes(ast.AnnAssign)
    return any(
        isinstance(field, ast.AnnAssign)
        and dotted(field.target) == last(node)
        and any(last(n) in {"AnyHttpUrl", "HttpUrl"} for n in ast.walk(field.annotation))
        for field in declared
    )


def _is_path(node: ast.AST) -> bool:
    """Whether an expression is the scope's path."""
    if isinstance(node, ast.Subscript):
        return last(node.value) == "scope" and value(node.slice) == "path"
    is_get = isinstance(node, ast.Call) and dotted(node) == "scope.get" and bool(node.args)
    return is_get and isinstance(node, ast.Call) and value(node.args[0]) == "path"


def _asks(node: ast.AST, scope: str) -> bool:
    """Whether an expression is `"path" in scope` or the like: a lifespan is told from a request by what it lacks."""
    return isinstance(node, ast.Compare) and any(dotted(c) == scope for c in node.comparators)


def _needs_request(module: Module, node: ast.AST, scope: str) -> bool:
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and dotted(node.value) == scope:
        return value(node.slice) in {"headers", "path", "method"}
    if not isinstance(node, ast.Call) or not module.means(node, *REQUESTS):
        return False
    return any(dotted(given) == scope for given in (*node.args[:1], keyword(node, "scope")))


def _within(module: Module, node: ast.AST, block: list[ast.stmt]) -> bool:
    above = {node, *module.above(node)}
    return any(s in above for s in block)


def _caught(module: Module, node: ast.AST) -> bool:
    return any(node in list(within(b.body)) for b in module.around(node, ast.Try) if b.handlers)
