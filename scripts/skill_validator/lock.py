"""The project's lock: the libraries it knows, each with the newest release that it knows of."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

# A wheel carries the folder inside the package; in a checkout it stands at the root.
FOLDERS = (Path(__file__).parent / "constraints", Path(__file__).parents[2] / "constraints")


@functools.cache
def locked() -> Mapping[str, Version]:
    """Every library of the lock by its canonical name, with the newest version that the lock pins."""
    folder = next(folder for folder in FOLDERS if folder.is_dir())
    found: dict[str, Version] = {}
    for file in sorted(folder.glob("*.txt")):
        for line in file.read_text(encoding="utf-8").split():
            name, _, pinned = line.partition("==")
            key, version = str(canonicalize_name(name)), Version(pinned)
            found[key] = max(version, found.get(key, version))
    return found


def newest(library: str) -> Version | None:
    """The newest release known here: of the lock, or installed beside the validator. None of an unknown library."""
    known = locked().get(str(canonicalize_name(library)))
    from importlib import metadata  # noqa: PLC0415 - slow to import, and seldom asked

    try:
        installed = Version(metadata.version(library))
    except (metadata.PackageNotFoundError, InvalidVersion, ValueError):
        return known
    return max(installed, known) if known else installed
