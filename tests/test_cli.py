"""The command line as other programs use it: options, streams and exit codes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from commands import Result
from packages import changed
from skill_validator import cli, examining
from skill_validator.checks import CHECKS
from skill_validator.model import Skill
from skill_validator.outcomes import Ending, Outcome
from skill_validator.outcomes import Run as Proven
from skill_validator.parts import Place
from skill_validator.proving import Rounds

Run = Callable[..., Result]


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """The small correct package on disk, in the folder of its name."""
    return write(tmp_path / "orders", changed())


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """The same with a link into nowhere."""
    files = changed()
    return write(tmp_path / "orders", files | {"SKILL.md": files["SKILL.md"] + "\n[nowhere](nowhere.md)\n"})


def test_a_correct_package_is_clean(run: Run, orders: Path) -> None:
    result = run("--static", "--strict", orders)

    assert (result.code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[-1].startswith("orders: clean; ")
    assert result.stdout.splitlines()[-1].endswith("; nothing executed")


def test_an_error_is_exit_1_with_file_line_check_and_source(run: Run, broken: Path) -> None:
    result = run("--static", broken)
    line = (broken / "SKILL.md").read_text().count("\n")

    assert result.code == 1
    assert result.stdout.splitlines()[:2] == [
        f"{broken}/SKILL.md:{line}: error: dead-link: no such file: nowhere.md",
        f"{line:>6} | [nowhere](nowhere.md)",
    ]


def test_a_warning_alone_is_exit_0_unless_strict(run: Run, tmp_path: Path) -> None:
    files = changed()
    root = write(tmp_path / "orders", files | {"SKILL.md": files["SKILL.md"].replace("---\n", "---\nauthr: me\n", 1)})

    assert [run("--static", root).code, run("--static", "--strict", root).code] == [0, 1]


def test_paths_are_a_folder_its_skill_file_or_a_folder_of_skills(run: Run, orders: Path) -> None:
    concise = [
        json.loads(run("--static", "--format", "json", path).stdout)["skills"]
        for path in (orders, orders / "SKILL.md", orders.parent)
    ]

    assert [[skill["name"] for skill in skills] for skills in concise] == [["orders"]] * 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["{tmp}/none"], "none: no such folder", id="a path that does not exist"),
        pytest.param(["{tmp}"], "no SKILL.md in it or below it", id="a folder without a skill"),
        pytest.param(["--select", "dead-links"], "no check or group is called 'dead-links'", id="an unknown check"),
        pytest.param(["--jobs", "0"], "'0' is not a number from 1 on", id="no jobs"),
        pytest.param(["--format", "xml"], "invalid choice: 'xml'", id="an unknown format"),
        pytest.param(
            ["--output", "{tmp}/no/report", "{orders}", "--static"], "No such file", id="an unwritable report"
        ),
    ],
)
def test_what_cannot_run_is_exit_2_and_says_why(
    run: Run, orders: Path, tmp_path: Path, arguments: list[str], message: str
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    result = run(*(a.format(tmp=empty, orders=orders) for a in arguments))

    assert (result.code, result.stdout) == (2, "")
    assert message in result.stderr


@pytest.mark.parametrize(("module", "name"), [(examining, "read_skill"), (cli, "fix")], ids=["in a copy", "in itself"])
def test_a_crash_is_exit_2_with_its_traceback(
    run: Run, orders: Path, monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str
) -> None:
    def crash(_: object) -> None:
        raise ZeroDivisionError("a bug of ours")

    monkeypatch.setattr(module, name, crash)
    result = run("--static", "--fix", orders)

    assert (result.code, result.stdout) == (2, "")
    assert "ZeroDivisionError: a bug of ours" in result.stderr


def test_select_and_ignore_take_checks_and_groups(run: Run, broken: Path) -> None:
    codes = [
        run("--static", broken, *options).code
        for options in (
            ["--select", "links"],
            ["--select", "dead-link"],
            ["--select", "globs"],
            ["--ignore", "links"],
            ["--select", "links", "--ignore", "dead-link"],
        )
    ]

    assert codes == [1, 1, 0, 0, 0]


def test_the_report_can_go_to_a_file(run: Run, broken: Path, tmp_path: Path) -> None:
    shown = run("--static", "--format", "concise", broken).stdout
    result = run("--static", "--format", "concise", "--output", tmp_path / "report", broken)

    assert (result.code, result.stdout) == (1, "")
    assert (tmp_path / "report").read_text() == shown
    assert sorted(p.name for p in tmp_path.iterdir()) == ["orders", "report"]


def test_fix_repairs_what_is_derived_and_says_so(run: Run, tmp_path: Path) -> None:
    good = changed()
    root = write(
        tmp_path / "orders", good | {"manifest.json": good["manifest.json"].replace('"ruleCount": ', '"ruleCount": 1')}
    )
    result = run("--static", "--fix", root)

    assert (result.code, result.stderr) == (0, f"fixed {root / 'manifest.json'}\n")
    assert run("--static", "--fix", root).stderr == ""


def test_list_shows_every_check_with_its_law(run: Run) -> None:
    lines = run("--list").stdout.splitlines()

    assert [line.split()[1] for line in lines] == [check.name for check in CHECKS]
    assert all(line.endswith(check.law) for line, check in zip(lines, CHECKS, strict=True))


def test_explain_prints_the_manual(run: Run) -> None:
    check = next(c for c in CHECKS if c.name == "dead-anchor")

    assert run("--explain", "dead-anchor").stdout == f"dead-anchor (links, error)\n\n{check.manual}\n"
    assert run("--explain", "globs").stdout.count("(globs, ") == 7


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)], ids=["on a terminal", "unless NO_COLOR"])
def test_colour(run: Run, broken: Path, monkeypatch: pytest.MonkeyPatch, no_color: str, *, coloured: bool) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("NO_COLOR", no_color)

    assert ("\033[31merror\033[0m" in run("--static", broken).stdout) is coloured


def test_away_from_a_package_the_current_folder_is_the_default(
    run: Run, broken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(broken)
    inside = run("--static", "--format", "concise")
    monkeypatch.setattr(cli, "PACKAGE", broken.parent)
    away = run("--static", "--format", "concise")

    assert (inside.code, away.code) == (0, 1)
    assert away.stdout.endswith("error: dead-link: no such file: nowhere.md\n")


def test_proofs_without_what_runs_them_are_exit_2(run: Run, orders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "skill_validator.proving", None)
    result = run(orders)

    assert (result.code, result.stdout) == (2, "")
    assert result.stderr.startswith(
        f"validate: {orders}: its proofs need skill_validator.proving, which is not installed"
    )


def test_a_silenced_finding_is_counted_and_does_not_count(run: Run, tmp_path: Path) -> None:
    files = changed()
    reason = "\n[nowhere](nowhere.md) <!-- validate: ignore[dead-link] made at release -->\n"
    root = write(tmp_path / "orders", files | {"SKILL.md": files["SKILL.md"] + reason})
    result = run("--static", "--strict", root)

    assert result.code == 0
    assert result.stdout.splitlines()[-1].startswith("orders: clean but for 1 silenced finding; ")
    assert json.loads(run("--static", "--format", "json", root).stdout)["skills"][0]["summary"]["silenced"] == 1


def test_two_runs_give_the_same_bytes(command: Run) -> None:
    first, second = (command("--static", "--format", "json") for _ in range(2))

    assert first == second
    assert first.code == 0


def test_static_validation_does_not_ask_the_type_checker_unless_told_to(tmp_path: Path, run: Run) -> None:
    call = "---\nname: orders\ndescription: Use.\n---\n```python\nimport asyncio\n\nasyncio.run()\n```\n"
    (tmp_path / "SKILL.md").write_text(call, encoding="utf-8")

    assert "wrong-call" not in run("--static", tmp_path).stdout
    assert "wrong-call" in run("--static", "--select", "types", tmp_path).stdout
    assert "wrong-call" in run(tmp_path).stdout


@pytest.mark.parametrize(
    ("options", "count"),
    [
        pytest.param([], 6, id="a small package is proven several times"),
        pytest.param(["--rounds", "2"], 2, id="as often as told"),
    ],
)
def test_rounds_and_the_slowest_sides(
    orders: Path, run: Run, monkeypatch: pytest.MonkeyPatch, options: list[str], count: int
) -> None:
    asked = []

    def prove(skill: Skill, jobs: int, *, rounds: Rounds, progress: bool) -> Proven:
        asked.append((jobs, rounds.count, progress))
        example = next(e for d in skill.documents for e in d.examples if e.language == "python")
        place = Place(example.path, example.line)
        return Proven((Outcome(example, Ending.HELD, "", place, executed=True, seconds=1.5),), {})

    monkeypatch.setattr("skill_validator.proving.prove", prove)
    result = run(orders, "--jobs", "3", "--slowest", "1", *options)

    assert asked == [(3, count, False)]
    assert result.stderr == "  1.50 s  SKILL.md#quick-start[Example]\n"
