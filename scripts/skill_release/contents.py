"""Package folder -> the files that an agent needs, by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

Contents = Mapping[str, bytes]

NEEDED = ("SKILL.md", "LICENSE", "manifest.json", "rules/*.md", "references/**/*", "scripts/verify.py")
WHERE_PRESENT = ("scripts/scan.py", "scripts/scanner/**/*")


class ReleaseError(Exception):
    """What stops a release; the message names the culprit."""


def read_contents(root: Path) -> dict[str, bytes]:
    """The shipped files of the package in `root`: names with forward slashes, sorted, and what is in them.

    Raises ReleaseError when a needed pattern matches nothing, or a match is a symbolic link.
    """
    found: dict[str, bytes] = {}
    for pattern in (*NEEDED, *WHERE_PRESENT):
        files = list(_matches(root, pattern))
        if not files and pattern in NEEDED:
            raise ReleaseError(f"{root / pattern}: nothing there to ship")
        found |= {file.relative_to(root).as_posix(): file.read_bytes() for file in files}
    return dict(sorted(found.items()))


def _matches(root: Path, pattern: str) -> Iterator[Path]:
    """Regular files; hidden ones and what Python compiled are left out."""
    for path in root.glob(pattern):
        parts = path.relative_to(root).parts
        if any(part.startswith(".") or part == "__pycache__" for part in parts):
            continue
        if path.is_symlink():
            raise ReleaseError(f"{path}: a symbolic link cannot be shipped")
        if path.is_file():
            yield path
