"""`.ci/run` installs what is missing, and then runs the README's two commands, whatever comes of that."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
UPDATE = "apt-get update"
INSTALL = "apt-get -o DPkg::Lock::Timeout=300 install --yes --no-install-recommends pgbouncer"
COMMANDS = ["make validate", "make test"]


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder that is all of PATH: programs that only tell how they were called."""
    for name in ("make", "apt-get", "sudo", "pooler", "chromium"):
        program(tmp_path / name, f'echo "{name} $*"\n')
    program(tmp_path / "id", "echo 0\n")
    for name in ("bash", "dirname", "env"):
        (tmp_path / name).symlink_to(shutil.which(name) or name)
    return tmp_path


def program(path: Path, body: str) -> None:
    path.write_text(f"#!/bin/sh\n{body}")
    path.chmod(0o755)


def ran(machine: Path, pgbouncer: str = "/nowhere/pgbouncer") -> tuple[list[str], str]:
    """What was called, in order, and what was said."""
    environment = os.environ | {"PATH": str(machine), "PGBOUNCER": pgbouncer}
    done = subprocess.run([ROOT / ".ci" / "run"], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.splitlines(), done.stderr


def test_the_commands_are_those_of_the_readme(machine: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^(make \w+) +#", readme, re.MULTILINE)[:2] == COMMANDS
    assert ran(machine, "pooler") == (COMMANDS, "")


def test_root_installs_what_is_missing(machine: Path) -> None:
    assert ran(machine) == ([UPDATE, INSTALL, *COMMANDS], "")


def test_a_browser_of_any_name_will_do(machine: Path) -> None:
    (machine / "chromium").unlink()
    assert ran(machine, "pooler") == ([UPDATE, INSTALL.replace("pgbouncer", "chromium"), *COMMANDS], "")
    program(machine / "google-chrome", "")
    assert ran(machine, "pooler") == (COMMANDS, "")


def test_another_user_asks_for_the_right(machine: Path) -> None:
    program(machine / "id", "echo 1000\n")
    update, install = f"sudo --non-interactive {UPDATE}", "sudo --non-interactive env DEBIAN_FRONTEND=noninteractive "
    assert ran(machine) == ([update, install + INSTALL, *COMMANDS], "")


@pytest.mark.parametrize("refuses", ["apt-get", "sudo"])
def test_where_nothing_can_be_installed_it_is_said(machine: Path, refuses: str) -> None:
    program(machine / "id", "echo 1000\n")
    program(machine / "sudo", '[ "$1" = --non-interactive ] && shift && "$@"\n')
    program(machine / refuses, "exit 1\n")
    calls, said = ran(machine)
    assert calls == COMMANDS
    assert said == "missing and could not be installed: apt-get install pgbouncer\n"


def test_a_failure_is_not_hidden(machine: Path) -> None:
    program(machine / "make", "exit 2\n")
    with pytest.raises(subprocess.CalledProcessError) as failed:
        ran(machine, "pooler")
    assert failed.value.returncode == 2
