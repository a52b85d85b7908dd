"""Finding: what the scanner reports. Detector: what finds the uses of one trap."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .module import Definition, Module

ERROR, WARNING = "error", "warning"
# What is reported beside traps.
REMARKS = {
    "broken-file": "A file that is no text, or no Python of the running version.",
    "failed-detector": "A detector failed on this file; what the others found is reported.",
    "idle-silencer": "A comment that silences nothing.",
    "unexplained-silencer": "A comment that silences without a reason.",
}
# Nodes of the module that was looked at, or of another one of the project, as a Definition.
Found = Iterator[tuple["ast.AST | Definition", str]]


class Finding(NamedTuple):
    """One finding; `path` as it shall be shown, `page` relative to the skill. The order of the fields is the report's.

    `source` is the line as it stands in the file: shown below the finding, and what a baseline knows it by.
    """

    path: str
    line: int
    trap: str
    message: str
    severity: str = ERROR
    page: str = ""
    source: str = ""


class Detector(NamedTuple):
    """Finds the uses of one trap in a module: yields nodes, each with a sentence.

    `words` are alternatives: a module is looked at only if its text has every word of one of them.
    """

    trap: str
    page: str
    severity: str
    words: tuple[tuple[str, ...], ...]
    find: Callable[[Module], Found]

    @property
    def manual(self) -> str:
        """What `--explain` prints: what is flagged, and what to look at."""
        from inspect import cleandoc  # noqa: PLC0415 - a fifth of the start-up, and needed by --explain alone

        return cleandoc(self.find.__doc__ or "")

    @property
    def category(self) -> str:
        """The part of the page's name before the first hyphen."""
        return self.page.partition("-")[0]

    @property
    def link(self) -> str:
        """The trap's section, relative to the skill."""
        folder = "references" if self.page.endswith("-more") else "rules"
        return f"{folder}/{self.page}.md#{self.trap}"


def error(*words: str) -> Callable[[Callable[[Module], Found]], Detector]:
    """Make a generator a Detector of what is practically always a defect.

    The function's name is the trap's, its module's the page's. `words` are as in Detector, those of one alternative
    separated by spaces.
    """
    return lambda find: _detector(find, ERROR, words)


def warning(*words: str) -> Callable[[Callable[[Module], Found]], Detector]:
    """The same for what the context decides."""
    return lambda find: _detector(find, WARNING, words)


def _detector(find: Callable[[Module], Found], severity: str, words: tuple[str, ...]) -> Detector:
    page = find.__module__.rpartition(".")[2].replace("_", "-")
    return Detector(find.__name__.replace("_", "-"), page, severity, tuple(tuple(w.split()) for w in words), find)
