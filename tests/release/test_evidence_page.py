"""The evidence page as a reader's browser shows it: on a phone and on a desk, in light and dark."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import evidence as command
import pytest
from commands import REPOSITORY
from outside import CLIENTS, browser, npm_program
from packages import build, changed
from skill_release.evidence import evidence
from skill_release.page import Occasion, page
from skill_validator.model import Skill
from skill_validator.outcomes import Ending, Outcome, Run
from skill_validator.parts import Example, Place, Verdict
from skill_validator.report import Report
from skill_validator.skill import read_skill

ENDINGS = (*[Ending.HELD] * 20, Ending.FAILED)
CELL = {"python": "3.11", "libraries": "newest", "clean": True, "summary": {"traps": 2, "proven": 2}, "versions": {}}
MATRIX = {
    "day": "2026-11-01",
    "cells": [CELL, CELL | {"clean": False, "summary": {}, "versions": {"python": "3.12.1"}}],
}
OCCASION = Occasion("2026-12-01", "0123456789", "Linux x86_64", MATRIX)


def outcome(number: int, example: Example) -> Outcome:
    """An outcome with the longest message there is; now and then one that is not as claimed."""
    message = ("AssertionError: assert " + "<b>x</b>" * 40)[:300] if example.verdict is Verdict.INCORRECT else ""
    ending = ENDINGS[number % len(ENDINGS)]
    return Outcome(example, ending, message, Place(example.path, example.line), executed=True, seconds=1.25)


def rendered(skill: Skill, occasion: Occasion = OCCASION) -> str:
    examples = [e for d in skill.documents for e in d.examples if e.language == "python" and not e.is_setup]
    run = Run(tuple(outcome(n, e) for n, e in enumerate(examples)), {"python": "3.13.1"})
    return page(evidence(Report(replace(skill, run=run), (), static=False)), occasion)


def seen(html: str, folder: Path) -> list[dict[str, Any]]:
    """What Chromium shows of a page, in each view; the screenshots stay in `folder`."""
    (folder / "report.html").write_text(html, encoding="utf-8")
    npm_program("puppeteer-core/package.json")
    npm_program("axe-core/axe.min.js")
    node, *_ = npm_program("puppeteer-core/package.json")
    line = [node, str(CLIENTS.parent / "look.mjs"), browser(), str(folder / "report.html"), str(folder)]
    done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    views: list[dict[str, Any]] = json.loads(done.stdout)
    return views


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The page of this package, with outcomes made up."""
    return seen(rendered(read_skill(REPOSITORY)), tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A small page with every fault that is looked for."""
    html = rendered(build(changed()))
    faults = {
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:": "",
        "<main>": '<script>console.log("hello")</script><main><a href="#gone">x</a><img src="data:,">',
        "--ink: #1c2024": "--ink: #c0c0c0",
        "max-width: 88rem": "min-width: 500px",
        "</footer>": '<img alt="" src="http://127.0.0.1:9/x.png"></footer>',
    }
    for old, new in faults.items():
        assert html.count(old) == 1, old
        html = html.replace(old, new)
    return seen(html, tmp_path_factory.mktemp("broken"))[0]


def test_nothing_is_wider_than_the_screen(whole: list[dict[str, Any]]) -> None:
    assert [(v["width"], v["scheme"], v["beyond"], v["wide"]) for v in whole] == [
        (400, "light", 0, []),
        (400, "dark", 0, []),
        (1400, "light", 0, []),
        (1400, "dark", 0, []),
    ]


def test_the_browser_has_nothing_to_say_and_nothing_to_fetch(whole: list[dict[str, Any]]) -> None:
    assert [(v["said"], v["asked"]) for v in whole] == [([], [])] * 4


def test_every_anchor_is_alive(whole: list[dict[str, Any]]) -> None:
    traps = sum(len(p.traps) for p in read_skill(REPOSITORY).pages)

    assert [v["dead"] for v in whole] == [[]] * 4
    assert all(v["anchors"] > traps for v in whole)


def test_axe_finds_nothing(whole: list[dict[str, Any]]) -> None:
    assert [v["violations"] for v in whole] == [[]] * 4


def test_light_and_dark_are_two_papers(whole: list[dict[str, Any]]) -> None:
    papers: Mapping[str, str] = {v["scheme"]: v["paper"] for v in whole}

    assert papers == {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 24, 27)"}


def test_each_of_these_faults_would_be_seen(broken: dict[str, Any]) -> None:
    assert broken["beyond"] > 0
    assert broken["wide"]
    assert "hello" in broken["said"]
    assert broken["asked"] == ["http://127.0.0.1:9/x.png"]
    assert broken["dead"] == ["gone"]
    assert {violation.partition(":")[0] for violation in broken["violations"]} >= {"color-contrast", "image-alt"}


def test_the_page_needs_no_script_and_shows_every_trap_with_its_message_escaped() -> None:
    skill = build(changed())
    html = rendered(skill)

    assert "<script" not in html
    assert "<b>x</b>" not in html
    assert html.count("AssertionError: assert &lt;b&gt;x&lt;/b&gt;") == 3
    assert all(html.count(f"<code>tests/proofs/test_{name}</code>") == 1 for name in (
        "orders_totals.py::test_float_sum",
        "orders_totals_more.py::test_early_rounding",
        "refunds_limits.py::test_limitless_refund",
    ))  # fmt: skip


@pytest.mark.parametrize("cells", [True, False], ids=["the matrix was run", "it was not"])
def test_the_matrix_is_a_table_where_it_was_run(*, cells: bool) -> None:
    html = rendered(build(changed()), replace(OCCASION, matrix=MATRIX if cells else None))

    assert ("The matrix of 2026-11-01" in html) is cells
    assert ("The matrix was not run where this page was made" in html) is not cells
    assert (html.count(">clean<"), html.count(">not clean<")) == ((1, 1) if cells else (0, 0))


def test_the_command_runs_the_proofs_and_writes_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "orders"
    skill = build(changed(), root)
    examples = [e for d in skill.documents for e in d.examples if e.language == "python" and not e.is_setup]
    monkeypatch.setattr(command, "prove", lambda *_, **__: Run(tuple(outcome(0, e) for e in examples), {}))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    for name, text in changed().items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")

    assert command.main(["--root", str(root)]) == 0
    html = (root / "dist" / "report.html").read_text(encoding="utf-8")
    assert "<dd>2023-11-14</dd>" in html
    assert "<dd>none</dd>" in html
    (root / "rules" / "orders-totals.md").write_text("# A\n")
    monkeypatch.setattr(command, "prove", lambda *_, **__: Run((), {}))
    assert command.main(["--root", str(root)]) == 1
    assert command.main(["--root", str(root / "none")]) == 2
    assert "none/SKILL.md: not a readable file" in capsys.readouterr().err
