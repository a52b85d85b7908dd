"""`--diff REV`: the files that differ from a revision of git, and those that import them.

Only these are parsed, and what they import. Of the others their import statements tell, which are kept from run to run.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path, PurePath

from .imports import words
from .reading import UnreadableError


def since(revision: str, files: Iterable[str]) -> set[str]:
    """Those of `files` that differ from `revision` in the working tree, new ones too. Raises UnreadableError."""
    if revision.startswith("-"):  # to git that would be an option, and some write files
        raise UnreadableError(f"{revision}: not a revision of git")
    wanted = {os.path.realpath(f): f for f in files}
    found: set[str] = set()
    for root in {_root(folder) for folder in {os.path.dirname(path) for path in wanted}}:  # noqa: PTH120
        listed = _git(root, "diff", "--name-only", "--no-renames", "--diff-filter=d", "-z", revision, "--")
        fresh = _git(root, "ls-files", "--others", "--exclude-standard", "-z")
        found |= {str(Path(root, name)) for name in (listed + fresh).split("\0") if name}
    return {wanted[path] for path in found & wanted.keys()}


def importers(changed: Collection[str], files: Iterable[str]) -> set[str]:
    """Those of `files` that may import one of the changed modules, as their text tells. Raises UnreadableError."""
    if not changed:
        return set()
    stems = {_stem(path) for path in changed}
    project = _root(os.path.dirname(os.path.realpath(min(changed))))  # noqa: PTH120
    return {path for path, found in words(files, project).items() if not stems.isdisjoint(found)}


def _stem(path: str) -> str:
    pure = PurePath(path)
    return pure.parent.name if pure.stem == "__init__" else pure.stem


@cache
def _root(folder: str) -> str:
    """The top of the working tree around a folder; git is asked where no `.git` tells. Raises UnreadableError."""
    if os.path.exists(f"{folder}/.git"):  # noqa: PTH110
        return folder
    above = os.path.dirname(folder)  # noqa: PTH120
    return _git(folder, "rev-parse", "--show-toplevel").rstrip("\n") if above == folder else _root(above)


def _git(folder: str, *arguments: str) -> str:
    """What git says. Raises UnreadableError with git's own words."""
    try:
        done = subprocess.run(["git", "-C", folder, *arguments], capture_output=True, check=False)  # noqa: S607
    except OSError as error:
        raise UnreadableError(f"--diff needs git: {error.strerror}") from error
    if done.returncode:
        raise UnreadableError(f"git: {os.fsdecode(done.stderr).strip()}")
    return os.fsdecode(done.stdout)  # as Python has names of files, which need not be text
