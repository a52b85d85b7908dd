"""What the evidence page shows is what the run reported."""

from __future__ import annotations

from dataclasses import replace

from packages import ROOT, diagnostics, package
from skill_release.evidence import Chapter, Claim, Evidence, evidence
from skill_validator.model import Skill
from skill_validator.outcomes import Ending, Outcome, Run
from skill_validator.parts import Example, Place
from skill_validator.report import Report

FAILED = "AssertionError: assert 0.30000000000000004 == 0.3"
ENDINGS = {
    ("float-sum", "Incorrect"): (Ending.HELD, FAILED),
    ("early-rounding", "Correct"): (Ending.FAILED, f"NameError in {ROOT}/rules/a.md"),
    ("limitless-refund", "Incorrect"): (Ending.HELD, ""),
}


def outcome(example: Example) -> Outcome:
    ending, message = ENDINGS.get((example.section, example.side), (Ending.HELD, ""))
    return Outcome(example, ending, message, Place(example.path, example.line), executed=True, seconds=0.25)


def shown(skill: Skill, *, ran: bool = True) -> Evidence:
    examples = [e for d in skill.documents for e in d.examples if e.language == "python" and not e.is_setup]
    run = Run(tuple(map(outcome, examples)), {"python": "3.13.1"}) if ran else None
    made = replace(skill, run=run)
    return evidence(Report(made, tuple(diagnostics(made)), static=not ran))


def chapters(made: Evidence) -> dict[str, Chapter]:
    return {chapter.anchor: chapter for _, own in made.parts for chapter in own}


def claims(made: Evidence) -> dict[str, Claim]:
    return {claim.anchor: claim for chapter in chapters(made).values() for claim in chapter.claims}


def test_pages_stand_by_category_with_their_further_traps_behind_them() -> None:
    made = shown(package())

    assert [(title, [c.file for c in own]) for title, own in made.parts] == [
        ("Orders", ["rules/orders-totals.md", "references/orders-totals-more.md"]),
        ("Refunds", ["rules/refunds-limits.md"]),
        ("SKILL.md and references", ["SKILL.md"]),
    ]
    assert list(claims(made)) == [
        "orders-totals--float-sum",
        "orders-totals--new-and-correct",
        "orders-totals-more--early-rounding",
        "refunds-limits--limitless-refund",
        "SKILL--quick-start",
    ]
    assert [len(c.setup) for c in chapters(made).values()] == [3, 0, 0, 0]


def test_a_side_says_what_was_observed() -> None:
    made = claims(shown(package()))
    said = {
        f"{anchor}[{side.verdict}]": (side.result, side.observed, side.as_claimed)
        for anchor, claim in made.items()
        for side in claim.sides
    }

    assert said == {
        "orders-totals--float-sum[Incorrect]": ("fails, as claimed", FAILED, True),
        "orders-totals--float-sum[Correct]": ("passes", "", True),
        "orders-totals--new-and-correct[Example]": ("passes", "", True),
        "orders-totals-more--early-rounding[Incorrect]": ("passes: these versions have not the fault", "", True),
        "orders-totals-more--early-rounding[Correct]": ("not as claimed: failed", "NameError in rules/a.md", False),
        "refunds-limits--limitless-refund[Incorrect]": ("passes: these versions have not the fault", "", True),
        "refunds-limits--limitless-refund[Correct]": ("passes", "", True),
        "SKILL--quick-start[Example]": ("passes", "", True),
    }
    assert made["orders-totals--float-sum"].proof == "tests/proofs/test_orders_totals.py::test_float_sum"
    assert [side.why for side in made["refunds-limits--limitless-refund"].sides] == [
        "<strong>Incorrect:</strong> as asked",
        "<strong>Correct:</strong> as paid",
    ]


def test_what_was_not_run_is_shown_as_that() -> None:
    made = claims(shown(package(), ran=False))

    assert {side.result for claim in made.values() for side in claim.sides} == {"not as claimed: not run"}


def test_a_link_leads_to_what_the_page_shows() -> None:
    text = """See [a](refunds-limits.md#limitless-refund), [b](refunds-limits.md), [c](https://example.org),
[d](refunds-limits.md#refund-what-was-paid), [e](../references/review-checklist.md)."""
    skill = package({"rules/orders-totals.md": ("Compare [refunds](refunds-limits.md#limitless-refund).", text)})

    assert claims(shown(skill))["orders-totals--float-sum"].prose.before.endswith(
        'See <a href="#refunds-limits--limitless-refund">a</a>, <a href="#refunds-limits">b</a>, '
        '<a href="https://example.org">c</a>,\n<a href="#refunds-limits">d</a>, <span>e</span>.</p>'
    )


def test_a_trap_without_its_pair_or_proof_is_shown_as_it_is() -> None:
    skill = package(
        {"rules/refunds-limits.md": ("**Correct:** as paid", "Paid:")}, ["tests/proofs/test_refunds_limits.py"]
    )
    claim = claims(shown(skill))["refunds-limits--limitless-refund"]

    assert (claim.proof, [side.verdict for side in claim.sides]) == ("", ["Incorrect", "Example"])
    assert not any(line.differs for side in claim.sides for line in side.lines)
