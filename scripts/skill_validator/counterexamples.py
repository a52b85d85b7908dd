"""Whether a piece of a page shows what not to do: there an unsafe line is the point."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left, bisect_right

from .model import Document
from .parts import Example, Located, Verdict

BAD = re.compile(
    r"\b(?:incorrect|wrong|bad|avoid\w*|don.?t|do not|never|unsafe|insecure|vulnerab\w+|dangerous|anti-?patterns?|"
    r"instead of|rather than|attack\w*|exploit\w*|malicious|red flags?|forbidden|prohibited|must not|"
    r"not (?:this|safe|secure|allowed)|refuse\w*|before:|detect\w*|flag\w*|scan\w*|warn\w*|den(?:y|ied)|block(?:s|ed)?|"
    r"disallow\w*|risk\w*)\b|❌|✗|✘|🚫|⛔|👎|⚠",
    re.IGNORECASE,
)
GUARDED = re.compile(
    r"\b(?:stray|accident\w*|prevent\w*|protect\w*|permissions?|match(?:es|ed)|guard\w*|sandbox\w*|hooks?|make sure|"
    r"confirm\w*)\b",
    re.IGNORECASE,
)
GOOD = re.compile(
    r"\b(?:correct|good|safe|secure|right|fixed|recommended|instead|after:|do this)\b|✅|✓|👍", re.IGNORECASE
)
NEAR = 3  # lines between a block and the paragraph that introduces it
COMMENT = re.compile(r"(?:^|\s)(?:#|//|--|/\*)(.*)")


def is_counterexample(document: Document, example: Example, line: int) -> bool:
    """Whether line `line` of the document shows a fault: by the block's label, a comment near, or the text above."""
    if example.verdict:
        return example.verdict is Verdict.INCORRECT
    marked = _mark_in_code(example, line)
    if marked is not None:
        return marked
    return _is_bad(lead(document, example.line - 1)) or _is_bad(example.label)


def is_shown(document: Document, line: int) -> bool:
    """Whether a line lies in an example of what not to do."""
    end = bisect_right(document.examples, line, key=_line)
    blocks = document.examples[max(0, end - 1) : end]
    return any(line <= e.line + e.code.count("\n") and is_counterexample(document, e, line) for e in blocks)


def warns(text: str) -> bool:
    """Whether a sentence speaks of something as a fault or a danger, or of what guards against it."""
    return bool(BAD.search(text) or GUARDED.search(text))


def lead(document: Document, line: int) -> str:
    """The text that introduces what begins at `line`: the paragraph or else the heading right above it."""
    end = bisect_left(document.paragraphs, line, key=_line)
    rows = document.paragraphs[max(0, end - 2) : end]
    end = bisect_left(document.headings, line, key=_line)
    headings = document.headings[max(0, end - 1) : end]
    start = max(line - NEAR, headings[0].line if headings else 0)
    near = [row for row in rows if row.line >= start and row.line >= rows[-1].line - 1]
    return " ".join(row.cells[0] for row in near) or "".join(heading.text for heading in headings)


def _line(part: Located) -> int:
    return part.line


@functools.lru_cache(maxsize=4)
def _lines(code: str) -> tuple[str, ...]:
    return tuple(code.split("\n"))


def _mark_in_code(example: Example, line: int) -> bool | None:
    """What the nearest comment at or above a line says: True for bad, False for good, None where none says it."""
    lines = _lines(example.code)
    for number in range(min(line - example.line, len(lines) - 1), max(line - example.line - 30, -1), -1):
        comment = COMMENT.search(lines[number])
        if (
            comment
            and GOOD.search(comment[1])
            and not re.search(r"incorrect|unsafe|insecure", comment[1], re.IGNORECASE)
        ):
            return False
        if comment and BAD.search(comment[1]):
            return True
    return None


def _is_bad(text: str) -> bool:
    bad = BAD.search(text)
    return bool(bad) and not (re.match(r"\W*(?:correct|good|safe|secure|right)\b", text, re.IGNORECASE) or "✅" in text)
