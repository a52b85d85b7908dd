"""What a dependency covers, and when it runs."""

from __future__ import annotations

import ast

from .. import web
from ..finding import Found, error, warning
from ..module import Definition, Module
from ..orm import opens_session
from ..syntax import (
    FUNCTIONS,
    at,
    calls,
    defaults,
    dotted,
    has,
    is_generator,
    keyword,
    last,
    parameters,
    receiver,
    value,
    walk,
)

PLAIN = {"int", "str", "float", "bool", "date", "datetime", "UUID", "Decimal"}


@error("mount dependencies")
def mount_outside_the_guard(module: Module) -> Found:
    """Flags an application without dependencies, mounted into one that has them: they do not cover it."""
    for call in module.calls("mount"):
        outer = receiver(call)
        inner = call.args[1] if len(call.args) > 1 else keyword(call, "app")
        apps = [(_app(module, outer)), _app(module, inner)]
        if all(apps) and apps[0] and apps[1]:
            if keyword(apps[0], "dependencies") is not None and not has(apps[1], "dependencies"):
                yield call, f"every route of {dotted(inner)!r} is outside the dependencies of {dotted(outer)!r}"


@warning("FastAPI", "APIRouter")
def key_burnt_by_a_422(module: Module) -> Found:
    """Flags a dependency that commits for a route with a body: it stays committed when the body is refused."""
    for route in web.routes(module):
        if not any(_is_body(module, p) for p in parameters(route.function)):
            continue
        for found in web.needed(module, route):
            target = found.function
            if target and not is_generator(target[1]) and (place := _commits(*target)):
                place = place if target[0] is module else route.function
                yield place, "stays committed when the body is refused with 422: the next try finds the key taken"


@error("HTTPException yield")
def error_inside_a_stream(module: Module) -> Found:
    """Flags an HTTPException in a route with `yield`: the client has its 200 already."""
    for route in web.routes(module):
        if route.is_websocket or not is_generator(route.function):
            continue
        for node in walk(route.function):
            if isinstance(node, ast.Raise) and module.means(
                node.exc, "fastapi.HTTPException", "starlette.HTTPException"
            ):
                yield node, "the client has its 200 already: refuse in a dependency"


@error("FastAPI", "APIRouter")
def limits_in_two_orders(module: Module) -> Found:
    """Flags two routes that take two `max_concurrency` dependencies in opposite order: they hang each other."""
    seen: dict[tuple[int, int], str] = {}
    for route in sorted(web.routes(module), key=lambda r: at(r.function)):
        limits = [d for d in web.depends(module, route.function) if keyword(d.call, "max_concurrency") is not None]
        for number_, first in enumerate(limits):
            for second in limits[number_ + 1 :]:
                pair = (id(first.call), id(second.call))
                if pair[::-1] in seen:
                    yield route.function, f"takes its limits in the other order than {seen[pair[::-1]]}(): both hang"
                seen.setdefault(pair, route.function.name)


@error("max_concurrency")
def limit_per_route(module: Module) -> Found:
    """Flags several `Depends(x, max_concurrency=...)` of one function: each is a limit of its own."""
    seen: dict[tuple[int, str], int] = {}
    for call in sorted(module.calls("Depends"), key=at):
        if keyword(call, "max_concurrency") is None or not call.args:
            continue
        scope = module.scope(call)
        key = (id(module.scope(scope) if isinstance(scope, FUNCTIONS) else scope), dotted(call.args[0]))
        if seen.setdefault(key, call.lineno) != call.lineno:
            yield call, f"a limit of its own beside that of line {seen[key]}: share one alias"


@error("ContextVar Depends")
def context_set_in_a_thread(module: Module) -> Found:
    """Flags a `def` dependency that sets a context variable: it runs in a thread, on a copy."""
    for found in web.uses(module):
        target = found.function
        sets = _setters(*target) if target and isinstance(target[1], ast.FunctionDef) else None
        if target and sets:
            message = f"{target[1].name}() runs in a thread: the endpoint does not see what it sets"
            yield Definition(target[0], sets), message


@error("Security scopes")
def scopes_nobody_reads(module: Module) -> Found:
    """Flags `Security(..., scopes=[...])` where neither the function nor its dependencies take SecurityScopes."""
    for call in module.calls("Security"):
        scopes = keyword(call, "scopes")
        if isinstance(scopes, ast.List) and scopes.elts and call.args:
            found = module.target_function(call.args[0])
            if found and _reads_scopes(*found) is False:
                yield call, f"no dependency compares these scopes: every caller of {found[1].name}() passes"


@error("Query")
def sibling_refused(module: Module) -> Found:
    """Flags a parameter model with `extra="forbid"` beside another query parameter: it refuses its neighbour."""
    for route in web.routes(module):
        models = [p for p in parameters(route.function) if _forbids(module, p)]
        plain = [p for p in parameters(route.function) if _is_plain(p.annotation) and f"{{{p.arg}" not in route.path]
        if models and plain:
            yield plain[0], f"refused by {models[0].arg!r}, whose model forbids other parameters"


@error("TYPE_CHECKING")
def import_for_checkers_only(module: Module) -> Found:
    """Flags a parameter of a route or dependency whose class is imported for type checkers only.

    FastAPI cannot resolve it, and takes the parameter for a query parameter.
    """
    hidden = {
        alias.asname or alias.name
        for block in module.nodes(ast.If)
        if last(block.test) == "TYPE_CHECKING"
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    hidden -= {
        alias.asname or alias.name
        for node in module.nodes(ast.ImportFrom)
        for alias in node.names
        if not any(
            isinstance(n, ast.If) and node in n.body and last(n.test) == "TYPE_CHECKING" for n in module.above(node)
        )
    }
    if not hidden:
        return
    asked = {id(d.function[1]) for d in web.uses(module) if d.function}
    routed = {id(r.function) for r in web.routes(module) if web.is_fastapi(module, r)}
    for function in module.functions:
        given = defaults(function) if id(function) in asked | routed else {}
        for parameter in parameters(function) if id(function) in asked | routed else ():
            if _root(parameter.annotation) in hidden and last(given.get(parameter.arg)) not in {"Depends", "Security"}:
                yield parameter, "FastAPI cannot resolve its class, and asks for a query parameter"


@error("dependency_overrides")
def override_of_a_twin(module: Module) -> Found:
    """Flags an override of what a call returns: each call makes another function, which no route uses."""
    for node in module.nodes(ast.Subscript):
        if last(node.value) == "dependency_overrides" and isinstance(node.slice, ast.Call):
            if module.target_function(node.slice.func):
                yield node, f"each call of {last(node.slice)}() makes another function: nothing is overridden"


def _app(module: Module, node: ast.AST | None) -> ast.Call | None:
    """The constructor's call of an application in a variable."""
    made = (v for v in module.values(node) if isinstance(v, ast.Call))
    return next((v for v in made if module.means(v, "fastapi.FastAPI")), None)


def _is_body(module: Module, parameter: ast.arg) -> bool:
    found = module.target_class(parameter.annotation)
    return bool(found) and any(last(b) == "BaseModel" for b in found[1].bases) if found else False


def _commits(module: Module, function: ast.AST) -> ast.AST | None:
    for node in walk(function):
        if (
            isinstance(node, ast.withitem)
            and last(node.context_expr) == "begin"
            and opens_session(module, node.context_expr)
        ):
            return node.context_expr
    return next(
        (
            c
            for c in calls(function, "commit")
            if module.is_kind(getattr(c.func, "value", None), "sqlalchemy.AsyncSession")
        ),
        None,
    )


def _setters(module: Module, function: ast.AST) -> ast.AST | None:
    for call in calls(function, "set"):
        if isinstance(call.func, ast.Attribute) and module.is_kind(call.func.value, "contextvars.ContextVar"):
            return call
    return None


def _reads_scopes(module: Module, function: ast.AST, depth: int = 0) -> bool | None:
    """Whether a dependency takes SecurityScopes, itself or further down; None where that cannot be seen."""
    if not isinstance(function, FUNCTIONS) or depth > web.DEPTH:
        return None
    for parameter in parameters(function):
        if last(parameter.annotation) == "SecurityScopes" or "SecurityScopes" in module.annotated(parameter.annotation):
            return True
    answers = []
    for found in web.depends(module, function):
        target = found.function
        answers.append(_reads_scopes(*target, depth + 1) if target else _is_scheme(found))
    return None if None in answers else any(answers)


def _is_scheme(found: web.Dependency) -> bool | None:
    """False of a security scheme of the library, which compares no scopes; None of what cannot be seen."""
    made = [v for v in found.module.values(found.target) if found.module.origin(v).startswith("fastapi.")]
    return False if made else None


def _forbids(module: Module, parameter: ast.arg) -> bool:
    annotation = parameter.annotation
    if not isinstance(annotation, ast.Subscript) or not isinstance(annotation.slice, ast.Tuple):
        return False
    queries = any(last(m) == "Query" for m in annotation.slice.elts[1:])
    found = module.target_class(annotation.slice.elts[0]) if queries else None
    if not found:
        return False
    if any(k.arg == "extra" and value(k.value) == "forbid" for k in found[1].keywords):
        return True
    config = [n for n in found[1].body if isinstance(n, ast.Assign) and dotted(n.targets[0]) == "model_config"]
    return any(value(keyword(n.value, "extra")) == "forbid" for n in config)


def _is_plain(annotation: ast.expr | None) -> bool:
    """Whether FastAPI takes a parameter of this annotation from the query: `int`, `str | None`, `Optional[date]`."""
    if isinstance(annotation, ast.BinOp):
        return _is_plain(annotation.left) or _is_plain(annotation.right)
    if isinstance(annotation, ast.Subscript) and last(annotation.value) == "Optional":
        return _is_plain(annotation.slice)
    return isinstance(annotation, ast.Name | ast.Attribute) and last(annotation) in PLAIN


def _root(annotation: ast.expr | None) -> str:
    """The name that an annotation begins with; quotes do not count."""
    if isinstance(annotation, ast.Constant):
        return str(annotation.value).partition(".")[0]
    return dotted(annotation).partition(".")[0]
