"""A pytest plugin that runs every side of a proof in a process of its own and reports outcomes as data.

Three processes deep: this one collects and forks; a keeper per side holds the deadline and sweeps up; the side runs
below its keeper. An example that hangs, exits, kills its interpreter or fills memory ends its own process only.
"""

from __future__ import annotations

import faulthandler
import json
import os
import re
import resource
import selectors
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from . import loading, watching
from .model import Ending, Example, Verdict
from .plugin import MESSAGE, PLACE
from .processes import adopt_orphans, run_watched

EVENTS = "SKILL_VALIDATOR_EVENTS"
MEMORY = 2 * 2**30
FRAME = re.compile(r'File "(?P<path>.+\.md)", line (?P<line>\d+)')


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
    proofs = [item for item in session.items if isinstance(item, pytest.Function) and "example" in _params(item)]
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
                yield json.loads(report.read() or json.dumps(_died(item, "its keeper was killed")))
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
    result, trace, log = folder / ".result", folder / ".trace", folder / ".log"
    deadline = item.config.getoption("--skill-deadline")
    os.environ |= {watching.FOLDER: str(folder), watching.LOG: str(log), "TMPDIR": str(folder)}
    began = time.monotonic()
    try:
        code, left = run_watched(lambda: _run(item, folder, deadline), deadline)
        outcome = json.loads(result.read_text()) if result.exists() else _silent(item, code, deadline, trace)
        outcome["seconds"] = time.monotonic() - began
        entries = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    example = _params(item)["example"]
    outcome["executed"] = any(e.get("loaded") == f"{example.path}:{example.line}" for e in entries)
    incidents = [e for e in entries if "check" in e]
    incidents += [_incident(example, "stray-process", f"left the process {name} behind") for name in left]
    outcome["incidents"] = incidents
    return outcome


def _run(item: pytest.Function, folder: Path, deadline: float) -> None:
    """The side itself: in its own folder, with a memory limit, telling where it stands shortly before its deadline."""
    os.chdir(folder)
    tempfile.tempdir = None
    output = os.open(folder / ".output", os.O_WRONLY | os.O_CREAT)
    os.dup2(output, 1)
    os.dup2(output, 2)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with (folder / ".trace").open("w") as trace:
        faulthandler.dump_traceback_later(deadline * 0.8, file=trace)
        reports = runtestprotocol(item, log=False, nextitem=None)
        faulthandler.cancel_dump_traceback_later()
    part = folder / ".part"
    part.write_text(json.dumps(_judge(item, reports)))
    part.rename(folder / ".result")


def _judge(item: pytest.Function, reports: list[pytest.TestReport]) -> dict[str, object]:
    """What the reports of setup, call and teardown say together."""
    example: Example = _params(item)["example"]
    message = item.stash.get(MESSAGE, "")
    failed = next((r for r in reports if r.failed), None)
    skipped = next((r for r in reports if r.skipped and not hasattr(r, "wasxfail")), None)
    incorrect = example.verdict is Verdict.INCORRECT
    if failed is not None and incorrect and str(failed.longrepr).startswith("[XPASS"):
        return _result(item, Ending.TOOTHLESS, "the proof passes")
    if failed is not None:
        prefix = "" if failed.when == "call" else f"in {failed.when}: "
        reason = failed.longrepr if isinstance(failed.longrepr, str) else prefix + message
        return _result(item, Ending.WRONG_REASON if incorrect else Ending.FAILED, reason)
    if skipped is not None:
        return _result(item, Ending.NOT_RUN, message)
    return _result(item, Ending.HELD, message)


def _silent(item: pytest.Function, code: int | None, deadline: float, trace: Path) -> dict[str, object]:
    """A side that reported nothing: killed at its deadline, or gone before it could say a word."""
    if code is not None:
        return _died(
            item, f"ended the process with status {code}" if code >= 0 else f"the process was killed by signal {-code}"
        )
    outcome = _result(item, Ending.HUNG, f"still running after {deadline:g} s")
    stuck = FRAME.search(trace.read_text()) if trace.exists() else None
    return outcome | {"path": stuck["path"], "line": int(stuck["line"])} if stuck else outcome


def _died(item: pytest.Function, message: str) -> dict[str, object]:
    return _result(item, Ending.DIED, message)


def _result(item: pytest.Function, ending: Ending, message: str) -> dict[str, object]:
    example: Example = _params(item)["example"]
    place = item.stash.get(PLACE, None)
    inside = place is not None and place.path == example.path
    return {
        "id": loading.name(example),
        "page": str(example.path),
        "example": example.line,
        "ending": ending.value,
        "message": message,
        "path": str(example.path),
        "line": place.line if place and inside else example.line,
        "executed": False,
        "seconds": 0.0,
        "incidents": [],
    }


def _incident(example: Example, check: str, message: str) -> dict[str, object]:
    return {"check": check, "path": str(example.path), "line": example.line, "message": message}


def _params(item: pytest.Function) -> Mapping[str, Any]:
    return item.callspec.params if hasattr(item, "callspec") else {}


def _send(descriptor: int, event: dict[str, object]) -> None:
    data = memoryview(json.dumps(event).encode() + b"\n")
    while data:
        data = data[os.write(descriptor, data) :]


sys.dont_write_bytecode = True
