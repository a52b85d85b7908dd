"""A word that nobody knows -> the known word that was meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def similar(word: str, known: Iterable[str], cutoff: float = 0.75) -> str | None:
    """The known word that `word` is a slip of, case and kind of hyphen aside; None where there is none."""
    plain = {_plain(k): k for k in known}
    close = difflib.get_close_matches(_plain(word), plain, 1, cutoff)
    return plain[close[0]] if close else None


def hint(word: str, known: Iterable[str]) -> str:
    """The end of a sentence on an unknown word: what was meant, where that can be told."""
    meant = similar(word, known)
    return f", did you mean {meant!r}" if meant else ""


def _plain(word: str) -> str:
    return word.casefold().replace("_", "-").replace(" ", "-")
