"""A line and what is said of it -> the part of the line that it is said of."""

from __future__ import annotations

import ast
import re
import unicodedata
from difflib import SequenceMatcher

from .diagnostics import printable

QUOTED = re.compile(r"""(?<![\w'"])('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")
WORD = re.compile(r"[\w./@+-]*\w")
NAMED = re.compile(r"\d|_|\w[./@-]\w")
VALUE = re.compile(r"""["']?\s*:\s*(\S.*?)\s*$""")
FIELD = re.compile(r"(?:[\w-]+\.)*([\w-]+): ")


def culprit(line: str, message: str) -> tuple[int, int]:
    """Where in `line` the culprit begins and ends (characters from 0 on); twice the same where it cannot be told.

    It is what the message quotes, or the end of it behind a colon, where the line has that; else a number or name that
    both have, with the words beside it; else the value of the field that the message begins with.
    """
    for text in (*_quotes(message), message.partition(": ")[2], message.rpartition(": ")[2]):
        for written in (text.strip(), text.strip().replace(" ", "%20")):
            if written and written in line:
                start = _whole(line, written)
                return start, start + len(written)
    if common := _common(line, message):
        return common
    field = FIELD.match(message)
    value = VALUE.match(line, line.find(field[1]) + len(field[1])) if field and field[1] in line else None
    return value.span(1) if value else (0, 0)


def _whole(line: str, text: str) -> int:
    """Where `text` stands as whole words in `line`; where it first stands at all, if nowhere so."""
    first = start = line.find(text)
    while start >= 0:
        before, after = line[:start][-1:], line[start + len(text) :][:1]
        if not (before.isalnum() or before == "_" or after.isalnum() or after == "_"):
            return start
        start = line.find(text, start + 1)
    return first


def _common(line: str, message: str) -> tuple[int, int] | None:
    """The longest run of words that both have, if one of them is a number or a name and not prose."""
    there, said = list(WORD.finditer(line)), WORD.findall(message)
    words = [w[0] for w in there]
    blocks = SequenceMatcher(None, words, said, autojunk=False).get_matching_blocks()
    named = [b for b in blocks if any(NAMED.search(word) for word in words[b.a : b.a + b.size])]
    best = max(named, key=lambda b: b.size, default=None)
    return (there[best.a].start(), there[best.a + best.size - 1].end()) if best else None


def columns(text: str) -> int:
    """How wide `text` is as a report shows it: tabs of four, East Asian letters of two columns."""
    shown = printable(text.expandtabs(4))
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else not unicodedata.combining(c) for c in shown)


def _quotes(message: str) -> list[str]:
    return [str(ast.literal_eval(found)) for found in QUOTED.findall(message)]
