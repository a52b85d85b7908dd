"""Where an example is while it runs, and the log of what it did there that it must not do."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from types import FrameType

POOL = "concurrent.futures.thread"  # the module whose functions pools of threads run
LOG = "SKILL_VALIDATOR_LOG"
Spot = tuple[str, int]
FILES: dict[str, Spot] = {}  # the files of a project that this process runs, and where their first lines stand


def frames() -> list[FrameType]:
    """The stack of this thread below the caller, the innermost first."""
    found = []
    frame = inspect.currentframe()
    while frame is not None:
        found.append(frame)
        frame = frame.f_back
    return found[2:]


def spot(frame: FrameType) -> Spot | None:
    """The page and line of a frame; None where it is no page's."""
    path = frame.f_code.co_filename
    if path in FILES:
        page, first = FILES[path]
        return page, first + frame.f_lineno - 1
    return (path, frame.f_lineno) if path.endswith(".md") else None


def innermost_page() -> Spot | None:
    """The page and line that is being executed, or that called what is."""
    return next((found for frame in frames() if (found := spot(frame))), None)


def record(log: str, check: str, place: Spot | None, message: str) -> None:
    """Note a breach of the law `check`; without a place it is the example's as a whole."""
    path, line = place or ("", 0)
    append(log, {"check": check, "path": path, "line": line, "message": message})


def append(log: str, entry: dict[str, object]) -> None:
    """Add an entry to the log."""
    with Path(log).open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry) + "\n")
