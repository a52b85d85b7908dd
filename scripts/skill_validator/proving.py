"""Skill -> Run: start the process that executes the proofs, watch it, and believe only what it reported."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

from .isolation import DEPLOYING, EVENTS
from .model import Ending, Example, Incident, Outcome, Place, Run, Skill
from .processes import adopt_orphans, descendants, sweep
from .skill import SkillUnreadableError

SCRIPTS = Path(__file__).parents[1]
DEADLINE = 20.0
COLLECTING = 60.0


class ProofsNotRunError(SkillUnreadableError):
    """The proofs could not be collected or did not come to an end: nothing can be said about them."""


def prove(skill: Skill, jobs: int, deadline: float = DEADLINE, progress: bool = False) -> Run:
    """Run every proof of `skill`, `jobs` sides at once, each for at most `deadline` seconds.

    A test of a project may take three times as long. Raises ProofsNotRunError when the proofs cannot be collected, or
    the run ends without saying that it is complete.
    """
    adopt_orphans()
    before = descendants()
    source, sink = os.pipe()
    with tempfile.TemporaryFile("w+") as talk:
        worker = subprocess.Popen(
            _command(skill.root, jobs, deadline),
            cwd=skill.root,
            env=_environment(skill.root, sink),
            stdin=subprocess.DEVNULL,
            stdout=talk,
            stderr=subprocess.STDOUT,
            pass_fds=[sink],
            start_new_session=True,
        )
        os.close(sink)
        try:
            events = list(_events(source, max(COLLECTING, 2 * DEPLOYING * deadline), progress))
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
    outcomes = tuple(_outcome(skill, event["outcome"]) for event in events[:-1])
    if not outcomes:
        raise ProofsNotRunError(f"{skill.root / 'tests' / 'proofs'}: no proof was collected")
    return Run(
        tuple(sorted(outcomes, key=lambda o: (o.example.path, o.example.line, o.example.section))),
        versions(skill) | events[-1]["finished"],
    )


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


def _command(root: Path, jobs: int, deadline: float) -> list[str]:
    pytest = [sys.executable, "-m", "pytest", str(root / "tests" / "proofs"), "-p", "skill_validator.isolation"]
    alone = ["--disable-plugin-autoload", "-p", "pytest_asyncio.plugin"]
    quiet = [*alone, "--capture=no", "-p", "no:cacheprovider", "-q", "--rootdir", str(root)]
    return [*pytest, *quiet, f"--skill-jobs={jobs}", f"--skill-deadline={deadline}"]


def _environment(root: Path, sink: int) -> dict[str, str]:
    paths = os.pathsep.join(str(p) for p in (SCRIPTS, root / "tests"))
    return os.environ | {EVENTS: str(sink), "PYTHONPATH": paths}


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
        yield from (json.loads(line) for line in lines)
        count += len(lines)
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
