"""The numbers under a report are counted."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import pytest
from packages import ROOT, build, diagnostics, lone, package
from sample import FILES
from skill_validator.diagnostics import Diagnostic
from skill_validator.model import Skill
from skill_validator.outcomes import Ending, Outcome, Run
from skill_validator.output import FORMATS
from skill_validator.parts import Example, Place
from skill_validator.report import Report

ZERO = dict.fromkeys(
    ["pages", "examples", "executed", "traps", "proven", "not_run", "errors", "warnings", "silenced"], 0
)


def ran(skill: Skill, endings: dict[tuple[str, str], Ending]) -> Skill:
    """The skill after a run in which these sides ended so, and all others held."""
    examples = [e for d in skill.documents for e in d.examples if e.language == "python" and not e.is_setup]
    outcomes = tuple(outcome(e, endings.get((e.section, e.side), Ending.HELD)) for e in examples)
    return replace(skill, run=Run(outcomes, {"python": "3.13.1"}))


def outcome(example: Example, ending: Ending) -> Outcome:
    place = Place(example.path, example.line)
    return Outcome(example, ending, "", place, executed=ending is not Ending.NOT_RUN, seconds=0.0)


def report(skill: Skill) -> Report:
    return Report(skill, tuple(diagnostics(skill)), static=skill.run is None)


def test_a_package_that_was_not_run() -> None:
    made = report(package())
    assert made.summary == ZERO | {"pages": 3, "examples": 9, "traps": 3}
    assert (made.name, made.versions, made.parsed) == ("orders", {}, 0)


def test_a_package_whose_proofs_held() -> None:
    made = report(ran(package(), {}))
    assert made.summary == ZERO | {"pages": 3, "examples": 9, "executed": 9, "traps": 3, "proven": 3}
    assert made.versions == {"python": "3.13.1"}


def test_the_files_of_a_project_are_executed_one_by_one() -> None:
    page = "# Service\n\n**`app.py`**\n\n```python\nimport tea\n```\n\n**`tea.py`**\n\n```python\n```\n"
    page += "\n**`app.toml`**\n\n```toml\n```\n"
    skill = package(add={"references/service.md": page, "tests/proofs/test_service.py": ""})
    whole = next(d.project for d in skill.documents if d.project)
    outcomes = [replace(outcome(whole, Ending.HELD), files=files) for files in (whole.files[:1], whole.files[:3])]

    assert report(replace(skill, run=Run(tuple(outcomes), {}))).summary["examples"] == 11
    assert report(replace(skill, run=Run(tuple(outcomes[:1]), {}))).summary["executed"] == 1
    assert report(replace(skill, run=Run(tuple(outcomes), {}))).summary["executed"] == 2


def test_a_side_that_did_not_hold_and_one_that_was_not_run() -> None:
    endings = {("float-sum", "Incorrect"): Ending.TOOTHLESS, ("early-rounding", "Correct"): Ending.NOT_RUN}
    assert report(ran(package(), endings)).summary == ZERO | {
        "pages": 3, "examples": 9, "executed": 8, "traps": 3, "proven": 1, "not_run": 1, "errors": 2, "warnings": 1,
    }  # fmt: skip


def test_a_trap_of_which_no_side_was_run_counts_once_and_is_not_proven() -> None:
    endings = dict.fromkeys([("float-sum", "Incorrect"), ("float-sum", "Correct")], Ending.NOT_RUN)
    assert report(ran(package(), endings)).summary == ZERO | {
        "pages": 3, "examples": 9, "executed": 7, "traps": 3, "proven": 2, "not_run": 1, "warnings": 2,
    }  # fmt: skip


@pytest.mark.parametrize("missing", ["**Incorrect:** as asked", "**Correct:** as paid"])
def test_a_trap_with_one_side_is_not_proven(missing: str) -> None:
    skill = package({"rules/refunds-limits.md": (missing, "**Example:**")})
    assert report(ran(skill, {})).summary["proven"] == 2


def test_parsed_are_the_blocks_in_other_languages_that_have_a_parser() -> None:
    skill = lone("```json\n{}\n```\n\n```bash\nls\n```\n\n```text\na\n```\n\n```python\n```\n")
    assert report(skill).parsed == 2


def test_costs_are_what_an_agent_pays() -> None:
    assert report(package()).costs == [
        ("listing", 20),
        ("SKILL.md", 207),
        ("rules/orders-totals.md", 255),
        ("rules/refunds-limits.md", 111),
        ("references/orders-totals-more.md", 115),
    ]


def test_a_skill_is_called_by_its_frontmatter_or_its_folder() -> None:
    assert report(lone("---\nname: refunds\n---\n")).name == "refunds"
    assert report(lone("# Orders\n")).name == "orders"


def test_a_path_is_relative_where_that_is_shorter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    paths = [report(build(FILES, root)).path for root in (tmp_path, tmp_path / "a" / "orders", ROOT)]
    assert paths == [".", "a/orders", "/skills/orders"]


def test_a_diagnostic_of_a_severity_counts_there() -> None:
    found = (Diagnostic("a", 1, "b", "c"), Diagnostic("a", 1, "b", "c", "warning"), Diagnostic("a", 2, "b", "c"))
    made = Report(lone(""), found, static=True)
    assert (made.summary["errors"], made.summary["warnings"]) == (2, 1)


def test_the_slowest_sides_are_named_longest_first() -> None:
    skill = ran(package(), {})
    assert skill.run
    outcomes = tuple(replace(o, seconds=float(n)) for n, o in enumerate(skill.run.outcomes))
    made = report(replace(skill, run=Run(outcomes, {})))

    assert [seconds for _, seconds in made.slowest(2)] == [len(outcomes) - 1.0, len(outcomes) - 2.0]
    last = outcomes[-1].example
    assert made.slowest(1)[0][0] == f"{last.path.relative_to(ROOT)}#{last.section}[{last.side}]"
    assert report(package()).slowest(10) == []


def test_the_light_report_shows_the_same_in_every_format() -> None:
    for skill in (package(add={"references/more.md": "[a](gone.md)\n"}), lone("[a](b.md)", **{"x.md": "b\n"})):
        full = report(skill)
        assert full.diagnostics != ()
        assert {n: f([full.light]) for n, f in FORMATS.items()} == {n: f([full]) for n, f in FORMATS.items()}
        assert len(pickle.dumps(full.light)) < len(pickle.dumps(full))
