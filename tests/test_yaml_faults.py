"""YAML that does not parse has a culprit."""

from __future__ import annotations

from pathlib import Path

import pytest
from skill_validator.mapped import read_yaml

CULPRITS = {
    "a tab": ("a: 1\nb:\n\tc: 1\n", 3, "a tab indents the line, and YAML takes spaces only"),
    "an open quote": ('a: "b\nc: "d"\n', 1, "the quote in the value of 'a' is never closed"),
    "an open quote in a list": ("a:\n- 'b\n- c'\nd: 'e\n", 2, "the quote in the item is never closed"),
    "text behind a quote": ("a: 'it's'\n", 1, "text stands behind the closing quote of the value of 'a'"),
    "an open bracket": ("a: [b\nc: 1\n", 1, "the '[' in the value of 'a' is never closed"),
    "an open brace": ("a: {b: c\nd: 1\n", 1, "the '{' in the value of 'a' is never closed"),
    "a star": ("a: **/*.py\n", 1, "'**/*.py' stands without quotes, and YAML takes a leading * for an alias"),
    "a star in a list": ("a: [b, *.py]\n", 1, "'*.py' stands without quotes, and YAML takes a leading * for an alias"),
    "a star in lines": ("a:\n- *.py\n", 2, "'*.py' stands without quotes, and YAML takes a leading * for an alias"),
    "an at sign": ("a: @b\n", 1, "the value of 'a' begins with '@', which YAML keeps for itself: quote it"),
    "a colon": ("a: b: c\n", 1, "the value of 'a' holds a colon and a space: quote it"),
    "a field whose line break was lost": ("a: Use it.license: MIT\nb: 1\n", 1, "'license' stands in the value of 'a'"),
    "a word before a colon": ("a: Know the license: MIT\n", 1, "the value of 'a' holds a colon and a space: quote it"),
    "a missing colon": ("a: 1\nb\nc: 1\n", 2, "could not find expected ':'"),
    "a wrong indent": ("a: 1\n  b: 1\n", 2, "mapping values are not allowed in this context"),
    "a control character": ("a: 1\nb: \x07\n", 2, "control characters are not allowed"),
    "a slip behind sound lines that look like one": (
        "# it's: a note\na: 'b'  # c\nd: |\n  e: f: g\nh: [\n  1\n]\ni: \"j\n  k\"\nl: m: n\n", 10,
        "the value of 'l' holds a colon and a space: quote it",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line", "sentence"), CULPRITS.values(), ids=CULPRITS)
def test_the_culprit_has_its_line_and_a_sentence(text: str, line: int, sentence: str) -> None:
    (flaw,) = read_yaml(Path("SKILL.md"), text, 1)[1]
    assert (flaw.line, flaw.message) == (line, f"not YAML: {sentence}")
