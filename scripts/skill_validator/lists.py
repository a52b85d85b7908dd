"""Document -> the items of its bullet lists that say again what one before them in the same list says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .model import Document
from .parts import Row

ITEM = re.compile(r"( *)[-*+] +(?=\S)")
TASK = re.compile(r"\[[ xX]\] +")
BLANK = re.compile(r"[<{…]|\.\.\.|___|\[[^\[\]]*\](?![\[(])")  # what is to be filled in, many times over
SHORT = 30  # characters of an item that may stand twice, as a step does, if it is no task


@dataclass(slots=True)
class _Item:
    """An item: `above` is the line of the item or text that it stands below, `lines` are its own without the marker."""

    row: Row
    above: int
    indent: int
    lines: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """What it says; empty where that may well be said several times."""
        text = " ".join(" ".join(self.lines).split())
        words = TASK.sub("", text, count=1)
        return words if (words != text or len(words) >= SHORT) and not BLANK.search(words) else ""


def repeated_items(document: Document) -> Iterator[tuple[Row, Row]]:
    """The items without items below them that another one repeats: that one, and the first of them."""
    texts = [TASK.sub("", row.cells[0], count=1) for row in document.paragraphs]
    if len({*texts}) == len(texts):
        return
    items = list(_items(document))
    with_items = {item.above for item in items}
    first: dict[tuple[int, str], Row] = {}
    for item in items:
        if item.row.line not in with_items and item.words:
            other = first.setdefault((item.above, item.words), item.row)
            if other != item.row:
                yield item.row, other


def repeated_traps(checklist: Document) -> dict[int, int]:
    """The lines that link a trap which another line links, each with the first that does."""
    lines: dict[str, int] = {}
    linked = ((link.target, link.line) for link in checklist.links if link.anchor)
    return {line: first for target, line in linked if (first := lines.setdefault(target, line)) != line}


def _items(document: Document) -> Iterator[_Item]:
    """The items of bullet lists; a line that is neither an item nor indented ends a list."""
    rows = {row.line: row for row in document.paragraphs}
    text, inside = 0, list[_Item]()
    for number, line in enumerate(document.text.split("\n"), 1):
        found = ITEM.match(line) if number in rows else None
        if found:
            inside = [item for item in inside if item.indent < len(found[1])]
            item = _Item(rows[number], inside[-1].row.line if inside else text, len(found[1]), [line[found.end() :]])
            inside.append(item)
            yield item
        elif line[:1].strip():
            text, inside = number, []
        elif inside:
            inside[-1].lines.append(line)
