"""A skill as the validator sees it, as types: its documents, its mappings, and what running it gave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .outcomes import Run
from .parts import Chunk, Example, Flaw, Heading, Link, Place, Row, Table, Trap

Keys = tuple[str | int, ...]


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

    def value(self, keys: Keys) -> object:
        """The value under `keys`; None when it is missing, as under a key that is given twice."""
        found: Any = self.values
        for key in keys:
            try:
                found = found[key]
            except (IndexError, KeyError, TypeError):
                return None
        return found

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
        path = self.path
        return next(d for d in self.documents if d.path == path)

    @property
    def rules(self) -> tuple[Document, ...]:
        """The documents in `rules/`, of a package: a skill with a manifest."""
        folder = self.root / "rules"
        return tuple(d for d in self.documents if d.path.parent == folder) if self.manifest else ()

    @property
    def pages(self) -> tuple[Document, ...]:
        """Every document in the page format: the rules, and the `-more` pages that carry their further traps."""
        folder = self.root / "references"
        more = (d for d in self.documents if d.path.name.endswith("-more.md") and d.path.parent == folder)
        return (*self.rules, *more) if self.manifest else ()
