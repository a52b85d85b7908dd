"""Skills that end the process that reads them."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import Result
from hostile import skill
from skill_validator import examining
from skill_validator.model import Skill
from skill_validator.skill import read_skill

Run = Callable[..., Result]
SELECTED = ("--static", "--select", "exhausting-skill", "--format")


@pytest.fixture(autouse=True)
def deadly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading a skill that is called so ends the process."""

    def read(root: Path) -> Skill:
        if root.name == "deadly":
            os.kill(os.getpid(), signal.SIGKILL)
        return read_skill(root)

    monkeypatch.setattr(examining, "read_skill", read)


def test_a_skill_that_ends_the_process_that_reads_it_is_a_finding(run: Run, tmp_path: Path) -> None:
    result = run(*SELECTED, "concise", skill(tmp_path / "deadly"))

    assert result.code == 1
    assert "error: exhausting-skill: reading and checking it ended its process (signal 9)" in result.stdout


def test_the_skills_that_shared_its_process_are_read_anew(run: Run, tmp_path: Path) -> None:
    for name in ("alive", "deadly", "sound"):
        skill(tmp_path / name)
    result = run(*SELECTED, "json", "--jobs", "1", tmp_path)

    assert result.code == 1
    assert [skill["summary"]["errors"] for skill in json.loads(result.stdout)["skills"]] == [0, 1, 0]
