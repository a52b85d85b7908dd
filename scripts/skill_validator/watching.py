"""What an example does while it runs: which were loaded, and what they touched that is not theirs.

The validator names a log file in the environment; every process that loads an example appends to it. Python's audit
events (PEP 578) tell of reads, writes, connections and programs before they happen, so that a trespass is refused as
well as reported.
"""

from __future__ import annotations

import ipaddress
import os
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import CodeType
from typing import TextIO

from .incidents import FILES, LOG, POOL, Spot, append, frames, innermost_page, record, spot
from .parts import Example

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
TWO_PATHS = {"os.rename", "os.link", "os.symlink"}
PROGRAMS = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile", "pty.spawn"}
FORKS = {"os.fork", "os.forkpty"}
STARTERS = ("asyncio", "contextlib", "os", "pty", "subprocess")
# What anybody may read: Python and its libraries, what the machine says of itself.
MACHINE = ("/dev", "/proc/cpuinfo", "/proc/loadavg", "/proc/meminfo", "/proc/self/stat", "/proc/self/cgroup")
READABLE = (sys.prefix, sys.base_prefix, *MACHINE, "/sys/fs/cgroup", "/usr/share/zoneinfo")
# Modules of the standard library that read a file for whoever called them.
READERS = {"pathlib", "io", "codecs", "os", "shutil", "glob", "fileinput", "tokenize", "configparser", "contextlib"}
READERS |= {"pathlib._local", "threading", "asyncio.threads", POOL}
_watched: list[str] = []
_named: dict[str, str] = {}  # LOG and FOLDER as the environment named them before an example could change it
_noting: set[int] = set()


def loaded(example: Example) -> None:
    """Note that `example` is about to be executed in this process, and from now on watch what it does."""
    if LOG in os.environ:
        _begin(str(example.path), example.line)


def follow(files: Mapping[str, Spot]) -> None:
    """From now on, note each of these files of a project that is executed in this process, by page and first line."""
    if LOG not in os.environ:
        return
    FILES.update(files)
    waiting = dict(files)

    def executed(event: str, args: tuple[object, ...]) -> None:
        if event == "exec" and isinstance(args[0], CodeType) and (place := waiting.pop(args[0].co_filename, None)):
            _begin(*place)

    sys.addaudithook(executed)


def _begin(page: str, line: int) -> None:
    _keep_names()
    with _at_work():
        append(_named[LOG], {"loaded": f"{page}:{line}"})
    if not _watched:
        _watched.append(page)
        sys.addaudithook(_hook)


def _keep_names() -> None:
    if not _named:
        _named.update({name: os.environ[name] for name in (LOG, FOLDER)})


def watch_warnings(*, of_faults: bool) -> None:
    """Note every warning that a line of a page raises and that nobody catches or filters out.

    Those that a fault leaves behind (a coroutine never awaited, a file not closed) only if `of_faults`.

    It stands below pytest's own recording and above a proof's `pytest.warns`, which takes what it expects.
    """
    _keep_names()
    shown = warnings.showwarning
    effects = () if of_faults else (RuntimeWarning, ResourceWarning)
    if not any(action == "error" and category is Warning for action, _, category, *_ in warnings.filters):
        warnings.simplefilter("default", ResourceWarning)

    def note(  # noqa: PLR0913, PLR0917 - the parameters of warnings.showwarning
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        place = _made(str(message)) or ((filename, lineno) if filename.endswith(".md") else innermost_page())
        if place and not issubclass(category, effects):
            first = str(message).partition("\n")[0]
            _note("raised-warning", place, f"raised {category.__name__}: {first}")
        shown(message, category, filename, lineno, file, line)

    warnings.showwarning = note


def _made(message: str) -> Spot | None:
    """Where a coroutine was made that was never awaited, as the interpreter tells it below the first line."""
    lines = [line.strip() for line in message.splitlines() if line.strip().startswith('File "')]
    for path, _, rest in (line.removeprefix('File "').partition('", line ') for line in reversed(lines)):
        if path.endswith(".md"):
            return path, int(rest.partition(",")[0])
    return None


def _hook(event: str, args: tuple[object, ...]) -> None:
    if threading.get_ident() in _noting:
        return
    if event == "open":
        flags = args[2] if isinstance(args[2], int) else 0
        (_refuse_write if flags & WRITES else _refuse_read)(args[0])
    elif event in CHANGES:
        for path in args[: 2 if event in TWO_PATHS else 1]:
            _refuse_write(path)
    elif event in {"os.listdir", "os.scandir"}:
        _refuse_read(args[0])
    elif event in {"socket.connect", "socket.sendto"} and isinstance(args[1], tuple):
        _refuse_distant(str(args[1][0]))
    elif event == "socket.getaddrinfo" and args[0] is not None:
        _refuse_distant(args[0].decode() if isinstance(args[0], bytes) else str(args[0]))
    elif event in PROGRAMS:
        _refuse_program(str(args[0]))
    elif event in FORKS:
        _refuse_program("a copy of itself")


def _refuse_write(path: object) -> None:
    """A write is the example's doing where a line of the page is on the stack: libraries may keep their own files."""
    place = innermost_page()
    target = _outside(path)
    if place is None or target is None or target.is_relative_to("/dev"):
        return
    _note("escaping-write", place, f"wrote to {target}, outside its folder")
    raise PermissionError(f"an example may only write to its own folder: {target}")


def _refuse_read(path: object) -> None:
    """A read is the example's doing where its own line asks for it, not a library that it called."""
    if isinstance(path, str) and path.startswith(READABLE):
        return
    stack = [(frame.f_globals.get("__name__"), frame) for frame in frames()[1:]]
    asking = next((frame for module, frame in stack if module not in READERS), None)
    place = spot(asking) if asking else None
    # With nothing but a pool of threads on the stack, a thread was handed the reading itself.
    handed_over = asking is None and any(module == POOL for module, _ in stack)
    target = _outside(path) if place or handed_over else None
    if target and not str(target).startswith(READABLE):
        _note("escaping-read", place, f"read {target}, outside its folder")
        raise PermissionError(f"an example may only read its own folder: {target}")


def _refuse_program(name: str) -> None:
    """A program is the example's doing where its own line starts it, not a library's pool of processes."""
    asking = next((f for f in frames()[1:] if not str(f.f_globals.get("__name__")).startswith(STARTERS)), None)
    if place := spot(asking) if asking else None:
        _note("started-process", place, f"started {name}")
        raise PermissionError(f"an example may not start a process: {name}")


def _refuse_distant(host: str) -> None:
    try:
        near = ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        near = host in {"", "localhost"}
    if near:
        return
    _note("distant-connection", innermost_page(), f"connected to {host}, beyond loopback")
    raise PermissionError(f"an example may only connect to this machine: {host}")


def _outside(path: object) -> Path | None:
    """The file that is meant, where it is not in the example's own folder."""
    if not isinstance(path, str | bytes | os.PathLike):
        return None
    target = Path(os.fsdecode(path)).absolute()
    return None if target.resolve().is_relative_to(Path(_named[FOLDER]).resolve()) else target


def _note(check: str, place: Spot | None, message: str) -> None:
    """The log lies outside the example's folder, and writing to it is no trespass."""
    with _at_work():
        record(_named[LOG], check, place, message)


@contextmanager
def _at_work() -> Iterator[None]:
    """What this thread does here is the validator's own doing."""
    _noting.add(threading.get_ident())
    try:
        yield
    finally:
        _noting.discard(threading.get_ident())
