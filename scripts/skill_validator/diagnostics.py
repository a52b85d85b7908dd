"""Diagnostic: what a check reports, and the Check that reports it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from .model import Skill
from .parts import Located

Faults = Iterable[tuple[Located, str]]
TOLD = 100  # findings that are told of one file by one check; of what is more than that, the number
LONGEST = 500  # characters of a message: what a stranger wrote may stand in it


class Severity(Enum):
    """An error breaks the skill, a warning weakens it."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One finding; `path` is relative to the skill, with forward slashes. The order of the fields is the report's."""

    path: str
    line: int
    check: str
    message: str
    severity: str = Severity.ERROR.value


@dataclass(frozen=True, slots=True)
class Check:
    """A law that skills keep. Called with a skill it yields a diagnostic for every breach."""

    name: str
    group: str
    manual: str
    severity: Severity
    find: Callable[[Skill], Faults]

    def __call__(self, skill: Skill) -> Iterator[Diagnostic]:
        """Yield a diagnostic for each fault found in `skill`."""
        for place, message in self.find(skill):
            path = (
                place.path.relative_to(skill.root).as_posix()
                if place.path.is_relative_to(skill.root)
                else str(place.path)
            )
            said = message if len(message) <= LONGEST else f"{message[:LONGEST]}…"
            yield Diagnostic(printable(path), place.line, self.name, printable(said), self.severity.value)

    @property
    def law(self) -> str:
        """The first line of the manual: what holds where this check is silent."""
        return self.manual.partition("\n")[0]

    @property
    def remedy(self) -> str:
        """The manual's sentence on how to mend a breach; empty where it has none."""
        paragraphs = (" ".join(p.split()) for p in self.manual.split("\n\n"))
        return next((mend for p in paragraphs if (mend := p.partition("Mend it: ")[2])), "")


def printable(text: str) -> str:
    """`text` with escapes for what would break a line, move a terminal's cursor, or not encode."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def check(find: Callable[[Skill], Faults]) -> Check:
    """Make a generator of faults a Check: its name is the check's, its module the group, its docstring the manual."""
    return _check(find, Severity.ERROR)


def warning(find: Callable[[Skill], Faults]) -> Check:
    """The same for a check whose findings weaken a skill and do not break it."""
    return _check(find, Severity.WARNING)


def _check(find: Callable[[Skill], Faults], severity: Severity) -> Check:
    name = find.__name__.replace("_", "-")
    group = find.__module__.rpartition(".")[2]
    return Check(name, group, inspect.cleandoc(find.__doc__ or ""), severity, find)
