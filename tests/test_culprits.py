"""The part of a line that a message is about."""

from __future__ import annotations

import pytest
from skill_validator.culprits import columns, culprit

MARKED = {
    "what the message quotes": ("name: order", "name 'order' differs from its folder 'orders'", "order"),
    "a whole word before a part of one": ("orders: order", "no 'order' here", "order"),
    "a part of a word where there is no whole one": ("reorder", "no 'order' here", "order"),
    "what is quoted in double quotes": ("a: it's", 'a: "it\'s" is blank', "it's"),
    "what is quoted with an escape": (r"- src\*.py", r"paths: 'src\\*.py' is wrong", r"src\*.py"),
    "the second of two quotes": ("category: taxes", "the page's name, 'orders', is not 'taxes'", "taxes"),
    "what stands behind the first colon": ("[a](b: c.md)", "no such file: b: c.md", "b: c.md"),
    "what stands behind the last colon": ("see c.md", "links: no such file: c.md", "c.md"),
    "what the line has in percent-encoding": ("[a](b%20c.md)", "no such file: b c.md", "b%20c.md"),
    "a number with the words beside it": ("**Total: 3 rules**", "the total says 3 rules, the index has 2", "3 rules"),
    "a path without quotes": ("| rules/a-b.md | x |", "the page rules/a-b.md is missing", "rules/a-b.md"),
    "the value of a field": ("  version:  1.0 ", "metadata.version: YAML reads it as a number", "1.0"),
    "the value of a member": ('"rules": 3,', "categories.0.rules: is not text", "3,"),
    "nothing of it": ("description: Orders.", "the description names no occasion", ""),
    "nothing in an empty line": ("", "no frontmatter at the first byte", ""),
    "nothing, for a quote of blanks": ("a  b", "the ' ' is blank", ""),
}


@pytest.mark.parametrize(("line", "message", "marked"), MARKED.values(), ids=MARKED)
def test_the_culprit_of_a_line(line: str, message: str, marked: str) -> None:
    start, end = culprit(line, message)
    assert line[start:end] == marked


@pytest.mark.parametrize(
    ("text", "width"),
    [("abc", 3), ("a\tb", 5), ("\x1b", 4), ("\u4e2d", 2), ("e\u0301", 1)],
    ids=["letters", "a tab", "an escape", "a wide letter", "a letter with a mark"],
)
def test_columns(text: str, width: int) -> None:
    assert columns(text) == width
