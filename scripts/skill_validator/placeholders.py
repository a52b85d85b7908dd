"""Python -> what in it stands for code that was left out. Where a body is what the type says, `...` is none."""

from __future__ import annotations

import ast
import contextlib
import re
from collections.abc import Iterator, Sequence

from .python import nodes, walk

STATEMENT = re.compile(r"^\s*[\w@*(\[{][^\n]*[=(:]|^(import|from|del|raise|assert) ", re.MULTILINE)
HOLLOW = re.compile(r"(^\s*|: *)(\.\.\.|pass|raise NotImplementedError.*) *(#.*)?$", re.MULTILINE)
LEFT_TO_DO = re.compile(
    r"#.*\b(TODO|FIXME|XXX)\b|# *(\.\.\.|…|your code|rest of the code|omitted)(?!\w)", re.IGNORECASE
)


def placeholders(code: str) -> Iterator[tuple[int, str]]:
    """Lines of a block, from 1 on, where code was left out, and what says so; 0 is its fence."""
    if word := LEFT_TO_DO.search(code):
        yield code.count("\n", 0, word.start()) + 1, f"'{word[1] or word[2]}' stands for code"
    if not STATEMENT.search(code) or HOLLOW.search(code):
        with contextlib.suppress(SyntaxError):
            yield from _hollow(nodes(code))


def _hollow(found: Sequence[ast.AST]) -> Iterator[tuple[int, str]]:
    module = found[0]
    assert isinstance(module, ast.Module)
    if not any(not isinstance(n, ast.Expr) or not isinstance(n.value, ast.Constant) for n in module.body):
        yield 0, "the block has no code"
    typed = {id(n) for c in found if _is_typed(c) for n in walk(c)}
    for node in found:
        if isinstance(node, ast.Expr) and _is_ellipsis(node.value) and id(node) not in typed:
            yield node.lineno, "'...' stands for code"
    functions = [n for n in found if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    hollow = [f.body[-1] for f in functions if len(f.body) == 1 + bool(ast.get_docstring(f)) and _is_idle(f.body[-1])]
    if hollow and len(hollow) == len(functions):
        yield hollow[0].lineno, f"'{ast.unparse(hollow[0])}' stands for code"


def _is_idle(node: ast.stmt) -> bool:
    """Whether a body does nothing but be there: `pass`, or `raise NotImplementedError`."""
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Raise) and "NotImplementedError" in ast.unparse(node))


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is Ellipsis


def _is_typed(node: ast.AST) -> bool:
    """Whether `...` is a body here: of an empty class, a Protocol, an overload, an abstract method."""
    if isinstance(node, ast.ClassDef):
        empty = isinstance(node.body[-1], ast.Expr) and _is_ellipsis(node.body[-1].value) and len(node.body) <= 2
        return empty or any("Protocol" in _words(base) for base in node.bases)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return any({"overload", "abstractmethod"} & _words(d) for d in node.decorator_list)
    return False


def _words(node: ast.expr) -> set[str]:
    """The names and attributes in an expression."""
    parts = walk(node)
    return {n.id for n in parts if isinstance(n, ast.Name)} | {n.attr for n in parts if isinstance(n, ast.Attribute)}
