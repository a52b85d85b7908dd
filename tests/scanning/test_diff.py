"""What differs from a revision of git, and what imports it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from scans import TLS, Run


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
