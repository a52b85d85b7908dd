"""What stands where in one module: its nodes by type, and what is around a node. Knows no names and no other module."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from typing import TypeVar, cast

from .syntax import FUNCTIONS, SCOPES, WITHS, Function, With
from .tree import Index

Node = TypeVar("Node", bound=ast.AST)


class Places:
    """The nodes of a tree and their places in it."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree

    @cached_property
    def index(self) -> Index:
        """The nodes by type, and their parents; not made of modules that only hand on names."""
        return Index(self.tree)

    def calls(self, *names: str) -> Iterator[ast.Call]:
        """Every call of a function with one of these last names, also where it was imported under another."""
        for name in names:
            for called in (name, *self.index.renamed.get(name, ())):
                yield from self.index.calls.get(called, ())

    def nodes(self, *types: type[Node]) -> Iterator[Node]:
        """Every node of these types."""
        for kind in types:
            yield from cast("list[Node]", self.index.nodes.get(kind, []))  # the index is keyed by the type

    @property
    def functions(self) -> Iterator[Function]:
        """Every function and method, nested ones too."""
        return self.nodes(*FUNCTIONS)

    @property
    def coroutines(self) -> Iterator[ast.AsyncFunctionDef]:
        """Every `async def`."""
        return self.nodes(ast.AsyncFunctionDef)

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

    def klass(self, node: ast.AST) -> ast.ClassDef | None:
        """The nearest class that `node` stands in."""
        return next((n for n in self.above(node) if isinstance(n, ast.ClassDef)), None)
