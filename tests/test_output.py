"""Every output format against its golden file. `REFRESH_GOLDEN=1 pytest tests/test_output.py` writes them anew."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema.validators import validator_for
from packages import ROOT, build, package
from skill_validator.checks import CHECKS
from skill_validator.diagnostics import Diagnostic
from skill_validator.model import Skill
from skill_validator.outcomes import Ending, Outcome, Run
from skill_validator.output import FORMATS, github, sarif, text
from skill_validator.parts import Place
from skill_validator.report import Report
from skill_validator.silencing import examine

GOLDEN = Path(__file__).parent / "golden"
DATA = Path(__file__).parent / "data"  # the schema of OASIS as the npm package @microsoft/jest-sarif carries it
VERSIONS = {"python": "3.13.1", "anyio": "4.16.0", "fastapi": "0.165.0", "postgresql": "18.4"}
SUFFIXES = {"text": "txt"} | {name: name for name in FORMATS if name != "text"}


def outcomes(skill: Skill) -> tuple[Outcome, ...]:
    """All sides held but two."""
    endings = {("float-sum", "Incorrect"): Ending.TOOTHLESS, ("early-rounding", "Correct"): Ending.NOT_RUN}
    messages = {Ending.TOOTHLESS: "its proof passes on it", Ending.NOT_RUN: "redis is not installed: 50%"}
    examples = [e for d in skill.documents for e in d.examples if e.language == "python" and not e.is_setup]
    ended = [(e, endings.get((e.section, e.side), Ending.HELD)) for e in examples]
    return tuple(
        Outcome(e, ending, messages.get(ending, ""), Place(e.path, e.line), executed=ending is Ending.HELD, seconds=0.1)
        for e, ending in ended
    )


def reports() -> list[Report]:
    """A sound package, one with findings of every kind of place and one silenced, and a stranger's skill."""
    sound = package()
    ill = package(
        {
            "SKILL.md": [("Total: 2 rules", "Total: 3 rules"), ("license: MIT", "license: MIT\nlicence: MIT")],
            "rules/refunds-limits.md": ("Nothing stops", "[ünter](größe:%20a,b.md) Nothing\tstops"),
            "references/review-checklist.md": (
                "# Review",
                "# Review\n\n[plan](plan.md) <!-- validate: ignore[dead-link] written at release -->",
            ),
        }
    )
    stranger = build({"SKILL.md": "# Refunds\n"}, Path("/skills/re funds"))
    skills = [
        replace(
            sound, run=Run(tuple(replace(o, ending=Ending.HELD, executed=True) for o in outcomes(sound)), VERSIONS)
        ),
        replace(ill, run=Run(outcomes(ill), VERSIONS)),
        stranger,
    ]
    found = [examine(skill, CHECKS) for skill in skills]
    return [
        Report(skill, kept, static=skill.run is None, silenced=silenced)
        for skill, (kept, silenced) in zip(skills, found, strict=True)
    ]


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_writes_its_golden_file(name: str) -> None:
    golden = GOLDEN / f"report.{SUFFIXES[name]}"
    written = FORMATS[name](reports())
    if os.environ.get("REFRESH_GOLDEN"):
        golden.write_text(written, encoding="utf-8")
    assert written == golden.read_text(encoding="utf-8")


def test_json_has_the_documented_keys_and_no_others() -> None:
    whole = json.loads(FORMATS["json"](reports()))
    numbers = ["pages", "examples", "executed", "traps", "proven", "not_run", "errors", "warnings", "silenced"]
    assert (list(whole), whole["version"], len(whole["skills"])) == (["version", "skills"], 1, 3)
    for skill in whole["skills"]:
        assert list(skill) == ["path", "name", "summary", "versions", "diagnostics"]
        assert list(skill["summary"]) == numbers
        assert all(type(number) is int for number in skill["summary"].values())
        assert all(list(d) == ["check", "severity", "path", "line", "message"] for d in skill["diagnostics"])
        places = [(d["path"], d["line"]) for d in skill["diagnostics"]]
        assert places == sorted(places)
    assert whole["skills"][1]["versions"] == VERSIONS


def test_sarif_has_the_structure_that_code_scanning_wants() -> None:
    whole = json.loads(sarif(reports()))
    (run,) = whole["runs"]
    driver = run["tool"]["driver"]
    assert (whole["version"], whole["$schema"]) == ("2.1.0", "https://json.schemastore.org/sarif-2.1.0.json")
    assert driver["name"] == "skill-validator"
    assert [rule["id"] for rule in driver["rules"]] == [check.name for check in CHECKS]
    assert all(rule["shortDescription"]["text"] and rule["fullDescription"]["text"] for rule in driver["rules"])
    assert len(run["results"]) == sum(len(r.diagnostics) + len(r.silenced) for r in reports())
    assert [r["suppressions"] for r in run["results"] if "suppressions" in r] == [
        [{"kind": "inSource", "justification": "written at release"}]
    ]
    for result in run["results"]:
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert result["ruleId"] in {check.name for check in CHECKS}
        assert result["level"] in {"error", "warning"}
        assert result["message"]["text"]
        assert " " not in place["artifactLocation"]["uri"]
        assert place["region"]["startLine"] >= 1


def test_sarif_is_valid_by_the_schema_of_the_standard() -> None:
    schema = json.loads((DATA / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    validator = validator_for(schema)(schema)
    assert list(validator.iter_errors(json.loads(sarif(reports())))) == []
    assert list(validator.iter_errors(json.loads(sarif([])))) == []
    assert [e.message for e in validator.iter_errors({"version": "2.1.0"})] == ["'runs' is a required property"]


HELP = "       = help: correct the target"


def one(path: str, line: int, message: str = "message", severity: str = "error") -> list[Report]:
    """A report on the package, with one finding."""
    return [Report(package(), (Diagnostic(path, line, "dead-link", message, severity),), static=True)]


def test_github_escapes_what_would_end_a_property_or_a_message() -> None:
    assert github(one("a,b:c%.md", 3, "100%, a: b\nc")) == (
        f"::error file={ROOT}/a%2Cb%3Ac%25.md,line=3,title=dead-link::100%25, a: b%0Ac\n"
    )


@pytest.mark.parametrize(
    ("path", "line", "shown"),
    [
        ("SKILL.md", 2, "\n     2 | name: orders\n       |       ^^^^^^"),
        ("SKILL.md", 4, "\n     4 | license: MIT"),
        ("SKILL.md", 12, ""),
        ("SKILL.md", 0, ""),
        ("SKILL.md", 4000, ""),
        ("none.md", 1, ""),
    ],
    ids=[
        "a line with the culprit", "a line without it", "a blank line", "no line", "a line beyond the end",
        "a file that was not read",
    ],
)  # fmt: skip
def test_text_shows_the_line_where_there_is_one(path: str, line: int, shown: str) -> None:
    head = f"{ROOT}/{path}:{line}: error: dead-link: no such file: orders"
    assert text(one(path, line, "no such file: orders")).startswith(f"{head}{shown}\n{HELP}\ntokens an agent pays:\n")


def test_help_is_given_once_for_a_check() -> None:
    found = tuple(Diagnostic("SKILL.md", line, "dead-link", "message") for line in (1, 2))
    shown = text([Report(package(), found, static=True)])
    assert shown.count(HELP) == 1
    assert shown.index(HELP) < shown.index("SKILL.md:2:")


def test_a_shown_line_has_an_end() -> None:
    skill = build({"SKILL.md": "x" * 1000})
    report = Report(skill, (Diagnostic("SKILL.md", 1, "dead-link", "message"),), static=True)
    assert text([report]).splitlines()[1] == f"     1 | {'x' * 300}..."


def test_a_shown_line_cannot_move_the_cursor() -> None:
    skill = build({"SKILL.md": "a\u2028b\n\tc\x1b[2J\n"})
    report = Report(skill, (Diagnostic("SKILL.md", 2, "dead-link", "message"),), static=True)
    assert text([report]).splitlines()[1] == r"     2 |     c\x1b[2J"


@pytest.mark.parametrize(("severity", "tone"), [("error", 31), ("warning", 33)])
def test_colour_marks_severity_and_source(severity: str, tone: int) -> None:
    shown = text(one("SKILL.md", 2, "an error: here", severity), colour=True)
    assert shown.startswith(
        f"{ROOT}/SKILL.md:2: \033[{tone}m{severity}\033[0m: dead-link: an error: here"
        f"\033[2m\n     2 | name: orders\033[0m\033[2m\n{HELP}\033[0m\n"
    )


def test_paths_lead_from_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = (Diagnostic("SKILL.md", 1, "dead-link", "message"),)
    here, below = (Report(build({"SKILL.md": ""}, root), found, static=True) for root in (tmp_path, tmp_path / "a"))
    assert FORMATS["concise"]([here, below]) == (
        "SKILL.md:1: error: dead-link: message\na/SKILL.md:1: error: dead-link: message\n"
    )
