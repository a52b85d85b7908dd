"""Tables of facts: one change to a sound skill, and the one diagnostic of all the checks that it must give."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from skill_validator.model import Skill

Facts = Mapping[str, tuple[Skill, str, str, str]]


def each_fact(facts: Facts) -> pytest.MarkDecorator:
    """Every fact: `skill`, and `expected` as `path:line: check: message`."""
    rows = [
        pytest.param(skill, f"{place}: {check}: {message}", id=sentence)
        for sentence, (skill, place, check, message) in facts.items()
    ]
    return pytest.mark.parametrize(("skill", "expected"), rows)


def by_check(facts: Facts) -> dict[str, dict[str, tuple[Skill, list[str]]]]:
    """The facts as the tables of faults of their checks."""
    tables: dict[str, dict[str, tuple[Skill, list[str]]]] = {}
    for sentence, (skill, place, check, message) in facts.items():
        tables.setdefault(check, {})[sentence] = (skill, [f"{place}: {message}"])
    return tables
