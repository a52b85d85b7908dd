"""The link definitions of a page, `[label]: target`, as links, and those that have no effect as flaws."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .parts import Flaw, Link

NO_LABELS = ("//", "COMMENT", "_", "^")  # link definitions are also how Markdown hides comments


def definitions(path: Path, defined: Mapping[str, Any]) -> Iterator[Link]:
    """What the parser of Markdown noted of definitions, as links: their targets are wrong where they stand."""
    for label, reference in defined.get("references", {}).items():
        if not label.startswith(NO_LABELS):
            yield Link(path, reference["map"][0] + 1, reference["href"])


def ignored_definitions(path: Path, defined: Mapping[str, Any]) -> Iterator[Flaw]:
    """The definitions that an earlier one of the same label, which leads elsewhere, takes the effect of."""
    for other in defined.get("duplicate_refs", ()):
        label, first = other["label"], defined["references"][other["label"]]
        if not label.startswith(NO_LABELS) and other["href"] != first["href"]:
            message = f"label {label.lower()!r} is defined in line {first['map'][0] + 1} already, and leads there"
            yield Flaw(path, other["map"][0] + 1, message, "definition")
