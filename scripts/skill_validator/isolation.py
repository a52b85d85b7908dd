"""A pytest plugin that runs every side of a proof in a process of its own and reports outcomes as data.

Three processes deep: this one collects and forks; a keeper per side holds the deadline and sweeps up; the side runs
below its keeper. An example that hangs, exits, kills its interpreter or fills memory ends its own process only.
"""

from __future__ import annotations

import gc
import inspect
import json
import os
import secrets
import selectors
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .forking import fork
from .judging import example_of, explain_silence, incident, parameters, result
from .outcomes import SLOW, Ending
from .parts import Example
from .processes import adopt_orphans, run_watched
from .sealing import seal
from .side import SEAL, Side, run

EVENTS = "SKILL_VALIDATOR_EVENTS"
# The hooks of pytest that make an outcome what it is, and whose they may be.
JUDGING = (
    "pytest_generate_tests",
    "pytest_pyfunc_call",
    "pytest_runtest_call",
    "pytest_runtest_logreport",
    "pytest_runtest_makereport",
    "pytest_runtest_protocol",
)
JUDGES = {"_pytest", "pytest", "pytest_asyncio", "skill_validator"}
DEPLOYING = 3  # times the deadline of an example has a project, which starts processes first


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options that only the validator gives."""
    parser.addoption("--skill-deadline", type=float, default=20.0, help="seconds that one side of a proof may take")
    parser.addoption("--skill-rounds", type=int, default=1, help="how often every side is run")
    parser.addoption("--skill-patience", type=float, default=1e9, help="seconds after which no round begins")
    parser.addoption("--skill-jobs", type=int, default=1, help="how many sides run at once")


class Specification:
    """The hook by which a package's harness adds the versions that no distribution's metadata tells."""

    @pytest.hookspec
    def pytest_skill_versions(self, config: pytest.Config) -> dict[str, str]:
        """Names of servers and their versions."""
        raise NotImplementedError  # pragma: no cover - a specification is never called


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Make the hook known."""
    pluginmanager.add_hookspecs(Specification)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    """Run the collected proofs, several at once, each in its own process."""
    events = int(os.environ.pop(EVENTS))
    if session.testsfailed:
        raise session.Interrupted("proofs that cannot be collected")
    if judge := _own_judge(session.config):
        raise session.Interrupted(f"a skill cannot judge its own proofs: {judge}")
    proofs = [item for item in session.items if isinstance(item, pytest.Function) and _is_proof(item)]
    session.config.stash[SEAL] = seal(*{proof.module.__name__ for proof in proofs})
    gc.collect()
    gc.freeze()  # what exists now is never collected in a side: that would copy this process's memory page by page
    for event in _results(proofs, events):
        _send(events, event)
    versions = {
        k: v for found in session.config.hook.pytest_skill_versions(config=session.config) for k, v in found.items()
    }
    _send(events, {"finished": versions})
    return True


def _is_proof(item: pytest.Function) -> bool:
    """Whether a test is given an example: one that is named after no section asks for it and has none."""
    return isinstance(parameters(item).get("example"), Example)


def _own_judge(config: pytest.Config) -> str:
    """A hook that decides what a proof's outcome is, of the skill's own making; empty where it has none."""
    for name in JUDGING:
        for implementation in getattr(config.hook, name).get_hookimpls():
            module = implementation.function.__module__
            if module.partition(".")[0] not in JUDGES:
                return f"{name} in {inspect.getsourcefile(implementation.function) or module}"
    return ""


def _results(items: list[pytest.Function], events: int) -> Iterator[dict[str, object]]:
    """Run every item as often as there are rounds, and what is to be told of it: an outcome, or that one is to follow.

    Those that took long are run once more, alone, to be fair. Whoever listens hears at once that they have ended: a
    machine may be so slow that all of them take long.
    """
    jobs, rounds = (items[0].config.getoption(f"--skill-{name}") if items else 1 for name in ("jobs", "rounds"))
    slow = []
    held = list(_spread(items))
    began = time.monotonic()
    for number in range(rounds):
        if number and time.monotonic() - began > items[0].config.getoption("--skill-patience"):
            break
        holding = []
        for item, outcome in _at_once(held, events, jobs):
            if outcome["ending"] == Ending.HELD.value:
                holding.append(item)
            if outcome["ending"] == Ending.HELD.value and outcome["seconds"] > SLOW * _patience(item):
                slow.append((item, outcome))
                yield {"postponed": item.nodeid}
            else:
                yield {"outcome": outcome}
        held = [item for item in held if item in holding]
    for item, outcome in slow:
        for _, again in _at_once([item], events, 1):
            yield {"outcome": outcome | {"seconds": min(outcome["seconds"], again["seconds"])}}


def _spread(items: list[pytest.Function]) -> Iterator[pytest.Function]:
    """The items with those that take longest at even distances: they keep the processor busy, while others wait."""
    long = [item for item in items if _patience(item) > 1]
    others = [item for item in items if _patience(item) == 1]
    begun = 0
    for number, item in enumerate(others):
        due = -(-len(long) * (number + 1) // len(others))
        yield from long[begun:due]
        begun = due
        yield item
    yield from long[begun:]


def _at_once(items: list[pytest.Function], events: int, jobs: int) -> Iterator[tuple[pytest.Function, dict[str, Any]]]:
    """Start the items in order, keep as many running as there are jobs, yield each result as it arrives."""
    selector = selectors.DefaultSelector()
    waiting = list(reversed(items))
    while waiting or selector.get_map():
        while waiting and len(selector.get_map()) < jobs:
            item = waiting.pop()
            keeper, pipe = _start(item, events)
            selector.register(pipe, selectors.EVENT_READ, (item, keeper))
        for key, _ in selector.select():
            item, keeper = key.data
            selector.unregister(key.fd)
            with os.fdopen(key.fd) as report:
                yield item, json.loads(report.read() or json.dumps(result(item, Ending.DIED, "its keeper was killed")))
            os.waitpid(keeper, 0)


def _start(item: pytest.Function, events: int) -> tuple[int, int]:
    """Fork a keeper for one side; its process id and the descriptor on which it will write its result."""
    source, sink = os.pipe()

    def keep() -> None:
        os.close(source)
        os.close(events)
        adopt_orphans()
        _send(sink, _keep(item, sink))

    keeper = fork(keep)
    os.close(sink)
    return keeper, source


def _keep(item: pytest.Function, sink: int) -> dict[str, object]:
    """Run one side below this process and say how it ended, from what it reported or from how it died.

    The side has a folder of its own; what is kept of it lies beside that folder, and its report comes through a pipe.
    """
    base = Path(tempfile.mkdtemp(prefix="proof-"))
    side = Side(item, base, secrets.token_hex(16), *os.pipe(), sink)
    deadline = item.config.getoption("--skill-deadline") * _patience(item)
    began = time.monotonic()
    try:
        side.folder.mkdir()
        code, left = run_watched(lambda: run(side, deadline), deadline)
        outcome = _reported(side) or explain_silence(item, code, deadline, base)
        outcome["seconds"] = time.monotonic() - began
        entries = [json.loads(line) for line in side.log.read_text().splitlines()] if side.log.exists() else []
    finally:
        shutil.rmtree(base, ignore_errors=True)
    example = example_of(item)
    outcome["executed"] = [e["loaded"] for e in entries if "loaded" in e]
    incidents = [e if e["path"] else incident(example, e["check"], e["message"]) for e in entries if "check" in e]
    incidents += [incident(example, "stray-process", f"left the process {name} behind") for name in left]
    outcome["incidents"] = [e for n, e in enumerate(incidents) if e not in incidents[:n]]
    return outcome


def _patience(item: pytest.Function) -> int:
    return DEPLOYING if example_of(item).files else 1


def _reported(side: Side) -> dict[str, Any] | None:
    """What the side wrote into its pipe, if it is one report that begins with the side's token."""
    os.set_blocking(side.into, False)
    try:
        text = os.read(side.into, 2**16).decode(errors="replace")
    except BlockingIOError:
        return None
    if not text.startswith(side.token) or text.count("\n") != 1:
        return result(side.item, Ending.DIED, "something else than the proof wrote its report")
    report: dict[str, Any] = json.loads(text.removeprefix(side.token))
    return report


def _send(descriptor: int, event: dict[str, object]) -> None:
    data = memoryview(json.dumps(event).encode() + b"\n")
    while data:
        data = data[os.write(descriptor, data) :]
