"""One module of the scanned code: what its names mean, of which kind its expressions are, what stands around a node.

Kinds come from annotations and constructors alone. A library's class is named by its library and its own name
(`sqlalchemy.AsyncSession`, wherever in SQLAlchemy it was imported from), a class of the project by its full name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from .binding import Binding, attributes, bindings
from .inference import Kinds, short
from .places import Places
from .syntax import FUNCTIONS, Function, With, dotted, statements, targets, walk

if TYPE_CHECKING:
    from .project import Project


class Definition(NamedTuple):
    """A function, a class, or the value that a name was assigned, and the module that it stands in."""

    module: Module
    node: ast.AST


class Module(Places):
    """A parsed module and its place in the project."""

    def __init__(self, path: str, text: str, tree: ast.Module, project: Project) -> None:
        super().__init__(tree)
        self.path, self.text, self.project = path, text, project
        self.kinds = Kinds(self)
        self._defined: dict[ast.AST, dict[str, ast.AST]] = {}
        self._bound: dict[ast.AST, dict[str, list[Binding]]] = {}

    @cached_property
    def imports(self) -> dict[str, str]:
        """Local names -> what was imported under them, in full, wherever in the module."""
        return self._imported((*self.nodes(ast.Import), *self.nodes(ast.ImportFrom)))

    @cached_property
    def exports(self) -> dict[str, str]:
        """The same of the imports at its top level, which other modules may take from here."""
        return self._imported(statements(self.tree))

    @cached_property
    def stars(self) -> list[str]:
        """The modules of which it imports everything."""
        return [origin.removesuffix(".*") for name, origin in self.exports.items() if name.startswith("*")]

    @cached_property
    def definitions(self) -> dict[str, ast.AST]:
        """What the module itself defines at its top level, also below `if` and `try`."""
        found: dict[str, ast.AST] = {}
        for node in statements(self.tree):
            if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
                found[node.name] = node
            elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
                found |= {t.id: node.value for t in targets(node) if isinstance(t, ast.Name)}
        return found

    def line(self, number: int) -> str:
        """A line of its text, counted from 1, without what stands around it; empty where there is none."""
        lines = self.text.split("\n")
        return lines[number - 1].strip() if number <= len(lines) else ""

    def under(self, node: ast.AST, *names: str) -> tuple[With, ast.withitem] | None:
        """The nearest `with` item around `node` that calls one of `names`, directly or through a variable."""
        for block, item in self.entered(node):
            if self.means(item.context_expr, *names) or (
                isinstance(item.context_expr, ast.Name)
                and any(b.how == "value" and self.means(b.node, *names) for b in self.bindings(item.context_expr))
            ):
                return block, item
        return None

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
        origin = self.origin(node)
        if "." not in origin:
            return origin in wanted and origin not in self.definitions
        if short(origin) in wanted:
            return True
        end = origin[origin.rindex(".") :]
        if origin.startswith("self.") or not any(w.endswith(end) for w in wanted):
            return False
        found = self.project.find(origin, self.path)
        return isinstance(found, str) and short(found) in wanted

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

    def class_called(self, name: str) -> ast.ClassDef | None:
        """The class that a name in quotes refers to, here or where it was imported from."""
        here = self.definitions.get(name)
        found = self.project.find(self.imports[name], self.path) if name in self.imports else None
        node = found.node if isinstance(found, Definition) else here
        return node if isinstance(node, ast.ClassDef) else None

    # of which kind an expression is

    def kind(self, node: ast.AST | None) -> str:
        """The kind of a value, as far as annotations and constructors tell; else empty."""
        return self.kinds.of(node)

    def annotated(self, node: ast.AST | None) -> str:
        """The kind that an annotation names; of `Annotated[X, ...]` and `X | None` that of X; aliases are followed."""
        return self.kinds.annotated(node)

    def yields(self, function: Function) -> str:
        """The kind that a function's annotation says it returns or yields."""
        return self.kinds.yielded(function)

    def is_kind(self, node: ast.AST | None, *wanted: str) -> bool:
        """Whether a value is of one of these kinds."""
        return self.kind(node) in wanted

    def class_of(self, node: ast.AST | None) -> tuple[Module, ast.ClassDef] | None:
        """The class in the project that a value is of."""
        return self.project.class_named(self.kind(node))

    def bound(self, scope: ast.AST) -> dict[str, list[Binding]]:
        """How the names of a function or of the module got their values."""
        if scope not in self._bound:
            self._bound[scope] = bindings(self, scope)
        return self._bound[scope]

    def bindings(self, name: ast.Name) -> list[Binding]:
        """How a name got its values, in the innermost function around it that gives it any, or in the module."""
        for scope in self._scopes(name):
            if found := self.bound(scope).get(name.id):
                return found
        return []

    def values(self, node: ast.AST | None) -> list[ast.expr]:
        """An expression, or what was assigned to it where it is a name or an attribute of `self`."""
        if isinstance(node, ast.Name):
            return [b.node for b in self.bindings(node) if b.how == "value"]
        if isinstance(node, ast.Attribute) and dotted(node.value) == "self" and (owner := self.klass(node)):
            return [b.node for b in self.attributes(owner).get(node.attr, ()) if b.how == "value"]
        return [node] if isinstance(node, ast.expr) else []

    def attributes(self, owner: ast.ClassDef) -> dict[str, list[Binding]]:
        """How the attributes of a class got their values: by annotations, and by what its methods assign to `self`."""
        if owner not in self._bound:
            self._bound[owner] = attributes(owner)
        return self._bound[owner]

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

    def _imported(self, nodes: Iterable[ast.AST]) -> dict[str, str]:
        found: dict[str, str] = {}
        for node in nodes:
            if isinstance(node, ast.ImportFrom):
                base = self.project.absolute(self.path, node.module or "", node.level)
                for alias in node.names:
                    own = f"* {base}" if alias.name == "*" else alias.asname or alias.name
                    found[own] = f"{base}.{alias.name}" if base else alias.name
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    first = alias.name.partition(".")[0]
                    found[alias.asname or first] = alias.name if alias.asname else first
        return found

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
        for here in self.above(node):
            if isinstance(here, (*FUNCTIONS, ast.Lambda, ast.Module)):
                yield here
