"""Work -> a copy of this process that does it, and ends with it."""

from __future__ import annotations

import os
from collections.abc import Callable


def fork(work: Callable[[], None]) -> int:
    """Do `work` in a copy of this process; the id of the copy, whose status is 0, or 1 where `work` raised."""
    process = os.fork()
    if process == 0:  # pragma: no cover - what goes on in a function that has forked is traced in the parent alone
        _end_with(work)
    return process


def _end_with(work: Callable[[], None]) -> None:
    status = 1
    try:
        work()
        status = 0
    except BaseException as error:  # noqa: BLE001 - nothing may unwind into the parent's stack
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(status)
