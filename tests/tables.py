"""Tables of faults and near misses -> the tests of them; the sentences become their ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from packages import found
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


def told(table: Faults) -> Callable[[str, Skill, list[str]], None]:
    """The test that every check says of its faults what the table expects, and nothing else."""

    @each_fault(table)
    def test(check: str, skill: Skill, expected: list[str]) -> None:
        assert found(skill, check) == expected

    return test


def silent(table: NearMisses) -> Callable[[str, Skill], None]:
    """The test that every check lets its near misses be."""

    @pytest.mark.parametrize(
        ("check", "skill"),
        [
            pytest.param(check, skill, id=f"{check}: {sentence}")
            for check, skills in table.items()
            for sentence, skill in skills.items()
        ],
    )
    def test(check: str, skill: Skill) -> None:
        assert found(skill, check) == []

    return test
