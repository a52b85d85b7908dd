"""Breaches of a schema become sentences, and slips the words that were meant."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from skill_validator.schemas.sentences import repeated
from skill_validator.schemas.similar import hint, similar


@pytest.mark.parametrize(
    ("items", "position"),
    [(["a", "b", "a"], 2), ([[1], [2], [2], [1]], 2), ([1, 1.0], 1)],
    ids=["a text", "a list", "a number in two spellings"],
)
def test_the_item_that_is_given_again(items: Sequence[object], position: int) -> None:
    assert repeated(items) == position


@pytest.mark.parametrize(
    ("word", "meant"),
    [("Licence", "license"), ("allowed_tools", "allowed-tools"), ("when to use", "when_to_use"), ("zoo", None)],
)
def test_a_slip_and_what_was_meant(word: str, meant: str | None) -> None:
    known = ("license", "allowed-tools", "when_to_use")
    assert similar(word, known) == meant
    assert hint(word, known) == (f", did you mean {meant!r}" if meant else "")
