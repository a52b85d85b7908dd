"""One side of a proof, in the process that is its own: what it has, what it was not given, and its report."""

from __future__ import annotations

import faulthandler
import json
import os
import resource
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from . import watching
from .incidents import LOG, record
from .judging import example_of, judge, result
from .outcomes import Ending
from .parts import Verdict
from .remains import left, watch
from .sealing import Seal, broken, tracers

MEMORY = 2 * 2**30
SEAL = pytest.StashKey[Seal]()  # of what judges every side, made before the first of them is forked
STARTED = dict(os.environ)
# The variables of the environment that an example may see; what a harness or a proof has set since, it may see too.
GIVEN = {"LANG", "LANGUAGE", "LD_LIBRARY_PATH", "PATH", "SYSTEMROOT", "TZ", "VIRTUAL_ENV"}


def given(name: str) -> bool:
    """Whether a variable of the environment is handed on to examples."""
    return name in GIVEN or name.startswith(("LC_", "PYTHON", "PYTEST_", "SKILL_VALIDATOR_"))


@dataclass(frozen=True, slots=True)
class Side:
    """One side while it runs; `token` is what its report begins with, `out` where it writes that report."""

    item: pytest.Function
    base: Path
    token: str
    into: int
    out: int
    sink: int

    @property
    def folder(self) -> Path:
        """The only folder that the side may touch."""
        return self.base / "own"

    @property
    def log(self) -> Path:
        """Where its trespasses are noted."""
        return self.base / "log"


def run(side: Side, deadline: float) -> None:
    """The side itself: in its own folder, with a memory limit, telling where it stands shortly before its deadline.

    What it needs at its end it holds from the beginning, whatever the example does to the modules it comes from.
    """
    write, leave, pid, getpid, dumps = os.write, os._exit, os.getpid(), os.getpid, json.dumps
    _settle(side)
    sealed, traced = side.item.config.stash[SEAL], tracers()
    with (side.base / "trace").open("w") as trace:
        faulthandler.dump_traceback_later(deadline * 0.8, file=trace)
        reports = _reports(side.item)
        if getpid() != pid:
            leave(0)  # a copy that the example made of this process: it has nothing to say
        faulthandler.cancel_dump_traceback_later()
    outcome = judge(side.item, reports)
    replaced = [*broken(sealed), *(["sys.settrace"] if tracers() != traced else [])]
    if replaced:
        outcome = result(side.item, Ending.TAMPERED, f"replaced {', '.join(replaced[:3])}")
    elif outcome["ending"] == Ending.HELD.value and example_of(side.item).verdict is not Verdict.INCORRECT:
        for message, place in left():
            record(str(side.log), "left-running", place, message)
    write(side.out, f"{side.token}{dumps(outcome)}\n".encode())


def _settle(side: Side) -> None:
    """Close what is the keeper's, give up what the side was not given, and turn to its own folder."""
    os.close(side.sink)
    os.close(side.into)
    mine = {watching.FOLDER: str(side.folder), LOG: str(side.log), "TMPDIR": str(side.folder)}
    for name in [n for n in os.environ if not given(n) and STARTED.get(n) == os.environ[n]]:
        del os.environ[name]
    os.environ |= mine | {"PYTHONDONTWRITEBYTECODE": "1"}
    os.chdir(side.folder)
    tempfile.tempdir = None
    sys.dont_write_bytecode = True
    output = os.open(side.base / "output", os.O_WRONLY | os.O_CREAT)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    watch()


def _reports(item: pytest.Function) -> list[pytest.TestReport]:
    """Run the test as pytest itself does, with every plugin's part in it."""
    reports: list[pytest.TestReport] = []

    class Recorder:
        @staticmethod
        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_setup() -> None:
            watching.watch_warnings(of_faults=example_of(item).verdict is not Verdict.INCORRECT)

        @staticmethod
        def pytest_runtest_logreport(report: pytest.TestReport) -> None:
            reports.append(report)

    item.config.pluginmanager.register(Recorder())
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
    return reports
