"""Diagnostics -> the same without those that only follow from another one."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from .diagnostics import Diagnostic
from .model import Skill
from .parts import Example
from .renamed import consequences
from .sources import covers

# What is wrong with an example by its text, so that its proof cannot but end badly.
OF_ONE = {"missing-attribute", "newer-syntax", "syntax-error", "undeclared-package", "undefined-name", "wrong-call"}
# What is wrong with a pair, so that no proof can tell its sides apart.
OF_A_PAIR = {"identical-examples", "lost-name", "placeholder-example"}
# What follows where a block of Markdown ended too early, and code and text have changed places.
OF_A_LEAK = {"broken-link", "dead-anchor", "dead-link", "dead-mention", "unclosed-fence"}
CONSEQUENCES = {"refuted-example", "swapped-examples", "toothless-proof", "unexecuted-example", "wrong-reason"}


def first_causes(skill: Skill, diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Leave out what follows from another finding.

    That is how a proof ended where the text of its example already says why, what a leaking block of Markdown leads to,
    a manifest that differs from a field of SKILL.md which is at fault itself, and all that knows a trap by the name
    which its heading has lost.
    """
    found = tuple(d for d in diagnostics if d.check not in OF_A_LEAK or not _is_leaked(skill, d))
    faulty = {d.line for d in found if d.path == "SKILL.md"}
    found = tuple(d for d in found if d.check != "stale-manifest" or not _repeated(skill, d.line) & faulty)
    follows = {(check, place.path, place.line) for check, place in consequences(skill)}
    swapped = {("idle-lint", d.path) for d in found if d.check == "contradicted-verdict"}
    found = tuple(
        d for d in found if (d.check, skill.root / d.path, d.line) not in follows and (d.check, d.path) not in swapped
    )
    outcomes = skill.run.outcomes if skill.run else ()
    causes = [(skill.root / d.path, d.line, d.check) for d in found if d.check in OF_ONE | OF_A_PAIR]
    pairs = {(e.path, e.section) for e in (o.example for o in outcomes) if _stands_in(e, causes, OF_A_PAIR)}
    explained = {
        (place.path, place.line)
        for o in outcomes
        if (o.example.path, o.example.section) in pairs or _stands_in(o.example, causes, OF_ONE)
        for place in (o.place, o.example)
    }
    return tuple(d for d in found if d.check not in CONSEQUENCES or (skill.root / d.path, d.line) not in explained)


def _is_leaked(skill: Skill, diagnostic: Diagnostic) -> bool:
    """Whether a finding lies below a block that ended with a fence that it shows; anchors may lie anywhere."""
    leaks = (f for d in skill.documents for f in d.flaws if f.subject == "inner fence")
    return any(
        skill.root / diagnostic.path == leak.path and (diagnostic.line > leak.line or diagnostic.check == "dead-anchor")
        for leak in leaks
    )


def _repeated(skill: Skill, line: int) -> set[int]:
    """The lines in SKILL.md's frontmatter of the fields that this line of the manifest repeats."""
    manifest, front = skill.manifest, skill.main.frontmatter
    repeated = [keys for keys, at in manifest.lines.items() if at == line] if manifest else []
    return {front.lines[keys] for keys in repeated if keys in front.lines}


def _stands_in(example: Example, causes: list[tuple[Path, int, str]], checks: set[str]) -> bool:
    """Whether one of these checks found something in an example, on the fence above it, or in its Setup."""
    blocks = [example, example.setup] if example.setup else [example]
    return any(
        path == block.path and (covers(block, line) or line == block.line - 1)
        for path, line, check in causes
        if check in checks
        for block in blocks
    )
