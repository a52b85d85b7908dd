"""Checks of the proofs: those that read, and those that say how the sides of a run ended, here a hand-made one."""

from __future__ import annotations

from dataclasses import replace

from packages import ROOT, lone, package
from runs import LIMITS, SIDE, SILENT, outcome, proven, ran
from sample import proof
from skill_validator.model import Skill
from skill_validator.outcomes import Ending, Incident, Run
from skill_validator.parts import Place
from tables import Faults, NearMisses, silent, told

TOTALS = "rules/orders-totals.md"
SERVICE = """\
# Service

**`app/main.py`**

```python
import app.models
```

**`app/models.py`**

```python
TEA = 1
```

**`app/settings.toml`**

```toml
tea = 1
```
"""
PROOFS = "tests/proofs/test_orders_totals.py"


def project(tests: str = "async def test_pays(example): ...\n", *, executed: int = 2) -> Skill:
    """The package with a project of two files and its tests, after a run that executed the first files only."""
    proofs = {"tests/proofs/test_service.py": tests} if tests else {}
    skill = package(add={"references/service.md": SERVICE} | proofs)
    whole = next(d.project for d in skill.documents if d.project)
    outcomes = [outcome(e) for e in proven(skill)]
    outcomes += [outcome(replace(whole, section="pays"), executed=executed > 0, files=whole.files[:executed])] * bool(
        tests
    )
    return replace(skill, run=Run(tuple(outcomes), {}))


def without(ending: Ending) -> Skill:
    """The same, with this ending on both sides."""
    skill = package()
    ended = [outcome(e, ending if e.section == "limitless-refund" else Ending.HELD) for e in proven(skill)]
    return replace(skill, run=Run(tuple(ended), {}))


def swapped() -> Skill:
    """The package after a run in which both sides of that trap ended as if they were each other."""
    skill = package()
    endings = {
        "Incorrect": (Ending.TOOTHLESS, "the proof passes"),
        "Correct": (Ending.FAILED, "AssertionError: 2 == 1"),
    }
    trap = [e for e in proven(skill) if e.section == "limitless-refund"]
    return replace(skill, run=Run(tuple(outcome(e, *endings[e.side]) for e in trap), {}))


FAULTS: Faults = {
    "missing-proof": {
        "a trap has none": (
            package({PROOFS: ("test_float_sum", "test_flat_sum")}),
            [f"{TOTALS}:20: no test_float_sum proves this section"],
        ),
        "a section without a verdict has none": (
            package({PROOFS: ("test_new_and_correct", "new_and_correct")}),
            [f"{TOTALS}:42: no test_new_and_correct proves this section"],
        ),
        "SKILL.md's example has none": (
            package(drop=["tests/proofs/test_skill.py"]),
            ["SKILL.md:34: no test_quick_start proves this section"],
        ),
        "a block above every heading": (
            package(add={"README.md": "```python\nx = 1\n```\n"}),
            ["README.md:2: no test_ proves this section"],
        ),
        "nothing tests a project": (project(tests=""), ["references/service.md:6: no test runs this project"]),
        "the proof stands in another module": (
            package(
                {
                    "tests/proofs/test_orders_totals_more.py": ("test_early_rounding", "test_float_sum"),
                    PROOFS: ("test_float_sum", "test_early_rounding"),
                }
            ),
            [
                "references/orders-totals-more.md:10: no test_early_rounding proves this section",
                f"{TOTALS}:20: no test_float_sum proves this section",
            ],
        ),
    },
    "orphaned-proof": {
        "a heading was renamed": (
            package({LIMITS: ("## Limitless refund", "## Endless refund")}),
            [
                (
                    "tests/proofs/test_refunds_limits.py:1: no section of refunds-limits.md with an example makes "
                    "the name 'limitless-refund'"
                )
            ],
        ),
        "a page never was": (
            package(add={"tests/proofs/test_orders_none.py": proof("a", "b")}),
            ["tests/proofs/test_orders_none.py:1: no page is mirrored by test_orders_none.py"],
        ),
        "a section has no Python": (
            package({PROOFS: ("async def test_new", "def test_when_not_to_use_it(): ...\nasync def test_new")}),
            [f"{PROOFS}:2: no section of orders-totals.md with an example makes the name 'when-not-to-use-it'"],
        ),
    },
    "refuted-example": {
        "a side fails its proof": (
            ran(Ending.FAILED, "AssertionError: assert 2 == 1"),
            [f"{LIMITS}:16: {SIDE}: AssertionError: assert 2 == 1"],
        ),
        "the error arose in a line of the page": (
            ran(Ending.FAILED, "KeyError: 'tea'", place=Place(ROOT / LIMITS, 17)),
            [f"{LIMITS}:17: {SIDE}: KeyError: 'tea'"],
        ),
        "the error arose outside the skill": (
            ran(Ending.FAILED, "OSError", place=Place(ROOT.parent / "lib.py", 3)),
            [f"{ROOT.parent / 'lib.py'}:3: {SIDE}: OSError"],
        ),
        "the message has many lines and a colour": (
            ran(Ending.FAILED, "a\n\x1b[31mb\t\u2028"),
            [rf"{LIMITS}:16: {SIDE}: a\n\x1b[31mb\t\u2028"],
        ),
    },
    "toothless-proof": {
        "the Incorrect side passes": (
            ran(Ending.TOOTHLESS, "its proof passes on it"),
            [f"{LIMITS}:16: {SIDE}: its proof passes on it"],
        ),
    },
    "wrong-reason": {
        "the Incorrect side dies of a name": (
            ran(Ending.WRONG_REASON, "NameError: name 'x' is not defined"),
            [f"{LIMITS}:16: {SIDE}: NameError: name 'x' is not defined"],
        ),
    },
    "hanging-example": {
        "a side does not end": (ran(Ending.HUNG, "20 s are over"), [f"{LIMITS}:16: {SIDE}: 20 s are over"]),
    },
    "vanished-example": {
        "a side ends its process": (ran(Ending.DIED, "exit status 0"), [f"{LIMITS}:16: {SIDE}: exit status 0"]),
    },
    "unexecuted-example": {
        "a proof passes without loading": (ran(executed=False), [f"{LIMITS}:16: its proof passed without loading it"]),
        "the tests of a project never execute one of its files": (
            project(executed=1),
            ["references/service.md:12: no test executed app/models.py"],
        ),
        "a test of a project executes nothing of it": (
            project(executed=0),
            [
                "references/service.md:6: its proof passed without loading it",
                "references/service.md:6: no test executed app/main.py",
                "references/service.md:12: no test executed app/models.py",
            ],
        ),
        "a proof has no outcome": (
            replace(package(), run=Run(tuple(outcome(e) for e in proven(package())[1:]), {})),
            ["SKILL.md:37: its proof was not run"],
        ),
    },
    "swapped-examples": {
        "each side does what the other should": (
            swapped(),
            [f"{LIMITS}:16: {SIDE}: the proof passes, and fails on Correct: AssertionError: 2 == 1"],
        ),
    },
    "flaky-example": {
        "a side held once": (ran(Ending.FLAKY, "held 1 times"), [f"{LIMITS}:16: {SIDE}: held 1 times"]),
    },
    "tampered-harness": {
        "a side replaced a function": (
            ran(Ending.TAMPERED, "replaced pytest.fail"),
            [f"{LIMITS}:16: {SIDE}: replaced pytest.fail"],
        ),
    },
    "skipped-proof": {
        "a proof skips itself": (ran(Ending.SKIPPED, "Skipped: slow"), [f"{LIMITS}:16: {SIDE}: Skipped: slow"]),
        "one side alone is not run": (
            ran(Ending.NOT_RUN),
            [f"{LIMITS}:16: {SIDE}: not run, though its other side was"],
        ),
    },
    "not-run": {
        "something is missing": (ran(Ending.NOT_RUN, "needs redis"), [f"{LIMITS}:16: {SIDE}: needs redis"]),
    },
    "unsupported-proof": {
        "a library is too old": (ran(Ending.UNSUPPORTED, "needs redis>=8"), [f"{LIMITS}:16: {SIDE}: needs redis>=8"]),
    },
}

NEAR_MISSES: NearMisses = {
    "missing-proof": {
        "the package is sound": package(),
        "a skill without proofs": lone("# Orders\n\n```python\nx = 1\n```\n"),
        "a section in another language": package({"SKILL.md": ("```python\ndef pay", "```text\ndef pay")}),
        "a project has one test": project(),
        "a Setup is proven with its examples": package({TOTALS: ("**Setup:** a price list", "**Setup:**")}),
    },
    "orphaned-proof": {
        "the package is sound": package(),
        "a skill without proofs": lone("# Orders\n"),
        "a deleted rule has its own check": package(drop=[LIMITS]),
        "the tests of a project have names of their own": project(),
        "helpers beside the tests": package(
            {PROOFS: ("async def test_new", "def helper(): ...\nX = 1\nasync def test_new")}
        ),
    },
    "refuted-example": SILENT
    | {
        "it is missing something": ran(Ending.NOT_RUN),
        "swapped sides are told once": swapped(),
        "a trespass that was refused is told once": ran(
            Ending.FAILED, "PermissionError", incidents=(Incident(ROOT / LIMITS, 17, "escaping-read", ""),)
        ),
    },
    "toothless-proof": SILENT | {"swapped sides are told once": swapped()},
    "wrong-reason": SILENT,
    "swapped-examples": SILENT
    | {"one side only": ran(Ending.TOOTHLESS, "the proof passes"), "the other only": ran(Ending.FAILED, "KeyError")},
    "flaky-example": SILENT,
    "tampered-harness": SILENT,
    "hanging-example": SILENT,
    "vanished-example": SILENT,
    "unexecuted-example": SILENT
    | {
        "every Python file of a project was executed": project(),
        "a project without a test has its own check": project(tests=""),
        "a side that failed may have failed before loading": ran(Ending.FAILED, executed=False),
        "a missing proof has its own check": replace(
            package(drop=["tests/proofs/test_skill.py"]), run=Run(tuple(outcome(e) for e in proven(package())[1:]), {})
        ),
    },
    "unsupported-proof": SILENT | {"a program is missing": ran(Ending.NOT_RUN)},
    "skipped-proof": SILENT | {"no side was run": without(Ending.NOT_RUN)},
    "not-run": SILENT | {"another reason has its own check": ran(Ending.SKIPPED)},
}


test_fault = told(FAULTS)
test_near_miss = silent(NEAR_MISSES)
