"""Checks of the proofs: those that read, and those that report a run, here one of hand-made outcomes."""

from __future__ import annotations

from dataclasses import replace

from packages import ROOT, lone, package
from sample import proof
from skill_validator.model import Skill
from skill_validator.outcomes import Ending, Incident, Outcome, Run
from skill_validator.parts import Example, Place
from tables import Faults, NearMisses, silent, told

TOTALS = "rules/orders-totals.md"
LIMITS = "rules/refunds-limits.md"
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


def proven(skill: Skill) -> list[Example]:
    """The examples that a run of the package takes, in its order."""
    return [e for d in skill.documents for e in d.provable]


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


def without(ending: Ending) -> Skill:
    """The same, with this ending on both sides."""
    skill = package()
    ended = [outcome(e, ending if e.section == "limitless-refund" else Ending.HELD) for e in proven(skill)]
    return replace(skill, run=Run(tuple(ended), {}))


def incident(check: str, message: str) -> Skill:
    """The same, with something that the side did while it ran."""
    return ran(incidents=(Incident(ROOT / LIMITS, 17, check, message),))


def swapped() -> Skill:
    """The package after a run in which both sides of that trap ended as if they were each other."""
    skill = package()
    endings = {
        "Incorrect": (Ending.TOOTHLESS, "the proof passes"),
        "Correct": (Ending.FAILED, "AssertionError: 2 == 1"),
    }
    trap = [e for e in proven(skill) if e.section == "limitless-refund"]
    return replace(skill, run=Run(tuple(outcome(e, *endings[e.side]) for e in trap), {}))


SIDE = "limitless-refund[Incorrect]"

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
            [
                "tests/proofs/test_orders_none.py:1: no page is mirrored by test_orders_none.py",
                "tests/proofs/test_orders_none.py:2: no page is mirrored by test_orders_none.py",
            ],
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
    "slow-example": {
        "a side took long": (ran(seconds=5.1), [f"{LIMITS}:16: {SIDE}: took 5.1 s"]),
    },
    "raised-warning": {
        "a side raised one": (
            incident("raised-warning", "raised UserWarning: old"),
            [f"{LIMITS}:17: raised UserWarning: old"],
        ),
        "two sides raised it in one line, a third in another": (
            replace(
                package(),
                run=Run(
                    tuple(
                        outcome(
                            e, incidents=(Incident(ROOT / LIMITS, line, "raised-warning", "raised UserWarning: old"),)
                        )
                        for e, line in zip(proven(package()), (17, 17, 18), strict=False)
                    ),
                    {},
                ),
            ),
            [f"{LIMITS}:17: raised UserWarning: old", f"{LIMITS}:18: raised UserWarning: old"],
        ),
    },
    "left-running": {
        "a side left a task": (incident("left-running", "left the task"), [f"{LIMITS}:17: left the task"]),
    },
    "escaping-read": {
        "a side read elsewhere": (incident("escaping-read", "read /etc"), [f"{LIMITS}:17: read /etc"]),
    },
    "started-process": {
        "a side started a program": (incident("started-process", "started ls"), [f"{LIMITS}:17: started ls"]),
    },
    "escaping-write": {
        "a side writes elsewhere": (incident("escaping-write", "write to /etc"), [f"{LIMITS}:17: write to /etc"]),
    },
    "distant-connection": {
        "a side connects elsewhere": (incident("distant-connection", "to 192.0.2.1"), [f"{LIMITS}:17: to 192.0.2.1"]),
    },
    "stray-process": {
        "a side leaves a process": (incident("stray-process", "process sleep"), [f"{LIMITS}:17: process sleep"]),
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

SILENT = {"the package was not run": package(), "every side held": ran()}

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
    "slow-example": SILENT | {"slow, and then refuted": ran(Ending.FAILED, seconds=6.0), "not slow": ran(seconds=4.9)},
    "raised-warning": SILENT,
    "left-running": SILENT,
    "escaping-read": SILENT,
    "started-process": SILENT,
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
    "escaping-write": SILENT | {"another law was broken": incident("stray-process", "")},
    "distant-connection": SILENT,
    "stray-process": SILENT,
    "unsupported-proof": SILENT | {"a program is missing": ran(Ending.NOT_RUN)},
    "skipped-proof": SILENT | {"no side was run": without(Ending.NOT_RUN)},
    "not-run": SILENT | {"another reason has its own check": ran(Ending.SKIPPED)},
}


test_fault = told(FAULTS)
test_near_miss = silent(NEAR_MISSES)
