"""What a call of a command left, and the repository that it is called in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Result:
    """What a run of the command left."""

    code: int
    stdout: str
    stderr: str
