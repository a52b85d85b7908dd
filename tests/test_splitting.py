"""Texts with separators."""

from __future__ import annotations

import pytest
from skill_validator.splitting import split_outside


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", [""]),
        ("a", ["a"]),
        ("a,b,", ["a", "b", ""]),
        ("a{b,c},d", ["a{b,c}", "d"]),
        ("{a,{b,c},d},e", ["{a,{b,c},d}", "e"]),
        ("{a,b", ["{a,b"]),
        ("a},b", ["a}", "b"]),
    ],
    ids=["nothing", "one", "a separator at the end", "brackets", "brackets in brackets", "open", "closed too often"],
)
def test_parts_outside_brackets(text: str, parts: list[str]) -> None:
    assert split_outside(text, "{}", ",") == parts
