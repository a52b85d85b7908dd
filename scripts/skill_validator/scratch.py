"""Folders for files that live for seconds: in memory, since a busy disk takes ten times as long."""

from __future__ import annotations

import contextlib
import tempfile

MEMORY = "/dev/shm"  # noqa: S108 - a folder of a name of its own is made in it

_places = [MEMORY]


def folder() -> tempfile.TemporaryDirectory[str]:
    """A new folder: below the one that this process was told of, or in memory; on the disk where neither takes it."""
    with contextlib.suppress(OSError):
        return tempfile.TemporaryDirectory(dir=_places[-1])
    return tempfile.TemporaryDirectory()


def below(parent: str) -> None:
    """Make the further folders of this process, which may be killed, below one that another process deletes."""
    _places.append(parent)
