"""What differs from a revision of git, and what imports it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from scanner import imports
from scans import TLS, Run


def git(*arguments: str) -> None:
    identity = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a"}
    subprocess.run(["git", *arguments], check=True, capture_output=True, env={**os.environ, **identity})


def committed() -> None:
    """Makes a repository of the current folder, with all that is in it."""
    git("init")
    git("add", ".")
    git("commit", "-m", "begin")


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
    committed()

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
    committed()
    (tmp_path / "app" / "deps.py").write_text(DEPS + "        await db.commit()\n")
    monkeypatch.chdir(tmp_path / "app")

    code, out, _ = run("--diff", "HEAD", "--format", "concise")

    assert (code, out.partition(" error")[0]) == (1, "deps.py:8:")


def test_a_diff_without_git_says_so(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path))

    assert run("--diff", "HEAD") == (2, "", "scan: --diff needs git: No such file or directory\n")


def test_what_was_kept_changes_no_report(run: Run, tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "TICK", -(10**10))
    for name in ("deps.py", "one.py", "two.py"):
        (tmp_path / name).write_text(USES)
    committed()
    (tmp_path / "deps.py").write_text(DEPS + "        await db.commit()\n")
    first = run("--diff", "HEAD")
    [file] = kept.iterdir()

    assert first[1].startswith("deps.py:8: error: late-commit")
    assert run("--diff", "HEAD") == first

    file.write_text("garbage")
    assert run("--diff", "HEAD") == first


def test_who_asks_for_no_diff_keeps_nothing(run: Run, kept: Path) -> None:
    assert run()[0] == 1
    assert not kept.exists()


@pytest.mark.parametrize("uses", [USES + TLS + "def broken(\n", "import deps\n" + TLS], ids=["a use", "none"])
def test_what_importers_do_wrong_themselves_is_not_told(run: Run, tmp_path: Path, uses: str) -> None:
    (tmp_path / "deps.py").write_text(DEPS)
    (tmp_path / "uses.py").write_text(uses)
    committed()
    (tmp_path / "deps.py").write_text(DEPS + "x = 1\n")

    assert run("--diff", "HEAD") == (0, "clean; 1 file\n", "")


def test_a_name_that_is_no_text_is_a_name(run: Run) -> None:
    committed()
    Path(os.fsdecode(b"\xff.py")).write_text(TLS)

    code, out, err = run("--diff", "HEAD", "--format", "concise")

    assert (code, out.partition(":")[0], err) == (1, "\\udcff.py", "")
