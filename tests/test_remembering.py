"""What is derived from a skill as a whole is derived once."""

from __future__ import annotations

from packages import lone
from skill_validator.model import Skill
from skill_validator.remembering import once_a_skill


def test_an_answer_is_remembered_until_another_skill_is_asked_about() -> None:
    asked: list[Skill] = []

    @once_a_skill
    def pages(skill: Skill) -> int:
        asked.append(skill)
        return len(skill.documents)

    one, two = lone("# One"), lone("# One", **{"more.md": ""})
    assert [pages(s) for s in (one, one, two, two, one)] == [1, 1, 2, 2, 1]
    assert [s is one for s in asked] == [True, False, True]
