"""The command line, called as a user calls it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import measured  # noqa: F401 - measures what ends by `os._exit` too
import pytest
from commands import REPOSITORY, Result
from skill_validator.cli import main
from skill_validator.proving import HARNESS

pytest.register_assert_rewrite("tables")
HARNESS.add("COVERAGE_PROCESS_CONFIG")  # so that the processes in which proofs run are measured too


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
