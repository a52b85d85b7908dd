"""A process of its own for one call."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from typing import Any

from .loop import until


async def forked(call: Callable[[], Any], patience: float = 10.0) -> Any:
    """What `call` returns in a fork of this process, as a worker does; it may run an event loop there."""
    fork = multiprocessing.get_context("fork")
    here, there = fork.Pipe()
    worker = fork.Process(target=lambda: there.send(call()))
    worker.start()
    try:
        if not await until(here.poll, patience):
            raise TimeoutError(f"no answer from a fork after {patience:g} s")
        return here.recv()
    finally:
        worker.kill()
        worker.join()
