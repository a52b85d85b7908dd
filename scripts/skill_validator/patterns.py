"""The patterns that make a skill load, with the semantics of gitignore that the client gives them."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from pathspec import GitIgnoreSpec
from pathspec.patterns.gitignore import GitIgnorePatternError

from .model import Mapped
from .splitting import split_outside

EXPRESSION = re.compile(
    r"^\^|\$$|^\.\*\\?\.\w|\.\+|\\\.|\\[dwsDWS](?![A-Za-z])|\(\?|\([^)]*\|[^)]*\)|\[\^?[^\]]*\][+*]\$?$"
)
SEVERAL = re.compile(r"\*\S*\.\w+[;|\s]+!?[\w/]*\*")
ALTERNATIVES = re.compile(r"\{([^{}]*)\}")
OUTSIDE = re.compile(r"[A-Za-z]:[\\/]|[~/]")
LONGEST = 1000  # characters of a pattern that are looked at
MOST = 64  # patterns that one pattern with braces may stand for
EVERYWHERE = ("a", "b/c.d", "e/f/g.h", ".i", "J")  # what only a pattern for everything matches all of


def patterns(frontmatter: Mapped, field: str) -> tuple[str, ...]:
    """The patterns under `field`: a list, or one text with commas between them, braces aside."""
    value = frontmatter.values.get(field)
    return (
        tuple(p.strip() for p in split_outside(value, "{}", ","))
        if isinstance(value, str)
        else frontmatter.texts(field)
    )


@functools.cache
def fault(pattern: str) -> str:
    """What is wrong with a pattern, as the end of a sentence; empty where nothing is."""
    if len(pattern) > LONGEST:
        return f"longer than {LONGEST:,} characters"
    bare = pattern.removeprefix("!")
    parts = re.split(r"[\\/]", bare)
    unpaired = next((pair for pair in ("[]", "{}") if _is_unpaired(bare, pair)), "")
    sentences = {
        "blank": not pattern.strip() or pattern.startswith("#"),
        "not a path inside the project": OUTSIDE.match(bare) or ".." in parts,
        "written as a regular expression, not as a gitignore pattern": EXPRESSION.search(bare),
        "several patterns, and only commas separate them": SEVERAL.search(bare),
        "written with a backslash, which escapes and does not separate": "\\" in pattern,
        "written with a blank at an end, which belongs to the pattern": pattern != pattern.strip(),
        "written with a leading ./, which matches nothing": parts[0] == "." and len(parts) > 1,
        f"not a gitignore pattern: {' and '.join(unpaired)} lack each other": unpaired,
        "not a gitignore pattern": not _is_compilable(pattern),
    }
    return next((sentence for sentence, holds in sentences.items() if holds), "")


def is_catch_all(pattern: str) -> bool:
    """Whether a sound pattern matches every file there is."""
    single = spec([pattern])
    return all(map(single.match_file, EVERYWHERE))


def spec(globs: Sequence[str]) -> GitIgnoreSpec:
    """What these patterns match together; braces stand for alternatives. Raises on a pattern that is none."""
    return GitIgnoreSpec.from_lines([plain for glob in globs for plain in _expanded(glob)])


def _expanded(glob: str) -> Iterator[str]:
    """`*.{ts,tsx}` as `*.ts` and `*.tsx`; of a pattern with very many alternatives, the pattern as it stands."""
    waiting, done = [glob], 0
    while waiting:
        pattern = waiting.pop()
        found = ALTERNATIVES.search(pattern)
        if found is None or done + len(waiting) > MOST:
            done += 1
            yield pattern
            continue
        waiting += (pattern[: found.start()] + option + pattern[found.end() :] for option in found[1].split(","))


def _is_unpaired(pattern: str, pair: str) -> bool:
    return pattern.count(pair[0]) != pattern.count(pair[1]) or pattern.find(pair[1]) < pattern.find(pair[0])


def _is_compilable(pattern: str) -> bool:
    try:
        spec([pattern])
    except (GitIgnorePatternError, ValueError):
        return False
    return True
