"""The rows of pipe tables as they are written: how many cells each has, and which never became part of a table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from markdown_it.rules_block.table import escapedSplit

from .model import Document
from .parts import Row, Table

DELIMITER = re.compile(r"\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?")


def width(line: str) -> int:
    """How many cells a line has as a row of a table; 0 for a line without a pipe."""
    source = line.strip().lstrip("> ")
    if "|" not in source:
        return 0
    cells = escapedSplit(source)
    return len(cells) - (cells[0].strip() == "") - (len(cells) > 1 and cells[-1].strip() == "")


def misfits(table: Table) -> Iterator[tuple[Row, str]]:
    """The rows that have more or fewer cells than the head; the head where all rows agree on another number."""
    head, *rows = table.rows
    widths = {row.width for row in rows}
    if len(rows) > 1 and len(widths) == 1 and widths.isdisjoint({0, len(head.cells)}):
        yield head, f"the head has {len(head.cells)} cells, its {len(rows)} rows have {min(widths)}"
        return
    for row in rows:
        if row.width not in {0, len(head.cells)}:
            yield row, f"the row has {row.width} cells, the head has {len(head.cells)}"


def loose_rows(document: Document) -> Iterator[tuple[Row, str]]:
    """Where a paragraph holds what was meant as rows of a table: the guilty one, and what is wrong with it."""
    numbered = groupby(enumerate(document.paragraphs), key=lambda pair: pair[1].line - pair[0])
    for _, group in numbered:
        lines = [row for _, row in group]
        rows = [row for row in lines if _is_row(row.cells[0])]
        if not rows or rows != lines[-len(rows) :] or (len(rows) == 1 != len(lines)):
            continue
        if len(rows) > 1 and DELIMITER.fullmatch(rows[1].cells[0].strip()):
            head, below = (width(row.cells[0]) for row in rows[:2])
            yield rows[1], f"the delimiter row has {below} cells, the head has {head}"
        elif len({width(row.cells[0]) for row in rows}) == 1 or len(rows) == len(lines):
            yield rows[0], "rows of a table without a head and a delimiter row"


def _is_row(line: str) -> bool:
    text = line.strip()
    is_framed = len(text) > 4 and text.startswith("|") and text.endswith("|")
    return is_framed and (text.count("|") > 2 or bool(DELIMITER.fullmatch(text)))
