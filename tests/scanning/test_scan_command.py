"""The options of the command line, and its exit codes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from scanner import cli
from scans import TLS, Run

SCRIPT = Path(__file__).parents[2] / "scripts" / "scan.py"

SAID = (
    "app.py:2: error: certificate-unchecked: every certificate is accepted, a forged one too "
    "(rules/pooling-http.md#certificate-unchecked)"
)


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
