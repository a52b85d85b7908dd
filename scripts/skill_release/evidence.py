"""A report on a package and its run -> what the evidence page shows, as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from skill_validator.derived import categories, category_of
from skill_validator.model import Document, Skill
from skill_validator.outcomes import Ending, Outcome
from skill_validator.parts import Example, Trap, Verdict
from skill_validator.report import Report

from .prose import Prose, section_prose
from .side_by_side import Line, compared, lines

Shown = Mapping[Path, set[str]]  # the pages, and the sections of each that are shown


@dataclass(frozen=True, slots=True)
class Side:
    """One example and what was observed when its proof ran on it."""

    verdict: str
    why: str
    lines: tuple[Line, ...]
    result: str
    observed: str
    seconds: float
    as_claimed: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """A trap, or another section with examples: what it says, its proof, its sides."""

    anchor: str
    title: str
    prose: Prose
    proof: str
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A page: a rule, or its further traps."""

    anchor: str
    file: str
    title: str
    impact: str
    symptom: str
    tokens: int
    prose: Prose
    setup: tuple[Line, ...]
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that the page shows."""

    name: str
    version: str
    description: str
    summary: Mapping[str, int]
    versions: Mapping[str, str]
    tested: Mapping[str, str]
    costs: Sequence[tuple[str, int]]
    parts: tuple[tuple[str, tuple[Chapter, ...]], ...]


def evidence(report: Report) -> Evidence:
    """What can be shown of a package: the pages by category, each with its further traps, and what else is run."""
    skill = report.skill
    ran = {outcome.example: outcome for outcome in (skill.run.outcomes if skill.run else ())}
    others = [d for d in skill.documents if d not in skill.pages and any(example.path == d.path for example in ran)]
    shown = {page.path: {section.slug for section in _sections(page)} for page in (*skill.pages, *others)}
    parts = []
    for category in categories(skill):
        own = [page for page in skill.pages if category_of(page) == category.id]
        chapters = (_chapter(skill, page, shown, ran) for page in sorted(own, key=lambda page: page.path.stem))
        parts.append((category.title, tuple(chapters)))
    if others:
        parts.append(("SKILL.md and references", tuple(_chapter(skill, page, shown, ran) for page in others)))
    manifest = skill.manifest.values if skill.manifest else {}
    tested = manifest.get("tested")
    return Evidence(
        name=report.name,
        version=skill.main.frontmatter.text("version"),
        description=skill.main.frontmatter.text("description"),
        summary=report.summary,
        versions=report.versions,
        tested={str(k): str(v) for k, v in tested.items()} if isinstance(tested, dict) else {},
        costs=report.costs,
        parts=tuple(parts),
    )


def _chapter(skill: Skill, page: Document, shown: Shown, ran: Mapping[Example, Outcome]) -> Chapter:
    resolve = partial(_address, page, shown)
    setups = [lines(e.code) for e in page.examples if e.is_setup]
    return Chapter(
        anchor=page.path.stem,
        file=page.path.relative_to(skill.root).as_posix(),
        title=page.frontmatter.text("title") or (page.title.text if page.title else page.path.stem),
        impact=page.frontmatter.text("impact"),
        symptom=page.frontmatter.text("impactDescription"),
        tokens=page.tokens,
        prose=section_prose(page, 0, resolve),
        setup=setups[0] if setups else (),
        claims=tuple(_claim(skill, page, s, ran, section_prose(page, s.line, resolve)) for s in _sections(page)),
    )


def _sections(page: Document) -> list[Trap]:
    """The sections of a page with Python examples right in them: its traps, and others as if they were."""
    traps = {trap.slug: trap for trap in page.traps}
    found = []
    for heading in page.headings:
        own = tuple(e for e in page.examples if e.section == heading.slug and e.language == "python" and not e.is_setup)
        if own:
            found.append(traps.get(heading.slug) or Trap(page.path, heading.line, heading.text, heading.slug, own))
    return found


def _claim(skill: Skill, page: Document, trap: Trap, ran: Mapping[Example, Outcome], prose: Prose) -> Claim:
    proof = next((p for p in skill.proofs or () if (p.page, p.slug) == (page.path, trap.slug)), None)
    sides = (
        _side(skill, example, prose.whys[n] if n < len(prose.whys) else "", code, ran.get(example))
        for n, (example, code) in enumerate(zip(trap.examples, _marked(trap), strict=True))
    )
    return Claim(
        anchor=f"{page.path.stem}--{trap.slug}",
        title=trap.title,
        prose=prose,
        proof=f"{proof.path.relative_to(skill.root).as_posix()}::test_{trap.slug.replace('-', '_')}" if proof else "",
        sides=tuple(sides),
    )


def _marked(trap: Trap) -> list[tuple[Line, ...]]:
    """The lines of each example; where there is one of either verdict, the two are compared."""
    pair = (*trap.sides(Verdict.INCORRECT), *trap.sides(Verdict.CORRECT))
    if [e.verdict for e in pair] != [Verdict.INCORRECT, Verdict.CORRECT]:
        return [lines(e.code) for e in trap.examples]
    both = dict(zip(pair, compared(pair[0].code, pair[1].code), strict=True))
    return [both.get(e) or lines(e.code) for e in trap.examples]


def _side(skill: Skill, example: Example, why: str, code: tuple[Line, ...], outcome: Outcome | None) -> Side:
    ending = outcome.ending if outcome else Ending.NOT_RUN
    message = outcome.message if outcome else ""
    return Side(
        verdict=example.side,
        why=why,
        lines=code,
        result=_result(example, ending, message),
        observed=message.replace(f"{skill.root}/", ""),
        seconds=outcome.seconds if outcome else 0.0,
        as_claimed=ending is Ending.HELD,
    )


def _result(example: Example, ending: Ending, message: str) -> str:
    """What became of a side in a few words. An Incorrect one that holds without a message has passed its proof."""
    if ending is not Ending.HELD:
        return f"not as claimed: {ending.value}"
    if example.verdict is not Verdict.INCORRECT:
        return "passes"
    return "fails, as claimed" if message else "passes: these versions have not the fault"


def _address(page: Document, shown: Shown, target: str) -> str | None:
    """Where a link of `page` leads from the evidence page: to the web, to another trap or page in it, or nowhere."""
    if target.startswith(("https://", "http://")):
        return target
    link = next((link for link in page.links if link.target == target), None)
    if link is None or link.destination not in shown:
        return None
    stem = link.destination.stem
    return f"#{stem}--{link.anchor}" if link.anchor in shown[link.destination] else f"#{stem}"
