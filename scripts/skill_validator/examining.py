"""Roots of skills -> reports: read, prove where asked to, check; first within bounds, since skills may be hostile."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from .bounded import Bounds, CrashedError, OutOfBoundsError
from .causes import first_causes
from .checks.files import exhausting_skill
from .diagnostics import Check
from .model import Skill
from .parts import Flaw
from .report import Report
from .silencing import examine, prepare
from .skill import SkillUnreadableError, build_skill, read_skill

RUN = {"proofs", "conduct"}  # the groups that report a run
NOT_STATIC = {"types"}  # nothing is executed, but it takes longer than all the other checks together
# A package of up to so many sides is proven so many times, for so many seconds: what depends on luck shows.
FEW, ROUNDS, PATIENCE = 50, 6, 10.0
BOUNDS: Bounds[list[Report | SkillUnreadableError]] = Bounds(seconds=9.0, memory=2**30)
MOST = 8  # skills that share a process: to begin one takes as long as a small skill
Examined = Report | SkillUnreadableError | OutOfBoundsError | CrashedError


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: which checks, whether nothing may be executed, how much at once, how often."""

    checks: tuple[Check, ...]
    static: bool
    jobs: int
    rounds: int | None = None


def reports(roots: Sequence[Path], request: Request) -> Iterator[Report]:
    """A report for each skill, in their order.

    Each is first read and checked in a process of its own; only one that stays within BOUNDS is run. Raises
    SkillUnreadableError where a skill cannot be read or its proofs cannot be run, and CrashedError.
    """
    quick = tuple(c for c in request.checks if c.group not in NOT_STATIC | RUN)
    first = request if request.static else replace(request, static=True, checks=quick)
    for root, result in zip(roots, _bounded(roots, first), strict=True):
        if isinstance(result, OutOfBoundsError):
            yield _exhausted(root, f"reading and checking it {result}")
        elif isinstance(result, CrashedError | SkillUnreadableError):
            raise result
        elif request.static:
            yield result
        else:
            proven = _proven(read_skill(root), request)
            prepare([proven], request.checks)
            yield _report(proven, request)


def _bounded(roots: Sequence[Path], request: Request) -> Iterator[Examined]:
    """What came of each skill, in their order. Several share a process, unless that shows one of them to be hostile."""
    most = min(MOST, -(-len(roots) // request.jobs))
    groups = [roots[n : n + most] for n in range(0, len(roots), most)]
    for group, result in zip(groups, _together(groups, request), strict=True):
        if isinstance(result, list):
            yield from result
        elif len(group) == 1:
            yield result
        else:
            for alone in _together([[root] for root in group], request):
                yield from alone if isinstance(alone, list) else [alone]


def _together(
    groups: Sequence[Sequence[Path]], request: Request
) -> Iterator[list[Report | SkillUnreadableError] | OutOfBoundsError | CrashedError]:
    return BOUNDS.run([partial(_group, group, request) for group in groups], request.jobs)


def _group(roots: Sequence[Path], request: Request) -> list[Report | SkillUnreadableError]:
    read = [_read(root) for root in roots]
    prepare((skill for skill in read if isinstance(skill, Skill)), request.checks)
    return [_report(skill, request).light if isinstance(skill, Skill) else skill for skill in read]


def _read(root: Path) -> Skill | SkillUnreadableError:
    try:
        return read_skill(root)
    except SkillUnreadableError as error:
        return error


def _report(skill: Skill, request: Request) -> Report:
    diagnostics, silenced = examine(skill, request.checks)
    return Report(skill, first_causes(skill, diagnostics), static=request.static, silenced=silenced)


def _exhausted(root: Path, message: str) -> Report:
    """The report of a skill that could not be looked into: one finding, whatever checks were chosen."""
    main = root / "SKILL.md"
    skill = build_skill(root, {main: ""}, frozenset({main}), [Flaw(main, 1, message, "bounds")])
    return Report(skill, tuple(exhausting_skill(skill)), static=True)


def _proven(skill: Skill, request: Request) -> Skill:
    if request.static or skill.proofs is None or not any(c.group in RUN for c in request.checks):
        return skill
    try:
        from .proving import Rounds, prove  # noqa: PLC0415 - static validation starts without what running needs
    except ModuleNotFoundError as error:
        needed = f"{error.name}, which is not installed: install the extra 'examples', or ask for --static"
        raise SkillUnreadableError(f"{skill.root}: its proofs need {needed}") from error
    sides = sum(len(document.provable) for document in skill.documents)
    luck = Rounds(ROUNDS, PATIENCE) if sides <= FEW else Rounds()
    rounds = Rounds(request.rounds) if request.rounds else luck
    return replace(skill, run=prove(skill, request.jobs, rounds=rounds, progress=sys.stderr.isatty()))
