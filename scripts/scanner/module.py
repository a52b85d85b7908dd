"""One module of the scanned code: what its names mean, of which kind its expressions are, what stands around a node.

Kinds come from annotations and constructors alone. A library's class is named by its library and its own name
(`sqlalchemy.AsyncSession`, wherever in SQLAlchemy it was imported from), a class of the project by its full name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from . import kinds
from .syntax import FUNCTIONS, SCOPES, WITHS, Function, Index, With, dotted, last, parameters, parse, targets, walk

if TYPE_CHECKING:
    from .project import Project

Node = TypeVar("Node", bound=ast.AST)
DEPTH = 12


class Definition(NamedTuple):
    """A function, a class, or the value that a name was assigned, and the module that it stands in."""

    module: Module
    node: ast.AST


class Binding(NamedTuple):
    """How a name got its value: by an annotation, an assigned value, or as what `with value as name` entered."""

    how: str
    node: ast.expr


class Module:
    """A parsed module and its place in the project."""

    def __init__(self, path: str, text: str, tree: ast.Module, project: Project) -> None:
        self.path, self.text, self.tree, self.project = path, text, tree, project
        self.index = Index(tree)
        self._kinds: dict[ast.expr, str] = {}
        self._defined: dict[ast.AST, dict[str, ast.AST]] = {}
        self._bound: dict[ast.AST, dict[str, list[Binding]]] = {}

    def calls(self, *names: str) -> Iterator[ast.Call]:
        """Every call of a function with one of these last names."""
        for name in names:
            yield from self.index.calls.get(name, ())

    def nodes(self, *types: type[Node]) -> Iterator[Node]:
        """Every node of these types."""
        for kind in types:
            yield from self.index.nodes.get(kind, ())  # type: ignore[misc] - the index is keyed by the type

    @property
    def functions(self) -> Iterator[Function]:
        """Every function and method, nested ones too."""
        return self.nodes(*FUNCTIONS)

    @property
    def coroutines(self) -> Iterator[ast.AsyncFunctionDef]:
        """Every `async def`."""
        return self.nodes(ast.AsyncFunctionDef)

    @cached_property
    def imports(self) -> dict[str, str]:
        """Local names -> what was imported under them, in full."""
        found: dict[str, str] = {}
        for plain in self.nodes(ast.Import):
            for alias in plain.names:
                found[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
        for node in self.nodes(ast.ImportFrom):
            base = self.project.absolute(self.path, node.module or "", node.level)
            found |= {alias.asname or alias.name: f"{base}.{alias.name}" for alias in node.names}
        return found

    @cached_property
    def definitions(self) -> dict[str, ast.AST]:
        """What the module itself defines at its top level, also below `if` and `try`."""
        found: dict[str, ast.AST] = {}
        for node in walk(self.tree):
            if isinstance(node, (*FUNCTIONS, ast.ClassDef)) and self.scope(node) is self.tree:
                found[node.name] = node
            elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
                found |= {t.id: node.value for t in targets(node) if isinstance(t, ast.Name)}
        return found

    # around a node

    def parent(self, node: ast.AST) -> ast.AST | None:
        """The node that this one is a part of."""
        return self.index.parents.get(node)

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """Parents, the nearest first, up to the module."""
        here = self.index.parents.get(node)
        while here is not None:
            yield here
            here = self.index.parents.get(here)

    def scope(self, node: ast.AST) -> ast.AST:
        """The function, lambda, class or module that `node` stands in."""
        return next((n for n in self.above(node) if isinstance(n, (*SCOPES, ast.Module))), self.tree)

    def function(self, node: ast.AST) -> ast.AST | None:
        """The function or lambda whose code `node` is, if any."""
        scope = self.scope(node)
        return scope if isinstance(scope, (*FUNCTIONS, ast.Lambda)) else None

    def coroutine(self, node: ast.AST) -> ast.AsyncFunctionDef | None:
        """The `async def` whose code `node` is, if it is one's."""
        scope = self.scope(node)
        return scope if isinstance(scope, ast.AsyncFunctionDef) else None

    def around(self, node: ast.AST, *types: type[Node]) -> Iterator[Node]:
        """The nodes of these types that `node` stands in, within its function, the nearest first."""
        for here in self.above(node):
            if isinstance(here, SCOPES):
                return
            if isinstance(here, types):
                yield here

    def entered(self, node: ast.AST) -> Iterator[tuple[With, ast.withitem]]:
        """The `with` items entered before `node` is reached and left after it, within its function."""
        child = node
        for here in self.above(node):
            if isinstance(here, SCOPES):
                return
            if isinstance(here, WITHS):
                inner = here.items.index(child) if isinstance(child, ast.withitem) else len(here.items)
                yield from ((here, item) for item in reversed(here.items[:inner]))
            child = here

    def under(self, node: ast.AST, *names: str) -> tuple[With, ast.withitem] | None:
        """The nearest `with` item around `node` that calls one of `names`, directly or through a variable."""
        for block, item in self.entered(node):
            if self.means(item.context_expr, *names) or (
                isinstance(item.context_expr, ast.Name)
                and any(b.how == "value" and self.means(b.node, *names) for b in self.bindings(item.context_expr))
            ):
                return block, item
        return None

    def klass(self, node: ast.AST) -> ast.ClassDef | None:
        """The nearest class that `node` stands in."""
        return next((n for n in self.above(node) if isinstance(n, ast.ClassDef)), None)

    # what a name means

    def origin(self, node: ast.AST | None) -> str:
        """The dotted name of an expression, or of what it calls, with its first part as it was imported."""
        if isinstance(node, ast.Await):
            node = node.value
        name = dotted(node)
        first, dot, rest = name.partition(".")
        return self.imports.get(first, first) + dot + rest if name else ""

    def means(self, node: ast.AST | None, *wanted: str) -> bool:
        """Whether an expression, or what it calls, is one of `wanted`: a library and a last name, or a builtin."""
        end = f".{last(node)}"
        if isinstance(node, ast.Await):
            end = f".{last(node.value)}"
        origin = self.origin(node)
        library, dot, _ = origin.partition(".")
        if dot and f"{library}{end}" in wanted:
            return True
        if not dot and origin in wanted:
            return origin not in self.definitions
        if not dot or library == "self" or not any(w.endswith(end) for w in wanted):
            return False
        found = self.project.find(origin, self.path)
        return isinstance(found, str) and _short(found) in wanted

    def target(self, node: ast.AST | None) -> Definition | None:
        """What a name or dotted name refers to, in this module or where it was imported from."""
        if isinstance(node, ast.Name):
            for scope in self._scopes(node):
                inner = self._locals(scope).get(node.id) if scope is not self.tree else None
                if inner is not None:
                    return Definition(self, inner)
            if node.id in self.definitions:
                return Definition(self, self.definitions[node.id])
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}:
            owner = self.klass(node)
            method = next((n for n in owner.body if getattr(n, "name", "") == node.attr), None) if owner else None
            return Definition(self, method) if method else None
        origin = self.origin(node)
        if "." not in origin:
            return None
        found = self.project.find(origin, self.path)
        if isinstance(found, Definition) or not isinstance(node, ast.Attribute):
            return found if isinstance(found, Definition) else None
        return self._method(node)

    def target_function(self, node: ast.AST | None) -> tuple[Module, Function] | None:
        """The function that a name refers to."""
        found = self.target(node)
        return (found.module, found.node) if found and isinstance(found.node, FUNCTIONS) else None

    def target_class(self, node: ast.AST | None) -> tuple[Module, ast.ClassDef] | None:
        """The class that a name refers to."""
        found = self.target(node)
        return (found.module, found.node) if found and isinstance(found.node, ast.ClassDef) else None

    # of which kind an expression is

    def kind(self, node: ast.AST | None, depth: int = 0) -> str:
        """The kind of a value, as far as annotations and constructors tell; else empty."""
        if isinstance(node, ast.Await):
            node = node.value
        if not isinstance(node, ast.Call | ast.Name | ast.Attribute) or depth > DEPTH:
            return ""
        if node not in self._kinds:
            self._kinds[node] = ""  # what is asked again before it is known depends on itself
            self._kinds[node] = self._kind(node, depth)
        return self._kinds[node]

    def _kind(self, node: ast.expr, depth: int) -> str:
        if isinstance(node, ast.Call):
            return self._made(node, depth + 1)
        if isinstance(node, ast.Name):
            found = (self._kind_of(b, depth + 1) for b in self.bindings(node))
            known = next((kind for kind in found if kind), "")
            return known or self._imported_kind(node, depth + 1)
        if isinstance(node, ast.Attribute):
            return self._attribute_kind(node, depth + 1)
        return ""

    def is_kind(self, node: ast.AST | None, *wanted: str) -> bool:
        """Whether a value is of one of these kinds."""
        return self.kind(node) in wanted

    def annotated(self, node: ast.AST | None, depth: int = 0) -> str:
        """The kind that an annotation names; of `Annotated[X, ...]` and `X | None` that of X; aliases are followed."""
        if node is None or depth > DEPTH:
            return ""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                return self.annotated(parse(node.value).body[0].value, depth + 1)  # type: ignore[attr-defined]
            except (SyntaxError, IndexError, AttributeError):
                return ""
        if isinstance(node, ast.BinOp):
            return self.annotated(node.left, depth + 1) or self.annotated(node.right, depth + 1)
        if isinstance(node, ast.Subscript):
            if last(node.value) not in kinds.WRAPPERS:
                return self.annotated(node.value, depth + 1)
            return self.annotated(node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice, depth + 1)
        if not isinstance(node, ast.Name | ast.Attribute):
            return ""
        found = self.target(node)
        if found and isinstance(found.node, ast.expr):
            return found.module.annotated(found.node, depth + 1)
        if found and isinstance(found.node, ast.ClassDef):
            return f"{found.module.path}::{found.node.name}"
        return _short(self.project.origin(self.origin(node), self.path))

    def yields(self, function: Function, depth: int = 0) -> str:
        """The kind that a function's annotation says it returns or yields."""
        node = function.returns
        while isinstance(node, ast.Subscript) and last(node.value) in kinds.STREAMS:
            node = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
        return self.annotated(node, depth + 1)

    def class_of(self, node: ast.AST | None) -> tuple[Module, ast.ClassDef] | None:
        """The class in the project that a value is of."""
        return self.project.class_named(self.kind(node))

    def bindings(self, name: ast.Name) -> list[Binding]:
        """How a name got its values, in the innermost function around it that gives it any, or in the module."""
        for scope in self._scopes(name):
            if found := self._bindings(scope).get(name.id):
                return found
        return []

    def values(self, node: ast.AST | None) -> list[ast.expr]:
        """An expression, or what was assigned to it where it is a name."""
        if isinstance(node, ast.Name):
            return [b.node for b in self.bindings(node) if b.how == "value"]
        return [node] if isinstance(node, ast.expr) else []

    def text_of(self, node: ast.AST | None) -> str:
        """The string constants in an expression, and in what its names were assigned in this module or another."""
        if node is None:
            return ""
        found = []
        for part in ast.walk(node):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                found.append(part.value)
            elif isinstance(part, ast.Name):
                found += [
                    c.value
                    for v in self._assigned(part)
                    for c in ast.walk(v)
                    if isinstance(c, ast.Constant) and isinstance(c.value, str)
                ]
        return "\n".join(found)

    def _method(self, node: ast.Attribute) -> Definition | None:
        """The method that `object.method` names, where the object is of a class of the project."""
        owner = self.class_of(node.value)
        method = next((n for n in owner[1].body if getattr(n, "name", "") == node.attr), None) if owner else None
        return Definition(owner[0], method) if owner and method else None

    def _locals(self, scope: ast.AST) -> dict[str, ast.AST]:
        """The functions and classes that are defined in a function."""
        if scope not in self._defined:
            inner = (n for n in walk(scope) if isinstance(n, (*FUNCTIONS, ast.ClassDef)))
            self._defined[scope] = {n.name: n for n in inner}
        return self._defined[scope]

    def _assigned(self, name: ast.Name) -> list[ast.expr]:
        values = self.values(name)
        if not values and name.id in self.imports and (found := self.target(name)):
            return [found.node] if isinstance(found.node, ast.expr) else []
        return values

    def _scopes(self, node: ast.AST) -> Iterator[ast.AST]:
        """The scopes whose names `node` sees, the innermost first."""
        if isinstance(node, (*FUNCTIONS, ast.Lambda)):
            yield node
        for here in self.above(node):
            if isinstance(here, (*FUNCTIONS, ast.Lambda, ast.Module)):
                yield here

    def _bindings(self, scope: ast.AST) -> dict[str, list[Binding]]:
        if scope in self._bound:
            return self._bound[scope]
        found: dict[str, list[Binding]] = {}

        def bind(target: ast.AST, how: str, node: ast.expr | None) -> None:
            if isinstance(target, ast.Name) and node is not None:
                found.setdefault(target.id, []).append(Binding(how, node))

        for arg in parameters(scope):
            found.setdefault(arg.arg, []).extend([Binding("annotation", arg.annotation)] if arg.annotation else [])
        for node in walk(scope):
            if isinstance(node, ast.AnnAssign) and not isinstance(scope, ast.Module):
                bind(node.target, "annotation", node.annotation)
            if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr):
                for target in targets(node):
                    _bind_value(bind, target, node.value)
            elif isinstance(node, ast.withitem) and node.optional_vars is not None:
                bind(node.optional_vars, "with", node.context_expr)
        for node in self.nodes(ast.Global) if scope is self.tree else ():
            for inner in walk(self.scope(node)):
                if isinstance(inner, ast.Assign) and dotted(inner.targets[0]) in node.names:
                    bind(inner.targets[0], "value", inner.value)
        self._bound[scope] = {name: sorted(b, key=_order) for name, b in found.items()}
        return self._bound[scope]

    def _kind_of(self, binding: Binding, depth: int) -> str:
        if binding.how == "annotation":
            return self.annotated(binding.node, depth)
        return self.kind(binding.node, depth)

    def _imported_kind(self, name: ast.Name, depth: int) -> str:
        if name.id not in self.imports:
            return ""
        found = self.target(name)
        return found.module.kind(found.node, depth) if found and isinstance(found.node, ast.expr) else ""

    def _attribute_kind(self, node: ast.Attribute, depth: int) -> str:
        if isinstance(node.value, ast.Name) and node.value.id == "self":
            owner = self.klass(node)
            return self._field_kind(owner, node.attr, depth) if owner else ""
        if isinstance(node.value, ast.Attribute) and node.value.attr == "state":
            return self._state_kind(node.attr, depth)
        found = self.target(node)
        return found.module.kind(found.node, depth) if found and isinstance(found.node, ast.expr) else ""

    def _state_kind(self, name: str, depth: int) -> str:
        """The kind of `app.state.name`, by what this module assigns to it or enters as it."""
        for node in self.nodes(ast.Attribute):
            if node.attr == name and isinstance(node.ctx, ast.Store) and last(node.value) == "state":
                above = self.parent(node)
                made = above.context_expr if isinstance(above, ast.withitem) else getattr(above, "value", None)
                if kind := self.kind(made, depth):
                    return kind
        return ""

    def _field_kind(self, owner: ast.ClassDef, name: str, depth: int) -> str:
        """The kind of `self.name`: by the class's annotation, or by what `__init__` or another method assigns."""
        for statement in owner.body:
            if isinstance(statement, ast.AnnAssign) and dotted(statement.target) == name:
                return self.annotated(statement.annotation, depth)
        for method in owner.body:
            for node in walk(method) if isinstance(method, FUNCTIONS) else ():
                if any(dotted(t) == f"self.{name}" for t in targets(node)):
                    if isinstance(node, ast.AnnAssign):
                        return self.annotated(node.annotation, depth)
                    if kind := self.kind(getattr(node, "value", None), depth):
                        return kind
        return ""

    def _made(self, call: ast.Call, depth: int) -> str:
        """The kind that a call returns."""
        short = _short(self.project.origin(self.origin(call.func), self.path)) if dotted(call.func) else ""
        if short in kinds.MAKES:
            return kinds.MAKES[short]
        found = self.target(call.func)
        if found and isinstance(found.node, ast.ClassDef):
            return f"{found.module.path}::{found.node.name}"
        if found and isinstance(found.node, FUNCTIONS):
            return found.module.yields(found.node, depth)
        if isinstance(call.func, ast.Attribute):
            of = self.kind(call.func.value, depth) or _short(self.origin(call.func.value))
            if (of, call.func.attr) in kinds.METHODS:
                return kinds.METHODS[of, call.func.attr]
        if kind := kinds.METHODS.get((self.kind(call.func, depth), "")):
            return kind
        return short if short.rpartition(".")[2][:1].isupper() else ""


def _bind_value(bind: object, target: ast.expr, assigned: ast.expr | None) -> None:
    """Pairs of `a, b = x, y` get a value each."""
    assert callable(bind)
    if isinstance(target, ast.Tuple) and isinstance(assigned, ast.Tuple) and len(target.elts) == len(assigned.elts):
        for name, part in zip(target.elts, assigned.elts, strict=True):
            bind(name, "value", part)
    else:
        bind(target, "value", assigned)


def _order(binding: Binding) -> tuple[bool, int, int]:
    return binding.how != "annotation", binding.node.lineno, binding.node.col_offset


def _short(origin: str) -> str:
    """`sqlalchemy.AsyncSession` of `sqlalchemy.ext.asyncio.AsyncSession`."""
    library, dot, rest = origin.partition(".")
    return f"{library}.{rest.rpartition('.')[2]}" if dot else origin
