"""Example -> module, compiled so that tracebacks and `inspect` point into the Markdown page and line."""

from __future__ import annotations

import ast
import sys
from types import ModuleType

from . import watching
from .model import Example


def load(example: Example) -> ModuleType:
    """Execute the page's Setup and then `example` as one module, and return it.

    Raises whatever the code raises, with the page's own lines in the traceback.
    """
    watching.loaded(example)
    module = ModuleType(name(example))
    module.__file__ = str(example.path)
    sys.modules[module.__name__] = module
    for part in (example.setup, example):
        if part is not None:
            tree = ast.increment_lineno(ast.parse(part.code, str(part.path)), part.line - 1)
            exec(compile(tree, str(part.path), "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - running it is the point
    return module


def name(example: Example) -> str:
    """The module name of an example, unique in its skill: `late_commit_correct`."""
    return f"{example.section}-{example.side}".replace("-", "_").lower()
