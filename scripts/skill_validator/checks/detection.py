"""The scanner is held to the pages: what it finds in their examples, and what it must not find there."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..diagnostics import Faults, check
from ..model import Document, Mapped, Skill
from ..parts import Example, Place, Trap, Verdict
from ..python import parse

if TYPE_CHECKING:  # the packages of strangers have no scanner, and are checked without loading it
    from scanner.finding import Finding
    from scanner.scanning import Scanner

ERROR = "error"


@check
def undetected_example(skill: Skill) -> Faults:
    """The scanner of a package finds every Incorrect example by the detector named after its trap.

    A trap that cannot be found without running the code has no detector, and a reason in manifest.json:
    `"undetected": {"<page>": {"<trap>": "why"}}`. Breach: neither detector nor reason, or a reason for a trap that has
    a detector or does not exist. Mend it: write the detector, or say why there is none.
    """
    for page, trap in _traps(skill):
        reason = _reasons(skill).get((page.path.stem, trap.slug))
        if (page.path.stem, trap.slug) not in _known():
            if not reason:
                yield trap, f"no detector is called {trap.slug}, and manifest.json gives no reason"
            continue
        for example in trap.sides(Verdict.INCORRECT):
            if _tree(example) and not any(f.trap == trap.slug for f, _ in _found(example, trap.slug)):
                yield example, f"the detector {trap.slug} does not find it"
    yield from _idle_reasons(skill)


@check
def false_alarm(skill: Skill) -> Faults:
    """The scanner of a package finds no error in any Correct example, and nothing of its own trap.

    In `New and correct`, and in SKILL.md, it finds nothing at all. Breach: a detector that asks for too little. Mend
    it: let it ask for more, or make it a warning.
    """
    for page, trap in _traps(skill):
        for example in trap.sides(Verdict.CORRECT):
            for finding, place in _found(example):
                own = finding.trap == trap.slug and f"/{page.path.stem}.md#" in finding.page
                if own or finding.severity == ERROR:
                    yield place, f"{finding.trap}: {finding.message}"
    for example in _model_code(skill):
        yield from ((place, f"{finding.trap}: {finding.message}") for finding, place in _found(example))


def _traps(skill: Skill) -> Iterator[tuple[Document, Trap]]:
    if skill.root / "scripts" / "scan.py" in skill.files:
        yield from ((page, trap) for page in skill.pages for trap in page.traps)


def _model_code(skill: Skill) -> Iterator[Example]:
    """The Python blocks that readers are to follow as they stand: without a verdict, outside of traps."""
    if skill.root / "scripts" / "scan.py" in skill.files:
        for document in (skill.main, *skill.pages):
            traps = {trap.slug for trap in document.traps}
            blocks = (e for e in document.examples if e.language == "python" and not e.is_setup)
            yield from (e for e in blocks if document is skill.main or e.section not in traps)


def _reasons(skill: Skill) -> dict[tuple[str, str], str]:
    """Why a trap has no detector, by page and trap."""
    return {(page, trap): str(why) for page, trap, why in _declared(skill.manifest)}


def _declared(manifest: Mapped | None) -> Iterator[tuple[str, str, object]]:
    declared = manifest.values.get("undetected") if manifest else None
    for page, traps in declared.items() if isinstance(declared, dict) else ():
        yield from ((page, trap, why) for trap, why in traps.items()) if isinstance(traps, dict) else ()


def _idle_reasons(skill: Skill) -> Faults:
    traps = {(page.path.stem, trap.slug) for page, trap in _traps(skill)}
    for page, trap, _ in _declared(skill.manifest) if traps and skill.manifest else ():
        place = skill.manifest.at("undetected", page, trap) if skill.manifest else skill
        if (page, trap) not in traps:
            yield place, f"there is no trap {trap!r} on a page {page!r}"
        elif (page, trap) in _known():
            yield place, f"{trap} has a detector"


@functools.cache
def _known() -> frozenset[tuple[str, str]]:
    from scanner.detectors import DETECTORS  # noqa: PLC0415 - see above

    return frozenset((d.page, d.trap) for d in DETECTORS)


@functools.lru_cache(maxsize=256)
def _scanner(traps: tuple[str, ...]) -> Scanner:
    """A scanner for these traps, or for all."""
    from scanner.scanning import Scanner  # noqa: PLC0415 - see above

    return Scanner(traps=traps or None)


def _found(example: Example, *traps: str) -> tuple[tuple[Finding, Place], ...]:
    """What the scanner says of an example below its Setup, each finding at its line in the page."""
    tree = _tree(example)
    if tree is None:
        return ()
    before = _before(example)
    text = (example.setup.code if example.setup else "") + example.code
    findings = _scanner(traps).text("example.py", text, tree)
    return tuple((f, Place(example.path, example.line + f.line - before - 1)) for f in findings if f.line > before)


def _tree(example: Example) -> ast.Module | None:
    """The tree of an example below its Setup, which is the larger part of a dozen of them; None if it is not Python."""
    try:
        above = parse(example.setup.code).body if example.setup else []
        return ast.Module([*above, *parse("\n" * _before(example) + example.code).body], [])
    except SyntaxError:
        return None


def _before(example: Example) -> int:
    """How many lines of a Setup are above an example."""
    return example.setup.code.count("\n") if example.setup else 0
