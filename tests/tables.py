"""Tables of faults and near misses -> parameters of a test; the sentences become its ids."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from skill_validator.model import Skill

Faults = Mapping[str, Mapping[str, tuple[Skill, list[str]]]]
NearMisses = Mapping[str, Mapping[str, Skill]]


def each_fault(table: Faults) -> pytest.MarkDecorator:
    """Every fault of every check: `check`, `skill`, and `expected` as `path:line: message`."""
    return pytest.mark.parametrize(
        ("check", "skill", "expected"),
        [
            pytest.param(check, skill, expected, id=f"{check}: {sentence}")
            for check, faults in table.items()
            for sentence, (skill, expected) in faults.items()
        ],
    )


def each_near_miss(table: NearMisses) -> pytest.MarkDecorator:
    """Every near miss of every check: `check` and `skill`."""
    return pytest.mark.parametrize(
        ("check", "skill"),
        [
            pytest.param(check, skill, id=f"{check}: {sentence}")
            for check, skills in table.items()
            for sentence, skill in skills.items()
        ],
    )
