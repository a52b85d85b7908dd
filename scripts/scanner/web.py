"""What FastAPI and Starlette make of a module's functions: routes, dependencies, lifespans, middlewares."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from .kinds import SESSIONS
from .module import Module
from .syntax import (
    FUNCTIONS,
    Function,
    calls,
    decorated,
    defaults,
    dotted,
    is_generator,
    keyword,
    last,
    parameters,
    receiver,
    value,
    walk,
)

METHODS = {"get", "post", "put", "patch", "delete", "options", "head", "trace", "api_route", "websocket"}
FASTAPI = ("fastapi.FastAPI", "fastapi.APIRouter")
APPS = (*FASTAPI, "starlette.Starlette", "starlette.Router")
STREAMING = ("StreamingResponse", "EventSourceResponse")
ASGI = ["scope", "receive", "send"]
CORS = ("starlette.CORSMiddleware", "fastapi.CORSMiddleware")
MIDDLEWARE = ("starlette.BaseHTTPMiddleware", "fastapi.BaseHTTPMiddleware")
DEPTH = 6


class Route(NamedTuple):
    """A function that answers requests, and the decorator that made it one."""

    function: Function
    decorator: ast.Call

    @property
    def is_websocket(self) -> bool:
        """Whether it serves a WebSocket."""
        return last(self.decorator) == "websocket"

    @property
    def path(self) -> str:
        """Its path as far as it is a constant."""
        first = self.decorator.args[0] if self.decorator.args else keyword(self.decorator, "path")
        return str(value(first) or "")


class Dependency(NamedTuple):
    """A `Depends(...)` or `Security(...)`, and the module that it is written in, which may be another's alias."""

    parameter: ast.arg | None
    call: ast.Call
    module: Module
    annotation: ast.expr | None

    @property
    def target(self) -> ast.expr | None:
        """What is called; for a bare `Depends()` the annotated class."""
        given = self.call.args[0] if self.call.args else keyword(self.call, "dependency")
        return given or self.annotation

    @property
    def scope(self) -> str:
        """`function` or `request`."""
        return str(value(keyword(self.call, "scope")) or "request")

    @property
    def function(self) -> tuple[Module, Function] | None:
        """The function that is called, where it is the project's."""
        return self.module.target_function(self.target)

    @property
    def is_session(self) -> bool:
        """Whether it gives a database session."""
        found = self.function
        if self.annotation is not None and self.module.annotated(self.annotation) in SESSIONS:
            return True
        return bool(found and found[0].yields(found[1]) in SESSIONS)


def routes(module: Module) -> Iterator[Route]:
    """The functions that a decorator like `@app.get("/path")` makes routes."""
    for function in module.functions:
        for decorator in function.decorator_list:
            if isinstance(decorator, ast.Call) and _is_route(module, decorator):
                yield Route(function, decorator)
                break


def _is_route(module: Module, call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in METHODS:
        return False
    first = call.args[0] if call.args else keyword(call, "path")
    path = value(first)
    if isinstance(path, str):
        return path == "" or path.startswith("/")
    return first is not None and module.kind(call.func.value) in APPS


def is_fastapi(module: Module, route: Route) -> bool:
    """Whether FastAPI calls the function, and no other framework whose decorators look the same.

    The application is known to be FastAPI's, or nothing is known of it in a module that imports FastAPI.
    """
    app = receiver(route.decorator)
    kind = module.kind(app)
    if kind in FASTAPI or derives(module.class_of(app), *FASTAPI):
        return True
    return not kind and any(origin.partition(".")[0] == "fastapi" for origin in module.imports.values())


def derives(klass: tuple[Module, ast.ClassDef] | None, *names: str, depth: int = 0) -> bool:
    """Whether a class of the project has a base of a library with one of these names, itself or further up."""
    if klass is None or depth > DEPTH:
        return False
    module, node = klass
    return any(
        module.means(base, *names) or derives(module.target_class(base), *names, depth=depth + 1) for base in node.bases
    )


def is_streamed(route: Route) -> bool:
    """Whether the route's answer is a stream: by a `yield`, its response class, or what it returns."""
    if is_generator(route.function):
        return True
    said = last(keyword(route.decorator, "response_class")) or last(route.function.returns)
    return said in STREAMING or any(isinstance(n, ast.Call) and last(n) in STREAMING for n in walk(route.function))


def depends(module: Module, function: Function) -> Iterator[Dependency]:
    """The dependencies that a function's parameters ask for."""
    given = defaults(function)
    for parameter in parameters(function):
        default = given.get(parameter.arg)
        if isinstance(default, ast.Call) and _is_depends(module, default):
            yield Dependency(parameter, default, module, parameter.annotation)
        elif parameter.annotation is not None:
            for found in _in_annotation(module, parameter.annotation):
                yield found._replace(parameter=parameter)


def asked(module: Module, call: ast.Call) -> Iterator[Dependency]:
    """The dependencies in `dependencies=[...]` of a decorator, an application or a router."""
    listed = keyword(call, "dependencies")
    for item in listed.elts if isinstance(listed, ast.List | ast.Tuple) else ():
        if isinstance(item, ast.Call) and _is_depends(module, item):
            yield Dependency(None, item, module, None)


def needed(module: Module, route: Route) -> Iterator[Dependency]:
    """All dependencies of a route, those of its dependencies too, each place once."""
    pending = [(d, 0) for d in (*depends(module, route.function), *asked(module, route.decorator))]
    seen = set()
    while pending:
        found, depth = pending.pop()
        if (found.call, found.parameter) in seen:
            continue
        seen.add((found.call, found.parameter))
        yield found
        target = found.function if depth < DEPTH else None
        if target:
            pending += ((d, depth + 1) for d in depends(*target))


def uses(module: Module) -> Iterator[Dependency]:
    """Every `Depends(...)` that the module itself contains."""
    for call in module.calls("Depends", "Security"):
        if _is_depends(module, call):
            yield Dependency(None, call, module, _annotation_of(module, call))


def is_lifespan(module: Module, function: ast.AST) -> bool:
    """Whether a function is an application's lifespan: a context manager named so, given the app, or given to it."""
    if not isinstance(function, FUNCTIONS) or not is_generator(function):
        return False
    if not decorated(function, "asynccontextmanager"):
        return False
    if "lifespan" in function.name:
        return True
    return any(module.annotated(p.annotation) in APPS[::2] for p in parameters(function)[:1]) or any(
        dotted(k.value) == function.name for call in module.calls("FastAPI", "Starlette") for k in call.keywords
    )


def is_dispatch(module: Module, function: ast.AST) -> bool:
    """Whether a function is HTTP middleware that Starlette runs beside the endpoint: `dispatch`, `@middleware`."""
    if not isinstance(function, ast.AsyncFunctionDef):
        return False
    owner = module.klass(function)
    if function.name == "dispatch" and owner and derives((module, owner), *MIDDLEWARE):
        return True
    made = (d for d in function.decorator_list if isinstance(d, ast.Call) and last(d) == "middleware")
    return any(d.args and value(d.args[0]) == "http" for d in made)


def asgi_names(function: ast.AST) -> list[str] | None:
    """What an ASGI middleware's `__call__` calls scope, receive and send; None of other functions.

    It is middleware if it calls an application that it keeps, as `self.app(scope, receive, send)` does.
    """
    if not isinstance(function, ast.AsyncFunctionDef) or function.name != "__call__":
        return None
    found = [p.arg for p in parameters(function)][1:]
    inner = (c.func for c in calls(function) if len(c.args) == len(ASGI) and dotted(c.args[0]) == (found or [""])[0])
    keeps = any(isinstance(f, ast.Attribute) and dotted(f).startswith("self.") for f in inner)
    return found if keeps and [f.strip("_") for f in found] == ASGI else None


def _is_depends(module: Module, call: ast.Call) -> bool:
    return module.means(call, "fastapi.Depends", "fastapi.Security")


def _in_annotation(module: Module, node: ast.expr, depth: int = 0) -> Iterator[Dependency]:
    """The `Depends` in `Annotated[X, Depends(...)]`, which may be an alias from elsewhere."""
    if isinstance(node, ast.Subscript) and last(node.value) == "Annotated" and isinstance(node.slice, ast.Tuple):
        for item in node.slice.elts[1:]:
            if isinstance(item, ast.Call) and _is_depends(module, item):
                yield Dependency(None, item, module, node.slice.elts[0])
    elif isinstance(node, ast.Name | ast.Attribute) and depth < DEPTH:
        found = module.target(node)
        if found and isinstance(found.node, ast.expr):
            yield from _in_annotation(found.module, found.node, depth + 1)


def _annotation_of(module: Module, call: ast.Call) -> ast.expr | None:
    """The X of the `Annotated[X, Depends()]`, or of the `name: X = Depends()`, that a call stands in."""
    above = module.parent(call)
    if isinstance(above, ast.Tuple) and isinstance(module.parent(above), ast.Subscript):
        return above.elts[0]
    if isinstance(above, ast.arguments):
        function = module.parent(above)
        if isinstance(function, FUNCTIONS):
            names = {id(default): name for name, default in defaults(function).items()}
            return next((p.annotation for p in parameters(function) if p.arg == names.get(id(call))), None)
    return None


def is_settings(module: Module, klass: ast.ClassDef) -> bool:
    """Whether a class reads its fields from the environment: pydantic's BaseSettings, or derived from it."""
    return derives((module, klass), "pydantic_settings.BaseSettings", "pydantic.BaseSettings")
