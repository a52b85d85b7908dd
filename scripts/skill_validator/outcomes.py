"""What came of running proofs, as types: how each side ended, and what it did that it must not do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from .parts import Example, Place

SLOW = 5.0  # seconds that a side of a proof may take without a word


class Ending(Enum):
    """How one side of a proof ended."""

    HELD = "held"
    FAILED = "failed"
    TOOTHLESS = "toothless"
    WRONG_REASON = "wrong reason"
    HUNG = "hung"
    DIED = "died"
    NOT_RUN = "not run"
    UNSUPPORTED = "unsupported"
    SKIPPED = "skipped"
    TAMPERED = "tampered"
    FLAKY = "flaky"


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that an example did while running and must not do; `check` names the law it broke."""

    path: Path
    line: int
    check: str
    message: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """One side of a proof as it ended; `place` is where in the page the error arose, else the example.

    `executed` says whether it was, `files` which ones of a project were.
    """

    example: Example
    ending: Ending
    message: str
    place: Place
    executed: bool
    seconds: float
    incidents: tuple[Incident, ...] = ()
    files: tuple[Example, ...] = ()

    @property
    def name(self) -> str:
        """The side as messages call it: `late-commit[Correct]`."""
        return f"{self.example.section}[{self.example.side}]"


@dataclass(frozen=True, slots=True)
class Run:
    """All outcomes of a skill's proofs, and the versions they were obtained on."""

    outcomes: tuple[Outcome, ...]
    versions: Mapping[str, str]
