"""Files are replaced in one step each, after all of them have been written beside."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


def replace_files(files: Mapping[Path, bytes]) -> None:
    """Write every file beside its place, then move each there: a reader finds the old bytes or the new.

    Raises OSError when one cannot be written; then none has changed.
    """
    fresh: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
            os.close(handle)
            fresh[path] = Path(name)
            write_through(fresh[path], data, like=path)
        for path, new in fresh.items():
            new.replace(path)
    finally:
        for new in fresh.values():
            with contextlib.suppress(FileNotFoundError):
                new.unlink()


def write_through(path: Path, data: bytes, *, like: Path) -> None:
    """Write a file and have it on the disk before this returns, with the mode of `like` where that exists."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(like.stat().st_mode if like.exists() else 0o644)
