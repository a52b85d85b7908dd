"""`--diff REV`: the files that differ from a revision of git, and those that import them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePath

from .reading import UnreadableError, read


def since(revision: str, files: Iterable[str]) -> set[str]:
    """Those of `files` that differ from `revision` in the working tree, new ones too. Raises UnreadableError."""
    wanted = {str(Path(f).resolve()): f for f in files}
    found: set[str] = set()
    for root in {_root(path) for path in {str(Path(p).parent) for p in wanted}}:
        listed = _git(root, "diff", "--name-only", "--no-renames", "--diff-filter=d", "-z", revision, "--")
        fresh = _git(root, "ls-files", "--others", "--exclude-standard", "-z")
        found |= {str(Path(root, name)) for name in (listed + fresh).split("\0") if name}
    return {wanted[path] for path in found & wanted.keys()}


def importers(changed: Iterable[str], files: Sequence[str]) -> set[str]:
    """Those of `files` that may import one of the changed modules, as their text tells."""
    stems = {_stem(path) for path in changed}
    if not stems:
        return set()
    pattern = re.compile(
        rf"^\s*(?:from|import)\b[^#\n]*\b(?:{'|'.join(sorted(map(re.escape, stems)))})\b", re.MULTILINE
    )
    return {path for path in files if pattern.search(_text(path))}


def _stem(path: str) -> str:
    pure = PurePath(path)
    return pure.parent.name if pure.stem == "__init__" else pure.stem


def _text(path: str) -> str:
    try:
        return read(path)
    except UnreadableError:
        return ""


def _root(folder: str) -> str:
    return _git(folder, "rev-parse", "--show-toplevel").rstrip("\n")


def _git(folder: str, *arguments: str) -> str:
    """What git says. Raises UnreadableError with git's own words."""
    try:
        done = subprocess.run(["git", "-C", folder, *arguments], capture_output=True, text=True, check=False)  # noqa: S607
    except OSError as error:
        raise UnreadableError(f"--diff needs git: {error.strerror}") from error
    if done.returncode:
        raise UnreadableError(f"git: {done.stderr.strip()}")
    return done.stdout
