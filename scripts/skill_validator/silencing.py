"""Checks -> findings, less those that a comment beside the culprit silences with a reason."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from .bounded import LONG, beside
from .checks import CHECKS
from .diagnostics import TOLD, Check, Diagnostic
from .frontmatter import BREAK
from .model import Document, Silencer, Skill
from .sources import begin

WORD = "validate:"
IN_MARKDOWN = re.compile(r"<!--\s*validate:\s*ignore\b(?P<said>.*?)-->")
IN_CODE = re.compile(r"(?:^|\s)#\s*validate:\s*ignore\b(?P<said>.*)")
IN_JSON = re.compile(r'"//"\s*:\s*"validate:\s*ignore\b(?P<said>[^"]*)"\s*,?')
SAID = re.compile(r"\s*\[(?P<names>[^\]]*)\]\s*(?P<reason>.*?)\s*")
RUFF = {"syntax-error", "newer-syntax", "undefined-name", "unused-import", "idle-lint"}  # ask a child process
APART = {"detection", "links", "index"}  # as long as all others together, in the packages where there is much to find
ALWAYS_HEARD = ("safety", "silencers")  # a stranger's skill cannot vouch for itself


@dataclass(frozen=True, slots=True)
class Silenced:
    """A finding that a silencer keeps from counting, and the reason that stands there."""

    diagnostic: Diagnostic
    reason: str


def prepare(skills: Iterable[Skill], checks: Iterable[Check]) -> None:
    """Begin at once, for all skills that are to be examined, what other processes do."""
    if any(check.name in RUFF for check in checks):
        begin(skills)


def examine(skill: Skill, checks: Sequence[Check]) -> tuple[tuple[Diagnostic, ...], tuple[Silenced, ...]]:
    """What `checks` find, in the order of a report, and what of it is silenced in place.

    Findings of the groups in ALWAYS_HEARD are never silenced. The checks of silencers run last: they judge which
    silencers were of use.
    """
    found = sorted(_found(skill, checks))
    comments = tuple(s for path, text in skill.texts.items() if WORD in text for s in _silencers(skill, path, text))
    heard = {check.name for check in checks if check.group in ALWAYS_HEARD}
    silenced = {d: s for s in comments for d in _covered(skill, s, found) if d.check not in heard}
    useful = {(s, d.check) for d, s in silenced.items()}
    judged = replace(skill, silencers=tuple(_judged(s, skill, checks, useful) for s in comments))
    late = (d for check in checks if check.group == "silencers" for d in check(judged))
    kept = sorted([*(d for d in found if d not in silenced), *late])
    return tuple(_told(kept)), tuple(Silenced(d, s.reason) for d, s in sorted(silenced.items()))


def _found(skill: Skill, checks: Sequence[Check]) -> list[Diagnostic]:
    """What the checks find but those of silencers, in no order; in two processes where that takes long enough."""
    is_long = sum(map(len, skill.texts.values())) > LONG
    apart = [check for check in checks if check.group in APART and is_long]
    last = [check for check in checks if check.name in RUFF]
    first = [c for c in checks if c not in apart and c not in last and c.group != "silencers"]
    others = beside(lambda: [d for check in apart for d in check(skill)]) if apart else list
    found = [d for check in (*first, *last) for d in check(skill)]
    return found + others()


def _told(found: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """The first findings of every check in every file, and in place of the others how many they are.

    Nobody reads a thousand lines of the same, and services that take SARIF refuse a report of many thousands.
    """
    numbers = Counter((d.path, d.check) for d in found)
    seen: Counter[tuple[str, str]] = Counter()
    for d in found:
        key = (d.path, d.check)
        seen[key] += 1
        left = numbers[key] - TOLD
        if seen[key] <= TOLD:
            yield d
        elif seen[key] == TOLD + 1:
            yield replace(d, message=f"{d.message} (and {left - 1:,} more in this file)") if left > 1 else d


def _covered(skill: Skill, silencer: Silencer, found: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """Those of the findings, which are in order, that a silencer is about."""
    path = silencer.path.relative_to(skill.root).as_posix()
    first = bisect_left(found, (path, silencer.first), key=lambda d: (d.path, d.line))
    last = bisect_right(found, (path, silencer.last), key=lambda d: (d.path, d.line))
    return (d for d in found[first:last] if d.check in silencer.checks)


def _judged(
    silencer: Silencer, skill: Skill, checks: Iterable[Check], useful: Container[tuple[Silencer, str]]
) -> Silencer:
    """The silencer, with those of its names that silence nothing, as far as their checks were run."""
    ran = {c.name for c in checks if c.group != "proofs" or skill.run}
    known = {c.name for c in CHECKS if c.group not in ALWAYS_HEARD}
    return replace(
        silencer,
        idle=tuple(n for n in silencer.checks if n in ran & known and (silencer, n) not in useful),
        strange=tuple(n for n in silencer.checks if n not in known),
    )


def _silencers(skill: Skill, path: Path, text: str) -> Iterator[Silencer]:
    document = next((d for d in skill.documents if d.path == path), None)
    lines = BREAK.split(text)
    for number, line in enumerate(lines, 1):
        if WORD in line and (comment := _form(path, document, lines, number).search(line)):
            if line.count("`", 0, comment.start()) % 2:
                continue  # quoted in a code span
            said = SAID.fullmatch(comment["said"])
            names = tuple(n.strip() for n in said["names"].split(",") if n.strip()) if said else ()
            first, last = _reach(document, lines, number, is_alone=line.strip() == comment[0].strip())
            yield Silencer(path, number, names, said["reason"] if said else "", first, last)


def _form(path: Path, document: Document | None, lines: Sequence[str], number: int) -> re.Pattern[str]:
    """How a comment is written at this line: by the kind of file, and in Markdown by where it stands."""
    if document is None:
        return IN_JSON if path.suffix == ".json" else IN_CODE
    end = (
        next((n for n, line in enumerate(lines[1:], 2) if line.rstrip() == "---"), 0) if document.has_frontmatter else 0
    )
    in_code = any(e.line <= number < e.line + e.code.count("\n") for e in document.examples)
    return IN_CODE if in_code or number < end else IN_MARKDOWN


def _reach(document: Document | None, lines: Sequence[str], number: int, *, is_alone: bool) -> tuple[int, int]:
    """The lines that a silencer is about: its own, or alone on it, those to the next with something on it.

    Above a fence it reaches to the end of the block; as the first line of a frontmatter, to the page as a whole.
    """
    if not is_alone:
        return number, number
    below = next((n for n, line in enumerate(lines[number:], number + 1) if line.strip()), number)
    block = next((e for e in document.examples if e.line == below + 1), None) if document else None
    first = 1 if number == 2 and document and document.has_frontmatter else number
    return first, below + 1 + block.code.count("\n") if block else below
