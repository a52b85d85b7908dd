"""Skill -> its Python blocks as sources for other programs, and what those say -> lines of its pages."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterable

from . import ruff
from .floor import NEWEST, floor
from .model import Skill
from .parts import Example, Place
from .python import part, walk
from .remembering import once_a_skill

CODES = ("F401", "F821", "F823")
CODE = re.compile(r"[A-Z]+\d+")


@once_a_skill
def python_blocks(skill: Skill) -> list[Example]:
    """The Python blocks of all documents, Setups among them."""
    return [e for d in skill.documents for e in d.examples if e.language == "python"]


def shared_setups(skill: Skill) -> tuple[Example, ...]:
    """The Setups that some example shares."""
    return tuple(dict.fromkeys(e.setup for e in python_blocks(skill) if e.setup))


@once_a_skill
def ruffed(skill: Skill) -> list[tuple[Example, Place, ruff.Finding]]:
    """What ruff says of every example, with the Setup above it: the example, the line of the page, the finding.

    All checks ask this one question.
    """
    examples, lints, minor = _question(skill)
    asked = tuple(map(source, examples))
    try:
        found = ruff.find(asked, tuple(sorted({*CODES, *lints})), minor)
    except ruff.UnknownRuleError:
        found = ruff.find(asked, tuple(sorted({*CODES, *filter(is_rule, lints)})), minor)
    return [(examples[f.source], located(examples[f.source], f.line), f) for f in found]


def begin(skills: Iterable[Skill]) -> None:
    """Let ruff work on what `ruffed` will be asked for, while other checks do."""
    questions = map(_question, skills)
    ruff.begin(
        ruff.Question(tuple(map(source, examples)), tuple(sorted({*CODES, *lints})), minor)
        for examples, lints, minor in questions
    )


def _question(skill: Skill) -> tuple[list[Example], set[str], int]:
    """The examples that ruff is asked about, the rules in `Lint:` lines, and the oldest minor version of Python 3."""
    setups = shared_setups(skill)
    examples = [e for e in python_blocks(skill) if not e.is_setup or e not in setups]
    minor = floor(skill)
    lints = {c for p in skill.pages for t in p.traps for lint in t.lints for c in lint.codes if CODE.fullmatch(c)}
    return examples, lints, NEWEST if minor is None else minor


def is_rule(code: str) -> bool:
    """Whether ruff knows a rule of this code."""
    try:
        ruff.find(("",), (code,))
    except ruff.UnknownRuleError:
        return False
    return True


def source(example: Example) -> str:
    """The Setup and the example together, as one module."""
    return (example.setup.code if example.setup else "") + example.code


def located(example: Example, line: int) -> Place:
    """The line of the page that is line `line` of the Setup and the example together."""
    before = example.setup.code.count("\n") if example.setup else 0
    if example.setup and line <= before:
        return Place(example.setup.path, example.setup.line + line - 1)
    return Place(example.path, example.line + line - before - 1)


def covers(example: Example, line: int) -> bool:
    """Whether a line of the example's page is a line of its code."""
    return example.line <= line < example.line + max(example.code.count("\n"), 1)


def plain(message: str) -> str:
    """The message of another program as part of a sentence of this one."""
    return message[0].lower().replace("`", "'") + message[1:].replace("`", "'")


@functools.lru_cache(maxsize=2048)
def names(code: str) -> frozenset[str]:
    """The names that a source binds; none where it does not parse."""
    found: set[str] = set()
    try:
        tree = part(code)
    except SyntaxError:
        return frozenset()
    for node in walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).partition(".")[0])
    return frozenset(found)
