"""Findings in every format of a report."""

from __future__ import annotations

import json
import sys

import pytest
from scanner.finding import Finding
from scanner.output import FORMATS, Report, text
from scans import Run

FOUND = [
    Finding("a b.py", 3, "late-commit", "commits: 100%", "error", "rules/x.md#late-commit", "\tawait db.commit()"),
    Finding("b\x1b.py", 1, "broken-file", "not Python", "warning"),
]


def test_concise_is_one_printable_line_each() -> None:
    assert FORMATS["concise"](Report(FOUND, 2)) == (
        "a b.py:3: error: late-commit: commits: 100% (rules/x.md#late-commit)\n"
        "b\\x1b.py:1: warning: broken-file: not Python\n"
    )


def test_text_has_colours_on_a_terminal() -> None:
    assert text(Report(FOUND[:1], 1), colour=True) == (
        "a b.py:3: \033[31merror\033[0m: late-commit: commits: 100% (rules/x.md#late-commit)"
        "\033[2m\n     3 |     await db.commit()\033[0m\n1 error, 0 warnings; 1 file\n"
    )


def test_colour_is_for_terminals(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\033[31m" in run()[1]

    monkeypatch.setenv("NO_COLOR", "1")
    assert "\033" not in run()[1]


def test_json_is_for_programs() -> None:
    report = json.loads(FORMATS["json"](Report(FOUND, 2)))

    assert report["version"] == 1
    assert report["summary"] == {"files": 2, "errors": 1, "warnings": 1}
    assert report["findings"][0] == {
        "path": "a b.py",
        "line": 3,
        "severity": "error",
        "trap": "late-commit",
        "message": "commits: 100%",
        "page": "rules/x.md#late-commit",
    }


def test_github_reads_commands() -> None:
    assert FORMATS["github"](Report(FOUND[:1], 1)) == (
        "::error file=a b.py,line=3,title=late-commit::commits: 100%25 (rules/x.md#late-commit)\n"
    )


def test_sarif_names_rule_and_place() -> None:
    [run] = json.loads(FORMATS["sarif"](Report(FOUND, 2)))["runs"]

    assert run["results"][0]["ruleId"] == "late-commit"
    assert run["results"][0]["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "a%20b.py"},
        "region": {"startLine": 3},
    }
    assert {r["ruleId"] for r in run["results"]} <= {r["id"] for r in run["tool"]["driver"]["rules"]}
