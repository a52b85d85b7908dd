"""Two examples -> their lines as HTML, coloured by syntax, with those marked that the other has not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

FORMATTER = HtmlFormatter(nowrap=True)
PLAIN = re.compile(r'<span class="[npow]">(.*?)</span>')  # names and punctuation have no colour of their own
LEXER = PythonLexer(stripnl=False)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of code as HTML; `differs` says that the other example has not this line."""

    html: str
    differs: bool = False


def lines(code: str) -> tuple[Line, ...]:
    """An example by itself."""
    return tuple(Line(html) for html in _coloured(code))


def compared(left: str, right: str) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Both examples, each with the lines marked that are not in the other."""
    sides = left.rstrip("\n").split("\n"), right.rstrip("\n").split("\n")
    same: tuple[set[int], set[int]] = (set(), set())
    for a, b, size in SequenceMatcher(None, *sides, autojunk=False).get_matching_blocks():
        same[0].update(range(a, a + size))
        same[1].update(range(b, b + size))
    first, second = (
        tuple(Line(html, differs=n not in equal) for n, html in enumerate(_coloured(code)))
        for code, equal in zip((left, right), same, strict=True)
    )
    return first, second


def _coloured(code: str) -> list[str]:
    html: str = PLAIN.sub(r"\1", highlight(code.rstrip("\n"), LEXER, FORMATTER))
    return html.rstrip("\n").split("\n")
