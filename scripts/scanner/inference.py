"""Of which kind an expression is, by annotations and constructors alone."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, cast
from weakref import proxy

from . import kinds
from .binding import Binding
from .syntax import FUNCTIONS, Function, last
from .tree import parse

if TYPE_CHECKING:
    from .module import Module

DEPTH = 12


class Kinds:
    """The kinds of a module's expressions, each found once."""

    def __init__(self, module: Module) -> None:
        self.module = cast(
            "Module", proxy(module)
        )  # no cycle: a module goes, tree and all, when nobody needs it any more
        self._known: dict[ast.expr, str] = {}

    def of(self, node: ast.AST | None, depth: int = 0) -> str:
        """The kind of a value, as far as annotations and constructors tell; else empty."""
        if isinstance(node, ast.Await):
            node = node.value
        if not isinstance(node, ast.Call | ast.Name | ast.Attribute) or depth > DEPTH:
            return ""
        if node not in self._known:
            self._known[node] = ""  # what is asked again before it is known depends on itself
            self._known[node] = self._kind(node, depth)
        return self._known[node]

    def _kind(self, node: ast.Call | ast.Name | ast.Attribute, depth: int) -> str:
        if isinstance(node, ast.Call):
            return self._made(node, depth + 1)
        if isinstance(node, ast.Name):
            found = (self._kind_of(b, depth + 1) for b in self.module.bindings(node))
            known = next((kind for kind in found if kind), "")
            return known or self._imported_kind(node, depth + 1)
        return self._attribute_kind(node, depth + 1)

    def annotated(self, node: ast.AST | None, depth: int = 0) -> str:
        """The kind that an annotation names; of `Annotated[X, ...]` and `X | None` that of X; aliases are followed."""
        if node is None or depth > DEPTH:
            return ""
        if isinstance(node, ast.Constant):
            return self.annotated(_quoted(node), depth + 1)
        if isinstance(node, ast.BinOp):
            return self.annotated(node.left, depth + 1) or self.annotated(node.right, depth + 1)
        if isinstance(node, ast.Subscript):
            if last(node.value) not in kinds.WRAPPERS:
                return self.annotated(node.value, depth + 1)
            return self.annotated(node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice, depth + 1)
        return self._named(node, depth) if isinstance(node, ast.Name | ast.Attribute) else ""

    def _named(self, node: ast.expr, depth: int) -> str:
        """The kind that a name in an annotation means: of an alias, a class of the project, or a library's."""
        found = self.module.target(node)
        if found and isinstance(found.node, ast.expr):
            return found.module.kinds.annotated(found.node, depth + 1)
        if found and isinstance(found.node, ast.ClassDef):
            return f"{found.module.path}::{found.node.name}"
        return self._library(node)

    def _library(self, node: ast.expr) -> str:
        """A library's name for what an expression names."""
        return short(self.module.project.origin(self.module.origin(node), self.module.path))

    def yielded(self, function: Function, depth: int = 0) -> str:
        """The kind that a function's annotation says it returns or yields."""
        node = function.returns
        while isinstance(node, ast.Subscript) and last(node.value) in kinds.STREAMS:
            node = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
        return self.annotated(node, depth + 1)

    def _kind_of(self, binding: Binding, depth: int) -> str:
        if binding.how == "annotation":
            return self.annotated(binding.node, depth)
        return self.of(binding.node, depth)

    def _imported_kind(self, name: ast.Name, depth: int) -> str:
        if name.id not in self.module.imports:
            return ""
        found = self.module.target(name)
        return found.module.kinds.of(found.node, depth) if found and isinstance(found.node, ast.expr) else ""

    def _attribute_kind(self, node: ast.Attribute, depth: int) -> str:
        if isinstance(node.value, ast.Name) and node.value.id == "self":
            owner = self.module.klass(node)
            return self._field_kind(owner, node.attr, depth) if owner else ""
        if isinstance(node.value, ast.Attribute) and node.value.attr == "state":
            return self._state_kind(node.attr, depth)
        found = self.module.target(node)
        return found.module.kinds.of(found.node, depth) if found and isinstance(found.node, ast.expr) else ""

    def _state_kind(self, name: str, depth: int) -> str:
        """The kind of `app.state.name`, by what this module assigns to it or enters as it."""
        for node in self.module.nodes(ast.Attribute):
            if node.attr == name and isinstance(node.ctx, ast.Store) and last(node.value) == "state":
                above = self.module.parent(node)
                made = above.context_expr if isinstance(above, ast.withitem) else getattr(above, "value", None)
                if kind := self.of(made, depth):
                    return kind
        return ""

    def _field_kind(self, owner: ast.ClassDef, name: str, depth: int) -> str:
        """The kind of `self.name`: by the class's annotation, or by what `__init__` or another method assigns."""
        found = (self._kind_of(b, depth) for b in self.module.attributes(owner).get(name, ()))
        return next((kind for kind in found if kind), "")

    def _made(self, call: ast.Call, depth: int) -> str:
        """The kind that a call returns."""
        name = self._library(call.func)
        if name in kinds.MAKES:
            return kinds.MAKES[name]
        found = self.module.target(call.func)
        if found and isinstance(found.node, ast.ClassDef):
            return f"{found.module.path}::{found.node.name}"
        if found and isinstance(found.node, FUNCTIONS):
            return found.module.kinds.yielded(found.node, depth)
        if isinstance(call.func, ast.Attribute):
            of = self.of(call.func.value, depth) or short(self.module.origin(call.func.value))
            if (of, call.func.attr) in kinds.METHODS:
                return kinds.METHODS[of, call.func.attr]
        if kind := kinds.METHODS.get((self.of(call.func, depth), "")):
            return kind
        return name if name.rpartition(".")[2][:1].isupper() else ""


def _quoted(node: ast.Constant) -> ast.expr | None:
    """The expression in a quoted annotation."""
    try:
        body = parse(str(node.value)).body
    except SyntaxError:
        return None
    return body[0].value if body and isinstance(body[0], ast.Expr) and isinstance(node.value, str) else None


def short(origin: str) -> str:
    """`sqlalchemy.AsyncSession` of `sqlalchemy.ext.asyncio.AsyncSession`."""
    library, dot, rest = origin.partition(".")
    return f"{library}.{rest.rpartition('.')[2]}" if dot else origin
