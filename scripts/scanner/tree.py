"""Text -> syntax tree, and one pass over it that finds every node's parent and sorts the nodes by type."""

from __future__ import annotations

import ast
import warnings
from collections import defaultdict

from .syntax import CHILDREN, last


class Index:
    """A parsed module: the parent of every node, and the nodes by type in an order that is the same on every run."""

    __slots__ = ("calls", "nodes", "parents", "renamed", "tree")

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.parents: dict[ast.AST, ast.AST] = {}
        self.nodes: dict[type[ast.AST], list[ast.AST]] = defaultdict(list)
        self.calls: dict[str, list[ast.Call]] = defaultdict(list)
        self.renamed: dict[str, list[str]] = defaultdict(list)
        self._walk()

    def _walk(self) -> None:
        parents, nodes, fields = self.parents, self.nodes, CHILDREN
        pending: list[ast.AST] = [self.tree]
        while pending:
            node = pending.pop()
            kind = node.__class__
            nodes[kind].append(node)
            for field in fields[kind]:
                value = getattr(node, field)
                for item in value if value.__class__ is list else (value,):
                    if item is not None:
                        parents[item] = node
                        pending.append(item)
        for call in nodes[ast.Call]:
            assert isinstance(call, ast.Call)
            self.calls[last(call.func)].append(call)
        for alias in nodes[ast.alias]:
            assert isinstance(alias, ast.alias)
            if alias.asname and "." not in alias.name and alias.asname != alias.name:
                self.renamed[alias.name].append(alias.asname)


def parse(text: str, name: str = "<module>") -> ast.Module:
    """The tree of a module. Raises SyntaxError, and nothing else, whatever the text."""
    try:
        with warnings.catch_warnings(action="ignore"):
            return ast.parse(text, name)
    except ValueError as error:
        raise SyntaxError(str(error)) from error
    except (RecursionError, MemoryError) as error:
        raise SyntaxError("nested too deep") from error
