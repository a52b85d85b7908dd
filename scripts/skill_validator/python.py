"""Python text -> its syntax tree. Nothing is executed."""

from __future__ import annotations

import ast
import warnings
from types import CodeType


def parse(code: str) -> ast.Module:
    """The syntax tree of a module. Raises SyntaxError, and nothing else, whatever the text."""
    try:
        with warnings.catch_warnings(action="ignore"):
            return ast.parse(code)
    except (ValueError, RecursionError, MemoryError) as error:
        raise SyntaxError(str(error) or "nested too deep") from error


def compiled(code: str) -> CodeType:
    """The code of a module. Raises SyntaxError, and nothing else, whatever the text."""
    try:
        with warnings.catch_warnings(action="ignore"):
            return compile(code, "<block>", "exec", dont_inherit=True)
    except (ValueError, RecursionError, MemoryError) as error:
        raise SyntaxError(str(error) or "nested too deep") from error
