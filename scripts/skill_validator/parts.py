"""What a page is made of as types: each part with its path and true line."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote

FILE = re.compile(r"(\w[\w.-]*/)*\w[\w.-]*\.(py|toml|ini|json|ya?ml|sql|sh|txt)")


class Located(Protocol):
    """Anything a diagnostic can point at."""

    @property
    def path(self) -> Path:
        """The file."""

    @property
    def line(self) -> int:
        """The line in it, from 1 on."""


class Verdict(Enum):
    """What a trap says of one of its examples."""

    INCORRECT = "Incorrect"
    CORRECT = "Correct"


VERDICTS = {f"{verdict.value}:": verdict for verdict in Verdict}  # by label


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file."""

    path: Path
    line: int


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that kept a file, or its part named by `subject`, from being read as what it claims to be."""

    path: Path
    line: int
    message: str
    subject: str = "file"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `slug` is its anchor by GitHub's rules, unique in its document."""

    path: Path
    line: int
    level: int
    text: str
    slug: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link, image or link definition, in Markdown or HTML; `target` is the destination in percent-encoding.

    `text` is what is shown for it, of an image the alternative; an `is_pixel` is shown at no size.
    """

    path: Path
    line: int
    target: str
    text: str = ""
    is_image: bool = False
    is_pixel: bool = False

    @property
    def file(self) -> str:
        """The destination without its anchor and query; empty for a link into the same document."""
        return unquote(self.target.partition("#")[0].partition("?")[0])

    @property
    def anchor(self) -> str:
        """The part after `#`; empty without one."""
        return unquote(self.target.partition("#")[2])

    @property
    def destination(self) -> Path:
        """The path that a relative link means, without asking the disk: `..` is taken back by text."""
        return _joined(self.path, self.file)


@functools.lru_cache(maxsize=2**16)
def _joined(page: Path, file: str) -> Path:
    parts: list[str] = []
    for part in (page.parent / file).parts if file else page.parts:
        if part == "..":
            parts[1:] = parts[1:-1]
        else:
            parts.append(part)
    return Path(*parts)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; the cells are Markdown source, stripped; `width` is how many were written."""

    path: Path
    line: int
    cells: tuple[str, ...]
    width: int = 0


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a page, as its author wrote it, that begins at `line`: HTML, or what failed to become a link."""

    path: Path
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A pipe table under the heading `section` (a slug); its first row is the header."""

    path: Path
    line: int
    section: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """One fenced block; `line` is that of its first line of code, `label` the strong text right above it.

    A project is an Example too: the blocks of a document that are its `files`, as one.
    """

    path: Path
    line: int
    language: str
    code: str
    section: str
    label: str = ""
    ordinal: int = 0
    setup: Example | None = None
    files: tuple[Example, ...] = ()

    @property
    def verdict(self) -> Verdict | None:
        """Incorrect or Correct by its label; None outside traps."""
        return VERDICTS.get(self.label)

    @property
    def is_setup(self) -> bool:
        """Whether this is the block that the page's other examples share."""
        return self.label == "Setup:" and self.language == "python"

    @property
    def file(self) -> str:
        """The path within its project where the label is one, such as `app/main.py`; else empty. It has no `..`."""
        return self.label if FILE.fullmatch(self.label) else ""

    @property
    def side(self) -> str:
        """The pytest id of this example: `Correct`, `Incorrect` or `Example`, numbered from the second on."""
        name = self.verdict.value if self.verdict else "Example"
        return f"{name}{self.ordinal + 1}" if self.ordinal else name


@dataclass(frozen=True, slots=True)
class Lint:
    """A `Lint:` line of a trap: the ruff rules that flag the Incorrect example and not the Correct one."""

    path: Path
    line: int
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trap:
    """One `##` section of a page: a falsifiable claim with its pair of examples."""

    path: Path
    line: int
    title: str
    slug: str
    examples: tuple[Example, ...]
    lints: tuple[Lint, ...] = ()

    def sides(self, verdict: Verdict) -> tuple[Example, ...]:
        """The examples of this trap with that verdict."""
        return tuple(e for e in self.examples if e.verdict is verdict)
