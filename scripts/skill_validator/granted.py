"""Frontmatter -> the entries of the fields that grant tools to a skill, or deny them."""

from __future__ import annotations

from collections.abc import Iterator

from .model import Mapped
from .parts import Place
from .splitting import split_outside

ALLOWED, DISALLOWED = "allowed-tools", "disallowed-tools"


def entries(frontmatter: Mapped, *fields: str) -> Iterator[tuple[Place, str, str]]:
    """Place, field and text of each entry: a field is a list, or one text with commas or spaces between them."""
    for field in fields:
        value = frontmatter.values.get(field)
        if isinstance(value, str):
            parts = split_outside(value, "()", ", \t\n")
            yield from ((frontmatter.at(field), field, entry) for entry in parts if entry)
        elif isinstance(value, list):
            for number, item in enumerate(value):
                if isinstance(item, str):
                    yield frontmatter.at(field, number), field, item.strip()
