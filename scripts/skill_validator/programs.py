"""Programs that proofs need and no wheel brings. Where one is missing its proofs are not run, and a report says so."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

SERVERS = ("/usr/sbin", "/usr/local/sbin")  # where Debian puts servers; not on the PATH of an ordinary user


class NotInstalledError(Exception):
    """A proof cannot be run: `program` is missing. The message names the command that installs it."""

    def __init__(self, program: str, command: str) -> None:
        super().__init__(f"needs {program}: {command}")
        self.program = program


def needs(program: str, command: str) -> Path:
    """Where `program`, a name or a path, is installed. This is the one reason for which a proof is not run.

    Raises NotInstalledError, which names the `command` that installs it.
    """
    found = find_program(program)
    if found is None:
        raise NotInstalledError(program, command)
    return found


def find_program(program: str) -> Path | None:
    """The executable file of that name on PATH or among the servers; None when there is none."""
    found = shutil.which(program) or shutil.which(program, path=os.pathsep.join(SERVERS))
    return Path(found) if found else None
