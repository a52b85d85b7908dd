"""Child processes under watch: none outlives its deadline, none is left behind."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Collection

import psutil

from .forking import fork

GRACE = 1.0
SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of prctl(2)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends, so that a daemon cannot slip away (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)


def descendants() -> set[psutil.Process]:
    """All living processes below this one."""
    return {p for p in psutil.Process().children(recursive=True) if is_alive(p)}


def sweep(keep: Collection[psutil.Process] = ()) -> tuple[str, ...]:
    """End every descendant but those in `keep`; the names of those that did not end by themselves in time."""
    left = descendants() - set(keep)
    _, stayed = psutil.wait_procs(left, timeout=GRACE)
    names = tuple(sorted(_name(p) for p in stayed if is_alive(p)))
    for stop in (psutil.Process.terminate, psutil.Process.kill):
        for process in stayed:
            with contextlib.suppress(psutil.NoSuchProcess):
                stop(process)
        _, stayed = psutil.wait_procs([p for p in stayed if is_alive(p)], timeout=GRACE)
    return names


def run_watched(work: Callable[[], None], deadline: float) -> tuple[int | None, tuple[str, ...]]:
    """Run `work` in a forked child for at most `deadline` seconds.

    Returns the child's exit code (negative: the signal that ended it; None: killed at the deadline) and the names of
    the processes that it left behind, which are ended too. Call it in a process that has adopted orphans.
    """
    pid = fork(work)
    code = _wait(pid, time.monotonic() + deadline)
    if code is None:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return code, sweep()


def _wait(pid: int, end: float) -> int | None:
    pause = 0.001
    while time.monotonic() < end:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(pause)
        pause = min(pause * 2, 0.02)
    return None


def is_alive(process: psutil.Process) -> bool:
    """Whether it still runs: a zombie does not."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.status() != psutil.STATUS_ZOMBIE
    return False


def _name(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error):
        return process.name()
    return str(process.pid)
