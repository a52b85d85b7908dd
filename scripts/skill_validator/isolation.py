"""A pytest plugin that runs every side of a proof in a process of its own and reports outcomes as data.

Three processes deep: this one collects and forks; a keeper per side holds the deadline and sweeps up; the side runs
below its keeper. An example that hangs, exits, kills its interpreter or fills memory ends its own process only.
"""

from __future__ import annotations

import faulthandler
import gc
import json
import os
import resource
import selectors
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from . import watching
from .judging import example_of, explain_silence, incident, judge, parameters, result
from .model import Ending
from .processes import adopt_orphans, run_watched

EVENTS = "SKILL_VALIDATOR_EVENTS"
MEMORY = 2 * 2**30
DEPLOYING = 3  # times the deadline of an example has a project, which starts processes first


def pytest_addoption(parser: pytest.Parser) -> None:
    """Two options that only the validator gives."""
    parser.addoption("--skill-deadline", type=float, default=20.0, help="seconds that one side of a proof may take")
    parser.addoption("--skill-jobs", type=int, default=1, help="how many sides run at once")


class Specification:
    """The hook by which a package's harness adds the versions that no distribution's metadata tells."""

    @pytest.hookspec
    def pytest_skill_versions(self, config: pytest.Config) -> dict[str, str]:
        """Names of servers and their versions."""
        raise NotImplementedError


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Make the hook known."""
    pluginmanager.add_hookspecs(Specification)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    """Run the collected proofs, several at once, each in its own process."""
    events = int(os.environ.pop(EVENTS))
    if session.testsfailed:
        raise session.Interrupted("proofs that cannot be collected")
    proofs = [item for item in session.items if isinstance(item, pytest.Function) and "example" in parameters(item)]
    gc.collect()
    gc.freeze()  # what exists now is never collected in a side: that would copy this process's memory page by page
    for outcome in _outcomes(proofs, events):
        _send(events, {"outcome": outcome})
    versions = {
        k: v for found in session.config.hook.pytest_skill_versions(config=session.config) for k, v in found.items()
    }
    _send(events, {"finished": versions})
    return True


def _outcomes(items: list[pytest.Function], events: int) -> Iterator[dict[str, object]]:
    """Start the items in order, keep as many running as there are jobs, yield each result as it arrives."""
    selector = selectors.DefaultSelector()
    waiting = list(reversed(items))
    jobs = items[0].config.getoption("--skill-jobs") if items else 1
    while waiting or selector.get_map():
        while waiting and len(selector.get_map()) < jobs:
            item = waiting.pop()
            keeper, pipe = _start(item, events)
            selector.register(pipe, selectors.EVENT_READ, (item, keeper))
        for key, _ in selector.select():
            item, keeper = key.data
            selector.unregister(key.fd)
            with os.fdopen(key.fd) as report:
                yield json.loads(report.read() or json.dumps(result(item, Ending.DIED, "its keeper was killed")))
            os.waitpid(keeper, 0)


def _start(item: pytest.Function, events: int) -> tuple[int, int]:
    """Fork a keeper for one side; its process id and the descriptor on which it will write its result."""
    source, sink = os.pipe()
    keeper = os.fork()
    if keeper == 0:
        os.close(source)
        os.close(events)
        adopt_orphans()
        try:
            _send(sink, _keep(item))
        finally:
            os._exit(0)
    os.close(sink)
    return keeper, source


def _keep(item: pytest.Function) -> dict[str, object]:
    """Run one side below this process and say how it ended, from what it reported or from how it died."""
    folder = Path(tempfile.mkdtemp(prefix="proof-"))
    report, log = folder / ".result", folder / ".log"
    deadline = item.config.getoption("--skill-deadline") * (DEPLOYING if example_of(item).files else 1)
    os.environ |= {watching.FOLDER: str(folder), watching.LOG: str(log), "TMPDIR": str(folder)}
    began = time.monotonic()
    try:
        code, left = run_watched(lambda: _run(item, folder, deadline), deadline)
        outcome = json.loads(report.read_text()) if report.exists() else explain_silence(item, code, deadline, folder)
        outcome["seconds"] = time.monotonic() - began
        entries = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    outcome["executed"] = [e["loaded"] for e in entries if "loaded" in e]
    incidents = [e for e in entries if "check" in e]
    incidents += [incident(example_of(item), "stray-process", f"left the process {name} behind") for name in left]
    outcome["incidents"] = incidents
    return outcome


def _run(item: pytest.Function, folder: Path, deadline: float) -> None:
    """The side itself: in its own folder, with a memory limit, telling where it stands shortly before its deadline."""
    os.chdir(folder)
    tempfile.tempdir = None
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    output = os.open(folder / ".output", os.O_WRONLY | os.O_CREAT)
    os.dup2(output, 1)
    os.dup2(output, 2)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with (folder / ".trace").open("w") as trace:
        faulthandler.dump_traceback_later(deadline * 0.8, file=trace)
        reports = _reports(item)
        faulthandler.cancel_dump_traceback_later()
    part = folder / ".part"
    part.write_text(json.dumps(judge(item, reports)))
    part.rename(folder / ".result")


def _reports(item: pytest.Function) -> list[pytest.TestReport]:
    """Run the test as pytest itself does, with every plugin's part in it."""
    reports: list[pytest.TestReport] = []

    class Recorder:
        @staticmethod
        def pytest_runtest_logreport(report: pytest.TestReport) -> None:
            reports.append(report)

    item.config.pluginmanager.register(Recorder())
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
    return reports


def _send(descriptor: int, event: dict[str, object]) -> None:
    data = memoryview(json.dumps(event).encode() + b"\n")
    while data:
        data = data[os.write(descriptor, data) :]
