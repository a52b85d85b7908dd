"""Example -> module, compiled so that tracebacks and `inspect` point into the Markdown page and line.

A project is written into a folder instead, to be run by other processes.
"""

from __future__ import annotations

import ast
import os
import sys
from pathlib import Path
from types import ModuleType

from . import watching
from .parts import Example


def load(example: Example) -> ModuleType:
    """Execute the page's Setup and then `example` as one module, and return it.

    Raises whatever the code raises, with the page's own lines in the traceback, and TypeError for a project.
    """
    if example.files:
        raise TypeError(f"{example.path.name} is a project: extract it")
    watching.loaded(example)
    module = ModuleType(name(example))
    module.__file__ = str(example.path)
    sys.modules[module.__name__] = module
    for part in (example.setup, example):
        if part is not None:
            tree = ast.increment_lineno(ast.parse(part.code, str(part.path)), part.line - 1)
            exec(compile(tree, str(part.path), "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - running it is the point
    return module


def extract(project: Example, folder: Path) -> dict[str, str]:
    """Write the files of `project` below `folder`; the environment that a Python needs to import them.

    It also makes that Python tell which of them it executes, by a `sitecustomize` beside them.
    """
    places = {}
    for block in project.files:
        file = folder.absolute() / block.file
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block.code, encoding="utf-8")
        places[str(file)] = (str(block.path), block.line)
    follow = f"from skill_validator import watching\n\nwatching.follow({places!r})\n"
    (folder / "sitecustomize.py").write_text(follow, encoding="utf-8")
    return {"PYTHONPATH": os.pathsep.join([str(folder.absolute()), str(Path(__file__).parents[1])])}


def name(example: Example) -> str:
    """The module name of an example, unique in its skill: `late_commit_correct`."""
    return f"{example.section}-{example.side}".replace("-", "_").lower()
