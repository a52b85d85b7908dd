"""Python text -> its syntax tree. Nothing is executed."""

from __future__ import annotations

import ast
import functools
import textwrap
import warnings
from types import CodeType

from scanner.syntax import CHILDREN


@functools.lru_cache(maxsize=1024)
def parse(code: str) -> ast.Module:
    """The syntax tree of a module; checks share it. Raises SyntaxError, and nothing else, whatever the text."""
    return syntax(code)


def parses(code: str) -> bool:
    """Whether a module has a syntax tree; it may still be refused."""
    try:
        parse(code)
    except SyntaxError:
        return False
    return True


def syntax(code: str) -> ast.Module:
    """The same for a text that is looked at once: it is not kept."""
    tree = _compile(code, ast.PyCF_ONLY_AST)
    assert isinstance(tree, ast.Module)
    return tree


@functools.lru_cache(maxsize=1024)
def nodes(code: str) -> tuple[ast.AST, ...]:
    """The nodes of a module in the order of `ast.walk`; checks share them. Raises SyntaxError, and nothing else."""
    return tuple(walk(parse(code)))


def walk(tree: ast.AST) -> list[ast.AST]:
    """What `ast.walk` yields but for operators and contexts, in a quarter of the time."""
    found = [tree]
    for node in found:
        for field in CHILDREN[node.__class__]:
            value = getattr(node, field)
            if value.__class__ is list:
                found.extend(filter(None, value))
            elif value is not None:
                found.append(value)
    return found


@functools.lru_cache(maxsize=1024)
def part(code: str) -> ast.Module:
    """The syntax tree of what may be a part of a program: indented as a whole, or without the function around it.

    Raises SyntaxError, and nothing else.
    """
    return parse(textwrap.dedent(code))


def compiled(code: str) -> CodeType:
    """The code of a module, which knows more of syntax than the tree. Raises SyntaxError, and nothing else."""
    made = _compile(code, 0)
    assert isinstance(made, CodeType)
    return made


def _compile(code: str, flags: int) -> object:
    try:
        with warnings.catch_warnings(action="ignore"):
            return compile(code, "<block>", "exec", flags, dont_inherit=True)
    except ValueError as error:
        raise SyntaxError(str(error)) from error
    except (RecursionError, MemoryError) as error:
        raise SyntaxError("nested too deep") from error
