"""Markdown text -> Document: frontmatter, headings, links, tables and fences with their true lines."""

from __future__ import annotations

import functools
import re
import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, takewhile
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, autolink, html_inline, image, link
from markdown_it.token import Token

from . import html
from .closing import closing, label_of
from .definitions import definitions, ignored_definitions
from .frontmatter import BREAK, split
from .languages import ALIASES
from .mapped import empty
from .model import Document, Mapped
from .nested import MARKDOWN, swallowed_line
from .parts import Chunk, Example, Flaw, Heading, Link, Lint, Row, Table, Trap, Verdict
from .rows import width

CODE = re.compile(r"`([^`]+)`")
FAILED = re.compile(
    r"\[[^\[\]\n]{1,200}\](?:\[[^\[\]\n]{0,200}\]|\([^()\n]{1,400}\))|\[\[[^\[\]\n]{1,200}\]\]"  # the last of a wiki
)
PROSE = re.compile(r"^(?=\*\*|#+ )", re.MULTILINE)  # what a block that lost its end goes on with

InlineRule = Callable[[StateInline, bool], bool]


def _with_line(rule: InlineRule) -> InlineRule:
    """The same rule, whose tokens know how many line breaks of their paragraph stand before them."""

    def marked(state: StateInline, silent: bool) -> bool:
        position, first = state.pos, len(state.tokens)
        found = rule(state, silent)
        for token in state.tokens[first:]:
            token.meta.setdefault("line", line_at(state.src, position) - 1)
        return found

    return marked


@functools.lru_cache(maxsize=4)
def _breaks(text: str) -> tuple[int, ...]:
    return tuple(found.start() for found in re.finditer("\n", text))


def line_at(text: str, offset: int) -> int:
    """The line of a text, from 1 on, that an offset lies in."""
    return bisect_left(_breaks(text), offset) + 1


def _failed_link(state: StateInline, silent: bool) -> bool:
    """Mark what looks like a link and was refused by the rules before this one; the text stays as it is."""
    found = FAILED.match(state.src, state.pos) if not silent and state.src[state.pos] == "[" else None
    before = state.src[state.pos - 1 : state.pos] if state.pos else ""
    if found and not before.isalnum() and before not in set("_])`\\"):
        state.push("failed_link", "", 0).meta["text"] = found[0]
    return False


PARSER = MarkdownIt("commonmark", {"store_labels": True}).enable("table")
PARSER.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005 - every scheme is judged by a check
for name, inline_rule in (("link", link), ("image", image), ("autolink", autolink), ("html_inline", html_inline)):
    PARSER.inline.ruler.at(name, _with_line(inline_rule))
PARSER.inline.ruler.after("image", "failed_link", _with_line(_failed_link))


def read_document(path: Path, text: str) -> Document:
    """Parse one Markdown file. Never raises on bad content: what is wrong becomes a flaw of the document."""
    frontmatter, body, flaws = split(path, text)
    parts = _Parts(path, BREAK.split(body))
    defined: dict[str, Any] = {}
    parts.walk(PARSER.parse(body if body.endswith("\n") else f"{body}\n", defined))
    parts.links += definitions(path, defined)
    parts.flaws += ignored_definitions(path, defined)
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
        traps=tuple(_traps(parts, examples, frontmatter or empty(path))),
        paragraphs=tuple(parts.paragraphs),
        html=tuple(parts.html),
        failed_links=tuple(parts.failed_links),
        anchors=frozenset(anchor for chunk in parts.html for anchor in html.anchors(chunk)),
        flaws=(*flaws, *parts.flaws),
    )


def slug(text: str) -> str:
    """The anchor of a heading by GitHub's rules (github-slugger): lower case, no punctuation, hyphens for spaces."""
    return re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")


@dataclass
class _Parts:
    """What the walk over the tokens has found so far."""

    path: Path
    lines: Sequence[str]
    headings: list[Heading] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    counts: Counter[tuple[str, Verdict | None]] = field(default_factory=Counter)
    examples: list[Example] = field(default_factory=list)
    paragraphs: list[Row] = field(default_factory=list)
    html: list[Chunk] = field(default_factory=list)
    failed_links: list[Chunk] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)
    slugs: dict[str, int] = field(default_factory=dict)

    @property
    def section(self) -> str:
        heading = next((h for h in reversed(self.headings) if not label_of(h.text)), None)
        return (slug(closing(heading.text)) or heading.slug) if heading else ""

    @property
    def label(self) -> str:
        """The label that the last heading stands for."""
        return label_of(self.headings[-1].text) if self.headings else ""

    def walk(self, tokens: Sequence[Token]) -> None:
        """Take every token in turn; a fence's label is the strong text of the paragraph right above it.

        Without one it is the heading that stands where a label belongs: its blocks keep their side and their section.
        """
        label = ""
        for before, token in pairwise([Token("start", "", 0), *tokens]):
            if token.type == "inline":
                self._inline(before, token)
                label = ("" if before.type == "heading_open" else _strong(token)) or self.label
            elif token.type == "fence":
                self._fence(token, label if before.type in {"paragraph_close", "heading_close"} else "")
            elif token.type == "tr_open":
                self.rows.append((_line(token), []))
            elif token.type == "table_close":
                rows = (Row(self.path, n, tuple(cells), width(self.lines[n - 1])) for n, cells in self.rows)
                self.tables.append(Table(self.path, self.rows[0][0], self.section, tuple(rows)))
                self.rows.clear()
            elif token.type == "html_block":
                self._html(_line(token), token.content)

    def _inline(self, before: Token, token: Token) -> None:
        line = _line(token)
        if before.type == "heading_open":
            self._heading(line, int(before.tag[1]), token)
        elif before.type == "paragraph_open":
            self.paragraphs += (Row(self.path, line + n, (t,)) for n, t in enumerate(token.content.split("\n")))
        else:
            self.rows[-1][1].append(token.content.strip())
        children = token.children or []
        for number, child in enumerate(children):
            self._child(line, child, children[number + 1 : number + 3])

    def _child(self, line: int, child: Token, after: Sequence[Token]) -> None:
        if child.type == "html_inline":
            self._html(line + child.meta["line"], child.content)
        elif child.type == "failed_link":
            self.failed_links.append(Chunk(self.path, line + child.meta["line"], child.meta["text"]))
        elif child.type == "link_open" and "label" not in child.meta:
            text, target = after[0].content, str(child.attrs["href"])
            self.links.append(Link(self.path, line + child.meta["line"], target, text))
            kinds = [t.type for t in after]
            if target and (kinds[0] == "link_close" or (kinds == ["text", "link_close"] and not text.strip())):
                self.failed_links.append(Chunk(self.path, line + child.meta["line"], f"[]({target})"))
        elif child.type == "image" and "label" not in child.meta:
            self.links.append(Link(self.path, line + child.meta["line"], str(child.attrs["src"]), child.content, True))

    def _html(self, line: int, text: str) -> None:
        chunk = Chunk(self.path, line, text)
        self.html.append(chunk)
        self.links += html.links(chunk)

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

    def _fence(self, token: Token, label: str) -> None:
        start, end = token.map or [0, 0]
        if token.content.count("\n") >= end - start - 1:
            self.flaws.append(Flaw(self.path, start + 1, "fence is never closed", "fence"))
        code, swallowed = token.content, swallowed_line(token)
        words = token.info.split()
        if swallowed and words[0] in MARKDOWN:
            message = f"the block ends with the fence that it shows in line {start + 1 + swallowed}: open it with four"
            self.flaws.append(Flaw(self.path, start + 1, message, "inner fence"))
        elif swallowed and not (self.flaws and self.flaws[-1].line == start + 1):
            message = f"fence is never closed before the next one opens, in line {start + 1 + swallowed}"
            self.flaws.append(Flaw(self.path, start + 1, message, "fence"))
        language = words[0].lower() if words else ""
        language = ALIASES.get(language, language)
        if swallowed and language not in MARKDOWN:
            code = PROSE.split(code, maxsplit=1)[0]
            language = language if language == "python" and code != token.content else "text"
        example = Example(self.path, start + 2, language, code, self.section, label)
        self.examples.append(replace(example, ordinal=self.counts[example.section, example.verdict]))
        self.counts[example.section, example.verdict] += language == "python" and not example.is_setup


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


def _traps(parts: _Parts, examples: Sequence[Example], front: Mapped) -> Iterator[Trap]:
    """Every `##` section but the closing ones and a title of level two, with its examples and `Lint:` lines."""
    title = front.text("title")
    tops = [h for h in parts.headings if h.level <= 2 and not label_of(h.text)]
    for heading, after in zip(tops, [*tops[1:], None], strict=False):
        if heading.level != 2 or heading.text == title or closing(heading.text):
            continue
        end = after.line if after else sys.maxsize
        inside = tuple(e for e in examples if heading.line < e.line < end)
        lints = tuple(
            Lint(p.path, p.line, tuple(CODE.findall(p.cells[0])))
            for p in parts.paragraphs
            if heading.line < p.line < end and p.cells[0].startswith("Lint:")
        )
        yield Trap(parts.path, heading.line, heading.text, heading.slug, inside, lints)
