"""What an example does while it runs: which were loaded, and what they touched outside their folder.

The validator names a log file in the environment; every process that loads an example appends to it. Python's audit
events (PEP 578) tell of writes and connections before they happen, so a trespass is refused as well as reported.
"""

from __future__ import annotations

import inspect
import ipaddress
import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import CodeType

from .model import Example

LOG = "SKILL_VALIDATOR_LOG"
FOLDER = "SKILL_VALIDATOR_FOLDER"
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = {
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.chmod",
    "os.chown",
}
_watched: list[str] = []
_files: dict[str, tuple[str, int]] = {}


def loaded(example: Example) -> None:
    """Note that `example` is about to be executed in this process, and from now on watch what it does."""
    log = os.environ.get(LOG)
    if log is None:
        return
    _note(log, str(example.path), example.line)


def follow(files: Mapping[str, tuple[str, int]]) -> None:
    """From now on, note each of these files of a project that is executed in this process, by page and first line."""
    log = os.environ.get(LOG)
    if log is None:
        return
    _files.update(files)
    waiting = dict(files)

    def executed(event: str, args: tuple[object, ...]) -> None:
        if event == "exec" and isinstance(args[0], CodeType) and (place := waiting.pop(args[0].co_filename, None)):
            _note(log, *place)

    sys.addaudithook(executed)


def _note(log: str, page: str, line: int) -> None:
    _append(log, {"loaded": f"{page}:{line}"})
    if not _watched:
        _watched.append(page)
        sys.addaudithook(_hook)


def _hook(event: str, args: tuple[object, ...]) -> None:
    if event == "open" and isinstance(args[2], int) and args[2] & WRITES:
        _refuse_outside("escaping-write", args[0])
    elif event in CHANGES:
        for path in args[: 2 if event in {"os.rename", "os.link", "os.symlink"} else 1]:
            _refuse_outside("escaping-write", path)
    elif event in {"socket.connect", "socket.sendto"} and isinstance(args[1], tuple):
        _refuse_distant(str(args[1][0]))
    elif event == "socket.getaddrinfo" and args[0] is not None:
        _refuse_distant(args[0].decode() if isinstance(args[0], bytes) else str(args[0]))


def _refuse_outside(check: str, path: object) -> None:
    """A write is the example's doing where a line of the page is on the stack: libraries may keep their own files."""
    place = next(_page_frames(), None)
    if place is None or not isinstance(path, str | bytes | os.PathLike):
        return
    target = Path(os.fsdecode(path)).absolute()
    allowed = Path(os.environ[FOLDER])
    if target.resolve().is_relative_to(allowed.resolve()) or target.is_relative_to("/dev"):
        return
    _record(check, place, f"wrote to {target}, outside its folder")
    raise PermissionError(f"an example may only write to its own folder: {target}")


def _refuse_distant(host: str) -> None:
    try:
        near = ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        near = host in {"", "localhost"}
    if near:
        return
    _record(
        "distant-connection",
        next(_page_frames(), (_watched[0], 0)),
        f"connected to {host}, beyond loopback",
    )
    raise PermissionError(f"an example may only connect to this machine: {host}")


def _page_frames() -> Iterator[tuple[str, int]]:
    """The lines of pages on this thread's stack, the innermost first."""
    frame = inspect.currentframe()
    while frame is not None:
        file = frame.f_code.co_filename
        if file.endswith(".md"):
            yield file, frame.f_lineno
        elif place := _files.get(file):
            yield place[0], place[1] + frame.f_lineno - 1
        frame = frame.f_back


def _record(check: str, place: tuple[str, int], message: str) -> None:
    _append(os.environ[LOG], {"check": check, "path": place[0], "line": place[1], "message": message})


def _append(log: str, entry: dict[str, object]) -> None:
    with Path(log).open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry) + "\n")
