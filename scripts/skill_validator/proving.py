"""Skill -> Run: start the process that executes the proofs, watch it, and believe only what it reported."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import Any

from .isolation import DEPLOYING, EVENTS
from .model import Skill
from .outcomes import Ending, Incident, Outcome, Run
from .parts import Example, Place
from .processes import adopt_orphans, descendants, sweep
from .side import given
from .skill import SkillUnreadableError

SCRIPTS = Path(__file__).parents[1]
DEADLINE = 20.0
COLLECTING = 60.0
# What a harness may need to start its servers, and examples may not see.
HARNESS = {"DATABASE_URL", "HOME", "TEMP", "TMP", "TMPDIR", "USER", "XDG_RUNTIME_DIR"}


class ProofsNotRunError(SkillUnreadableError):
    """The proofs could not be collected or did not come to an end: nothing can be said about them."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """How often every side is run; after `patience` seconds no further round begins."""

    count: int = 1
    patience: float = 1e9


def prove(
    skill: Skill, jobs: int, deadline: float = DEADLINE, rounds: Rounds = Rounds(), *, progress: bool = False
) -> Run:
    """Run every proof of `skill`, `jobs` sides at once, each for at most `deadline` seconds, as often as `rounds` says.

    A test of a project may take three times as long. Half of the rounds are run with another seed of the hash. A side
    that does not hold is not run again. Raises ProofsNotRunError when the proofs cannot be collected, or the run ends
    without saying that it is complete.
    """
    halves = [half for half in (-(-rounds.count // 2), rounds.count // 2) if half]
    runs: list[Outcome] = []
    began = time.monotonic()
    for seed, half in enumerate(halves):
        options = [f"--skill-jobs={jobs}", f"--skill-deadline={deadline}", f"--skill-rounds={half}"]
        options.append(f"--skill-patience={rounds.patience}")
        events = _events_of(skill, options, seed, max(COLLECTING, 2 * DEPLOYING * deadline), progress=progress)
        runs += (_outcome(skill, event["outcome"]) for event in events if "outcome" in event)
        if time.monotonic() - began > rounds.patience or any(o.ending is Ending.HUNG for o in runs):
            break
    if not runs:
        raise ProofsNotRunError(f"{skill.root / 'tests' / 'proofs'}: no proof was collected")
    same: dict[Example, list[Outcome]] = {}
    for outcome in runs:
        same.setdefault(outcome.example, []).append(outcome)
    outcomes = sorted(map(_together, same.values()), key=lambda o: (o.example.path, o.example.line, o.example.section))
    return Run(tuple(outcomes), versions(skill) | events[-1]["finished"])


def _together(outcomes: Sequence[Outcome]) -> Outcome:
    """What several runs of one side say: the one thing that all say, or that they differ."""
    held = [o for o in outcomes if o.ending is Ending.HELD]
    other = next((o for o in outcomes if o.ending is not Ending.HELD), None)
    if other is None:
        seen = {i: None for o in outcomes for i in o.incidents}
        return replace(outcomes[0], seconds=max(o.seconds for o in outcomes), incidents=tuple(seen))
    if not held:
        return other
    return replace(other, ending=Ending.FLAKY, message=f"held {len(held)} times, then not: {other.message}")


def _events_of(skill: Skill, options: list[str], seed: int, patience: float, *, progress: bool) -> list[dict[str, Any]]:
    """Start a worker, and what it told; the last event says that it is complete. Raises ProofsNotRunError."""
    adopt_orphans()
    before = descendants()
    source, sink = os.pipe()
    with tempfile.TemporaryFile("w+") as talk:
        worker = subprocess.Popen(
            [*_command(skill.root), *options],
            cwd=skill.root,
            env=_environment(skill.root, sink, seed),
            stdin=subprocess.DEVNULL,
            stdout=talk,
            stderr=subprocess.STDOUT,
            pass_fds=[sink],
            start_new_session=True,
        )
        os.close(sink)
        try:
            events = list(_events(source, patience, progress))
            worker.wait(timeout=COLLECTING)
        except subprocess.TimeoutExpired:
            events = []
        finally:
            worker.terminate()
            sweep(keep=before)
            worker.wait()
            os.close(source)
        if not events or "finished" not in events[-1]:
            talk.seek(0)
            raise ProofsNotRunError(f"the proofs of {skill.root.name} did not run to their end\n{_tail(talk.read())}")
    return events


def versions(skill: Skill) -> dict[str, str]:
    """The installed versions of Python and of the libraries that the manifest targets."""
    targets = skill.manifest.values.get("targets") if skill.manifest else None
    found = {"python": ".".join(map(str, sys.version_info[:3]))}
    for library in targets if isinstance(targets, dict) else ():
        try:
            found[library] = metadata.version(library)
        except metadata.PackageNotFoundError:
            continue
    return found


def _command(root: Path) -> list[str]:
    pytest = [sys.executable, "-m", "pytest", str(root / "tests" / "proofs"), "-p", "skill_validator.isolation"]
    alone = ["--disable-plugin-autoload", "-p", "pytest_asyncio.plugin"]
    quiet = [*alone, "--capture=no", "-p", "no:cacheprovider", "--tb=native", "-q", "--rootdir", str(root)]
    return [*pytest, *quiet]


def _environment(root: Path, sink: int, seed: int) -> dict[str, str]:
    paths = os.pathsep.join(str(p) for p in (SCRIPTS, root / "tests"))
    kept = {name: value for name, value in os.environ.items() if given(name) or name in HARNESS}
    return kept | {EVENTS: str(sink), "PYTHONPATH": paths, "PYTHONHASHSEED": str(seed)}


def _events(source: int, patience: float, progress: bool) -> Iterator[dict[str, Any]]:
    """The worker's events, until it closes its end or is silent for longer than `patience` seconds."""
    buffer = b""
    count = 0
    end = time.monotonic() + patience
    while select.select([source], [], [], max(0.0, end - time.monotonic()))[0]:
        data = os.read(source, 2**16)
        if not data:
            break
        *lines, buffer = (buffer + data).split(b"\n")
        events = [json.loads(line) for line in lines]
        yield from events
        count += sum("outcome" in event for event in events)
        end = time.monotonic() + patience
        if progress:
            sys.stderr.write(f"\r{count} sides run")
            sys.stderr.flush()
    if progress:
        sys.stderr.write("\r\033[K")


def _outcome(skill: Skill, data: dict[str, Any]) -> Outcome:
    example = _example(skill, Path(data["page"]), data["example"], data["section"])
    executed = tuple(e for e in example.files or (example,) if f"{e.path}:{e.line}" in data["executed"])
    return Outcome(
        example=example,
        ending=Ending(data["ending"]),
        message=data["message"],
        place=Place(Path(data["path"]), data["line"]),
        executed=bool(executed),
        seconds=data["seconds"],
        incidents=tuple(Incident(Path(i["path"]), i["line"], i["check"], i["message"]) for i in data["incidents"]),
        files=executed if example.files else (),
    )


def _example(skill: Skill, page: Path, line: int, section: str) -> Example:
    document = next(d for d in skill.documents if d.path == page)
    project = document.project
    if project and project.line == line:
        return replace(project, section=section)
    return next(e for e in document.examples if e.line == line)


def _tail(text: str) -> str:
    return "\n".join(text.strip().splitlines()[-40:])
