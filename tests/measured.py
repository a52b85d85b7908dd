"""Coverage of the validator in the processes of proofs, where what coverage does must not count as an example's doing.

Imported by the tests, and by what runs below them: a package's conftest.py, a child that loads an example. It does
nothing but where coverage follows (`patch` under `[tool.coverage.run]`), as it does for `pytest --cov`.
"""

from __future__ import annotations

import os
import posix
import threading
from typing import NoReturn

from skill_validator import watching
from skill_validator.incidents import innermost_page


def _begin() -> None:
    watching._noting.add(threading.get_ident())


def _end() -> None:
    watching._noting.discard(threading.get_ident())


def _end_in_child() -> None:
    """In a copy that an example made of its process, coverage goes on preparing itself after this."""
    if innermost_page() is None:
        _end()


def _leave(status: int) -> NoReturn:
    """`os._exit` of a process that is measured: what coverage then writes is its own doing, whatever line ended it."""
    from coverage import Coverage  # who proves the package without measuring it need not have it

    _begin()
    if (current := Coverage.current()) and current._started:
        current.save()
    posix._exit(status)


if "COVERAGE_PROCESS_CONFIG" in os.environ:
    os._exit = _leave
    os.register_at_fork(before=_begin, after_in_parent=_end, after_in_child=_end_in_child)
    watching._hook.__dict__["__cantrace__"] = True  # audit hooks that do not ask for it are not traced (PEP 578)
