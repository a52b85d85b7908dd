"""Files -> the words on their import statements. What another run has read, and is the same, is not read again."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable

from . import cache
from .reading import UnreadableError, read

# A statement that begins its line, to its end: also after a backslash, and in parentheses with comments.
IMPORT = re.compile(r"^[ \t\f]*(?:from|import)\b((?:[^#\n(\\]++|\\\n?|\((?:[^)#]++|#.*+)*+)*+)", re.MULTILINE)
WORD = re.compile(r"\w+")
TICK = 2_000_000_000  # nanoseconds: the coarsest clock of a file system


def imported(text: str) -> set[str]:
    """The words on the import statements of a text: each part of a name that it imports, and some more."""
    return {word for statement in IMPORT.findall(text) for word in WORD.findall(statement)}


def words(paths: Iterable[str], project: str) -> dict[str, list[str]]:
    """For each of the files that can be read the words; kept for the next run on the project in that folder."""
    kept = cache.load(project)
    fresh: cache.Entries = {}
    settled = time.time_ns() - TICK  # what was written later may be written again without looking any different
    found: dict[str, list[str]] = {}
    for path in paths:
        full = os.path.abspath(path)  # noqa: PTH100 - a Path for each of thousands of files costs more than the rest
        try:
            state = _state(full)
            known, names = kept.get(full, (None, []))
            if known != state:
                names = sorted(imported(read(full)))
                if max(state[:2]) < settled:
                    fresh[full] = [state, names]
        except (OSError, UnreadableError):
            continue
        found[path] = names
    if fresh:
        cache.save(project, {full: entry for full, entry in (kept | fresh).items() if os.path.exists(full)})  # noqa: PTH110
    return found


def _state(path: str) -> list[int]:
    """What differs where a file was written or replaced. Raises OSError."""
    at = os.stat(path)  # noqa: PTH116
    return [at.st_mtime_ns, at.st_ctime_ns, at.st_size, at.st_ino]
