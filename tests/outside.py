"""Programs of others that tests run as they are: where they lie, and what becomes of a test where they are missing."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from commands import REPOSITORY

CLIENTS = REPOSITORY / "tests" / "clients" / "node_modules"
QUIET = {
    "CI": "true",
    "NO_COLOR": "1",
    "DO_NOT_TRACK": "1",
    "DISABLE_TELEMETRY": "1",
    "DISABLE_AUTOUPDATER": "1",
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
}


def not_run(what: str, how: str) -> None:
    """End a test that cannot be run here: it is reported as that, and an error where CI=true says all must be there."""
    message = f"not run: {what} is missing; {how}"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


def npm_program(script: str) -> list[str]:
    """The command line that runs a script of an installed npm package."""
    node = shutil.which("node")
    if node is None:
        not_run("node", "install Node.js 20 or newer")
    if not (CLIENTS / script).exists():
        not_run(str(CLIENTS / script), "`make test` installs it by `npm ci` in tests/clients")
    return [str(node), str(CLIENTS / script)]


def browser() -> str:
    """The path of Chromium or Chrome."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        not_run("Chromium", "install Debian's package chromium")
    return str(found)


def run_alone(command: Sequence[str], home: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a program that knows nothing of its caller: a home of its own, and no network where Linux allows that."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), **QUIET}
    line = [*_without_network(), *command]
    return subprocess.run(line, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=120)


def tracked_copy(folder: Path) -> Path:
    """What a clone of this repository would hold, the changes of the working tree included, in `folder`."""
    git = ["git", "-C", str(REPOSITORY), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(git, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, names):
        if (REPOSITORY / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / name, folder / name)
    return folder


@cache
def _without_network() -> tuple[str, ...]:
    """The prefix of a command that leaves it no network but its own loopback; empty where that cannot be had."""
    line = ("unshare", "--net", "--map-root-user")
    found = shutil.which("unshare")
    works = found and subprocess.run([*line, "true"], capture_output=True, check=False).returncode == 0
    return line if works else ()
