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
            fresh[path] = _beside(path, data)
        for path, new in fresh.items():
            new.replace(path)
    finally:
        for new in fresh.values():
            with contextlib.suppress(FileNotFoundError):
                new.unlink()


def _beside(path: Path, data: bytes) -> Path:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    mode = path.stat().st_mode if path.exists() else 0o644
    Path(name).chmod(mode)
    return Path(name)
