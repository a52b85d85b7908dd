"""The headings of a page that name no trap."""

from __future__ import annotations

import difflib

NOT_TRAPS = ("New and correct", "When not to use it")
SPELT_ALIKE = 0.8  # of 1


def closing(heading: str) -> str:
    """The one of NOT_TRAPS that a heading is, or is a misspelling of; empty for the heading of a trap."""
    if heading in NOT_TRAPS:
        return heading
    if not heading.lower().startswith(("new", "when")):
        return ""
    return next(iter(difflib.get_close_matches(heading, NOT_TRAPS, 1, SPELT_ALIKE)), "")
