"""The words of the validator as types: what a skill is made of, each part with its path and true line."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote

Keys = tuple[str | int, ...]
FILE = re.compile(r"(\w[\w.-]*/)*\w[\w.-]*\.(py|toml|ini|json|ya?ml|sql|sh|txt)")
SLOW = 5.0  # seconds that a side of a proof may take without a word


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
        return next((v for v in Verdict if self.label == f"{v.value}:"), None)

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


@dataclass(frozen=True, slots=True)
class Mapped:
    """A parsed YAML or JSON mapping that knows the line of every key.

    `plains` are the YAML values written without quotes, as they are written: what YAML took `1.0` or `on` for.
    """

    path: Path
    line: int
    values: Mapping[str, object]
    lines: Mapping[Keys, int]
    plains: Mapping[Keys, str] = field(default_factory=dict)

    def at(self, *keys: str | int) -> Place:
        """Where the value under `keys` stands; the nearest parent's place when it is missing."""
        while keys and keys not in self.lines:
            keys = keys[:-1]
        return Place(self.path, self.lines.get(keys, self.line))

    def text(self, key: str) -> str:
        """The value under `key` as text; empty when missing or not a string."""
        value = self.values.get(key)
        return value if isinstance(value, str) else ""

    def texts(self, key: str) -> tuple[str, ...]:
        """The strings in the list under `key`."""
        value = self.values.get(key)
        return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list) else ()


@dataclass(frozen=True, slots=True)
class Document:
    """One Markdown file, parsed. It never fails to parse: what is wrong with it is in `flaws`."""

    path: Path
    text: str
    frontmatter: Mapped
    has_frontmatter: bool
    headings: tuple[Heading, ...] = ()
    links: tuple[Link, ...] = ()
    tables: tuple[Table, ...] = ()
    examples: tuple[Example, ...] = ()
    traps: tuple[Trap, ...] = ()
    paragraphs: tuple[Row, ...] = ()
    html: tuple[Chunk, ...] = ()
    failed_links: tuple[Chunk, ...] = ()
    anchors: frozenset[str] = frozenset()
    flaws: tuple[Flaw, ...] = ()

    @property
    def line(self) -> int:
        """A document as a whole is reported at its first line."""
        return 1

    @property
    def title(self) -> Heading | None:
        """The first heading of level one."""
        return next((h for h in self.headings if h.level == 1), None)

    @property
    def provable(self) -> tuple[Example, ...]:
        """The Python blocks that are proven each by itself: neither a Setup nor a file of a project."""
        return tuple(e for e in self.examples if e.language == "python" and not e.is_setup and not e.file)

    @property
    def project(self) -> Example | None:
        """The blocks that are files of one project, as one example; None where no block is labelled with a path."""
        files = tuple(e for e in self.examples if e.file)
        return Example(self.path, files[0].line, "python", "", "", files=files) if files else None

    @property
    def is_blank(self) -> bool:
        """Whether nothing but white space is in it, below the frontmatter."""
        return not self.body

    @property
    def body(self) -> str:
        """The text below the frontmatter, without white space around it."""
        if not self.has_frontmatter:
            return self.text.strip("\ufeff \t\r\n")
        return self.text.partition("\n---")[2].lstrip("-").strip()

    @property
    def prose(self) -> Iterator[Row]:
        """The lines of its paragraphs and the rows of its tables: everything that is read but headings and blocks."""
        yield from self.paragraphs
        yield from (row for table in self.tables for row in table.rows)

    @property
    def tokens(self) -> int:
        """What an agent pays for reading this document: four characters a token."""
        return -(-len(self.text.replace("\r\n", "\n")) // 4)


@dataclass(frozen=True, slots=True)
class Proof:
    """A test function in `tests/proofs`; `page` is the document its module mirrors, `slug` the section."""

    path: Path
    line: int
    page: Path | None
    slug: str


class Ending(Enum):
    """How one side of a proof ended."""

    HELD = "held"
    FAILED = "failed"
    TOOTHLESS = "toothless"
    WRONG_REASON = "wrong reason"
    HUNG = "hung"
    DIED = "died"
    NOT_RUN = "not run"
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


@dataclass(frozen=True, slots=True)
class Silencer:
    """A comment that silences findings of `checks` on the lines from `first` to `last`.

    Once the checks have run, `idle` are those of its names that silenced nothing, `strange` those of no such check.
    """

    path: Path
    line: int
    checks: tuple[str, ...]
    reason: str
    first: int
    last: int
    idle: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill folder as read: `files` is everything in it that a link may name, `texts` what was read.

    A manifest.json in a format that is not ours is the `foreign_manifest`. `scripts` are the texts of code and data
    beside the pages, `hidden` the files and folders that are not looked into, `symlinks` where each symbolic link ends.
    """

    root: Path
    documents: tuple[Document, ...]
    files: frozenset[Path]
    texts: Mapping[Path, str]
    manifest: Mapped | None = None
    flaws: tuple[Flaw, ...] = ()
    proofs: tuple[Proof, ...] | None = None
    is_checkout: bool = False
    run: Run | None = None
    silencers: tuple[Silencer, ...] = ()
    scripts: Mapping[Path, str] = field(default_factory=dict)
    hidden: frozenset[Path] = frozenset()
    symlinks: Mapping[Path, Path] = field(default_factory=dict)
    foreign_manifest: Mapped | None = None
    plugin: Mapped | None = None
    marketplace: Mapped | None = None

    @property
    def path(self) -> Path:
        """The skill as a whole is reported at its SKILL.md."""
        return self.root / "SKILL.md"

    @property
    def line(self) -> int:
        """See `path`."""
        return 1

    @property
    def main(self) -> Document:
        """SKILL.md."""
        return next(d for d in self.documents if d.path == self.path)

    @property
    def rules(self) -> tuple[Document, ...]:
        """The documents in `rules/`, of a package: a skill with a manifest."""
        return tuple(d for d in self.documents if self.manifest and d.path.parent == self.root / "rules")

    @property
    def pages(self) -> tuple[Document, ...]:
        """Every document in the page format: the rules, and the `-more` pages that carry their further traps."""
        more = (d for d in self.documents if self.manifest and d.path.name.endswith("-more.md"))
        return (*self.rules, *(d for d in more if d.path.parent == self.root / "references"))
