"""Work in processes of its own, several at once, each held to a time and a memory: what is hostile ends there.

A regular expression, a C library or a deep recursion cannot be interrupted from within; a process can.
"""

from __future__ import annotations

import contextlib
import math
import os
import pickle
import resource
import selectors
import signal
import sys
import time
import traceback
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Generic, TypeVar

from . import scratch
from .forking import fork

Item = TypeVar("Item")
Result = TypeVar("Result")
LONG = 300_000  # characters: what a process of its own costs is a tenth of what it saves from here on
STATM = Path("/proc/self/statm")
PATIENCE = 3  # times its seconds may pass on a busy machine, or while it waits


class OutOfBoundsError(Exception):
    """A piece of work took too long, needed too much memory, or ended its process. The message says which."""


class CrashedError(Exception):
    """A piece of work raised an exception. The message is its traceback."""


@dataclass
class _Child:
    """A process at work: where its result comes from, and until when."""

    number: int
    process: int
    source: int
    end: float
    received: list[bytes] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Bounds(Generic[Result]):
    """How long one piece of work may take, in seconds, and how much memory it may ask for, in bytes.

    The seconds are the processor's, so that a busy machine makes no work hostile; work that only waits has more.
    """

    seconds: float
    memory: int

    def run(
        self, works: Sequence[Callable[[], Result]], jobs: int
    ) -> Iterator[Result | OutOfBoundsError | CrashedError]:
        """The results in the order of `works`, of which `jobs` are done at once; what keeps one from having any.

        Results travel between processes, so they must be of a kind that pickle knows.
        """
        ready: dict[int, Result | OutOfBoundsError | CrashedError] = {}
        waiting = iter(enumerate(works))
        running: dict[int, _Child] = {}
        asked = 0
        with scratch.folder() as folder, contextlib.closing(selectors.DefaultSelector()) as selector:
            try:
                while asked < len(works):
                    while len(running) < jobs and (next_one := next(waiting, None)):
                        child = self._start(*next_one, folder)
                        running[child.source] = child
                        selector.register(child.source, selectors.EVENT_READ)
                    for child in _ended(selector, running):
                        selector.unregister(child.source)
                        del running[child.source]
                        ready[child.number] = self._result(child)
                    while asked in ready:
                        yield ready.pop(asked)
                        asked += 1
            finally:
                for child in running.values():
                    _kill(child)

    def _start(self, number: int, work: Callable[[], Result], folder: str) -> _Child:
        source, sink = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()

        def attempt() -> None:
            os.setpgid(0, 0)
            os.close(source)
            scratch.below(folder)
            _limit(self.memory, self.seconds)
            _write(sink, _attempt(work))

        process = fork(attempt)
        os.close(sink)
        with contextlib.suppress(OSError):
            os.setpgid(process, process)  # whoever comes first: the group exists before anybody kills it
        return _Child(number, process, source, time.monotonic() + PATIENCE * self.seconds)

    def _result(self, child: _Child) -> Result | OutOfBoundsError | CrashedError:
        late = time.monotonic() >= child.end and not child.received
        status = _kill(child)
        if child.received:
            with contextlib.suppress(Exception):  # cut off in the middle
                result: Result | OutOfBoundsError | CrashedError = pickle.loads(b"".join(child.received))  # noqa: S301 - our own child's
                return result
        if late or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU):
            return OutOfBoundsError(f"took longer than {self.seconds:g} s")
        return OutOfBoundsError(f"ended its process ({_how(status)})")


def beside(work: Callable[[], Result]) -> Callable[[], Result]:
    """Begin a piece of work in a process beside this one; the function that waits for its result.

    It is held to the bounds that this process is held to, and ended with it. The function raises OutOfBoundsError or
    CrashedError where there is no result.
    """
    source, sink = os.pipe()

    def attempt() -> None:
        os.close(source)
        _write(sink, _attempt(work))

    process = fork(attempt)
    os.close(sink)

    def wait() -> Result:
        with open(source, "rb") as pipe:  # noqa: PTH123 - a pipe has no path
            data = pipe.read()
        status = os.waitpid(process, 0)[1]
        result: Result | OutOfBoundsError | CrashedError = (
            pickle.loads(data) if data else OutOfBoundsError(f"ended its process ({_how(status)})")  # noqa: S301 - see above
        )
        if isinstance(result, OutOfBoundsError | CrashedError):
            raise result
        return result

    return wait


def in_two(work: Callable[[Item], Result], items: Sequence[Item], effort: Callable[[Item], int]) -> list[Result]:
    """What `work` makes of every item, in their order; of the later half `beside` where all take LONG.

    The `effort` of an item is in characters.
    """
    efforts = list(accumulate(map(effort, items)))
    half = bisect_left(efforts, efforts[-1] / 2) + 1 if efforts and efforts[-1] >= LONG else len(items)
    later = beside(lambda: [work(item) for item in items[half:]]) if half < len(items) else list
    return [work(item) for item in items[:half]] + later()


def _ended(selector: selectors.BaseSelector, running: dict[int, _Child]) -> list[_Child]:
    """Wait until a child has said all it will say, or its time is over."""
    pause = max(0.0, min(child.end for child in running.values()) - time.monotonic())
    over = []
    for key, _ in selector.select(pause):
        child = running[key.fd]
        data = os.read(key.fd, 2**20)
        if data:
            child.received.append(data)
        else:
            over.append(child)
    late = [c for c in running.values() if c not in over and time.monotonic() >= c.end]
    for child in late:
        child.received.clear()
    return over + late


def _kill(child: _Child) -> int:
    """End a child with all that it started; its wait status."""
    for kill, target in ((os.killpg, child.process), (os.kill, child.process)):
        with contextlib.suppress(OSError):
            kill(target, signal.SIGKILL)
    os.close(child.source)
    return os.waitpid(child.process, 0)[1]


def _limit(memory: int, seconds: float) -> None:
    """Hold this process to so much more memory than it has, and to so many seconds of processor time."""
    limits = {
        resource.RLIMIT_AS: _size() + memory,
        resource.RLIMIT_CPU: math.ceil(seconds),
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in limits.items():
        _, hard = resource.getrlimit(kind)
        with contextlib.suppress(ValueError, OSError):  # systems without such a limit have their own
            resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _size() -> int:
    """The bytes of address space that this process has already; 0 where the system does not tell."""
    try:
        return int(STATM.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _attempt(work: Callable[[], object]) -> bytes:
    try:
        return pickle.dumps(work())
    except (OutOfBoundsError, CrashedError) as error:  # of a process beside this one
        return pickle.dumps(error)
    except MemoryError:
        return pickle.dumps(OutOfBoundsError("needs more memory than it may have"))
    except Exception:  # noqa: BLE001 - told to the parent, as text: not every exception can travel
        return pickle.dumps(CrashedError(traceback.format_exc()))


def _write(sink: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(sink, view) :]


def _how(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"signal {-code}" if code < 0 else f"status {code}"
