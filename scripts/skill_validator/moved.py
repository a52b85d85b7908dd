"""Python text -> the names that it takes from where they no longer are, which the stubs of type checkers let pass."""

from __future__ import annotations

import ast
import collections.abc
from collections.abc import Iterator

from .python import nodes

ABCS = frozenset(collections.abc.__all__)  # in `collections` itself until Python 3.9


def moved(code: str) -> Iterator[tuple[int, str]]:
    """The line and a sentence for every abstract class that is asked of `collections`. The code must parse."""
    for line, name in _asked(code) if "collections" in code else ():
        if name in ABCS:
            yield line, f"no attribute {name!r} in module 'collections': since Python 3.10 only in 'collections.abc'"


def _asked(code: str) -> Iterator[tuple[int, str]]:
    """The names that are asked of the module `collections`, with their lines."""
    for node in nodes(code):
        if isinstance(node, ast.ImportFrom) and node.module == "collections" and not node.level:
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "collections":
            yield node.lineno, node.attr
