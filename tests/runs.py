"""Hand-made runs of the package: how its sides ended, without running them."""

from __future__ import annotations

from dataclasses import replace

from packages import ROOT, package
from skill_validator.model import Skill
from skill_validator.outcomes import Ending, Incident, Outcome, Run
from skill_validator.parts import Example, Place

LIMITS = "rules/refunds-limits.md"
SIDE = "limitless-refund[Incorrect]"


def proven(skill: Skill) -> list[Example]:
    """The examples that a run of the package takes, in its order."""
    return [e for d in skill.documents for e in d.provable]


def outcome(example: Example, ending: Ending = Ending.HELD, message: str = "", **fields: object) -> Outcome:
    """How one side ended, at its own place unless told otherwise."""
    place = Place(example.path, example.line)
    return replace(Outcome(example, ending, message, place, executed=True, seconds=0.1), **fields)  # type: ignore[arg-type]


def ran(ending: Ending = Ending.HELD, message: str = "", **fields: object) -> Skill:
    """The package after a run in which the Incorrect side of `rules/refunds-limits.md` ended so and all others held."""
    skill = package()
    outcomes = [
        outcome(e, ending, message, **fields)
        if (e.section, e.side) == ("limitless-refund", "Incorrect")
        else outcome(e)
        for e in proven(skill)
    ]
    return replace(skill, run=Run(tuple(outcomes), {"python": "3.13.1"}))


def incident(check: str, message: str) -> Skill:
    """The same, with something that the side did while it ran."""
    return ran(incidents=(Incident(ROOT / LIMITS, 17, check, message),))


SILENT = {"the package was not run": package(), "every side held": ran()}
