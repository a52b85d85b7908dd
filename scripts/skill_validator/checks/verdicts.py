"""Whether a proof could tell the two sides of a trap apart, and whether the sides say of themselves what they are."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ..diagnostics import Faults, check
from ..model import Skill
from ..parts import Place, Verdict
from ..python import nodes, parses
from ..sources import python_blocks

SAID = r"#[^\w\n]*?(%s|(?:%s)\b(?=[ \t]*(?:$|[:,.!(—-])))"
OPPOSITE = {
    Verdict.CORRECT: re.compile(SAID % ("❌", "wrong|incorrect|bad|bug|broken|fixme"), re.IGNORECASE | re.MULTILINE),
    Verdict.INCORRECT: re.compile(SAID % ("✅", "right|correct|good|fixed|fine"), re.IGNORECASE | re.MULTILINE),
}


@check
def contradicted_verdict(skill: Skill) -> Faults:
    """No comment of a Correct example calls it wrong, and none of an Incorrect one calls it right.

    Breach: `# wrong` or `# BUG: ...` below `**Correct:**`: the sides were swapped, or the label is. Mend it: swap them
    back.
    """
    for example in (e for page in skill.pages for e in page.examples if e.verdict):
        assert example.verdict
        for found in OPPOSITE[example.verdict].finditer(example.code):
            line = example.line + example.code.count("\n", 0, found.start())
            yield Place(example.path, line), f"labelled {example.verdict.value}, and a comment says {found[1]!r}"


@check
def boundless_equality(skill: Skill) -> Faults:
    """No value in an example of a package is equal to everything: whatever a proof asserts of it would hold.

    Breach: an `__eq__` that is `return True`, `unittest.mock.ANY`. Mend it: compare what the values are made of.
    """
    for example in python_blocks(skill) if skill.manifest else ():
        suspects = "__eq__" in example.code or "ANY" in example.code
        for line, what in _equal_to_all(example.code) if suspects and parses(example.code) else ():
            yield Place(example.path, example.line + line - 1), f"equal to everything: {what}"


def _equal_to_all(code: str) -> Iterator[tuple[int, str]]:
    """The classes, by the line of their `__eq__`, and the imports of what equals everything."""
    for node in nodes(code):
        if isinstance(node, ast.ImportFrom) and node.module in {"mock", "unittest.mock"}:
            yield from ((node.lineno, alias.name) for alias in node.names if alias.name == "ANY")
        elif isinstance(node, ast.Attribute) and node.attr == "ANY" and ast.unparse(node.value).endswith("mock"):
            yield node.lineno, "ANY"
        elif isinstance(node, ast.ClassDef):
            yield from ((f.lineno, node.name) for f in node.body if _is_true_equality(f))


def _is_true_equality(node: ast.stmt) -> bool:
    is_equality = isinstance(node, ast.FunctionDef) and node.name == "__eq__"
    return is_equality and ast.unparse(node).endswith("return True") and "if " not in ast.unparse(node)
