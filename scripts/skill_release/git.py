"""What git says of a folder."""

from __future__ import annotations

import subprocess
from pathlib import Path

from .contents import ReleaseError


def git(root: Path, *arguments: str) -> str:
    """The output of a git command in `root`. Raises ReleaseError with git's own words when it fails."""
    command = ["git", "-C", str(root), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ReleaseError(f"{root}: git {arguments[0]}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def git_or_nothing(root: Path, *arguments: str) -> str:
    """The same; empty where there is no repository, or no commit in it yet."""
    try:
        return git(root, *arguments)
    except ReleaseError:
        return ""
