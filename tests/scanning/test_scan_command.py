"""The command line, called as a user calls it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from scanner import cli
from scanner.cli import main
from scanner.finding import Finding
from scanner.output import FORMATS, Report, text

SCRIPT = Path(__file__).parents[2] / "scripts" / "scan.py"
TLS = "import aiohttp\nc = aiohttp.TCPConnector(ssl=False)\n"
SAID = (
    "app.py:2: error: certificate-unchecked: every certificate is accepted, a forged one too "
    "(rules/pooling-http.md#certificate-unchecked)"
)
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("--list")`: exit code, stdout and stderr of a call in a folder with one bad file."""
    (tmp_path / "app.py").write_text(TLS)
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(arguments)
        except SystemExit as stop:
            code = int(stop.code or 0)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


def test_findings_are_1_and_shown_with_their_line(run: Run) -> None:
    assert run() == (1, f"{SAID}\n     2 | c = aiohttp.TCPConnector(ssl=False)\n1 error, 0 warnings; 1 file\n", "")


def test_clean_is_0(run: Run, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("x = 1\n")

    assert run() == (0, "clean; 1 file\n", "")


def test_findings_are_0_where_asked_for(run: Run) -> None:
    assert run("--exit-zero", "--format", "concise", "app.py") == (0, f"{SAID}\n", "")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--select", "certificate-unchecked"), 1),
        (("--jobs", "1"), 1),
        (("--select", "pooling-http"), 1),
        (("--select", "pooling"), 1),
        (("--select", "asyncio"), 0),
        (("--ignore", "pooling-http"), 0),
        (("--select", "pooling", "--ignore", "certificate-unchecked"), 0),
    ],
)
def test_traps_pages_and_categories_are_chosen(run: Run, arguments: tuple[str, ...], code: int) -> None:
    assert run(*arguments)[0] == code


def test_where_nothing_is_chosen_nothing_is_found(run: Run) -> None:
    assert run("--ignore", "asyncio", "--ignore", "fastapi", "--ignore", "sqlalchemy", "--ignore", "pooling")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--select", "late-comit"), "no trap, page or category is called 'late-comit'; did you mean late-commit?"),
        (("--select", "zzz"), "no trap, page or category is called 'zzz'; --list shows them"),
        (("--jobs", "0"), "'0' is not a number from 1 on"),
        (("nowhere",), "scan: nowhere: no such file or folder"),
        (("--baseline", "app.py"), "scan: app.py: not a baseline"),
        (("--write-baseline", "no/folder.json"), "scan: no/folder.json: No such file"),
        (("--diff", "HEAD"), "scan: git: "),
        (("--diff=--output=written",), "scan: --output=written: not a revision of git"),
    ],
)
def test_what_could_not_run_is_2(run: Run, arguments: tuple[str, ...], said: str) -> None:
    code, out, err = run(*arguments)

    assert (code, out) == (2, "")
    assert said in err


def test_a_crash_is_2(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "scan", lambda *_: 1 / 0)

    code, out, err = run()

    assert (code, out) == (2, "")
    assert "ZeroDivisionError" in err


def test_a_trap_is_explained(run: Run) -> None:
    code, out, _ = run("--explain", "late-commit")

    assert code == 0
    assert out.startswith("late-commit (error, rules/fastapi-dependencies.md#late-commit)\n\nFlags a dependency that")


def test_a_remark_is_explained(run: Run) -> None:
    assert run("--explain", "idle-silencer") == (0, "idle-silencer (warning)\n\nA comment that silences nothing.\n", "")


def test_every_trap_is_listed_with_its_page(run: Run) -> None:
    code, out, _ = run("--list")
    listed = [line.split() for line in out.splitlines()]

    assert code == 0
    assert ["late-commit", "error", "rules/fastapi-dependencies.md#late-commit"] in listed
    assert ["key-burnt-by-a-422", "warning", "references/fastapi-dependencies-more.md#key-burnt-by-a-422"] in listed


def test_a_baseline_hides_what_was_there_and_nothing_else(run: Run, tmp_path: Path) -> None:
    assert run("--write-baseline", "old.json") == (0, "", "scan: 1 findings written to old.json\n")
    assert run("--baseline", "old.json")[0] == 0

    (tmp_path / "app.py").write_text("# moved\n" + TLS)
    assert run("--baseline", "old.json")[0] == 0

    (tmp_path / "app.py").write_text(TLS + "c = aiohttp.TCPConnector(ssl=False)\n")
    assert run("--baseline", "old.json", "--format", "concise")[1].startswith("app.py:3: error: certificate-unchecked")


def test_what_a_baseline_knows_and_is_gone_is_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "b.py").write_text(TLS * 2)
    (tmp_path / "c.py").write_text(TLS)
    run("--write-baseline", "old.json")
    (tmp_path / "b.py").write_text(TLS)
    (tmp_path / "c.py").unlink()
    said = "scan: old.json: no longer found: {}; --write-baseline anew\n"

    assert run("--baseline", "old.json") == (0, "clean; 2 files\n", said.format(2))
    assert run("--baseline", "old.json", "app.py") == (0, "clean; 1 file\n", said.format(1))
    assert run("--baseline", "old.json", "--ignore", "certificate-unchecked") == (0, "clean; 2 files\n", "")


def git(*arguments: str) -> None:
    identity = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a"}
    subprocess.run(["git", *arguments], check=True, capture_output=True, env={**os.environ, **identity})


DEPS = """
from collections.abc import AsyncIterator
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
make = async_sessionmaker()
async def get_db() -> AsyncIterator[AsyncSession]:
    async with make() as db:
        yield db
"""
USES = "from fastapi import Depends\nfrom deps import get_db\nDb = Depends(get_db)\n"


def test_a_diff_reports_what_is_in_changed_and_new_files(run: Run, tmp_path: Path) -> None:
    (tmp_path / "deps.py").write_text(DEPS)
    (tmp_path / "uses.py").write_text(USES)
    git("init")
    git("add", ".")
    git("commit", "-m", "begin")

    assert run("--diff", "HEAD") == (0, "clean; 0 files\n", "")

    (tmp_path / "new.py").write_text(TLS)
    (tmp_path / "old.py").write_bytes(b"\xff")
    git("add", "old.py")
    (tmp_path / "uses.py").write_text(USES + "# changed\n")
    (tmp_path / "deps.py").write_text(DEPS + "        await db.commit()\n")

    code, out, _ = run("--diff", "HEAD", "--format", "concise")

    assert code == 1
    assert [line.split(" (")[0].partition(": not text")[0] for line in out.splitlines()] == [
        "deps.py:8: error: late-commit: the client has its answer before get_db() commits",
        "new.py:2: error: certificate-unchecked: every certificate is accepted, a forged one too",
        "old.py:1: warning: broken-file",
    ]


def test_a_diff_follows_imports_over_several_lines_from_below_its_root(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "deps.py").write_text(DEPS)
    (tmp_path / "app" / "uses.py").write_text(
        "from fastapi import Depends\nfrom . import (\n    deps,\n)\nDb = Depends(deps.get_db)\n"
    )
    git("init")
    git("add", ".")
    git("commit", "-m", "begin")
    (tmp_path / "app" / "deps.py").write_text(DEPS + "        await db.commit()\n")
    monkeypatch.chdir(tmp_path / "app")

    code, out, _ = run("--diff", "HEAD", "--format", "concise")

    assert (code, out.partition(" error")[0]) == (1, "deps.py:8:")


def test_a_diff_without_git_says_so(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path))

    assert run("--diff", "HEAD") == (2, "", "scan: --diff needs git: No such file or directory\n")


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


@pytest.mark.parametrize("isolation", ["-I", "-P", "-E"])
def test_the_script_needs_nothing_but_python_and_its_folder(tmp_path: Path, isolation: str) -> None:
    (tmp_path / "app.py").write_text(TLS)
    line = [sys.executable, isolation, "-S", str(SCRIPT), "--format", "concise", "app.py"]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (1, f"{SAID}\n", "")


def test_a_reader_that_has_left_is_no_finding(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(TLS)
    nobody, out = os.pipe()
    os.close(nobody)
    done = subprocess.run([sys.executable, SCRIPT], cwd=tmp_path, stdout=out, stderr=subprocess.PIPE, check=False)
    os.close(out)

    assert (done.returncode, done.stderr) == (2, b"")


def test_remarks_can_be_ignored_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("def shield(\n")

    assert run()[0] == 1
    assert run("--ignore", "broken-file") == (0, "clean; 1 file\n", "")
