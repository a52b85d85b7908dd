"""A skill in memory, and the command line called as a user calls it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from skill_validator.cli import main
from skill_validator.model import Skill
from skill_validator.skill import build_skill

REPOSITORY = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Result:
    """What a run of the command left."""

    code: int
    stdout: str
    stderr: str


def build(files: Mapping[str, str], root: Path = Path("/skills/orders")) -> Skill:
    """A skill made of these texts; every folder above a file exists too."""
    texts = {root / name: text for name, text in files.items()}
    parents = {parent for path in texts for parent in path.parents if parent.is_relative_to(root) and parent != root}
    return build_skill(root, texts, {*texts, *parents})


@pytest.fixture
def skill() -> Callable[[Mapping[str, str]], Skill]:
    """`skill({path: text})`: a Skill that was never on a disk."""
    return build


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    """`run("--static", path)`: the validator in this process."""

    def call(*arguments: object) -> Result:
        try:
            code = main([str(a) for a in arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return call


@pytest.fixture
def command() -> Callable[..., Result]:
    """`command("--static", path)`: the validator in a process of its own."""

    def call(*arguments: object, cwd: Path = REPOSITORY) -> Result:
        line = [sys.executable, str(REPOSITORY / "scripts" / "validate.py"), *map(str, arguments)]
        done = subprocess.run(line, capture_output=True, text=True, cwd=cwd, timeout=120, check=False)
        return Result(done.returncode, done.stdout, done.stderr)

    return call
