"""A line and what is said of it -> the part of the line that it is said of."""

from __future__ import annotations

import ast
import re
import unicodedata

from .diagnostics import printable

QUOTED = re.compile(r"""(?<![\w'"])('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")
FIELD = re.compile(r"(?:[\w-]+\.)*([\w-]+): ")


def culprit(line: str, message: str) -> tuple[int, int]:
    """Where in `line` the culprit begins and ends (characters from 0 on); twice the same where it cannot be told.

    It is what the message quotes, or the end of it behind a colon, where the line has that; else the value of the field
    that the message begins with.
    """
    for text in (*_quotes(message), message.rpartition(": ")[2]):
        if text.strip() and (found := re.search(rf"(?<!\w){re.escape(text)}(?!\w)|{re.escape(text)}", line)):
            return found.span()
    field = FIELD.match(message)
    value = re.search(rf"""{re.escape(field[1])}["']?\s*:\s*(\S.*?)\s*$""", line) if field else None
    return value.span(1) if value else (0, 0)


def columns(text: str) -> int:
    """How wide `text` is as a report shows it: tabs of four, East Asian letters of two columns."""
    shown = printable(text.expandtabs(4))
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else not unicodedata.combining(c) for c in shown)


def _quotes(message: str) -> list[str]:
    return [str(ast.literal_eval(found)) for found in QUOTED.findall(message)]
