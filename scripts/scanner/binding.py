"""How the names of a function or module, and the attributes of a class, got their values."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from .syntax import FUNCTIONS, dotted, parameters, targets, walk

if TYPE_CHECKING:
    from .module import Module


class Binding(NamedTuple):
    """How a name got its value: by an annotation, an assigned value, or as what `with value as name` entered."""

    how: str
    node: ast.expr


def bindings(module: Module, scope: ast.AST) -> dict[str, list[Binding]]:
    """How the names of a function, or of the module itself, got their values: annotations first, then in order."""
    found: dict[str, list[Binding]] = {arg.arg: [] for arg in parameters(scope)}
    for name, binding in (*_given(scope), *_assigned(scope), *_global(module, scope)):
        found.setdefault(name, []).append(binding)
    return {name: sorted(values, key=_order) for name, values in found.items()}


def attributes(owner: ast.ClassDef) -> dict[str, list[Binding]]:
    """How the attributes of a class got their values, in its body or by `self.name = ...`: annotations first."""
    found: dict[str, list[Binding]] = {}
    for name, binding in (*_assigned(owner), *_kept(owner)):
        found.setdefault(name, []).append(binding)
    return {name: sorted(values, key=_order) for name, values in found.items()}


def _given(scope: ast.AST) -> Iterator[tuple[str, Binding]]:
    for arg in parameters(scope):
        if arg.annotation:
            yield arg.arg, Binding("annotation", arg.annotation)


def _assigned(scope: ast.AST) -> Iterator[tuple[str, Binding]]:
    for node in walk(scope):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and not isinstance(scope, ast.Module):
            yield node.target.id, Binding("annotation", node.annotation)
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr):
            for target in targets(node):
                yield from _pairs(target, node.value)
        elif isinstance(node, ast.withitem) and isinstance(node.optional_vars, ast.Name):
            yield node.optional_vars.id, Binding("with", node.context_expr)


def _kept(owner: ast.ClassDef) -> Iterator[tuple[str, Binding]]:
    """What the methods of a class assign to attributes of `self`."""
    methods = (m for m in owner.body if isinstance(m, FUNCTIONS))
    for node in (n for method in methods for n in walk(method) if isinstance(n, ast.Assign | ast.AnnAssign)):
        for target in targets(node):
            if isinstance(target, ast.Attribute) and dotted(target.value) == "self":
                if isinstance(node, ast.AnnAssign):
                    yield target.attr, Binding("annotation", node.annotation)
                if node.value is not None:
                    yield target.attr, Binding("value", node.value)


def _global(module: Module, scope: ast.AST) -> Iterator[tuple[str, Binding]]:
    """What functions assign to the module's names."""
    for node in module.nodes(ast.Global) if scope is module.tree else ():
        for inner in walk(module.scope(node)):
            if isinstance(inner, ast.Assign) and dotted(inner.targets[0]) in node.names:
                yield from _pairs(inner.targets[0], inner.value)


def _pairs(target: ast.expr, assigned: ast.expr | None) -> Iterator[tuple[str, Binding]]:
    """The names in a target, each with its part of the value where `a, b = x, y` tells it."""
    if isinstance(target, ast.Tuple) and isinstance(assigned, ast.Tuple) and len(target.elts) == len(assigned.elts):
        for name, part in zip(target.elts, assigned.elts, strict=True):
            yield from _pairs(name, part)
    elif isinstance(target, ast.Name) and assigned is not None:
        yield target.id, Binding("value", assigned)


def _order(binding: Binding) -> tuple[bool, int, int]:
    return binding.how != "annotation", binding.node.lineno, binding.node.col_offset
