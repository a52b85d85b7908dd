"""`make release`: what it refuses, what it changes, and that it commits and pushes nothing."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import matrix
import pytest
import release
from packages import changed
from skill_release.journal import JOURNAL

HEAD = {"name": "orders", "version": "1.0.0"}
FILES = {
    "pyproject.toml": '[project]\nname = "orders"\nversion = "1.0.0"\n',
    "CHANGELOG.md": "# Changelog\n\n## 1.0.0 - unreleased\n\n- Orders.\n",
    ".claude-plugin/plugin.json": json.dumps(HEAD),
    ".claude-plugin/marketplace.json": json.dumps({"plugins": [HEAD | {"source": "./"}]}),
    ".gitignore": "build/\ndist/\n",
}


def git(root: Path, *arguments: str) -> str:
    line = ["git", "-C", str(root), "-c", "user.name=a", "-c", "user.email=a@localhost", *arguments]
    return subprocess.run(line, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A clean clone of a small package."""
    for name, text in {**changed(), **FILES}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "a")
    return tmp_path


def cells(errors: int = 0) -> list[matrix.Cell]:
    """The whole matrix, its last cell with so many errors."""
    pairs = [(python, libraries) for python in matrix.PYTHONS for libraries in matrix.LIBRARIES]
    return [
        matrix.Cell(
            python,
            libraries,
            {
                "summary": {"errors": errors * (n == len(pairs)), "not_run": 0},
                "versions": {"python": f"{python}.1", "anyio": f"4.16.{n % 2}"},
                "diagnostics": [],
            },
        )
        for n, (python, libraries) in enumerate(pairs, 1)
    ]


@pytest.fixture(autouse=True)
def ran(monkeypatch: pytest.MonkeyPatch) -> list[matrix.Cell]:
    """What the matrix says; clean unless a test changes it."""
    said = cells()
    monkeypatch.setattr(matrix, "prove", lambda _root: said)
    return said


def test_the_files_move_together_and_nothing_is_committed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = git(root, "log", "--format=%H")

    assert release.main(["1.1.0", "--root", str(root)]) == 0
    assert git(root, "status", "--porcelain").split("\n") == [
        " M .claude-plugin/marketplace.json",
        " M .claude-plugin/plugin.json",
        " M CHANGELOG.md",
        " M SKILL.md",
        " M manifest.json",
        " M pyproject.toml",
        "",
    ]
    assert json.loads((root / "manifest.json").read_text())["tested"] == {
        "anyio": "4.16.1, 4.16.0",
        "python": "3.11.1, 3.12.1, 3.13.1",
    }
    assert (git(root, "log", "--format=%H"), git(root, "tag")) == (before, "")
    out = capsys.readouterr().out
    assert "git commit --all --message 'Release 1.1.0'" in out
    assert "git tag --annotate v1.1.0 --message 'orders 1.1.0'" in out


def test_the_present_version_can_be_released_once(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert release.main(["1.0.0", "--root", str(root)]) == 0
    git(root, "commit", "--quiet", "--all", "--message", "Release 1.0.0")
    git(root, "tag", "v1.0.0")
    assert release.main(["1.0.0", "--root", str(root)]) == 2
    assert "1.0.0 is released, there is a tag v1.0.0" in capsys.readouterr().err


def test_what_stands_in_the_way_is_exit_2(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    codes = [release.main([version, "--root", str(root)]) for version in ("0.9.9", "next")]
    (root / "notes.txt").write_text("")
    codes.append(release.main(["1.1.0", "--root", str(root)]))

    assert codes == [2, 2, 2]
    assert capsys.readouterr().err == (
        "release: VERSION: 0.9.9 comes before 1.0.0\n"
        "release: VERSION: 'next' is not three numbers, as in 1.2.3\n"
        "release: the tree is not clean:\n?? notes.txt\n"
    )


@pytest.mark.parametrize("said", [cells(errors=1), cells()[:-1], []], ids=["an error", "a Python is missing", "none"])
def test_a_matrix_that_is_not_whole_and_clean_stops_it(
    root: Path, ran: list[matrix.Cell], said: list[matrix.Cell]
) -> None:
    ran[:] = said

    assert release.main(["1.1.0", "--root", str(root)]) == 1
    assert git(root, "status", "--porcelain") == ""


def test_an_interrupted_run_is_put_right_by_the_next(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = root / JOURNAL / "old"
    old.mkdir(parents=True)
    (old / "CHANGELOG.md").write_text(FILES["CHANGELOG.md"])
    (root / "CHANGELOG.md").write_text("# Changelog\n\n## 1.1.0 - 2026-12-01\n\n- Orders.\n")

    assert release.main(["1.1.0", "--root", str(root)]) == 0
    assert "an earlier run was interrupted" in capsys.readouterr().err
    assert not (root / JOURNAL).exists()


def test_a_folder_that_is_no_package_or_no_repository_is_exit_2(root: Path, tmp_path: Path) -> None:
    assert release.main(["1.1.0", "--root", str(tmp_path / "none")]) == 2
    (root / ".git").rename(root / "git")
    assert release.main(["1.1.0", "--root", str(root)]) == 2
