"""What looks like a link and is none that a reader of Markdown can follow."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .model import Document, Skill
from .names import Names
from .parts import Chunk, Link, Row
from .targets import PATH_WITH_SPACE, is_placeholder, is_relative

MISSHAPEN = re.compile(
    r"\([^()\n]{1,80}\)\[(?P<swapped>[\w./#-]{3,120})\]"
    r"|\[[^\[\]\n]{1,80}\] \((?P<parted>[\w./#-]{3,120})\)"
    r"|\[[^\[\]\n]{1,80}\]\((?:<(?P<angled>[\w./#-]{3,120})\)|(?P<unclosed>[\w./#-]{3,120}\w)(?=[.,;]?(?:\s+[\w*`]|\s*$)|\s+\"[^\"]*$))"
    r"|(?<!!)\[[^\[\]\n]{1,80}\]\([^()\n]{1,120}\)\]\((?P<outer>[\w./#-]{3,120})\)"
    r"|\[[^\[\]\n]{1,80}\](?:<(?P<bracketed>[\w./#-]{3,120})>|\{(?P<braced>[\w./#-]{3,120})\})"
    r"|^[^\[\]`\n]{0,200}?[\w*]\]\((?P<unopened>[\w./#-]{3,120})\)"
    r"|\[[^\[\]()\n]{1,80}(?<!\s)\((?P<unbounded>[\w./#-]{3,120})\)(?!\])"
)
LONGEST = 3  # lines of a link
LABEL = re.compile(r"(?!.*\w-\w(?:\W|\w-))[A-Za-z][\w .,'/-]*")


def misshapen(skill: Skill, document: Document) -> Iterator[tuple[Row, str]]:
    """What in a line was meant to lead to a file, and has brackets that are not where they belong.

    Where a link to that file ends in the line, which may begin above it, it is no fault.
    """
    linked = {(link.target, link.line) for link in document.links}
    for row in document.prose:
        for found in (m for cell in row.cells if "[" in cell or "]" in cell for m in MISSHAPEN.finditer(cell)):
            meant = Link(row.path, row.line, next(filter(None, found.groups())))
            is_whole = any((meant.target, row.line - above) in linked for above in range(LONGEST))
            if meant.destination in skill.files and not is_whole:
                yield row, found[0]


def failure(chunk: Chunk) -> str:
    """Why what looks like a link is none that a reader can follow; empty where it was not meant as one."""
    text = chunk.text
    if text.startswith("[]"):
        shown = Link(chunk.path, chunk.line, text[3:-1])
        return f"a link without words, which nobody sees: {text}" if shown.file and is_relative(shown) else ""
    if "](" in text:
        is_path = PATH_WITH_SPACE.search(text) and not is_placeholder(text.partition("](")[2])
        return f"a target with a space makes no link: {text}" if is_path else ""
    said, _, label = text[1:-1].partition("][")
    label = label or said
    return f"no link is defined for [{label}]" if said.strip() and LABEL.fullmatch(label) else ""


def wiki_links(skill: Skill) -> Iterator[Chunk]:
    """Each `[[page]]`, `[[page#heading]]` or `[[page|text]]` with the name of a page of the skill."""
    known = Names(document.path.relative_to(skill.root).as_posix() for document in skill.documents)
    chunks = (c for d in skill.documents for c in d.failed_links if c.text.startswith("[["))
    for chunk in chunks:
        name = re.split(r"[|#\\]", chunk.text[2:-2])[0].strip()
        if known.has(f"{name.removesuffix('.md')}.md"):
            yield chunk
