"""Relationships: what a loaded collection holds, and what loading costs."""

from __future__ import annotations

import ast

from ..finding import Found, error, warning
from ..module import Module
from ..orm import attribute, fields, is_model, on_session
from ..syntax import COMPREHENSIONS, LOOPS, Function, at, calls, dotted, keyword, last, value, walk

LOADERS = ("selectinload", "joinedload", "subqueryload", "lazyload")
EAGER = {"selectin", "joined", "subquery", "immediate", False}


@warning("and_")
def filtered_collection(module: Module) -> Found:
    """Flags a loader option with a filter: the attribute then holds the filtered rows for whoever reads it next."""
    for call in module.calls(*LOADERS):
        for argument in call.args[:1]:
            for found in module.values(argument):
                if isinstance(found, ast.Call) and last(found) == "and_" and isinstance(found.func, ast.Attribute):
                    yield call, f"fills {dotted(found.func.value)} with the filtered rows, or, loaded before, with all"


@error("contains_eager limit")
def limit_over_joined_rows(module: Module) -> Found:
    """Flags `limit()` on a statement with `contains_eager()` of a collection: it counts rows of the join."""
    for call in module.calls("contains_eager"):
        field = attribute(module, call.args[0]) if call.args else None
        if field is None or not field.is_collection:
            continue
        for limit in module.calls("limit"):
            if module.scope(limit) is module.scope(call) and _one_statement(module, call, limit):
                yield limit, f"counts rows of the join, not parents: {dotted(call.args[0])} is cut off"


@error("refresh commit")
def serialised_after_create(module: Module) -> Found:
    """Flags a relationship that is read from an object made, committed and refreshed in the same function.

    `refresh(object)` loads columns only. Give the relationship to the constructor, or name it to `refresh()`.
    """
    for function in module.coroutines:
        for name, made in _made(module, function).items():
            refreshed = [c for c in calls(function, "refresh") if c.args and dotted(c.args[0]) == name]
            plain = [c for c in refreshed if len(c.args) == 1 and not c.keywords and _on_session(module, c)]
            owner = module.target_class(made.func)
            if not plain or len(plain) != len(refreshed) or owner is None:
                continue
            known = fields(*owner)
            given = {k.arg for k in made.keywords}
            for node in walk(function):
                read = isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and dotted(node.value) == name
                if not read or not isinstance(node, ast.Attribute) or at(node) < at(plain[0]) or None in given:
                    continue
                field = known.get(node.attr)
                if field and field.is_relationship and node.attr not in given:
                    yield node, f"refresh() has loaded columns only: {dotted(node)} is a lazy load, MissingGreenlet"


@warning("awaitable_attrs")
def n_plus_one_made_legal(module: Module) -> Found:
    """Flags `awaitable_attrs` in a loop: one SELECT for each object."""
    for node in module.nodes(ast.Attribute):
        if node.attr == "awaitable_attrs" and any(True for _ in module.around(node, *LOOPS, *COMPREHENSIONS)):
            yield node, "a SELECT for each object: load the relationship with the query"


@warning("relationship lazy")
def loaded_by_every_query(module: Module) -> Found:
    """Flags `relationship(lazy="selectin")` and its like: every query of the class pays for it."""
    for call in module.calls("relationship"):
        if keyword(call, "lazy") is not None and value(keyword(call, "lazy")) in EAGER:
            yield (
                call,
                "every query of the class pays for it: if not all of them need it, load it where it is asked for",
            )


def _one_statement(module: Module, call: ast.Call, limit: ast.Call) -> bool:
    """Whether two calls belong to one chain, or to chains that go on from one variable."""
    return any(here is limit for here in module.above(call)) or bool(_names(module, call) & _names(module, limit))


def _names(module: Module, node: ast.AST) -> set[str]:
    """The variables that a statement's chain begins with or is assigned to."""
    found = {
        dotted(t) for here in module.above(node) for t in getattr(here, "targets", ()) if isinstance(here, ast.Assign)
    }
    while isinstance(node, ast.Call | ast.Attribute):
        node = node.func if isinstance(node, ast.Call) else node.value
    return found | ({node.id} if isinstance(node, ast.Name) else set())


def _made(module: Module, function: Function) -> dict[str, ast.Call]:
    """The variables that a function gives a new object of a model."""
    found = {}
    for node in walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and isinstance(node.targets[0], ast.Name):
            owner = module.target_class(node.value.func)
            if owner and is_model(*owner):
                found[node.targets[0].id] = node.value
    return found


def _on_session(module: Module, call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and on_session(module, call.func.value)
