"""Folders of anything: files, symbolic links, named pipes and folders of any name, made as a list of entries says."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

Entry = tuple[int, bytes, bytes]  # its kind, its name, and its content or where it leads


def _file(path: bytes, content: bytes) -> None:
    with open(path, "xb") as file:  # noqa: PTH123 - a Path has no bytes; "x" follows no link
        file.write(content)


def _link(path: bytes, content: bytes) -> None:
    os.symlink(content, path)  # noqa: PTH211 - as above


def _pipe(path: bytes, _: bytes) -> None:
    os.mkfifo(path)


def _folder(path: bytes, _: bytes) -> None:
    os.mkdir(path)  # noqa: PTH102 - as above


KINDS: tuple[Callable[[bytes, bytes], None], ...] = (_file, _link, _pipe, _folder)


def make(root: Path, entries: Iterable[Entry]) -> Path:
    """The folder `root`, made with these entries: less what the system refuses or what would lie elsewhere."""
    root.mkdir()
    top = os.fsencode(root.resolve())
    for kind, name, content in entries:
        path = os.path.normpath(top + b"/" + name)
        with suppress(OSError, ValueError):  # a name that is taken, too long, or has a null byte
            folder = os.path.realpath(os.path.dirname(path))  # noqa: PTH120 - as above
            if folder == top or folder.startswith(top + b"/"):
                os.makedirs(folder, exist_ok=True)  # noqa: PTH103 - as above
                KINDS[kind % len(KINDS)](path, content)
    return root
