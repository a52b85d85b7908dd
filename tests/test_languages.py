"""Names of languages, and the slips of the fingers that turn one into another."""

from __future__ import annotations

import pytest
from skill_validator.blocks import PARSERS, PLAIN
from skill_validator.languages import ALIASES, OTHERS, nearest

NAMES = ("bash", "json", "python", "yaml")


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("pyhton", "python"),
        ("pythn", "python"),
        ("pythonn", "python"),
        ("ypthon", "python"),
        ("pythom", "python"),
        ("ymal", "yaml"),
        ("jsno", "json"),
        ("basj", "bash"),
        ("python", None),
        ("pyton3", None),
        ("pthn", None),
        ("jsn", None),
        ("", None),
        ("nothing", None),
    ],
)
def test_a_name_is_near_what_one_slip_makes_of_it(word: str, name: str | None) -> None:
    assert nearest(word, NAMES) == name


def test_what_is_parsed_goes_by_names_of_its_own() -> None:
    assert set(ALIASES.values()) == {"python", *PARSERS}
    assert not OTHERS & set(ALIASES)
    assert set(PLAIN) - OTHERS == set()
