"""Comments that silence findings: `# scan: ignore[late-commit] reason`, on the line or alone on the line above."""

from __future__ import annotations

import io
import re
from collections.abc import Collection
from typing import NamedTuple

from .detectors import DETECTORS
from .finding import WARNING, Finding

COMMENT = re.compile(r"#\s*scan:\s*ignore\b(?:\[([\w\s,-]*)\])?(.*)")
TRAPS = {d.trap for d in DETECTORS}


class Silencer(NamedTuple):
    """A comment: its line, the traps that it names, its reason, and the lines that it is about."""

    line: int
    traps: tuple[str, ...]
    reason: str
    about: range


def may_silence(text: str) -> bool:
    """Whether a text may have such a comment: cheap to ask of every file."""
    return "scan:" in text and "ignore" in text


def is_silenced(text: str, finding: Finding) -> bool:
    """Whether a comment in the text of its file silences a finding."""
    return may_silence(text) and any(_silences(s, finding) for s in _comments(text))


def silenced(path: str, text: str, findings: list[Finding], active: Collection[str]) -> list[Finding]:
    """The findings that no comment silences, and complaints about comments without a reason or without effect.

    A comment about a trap that is not among `active` has had no chance to take effect, and is let be.
    """
    if not may_silence(text):
        return findings
    comments = _comments(text)
    used: set[tuple[int, str]] = set()
    left = []
    for finding in findings:
        by = [s for s in comments if _silences(s, finding)]
        used |= {(s.line, finding.trap) for s in by}
        if not by:
            left.append(finding)
    return left + [f for s in comments for f in _complaints(path, s, used, active)]


def _silences(silencer: Silencer, finding: Finding) -> bool:
    return finding.line in silencer.about and finding.trap in silencer.traps


def _complaints(path: str, silencer: Silencer, used: set[tuple[int, str]], active: Collection[str]) -> list[Finding]:
    found = []
    if silencer.traps and not silencer.reason:
        found.append(Finding(path, silencer.line, "unexplained-silencer", "no reason after the bracket", WARNING))
    idle = [t for t in silencer.traps if (silencer.line, t) not in used and t in active]
    if not silencer.traps:
        found.append(Finding(path, silencer.line, "idle-silencer", "names no trap in brackets", WARNING))
    unknown = [t for t in silencer.traps if t not in TRAPS]
    found += [Finding(path, silencer.line, "idle-silencer", f"no trap is called {t!r}", WARNING) for t in unknown]
    found += [Finding(path, silencer.line, "idle-silencer", f"nothing to ignore for {t}", WARNING) for t in idle]
    return found


def _comments(text: str) -> list[Silencer]:
    import tokenize  # noqa: PLC0415 - slow to import, and few files have such a comment

    found = []
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    try:
        for token in tokens:
            match = COMMENT.match(token.string) if token.type == tokenize.COMMENT else None
            if match:
                line = token.start[0]
                alone = not token.line[: token.start[1]].strip()
                traps = tuple(t.strip() for t in (match[1] or "").split(",") if t.strip())
                found.append(Silencer(line, traps, match[2].strip(" :-"), range(line, line + (2 if alone else 1))))
    except (tokenize.TokenError, SyntaxError):
        return found
    return found
