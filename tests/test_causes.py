"""One fault is told once: how a proof ended follows from what is wrong with the text of its example."""

from __future__ import annotations

from dataclasses import replace

import pytest
from packages import diagnostics, package
from sample import FILES
from skill_validator.causes import first_causes
from skill_validator.model import Skill
from skill_validator.outcomes import Ending, Outcome, Run
from skill_validator.parts import Example, Place

TOTALS = "rules/orders-totals.md"
LIMITS = "rules/refunds-limits.md"


def ended(skill: Skill, endings: dict[tuple[str, str], Ending]) -> list[str]:
    """The errors told after a run in which these sides ended so, and all others held."""
    examples = [e for d in skill.documents for e in d.examples if e.language == "python" and not e.is_setup]
    outcomes = tuple(_outcome(e, endings.get((e.section, e.side), Ending.HELD)) for e in examples)
    skill = replace(skill, run=Run(outcomes, {}))
    return [f"{d.path}:{d.line}: {d.check}" for d in first_causes(skill, diagnostics(skill))]


def _outcome(example: Example, ending: Ending) -> Outcome:
    return Outcome(example, ending, "", Place(example.path, example.line), executed=True, seconds=0.1)


INCORRECT, CORRECT = ("limitless-refund", "Incorrect"), ("limitless-refund", "Correct")


@pytest.mark.parametrize(
    ("change", "endings", "told"),
    [
        pytest.param(
            {LIMITS: ("return asked", "return asked +")},
            {INCORRECT: Ending.WRONG_REASON},
            [f"{LIMITS}:17: syntax-error"],
            id="a syntax error",
        ),
        pytest.param(
            {LIMITS: ("min(paid, asked)", "mim(paid, asked)")},
            {CORRECT: Ending.FAILED},
            [f"{LIMITS}:24: undefined-name"],
            id="an undefined name",
        ),
        pytest.param(
            {LIMITS: ("return asked", "return min(paid, asked)")},
            {INCORRECT: Ending.TOOTHLESS},
            [f"{LIMITS}:23: identical-examples"],
            id="a pair of twins, told at the other side",
        ),
        pytest.param(
            {TOTALS: ('Decimal("0.10")}', 'Decmal("0.10")}')},
            {("float-sum", "Correct"): Ending.FAILED, ("float-sum", "Incorrect"): Ending.WRONG_REASON},
            [f"{TOTALS}:17: undefined-name"],
            id="a Setup that two sides share",
        ),
        pytest.param(
            {LIMITS: ("min(paid, asked)", "mim(paid, asked)")},
            {CORRECT: Ending.FAILED, INCORRECT: Ending.TOOTHLESS},
            [f"{LIMITS}:16: toothless-proof", f"{LIMITS}:24: undefined-name"],
            id="the other side has a fault of its own",
        ),
        pytest.param(
            {}, {CORRECT: Ending.HUNG}, [f"{LIMITS}:23: hanging-example"], id="a fault that only running shows"
        ),
    ],
)
def test_a_fault_is_told_once(
    change: dict[str, tuple[str, str]], endings: dict[tuple[str, str], Ending], told: list[str]
) -> None:
    assert ended(package(change), endings) == told


def test_without_a_run_nothing_is_left_out() -> None:
    skill = package({LIMITS: ("return asked", "return asked +")})

    assert first_causes(skill, diagnostics(skill)) == tuple(diagnostics(skill))


def test_a_page_hides_no_danger_by_being_a_copy() -> None:
    name, token = "references/copy.md", "ghp_" + "k7Rw2Vx9Qm4Zt1Bn8Lc5Hd3Jf6Gs0Yp7AeUi"[:36]
    text = FILES["references/orders-totals-more.md"].replace("\ntags:", f"\ntoken: {token}\ntags:", 1)
    skill = package(add={name: text})
    told = [(d.path, d.check) for d in first_causes(skill, diagnostics(skill))]

    assert told == [(name, "repeated-page"), (name, "leaked-secret")]
