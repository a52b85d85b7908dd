"""What an example left running in its own process: tasks that nobody awaits, threads that nobody joins.

Only what a line of a page began is of interest; libraries may keep tasks and threads of their own.
"""

from __future__ import annotations

import asyncio
import functools
import sys
import threading
from collections.abc import Callable
from itertools import takewhile

from .incidents import POOL, Spot, frames, innermost_page, spot

GRACE = 0.3
ORIGIN = 1  # frames that a coroutine remembers of where it was made: the one that called it
_threads: list[tuple[threading.Thread, Spot]] = []
_tasks: list[tuple[str, Spot]] = []


def watch() -> None:
    """From now on remember who starts threads, and which tasks a loop has to cancel when it is closed."""
    sys.set_coroutine_origin_tracking_depth(ORIGIN)
    setattr(threading.Thread, "start", functools.partialmethod(_note_thread, threading.Thread.start))  # noqa: B010 - so says mypy
    runners = asyncio.runners
    cancel: Callable[[asyncio.AbstractEventLoop], None] = vars(runners)["_cancel_all_tasks"]
    setattr(runners, "_cancel_all_tasks", functools.partial(_note_tasks, cancel))  # noqa: B010 - a private name


def left() -> list[tuple[str, Spot]]:
    """A sentence and a line for each task and thread left behind; threads are given a moment to end."""
    stayed = []
    for thread, place in _threads:
        thread.join(GRACE)
        if thread.is_alive():
            stayed.append((f"left the thread {thread.name} running", place))
    return [*_tasks, *stayed]


def _note_tasks(cancel: Callable[[asyncio.AbstractEventLoop], None], loop: asyncio.AbstractEventLoop) -> None:
    for task in asyncio.all_tasks(loop):
        coroutine = task.get_coro()
        made = getattr(coroutine, "cr_origin", None) or ()
        place = next(((path, line) for path, line, _ in made if path.endswith(".md")), None)
        if place:
            _tasks.append((f"left the task of {getattr(coroutine, '__qualname__', 'a coroutine')} running", place))
    cancel(loop)


def _note_thread(thread: threading.Thread, start: Callable[[threading.Thread], None]) -> None:
    """Threads of a pool wait for more work as long as the pool is there: they are not left behind."""
    found = innermost_page()
    modules = {frame.f_globals.get("__name__") for frame in takewhile(lambda f: spot(f) is None, frames())}
    if found and POOL not in modules:
        _threads.append((thread, found))
    start(thread)
