"""Child processes under watch."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from skill_validator.processes import _name, adopt_orphans, descendants, is_alive, run_watched, sweep

DAEMON = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(60)
    os._exit(0)
os.wait()
"""


def test_a_child_that_returns_has_code_0(tmp_path: Path) -> None:
    assert run_watched((tmp_path / "done").touch, deadline=5) == (0, ())
    assert (tmp_path / "done").exists()


def raises() -> None:
    raise RuntimeError("said by the child")


@pytest.mark.parametrize(
    ("work", "code"),
    [
        pytest.param(raises, 1, id="an exception"),
        pytest.param(lambda: os._exit(7), 7, id="an exit of its own"),
        pytest.param(lambda: os.kill(os.getpid(), signal.SIGSEGV), -signal.SIGSEGV, id="a signal"),
    ],
)
def test_how_a_child_ended(work: Callable[[], None], code: int) -> None:
    assert run_watched(work, deadline=5) == (code, ())


def test_a_child_is_killed_at_its_deadline() -> None:
    began = time.monotonic()

    assert run_watched(lambda: time.sleep(60), deadline=0.2) == (None, ())
    assert time.monotonic() - began < 5


def test_a_daemon_does_not_slip_away() -> None:
    before = descendants()
    adopt_orphans()
    subprocess.run([sys.executable, "-c", DAEMON], check=True, timeout=10)
    left = descendants() - before
    names = sweep(keep=before)

    assert len(left) == len(names) == 1
    assert not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in left)


def test_a_process_that_ends_by_itself_is_not_told() -> None:
    before = descendants()
    child = subprocess.Popen(["sleep", "0.1"])

    assert sweep(keep=before) == ()
    child.wait(timeout=5)


def test_a_process_that_ignores_the_polite_request_is_killed() -> None:
    before = descendants()
    deaf = "import signal, sys, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()

        assert len(sweep(keep=before)) == 1
    assert not psutil.pid_exists(child.pid)  # who reaped it, and so its status, is a race


def test_a_process_that_is_gone_is_not_alive_and_is_called_by_its_number() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        process = psutil.Process(child.pid)
        assert is_alive(process)

    assert not is_alive(process)
    assert _name(process) == str(child.pid)


def test_where_orphans_cannot_be_adopted_nothing_is_asked_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setattr("ctypes.CDLL", lambda _: pytest.fail("asked the system"))
    adopt_orphans()
