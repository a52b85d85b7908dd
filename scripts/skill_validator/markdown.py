"""Markdown text -> Document: frontmatter, headings, links, tables and fences with their true lines."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, takewhile
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, autolink, image, link
from markdown_it.token import Token

from .frontmatter import split
from .mapped import empty
from .model import Document, Example, Flaw, Heading, Link, Lint, Row, Table, Trap

CODE = re.compile(r"`([^`]+)`")
NOT_TRAPS = ("New and correct", "When not to use it")

InlineRule = Callable[[StateInline, bool], bool]


def _with_line(rule: InlineRule) -> InlineRule:
    """The same rule, whose tokens know how many line breaks of their paragraph stand before them."""

    def marked(state: StateInline, silent: bool) -> bool:
        before, first = state.src.count("\n", 0, state.pos), len(state.tokens)
        found = rule(state, silent)
        for token in state.tokens[first:]:
            token.meta.setdefault("line", before)
        return found

    return marked


PARSER = MarkdownIt("commonmark").enable("table")
for name, inline_rule in (("link", link), ("image", image), ("autolink", autolink)):
    PARSER.inline.ruler.at(name, _with_line(inline_rule))


def read_document(path: Path, text: str) -> Document:
    """Parse one Markdown file. Never raises on bad content: what is wrong becomes a flaw of the document."""
    frontmatter, body, flaws = split(path, text)
    parts = _Parts(path)
    parts.walk(PARSER.parse(body if body.endswith("\n") else f"{body}\n"))
    examples = tuple(_with_setup(parts.examples))
    return Document(
        path=path,
        text=text,
        frontmatter=frontmatter or empty(path),
        has_frontmatter=frontmatter is not None,
        headings=tuple(parts.headings),
        links=tuple(parts.links),
        tables=tuple(parts.tables),
        examples=examples,
        traps=tuple(_traps(parts, examples)),
        paragraphs=tuple(parts.paragraphs),
        flaws=(*flaws, *parts.flaws),
    )


def slug(text: str) -> str:
    """The anchor of a heading by GitHub's rules (github-slugger): lower case, no punctuation, hyphens for spaces."""
    return re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")


@dataclass
class _Parts:
    """What the walk over the tokens has found so far."""

    path: Path
    headings: list[Heading] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)
    paragraphs: list[Row] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)
    slugs: dict[str, int] = field(default_factory=dict)

    @property
    def section(self) -> str:
        return self.headings[-1].slug if self.headings else ""

    def walk(self, tokens: Sequence[Token]) -> None:
        """Take every token in turn; a fence's label is the strong text of the paragraph right above it."""
        label = ""
        for before, token in pairwise([Token("start", "", 0), *tokens]):
            if token.type == "inline":
                self._inline(before, token)
                label = _strong(token)
            elif token.type == "fence":
                self._fence(token, label if before.type == "paragraph_close" else "")
            elif token.type == "table_open":
                self.tables.append(Table(self.path, _line(token), self.section, ()))
            elif token.type == "tr_open":
                self._row(_line(token))

    def _inline(self, before: Token, token: Token) -> None:
        line = _line(token)
        if before.type == "heading_open":
            self._heading(line, int(before.tag[1]), token)
        elif before.type == "paragraph_open":
            self.paragraphs += (Row(self.path, line + n, (t,)) for n, t in enumerate(token.content.split("\n")))
        else:
            self._cell(token.content.strip())
        for child in token.children or ():
            target = child.attrGet("href") if child.type == "link_open" else child.attrGet("src")
            if target is not None:
                self.links.append(Link(self.path, line + child.meta["line"], str(target)))

    def _heading(self, line: int, level: int, token: Token) -> None:
        shown = (c for c in token.children or () if c.type != "html_inline")
        text = "".join(" " if c.type == "softbreak" else c.content for c in shown)
        self.headings.append(Heading(self.path, line, level, text, self._anchor(slug(text))))

    def _anchor(self, wanted: str) -> str:
        """`wanted`, or with the next free number if the document has it already."""
        anchor = wanted
        while anchor in self.slugs:
            self.slugs[wanted] += 1
            anchor = f"{wanted}-{self.slugs[wanted]}"
        self.slugs[anchor] = 0
        return anchor

    def _row(self, line: int) -> None:
        table = self.tables[-1]
        self.tables[-1] = replace(table, rows=(*table.rows, Row(self.path, line, ())))

    def _cell(self, content: str) -> None:
        table = self.tables[-1]
        row = table.rows[-1]
        rows = (*table.rows[:-1], replace(row, cells=(*row.cells, content)))
        self.tables[-1] = replace(table, rows=rows)

    def _fence(self, token: Token, label: str) -> None:
        start, end = token.map or [0, 0]
        if token.content.count("\n") >= end - start - 1:
            self.flaws.append(Flaw(self.path, start + 1, "fence is never closed", "fence"))
        words = token.info.split()
        example = Example(self.path, start + 2, words[0].lower() if words else "", token.content, self.section, label)
        same = [e for e in self.examples if (e.section, e.verdict) == (example.section, example.verdict)]
        ordinal = len([e for e in same if e.language == "python" and not e.is_setup])
        self.examples.append(replace(example, ordinal=ordinal))


def _line(token: Token) -> int:
    return (token.map or [0])[0] + 1


def _strong(token: Token) -> str:
    """The strong text that a paragraph begins with."""
    children = [c for c in token.children or () if c.type != "text" or c.content]
    if not children or children[0].type != "strong_open":
        return ""
    return "".join(c.content for c in takewhile(lambda c: c.type != "strong_close", children))


def _with_setup(examples: Sequence[Example]) -> Iterator[Example]:
    setup = next((e for e in examples if e.is_setup), None)
    for example in examples:
        shares = setup and not example.is_setup and not example.file and example.language == "python"
        yield replace(example, setup=setup) if shares else example


def _traps(parts: _Parts, examples: Sequence[Example]) -> Iterator[Trap]:
    """Every `##` section but the closing ones, with the examples and `Lint:` lines in it."""
    tops = [h for h in parts.headings if h.level <= 2]
    for heading, after in zip(tops, [*tops[1:], None], strict=False):
        if heading.level != 2 or heading.text in NOT_TRAPS:
            continue
        end = after.line if after else sys.maxsize
        inside = tuple(e for e in examples if heading.line < e.line < end)
        lints = tuple(
            Lint(p.path, p.line, tuple(CODE.findall(p.cells[0])))
            for p in parts.paragraphs
            if heading.line < p.line < end and p.cells[0].startswith("Lint:")
        )
        yield Trap(parts.path, heading.line, heading.text, heading.slug, inside, lints)
