"""YAML that does not parse -> the line of the culprit, and a sentence that says what it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice, pairwise

import yaml

PAIR = re.compile(r"(?P<indent>\s*)(?:- +)?(?:(?P<key>[\w-]+) *:(?: +|$))?(?P<value>.*)")
QUOTED = {"'": re.compile(r"'(?:[^']|'')*'"), '"': re.compile(r'"(?:[^"\\]|\\.)*"')}
BRACKETS = {"[": "]", "{": "}"}
STAR = re.compile(r"(?:^|[\[,] *)(\*[^\s,\]]*)")
# A field behind the end of a sentence, without a blank: the line break between them was lost.
JOINED = re.compile(r"[^\w\s\"'`({\[<$-](license|version|metadata|allowed-tools|compatibility|author|tags):(?:\s|$)")
LONG_NUMBER = re.compile(r"[0-9_]{4301}")
MOST = 20  # lines that may be slips and are looked at
BODY = re.compile(r"#{1,6} \S|```|~~~|\|")


def diagnose(text: str, error: Exception) -> tuple[int, str]:
    """Where (a line from 0 on) and why `text` is not YAML.

    A parser stops where it can go on no more: behind an open quote that is lines below the culprit, so the lines above
    are looked at for the usual slips.
    """
    last = _line(text, error)
    lines = text.split("\n")
    slips = ((n, slip) for n, line in enumerate(lines[: last + 1]) if (slip := _slip(line, lines[n + 1 : n + 2])))
    guilty = (s for s in islice(slips, MOST) if not _parses(lines[: s[0] + 1]))
    return next(guilty, (last, problem(error)))


def problem(error: Exception) -> str:
    """What a YAML or JSON parser said, in one line."""
    if isinstance(error, RecursionError):
        return "nested too deep"
    if is_long_number(error):
        return "a number of more than 4,300 digits"
    return str(getattr(error, "problem", None) or getattr(error, "reason", None) or error).splitlines()[0]


def is_long_number(error: Exception) -> bool:
    """Whether Python refused to read a number, since its time grows with the square of its digits."""
    return isinstance(error, ValueError) and "integer string conversion" in str(error)


def body_among(lines: Sequence[str]) -> int | None:
    """Where lines that should be YAML turn into Markdown, as where no `---` closes a frontmatter; None if nowhere."""
    turns = (n for n, (before, line) in enumerate(pairwise(["", *lines])) if BODY.match(line) and not before.strip())
    return next(turns, None)


def _line(text: str, error: Exception) -> int:
    if is_long_number(error) and (number := LONG_NUMBER.search(text)):
        return text.count("\n", 0, number.start())
    if isinstance(error, yaml.reader.ReaderError):
        return text.count("\n", 0, error.position)
    marks = [getattr(error, name, None) for name in ("context_mark", "problem_mark")]
    is_begun = getattr(error, "context", None) == "while scanning a simple key"
    mark = next(filter(None, marks if is_begun else reversed(marks)), None)
    return mark.line if mark else 0


def _parses(lines: Sequence[str]) -> bool:
    """Whether YAML is sound down to its last line: in a text of several lines, anything may look like a slip."""
    try:
        yaml.compose("\n".join(lines), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, ValueError, RecursionError):
        return False
    return True


def _slip(line: str, below: Sequence[str]) -> str:
    """The usual slip that this line makes, empty without one; only asked of lines in YAML that does not parse."""
    pair = PAIR.fullmatch(line)
    if pair is None or line.lstrip().startswith("#"):
        return ""
    if "\t" in pair["indent"]:
        return "a tab indents the line, and YAML takes spaces only"
    value, subject = pair["value"].strip(), f"the value of {pair['key']!r}" if pair["key"] else "the item"
    goes_on = bool(below) and below[0][:1] in {" ", "\t"}
    if value[:1] in QUOTED:
        return _quote_slip(value, subject, goes_on=goes_on)
    return _plain_slip(value, subject, goes_on=goes_on, is_block=pair["key"] is None or value[:1] in {"|", ">"})


def _plain_slip(value: str, subject: str, *, goes_on: bool, is_block: bool) -> str:
    if star := STAR.search(value):
        return f"{star[1]!r} stands without quotes, and YAML takes a leading * for an alias"
    if value[:1] in BRACKETS:
        opened, closed = value.count(value[0]), value.count(BRACKETS[value[0]])
        return f"the {value[0]!r} in {subject} is never closed" if opened > closed and not goes_on else ""
    if value[:1] in {"@", "`", "%"}:
        return f"{subject} begins with {value[0]!r}, which YAML keeps for itself: quote it"
    if is_block or not re.search(r":(\s|$)", value):
        return ""
    joined = JOINED.search(value)
    return f"{joined[1]!r} stands in {subject}" if joined else f"{subject} holds a colon and a space: quote it"


def _quote_slip(value: str, subject: str, *, goes_on: bool) -> str:
    whole = QUOTED[value[0]].match(value)
    if whole is None:
        return "" if goes_on else f"the quote in {subject} is never closed"
    rest = value[whole.end() :].strip()
    return "" if not rest or rest.startswith("#") else f"text stands behind the closing quote of {subject}"
