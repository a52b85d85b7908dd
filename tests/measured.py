"""Coverage of the validator in the processes of proofs, where what coverage does must not count as an example's doing.

Imported by what runs below a test: a package's conftest.py, a child that loads an example. It does nothing but where
coverage is measured.
"""

from __future__ import annotations

import os
import threading
from typing import NoReturn

from skill_validator import watching


def _begin() -> None:
    watching._noting.add(threading.get_ident())


def _end() -> None:
    watching._noting.discard(threading.get_ident())


def _save_unseen() -> None:
    """Coverage saves when a process ends: by its own doing, whatever line of a page ended it."""
    leave = os._exit

    def saved(status: int) -> NoReturn:
        _begin()
        leave(status)

    os._exit = saved


def _after_fork() -> None:
    """Coverage has begun anew in the child, and wraps `os._exit` once more."""
    _end()
    _save_unseen()


if "COVERAGE_PROCESS_CONFIG" in os.environ:
    _save_unseen()
    os.register_at_fork(before=_begin, after_in_parent=_end, after_in_child=_after_fork)
    watching._hook.__dict__["__cantrace__"] = True  # audit hooks that do not ask for it are not traced (PEP 578)
