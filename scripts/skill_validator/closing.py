"""The headings of a page that name no trap."""

from __future__ import annotations

import difflib
import re

NOT_TRAPS = ("New and correct", "When not to use it")
SPELT_ALIKE = 0.8  # of 1
LABEL = re.compile(r"(Incorrect|Correct|Setup)(?::.*)?")


def closing(heading: str) -> str:
    """The one of NOT_TRAPS that a heading is, or is a misspelling of; empty for the heading of a trap."""
    if heading in NOT_TRAPS:
        return heading
    if not heading.lower().startswith(("new", "when")):
        return ""
    return next(iter(difflib.get_close_matches(heading, NOT_TRAPS, 1, SPELT_ALIKE)), "")


def label_of(heading: str) -> str:
    """The label of an example that a heading has the words of, such as `Correct:`; empty for other headings."""
    found = LABEL.fullmatch(heading)
    return f"{found[1]}:" if found else ""
