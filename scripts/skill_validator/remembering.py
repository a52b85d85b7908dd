"""What is derived from a skill as a whole, once for each skill however many checks ask."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeVar

from .model import Skill

Answer = TypeVar("Answer")


def once_a_skill(derive: Callable[[Skill], Answer]) -> Callable[[Skill], Answer]:
    """The same function, which remembers what it said of the skill that it was asked about last.

    Skills are told apart by identity: to compare the texts of two would take longer than most answers.
    """
    last: list[tuple[Skill, Answer]] = []

    @functools.wraps(derive)
    def remembered(skill: Skill) -> Answer:
        if not last or last[0][0] is not skill:
            last[:] = [(skill, derive(skill))]
        return last[0][1]

    return remembered
