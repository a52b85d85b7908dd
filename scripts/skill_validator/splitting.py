"""A text with separators -> its parts, where what stands in brackets holds together."""

from __future__ import annotations


def split_outside(text: str, brackets: str, separators: str) -> list[str]:
    """The parts of `text` between separators outside the two `brackets`, in linear time; parts may be empty."""
    opening, closing = brackets[0], brackets[1]
    depth, start, parts = 0, 0, []
    for position, character in enumerate(text):
        depth = max(depth + (character == opening) - (character == closing), 0)
        if depth == 0 and character in separators:
            parts.append(text[start:position])
            start = position + 1
    return [*parts, text[start:]]
