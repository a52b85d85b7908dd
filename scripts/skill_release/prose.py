"""The text of a section of a page -> HTML that stands alone: its examples taken out, its links leading somewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token
from skill_validator.frontmatter import BREAK
from skill_validator.model import Document

PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")
LABELS = ("Setup:", "Incorrect:", "Correct:")

Resolve = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Prose:
    """What a section says around its examples, as HTML."""

    before: str
    after: str
    whys: tuple[str, ...]


def section_prose(page: Document, first: int, resolve: Resolve) -> Prose:
    """The prose of the section whose heading stands in line `first` of `page`; 0 means the text below the title.

    `resolve` turns the target of a link into an address for the reader, or into None: then only the words stay.
    """
    tokens = PARSER.parse(_source(page, first))
    _lead(tokens, resolve)
    before: list[Token] = []
    after: list[Token] = []
    whys: list[str] = []
    fenced = False
    for block in _blocks(tokens):
        if block[0].type == "fence":
            fenced = True
        elif why := _why(block):
            whys.append(why)
        else:
            (after if fenced else before).extend(block)
    return Prose(_html(before), _html(after), tuple(whys))


def _source(page: Document, first: int) -> str:
    """The lines of a section, without its heading, up to the next one."""
    own = next((h for h in page.headings if h.line == first), page.title)
    begin, level = (own.line, own.level if first else 6) if own else (0, 6)
    end = next((h.line for h in page.headings if h.line > begin and h.level <= level), None)
    lines = BREAK.split(page.text)
    return "\n".join(lines[begin : end - 1 if end else None])


def _blocks(tokens: Sequence[Token]) -> list[list[Token]]:
    """The tokens of each block at the top level."""
    blocks: list[list[Token]] = []
    depth = 0
    for token in tokens:
        if depth == 0:
            blocks.append([])
        blocks[-1].append(token)
        depth += token.nesting
    return blocks


def _why(block: Sequence[Token]) -> str:
    """What a label says of the example below it: the words after `Incorrect:`; empty where this is no label."""
    inline = block[1].children if len(block) == 3 and block[1].type == "inline" else None
    if not inline or [t.type for t in inline[:2]] not in (["strong_open", "text"], ["text", "strong_open"]):
        return ""
    words = next((t.content for t in inline if t.type == "text" and t.content.strip()), "")
    return _html(_inline(inline)) if words in LABELS else ""


def _inline(children: Sequence[Token]) -> list[Token]:
    whole = Token("inline", "", 0)
    whole.children = list(children)
    return [whole]


def _html(tokens: Sequence[Token]) -> str:
    rendered: str = PARSER.renderer.render(list(tokens), PARSER.options, {})
    return rendered.strip()


def _lead(tokens: Sequence[Token], resolve: Resolve) -> None:
    """Let every link lead where the reader can follow; where that is nowhere, keep its words."""
    open_tags: list[str] = []
    for token in (child for t in tokens for child in t.children or ()):
        if token.type == "link_open":
            address = resolve(str(token.attrs.get("href", "")))
            open_tags.append("a" if address else "span")
            token.attrs = {"href": address} if address else {}
            token.tag = open_tags[-1]
        elif token.type == "link_close":
            token.tag = open_tags.pop()
