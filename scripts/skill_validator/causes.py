"""Diagnostics -> the same without those that only follow from another one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from .checks import CHECKS
from .derived import CHECKLIST, copies
from .diagnostics import Diagnostic
from .lost import renamed_pages
from .model import Skill
from .parts import Example
from .renamed import consequences
from .silencing import ALWAYS_HEARD
from .sources import covers

# What is wrong with an example by its text, so that its proof cannot but end badly.
OF_ONE = {"missing-attribute", "newer-syntax", "syntax-error", "undeclared-package", "undefined-name", "wrong-call"}
# What is wrong with a pair, so that no proof can tell its sides apart.
OF_A_PAIR = {"identical-examples", "lost-name", "placeholder-example"}
CONSEQUENCES = {"refuted-example", "swapped-examples", "toothless-proof", "unexecuted-example", "wrong-reason"}
# What a finding explains of others in its line.
IN_ITS_LINE = {
    "broken-frontmatter": (
        "different-title",
        "foreign-name",
        "invalid-field",
        "missing-occasion",
        "wrong-category",
        "wrong-impact",
    ),
    "fetched-code": ("load-command",),
    "incomplete-checklist": ("repeated-item",),
    "invalid-manifest": ("stale-manifest",),
    "invisible-character": ("syntax-error",),
    "lookalike-letter": ("undefined-name",),
    "misread-value": ("missing-occasion",),
    "syntax-error": ("wrong-call",),
    "unclosed-fence": ("unknown-language",),
}
# What follows where a block of Markdown ended too early, and code and text have changed places.
OF_A_LEAK = {"broken-link", "dead-anchor", "dead-link", "dead-mention", "unclosed-fence"}

Place = tuple[str, Path, int]


def first_causes(skill: Skill, diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Leave out what follows from another finding, whether that is in the same line or elsewhere."""
    found = tuple(diagnostics)
    told = {_place(skill, d) for d in found}
    follows = {
        *((check, path, line) for cause, path, line in told for check in IN_ITS_LINE.get(cause, ())),
        *_of_leaks(skill, told),
        *_of_fields(skill, told),
        *_of_copies(skill, told),
        *_of_repeated_pages(skill, told),
        *_of_renamed_pages(skill, told),
        *_of_proofs(skill, told),
        *_of_swaps(told),
        *((check, place.path, place.line) for check, place in consequences(skill)),
    }
    found = tuple(d for d in found if _place(skill, d) not in follows)
    return _without_endings(skill, found)


def _place(skill: Skill, diagnostic: Diagnostic) -> Place:
    return diagnostic.check, skill.root / diagnostic.path, diagnostic.line


def _of_leaks(skill: Skill, told: set[Place]) -> Iterator[Place]:
    """What is found below a block that ended with a fence that it shows; anchors may lie anywhere."""
    leaks = {f.path: f.line for d in skill.documents for f in reversed(d.flaws) if f.subject == "inner fence"}
    for check, path, line in told:
        if check in OF_A_LEAK and path in leaks and (line > leaks[path] or check == "dead-anchor"):
            yield check, path, line


def _of_fields(skill: Skill, told: set[Place]) -> Iterator[Place]:
    """A manifest that differs from a field of SKILL.md which is at fault itself."""
    front, manifest = skill.main.frontmatter, skill.manifest
    faulty = {line for _, path, line in told if path == skill.path}
    for keys, line in manifest.lines.items() if manifest else ():
        if manifest and front.lines.get(keys) in faulty:
            yield "stale-manifest", manifest.path, line


def _of_copies(skill: Skill, told: set[Place]) -> Iterator[Place]:
    """What is wrong with `path_patterns` where `paths` has the same value, and something is told of that."""
    front = skill.main.frontmatter
    faulty = {line for _, path, line in told if path == skill.path}
    if "paths" in front.values and front.values["paths"] == front.values.get("path_patterns"):
        for keys, line in front.lines.items():
            if keys[0] == "path_patterns" and front.lines.get(("paths", *keys[1:])) in faulty:
                yield from ((check, skill.path, line) for check in ("invalid-field", "invalid-glob"))


def _of_repeated_pages(skill: Skill, told: set[Place]) -> Iterator[Place]:
    """What else is said of a page that is the copy of another, but of its safety: its frontmatter may be its own."""
    repeated = {copy.document.path for copy in copies(skill) if copy.is_whole}
    kept = {"repeated-page", *(check.name for check in CHECKS if check.group in ALWAYS_HEARD)}
    yield from (place for place in told if place[1] in repeated and place[0] not in kept)


def _of_renamed_pages(skill: Skill, told: set[Place]) -> Iterator[Place]:
    """What else is said where a page has a new name and the links to it have not."""
    for former, page in renamed_pages(skill).items():
        module = f"test_{former.stem.replace('-', '_')}.py"
        of_page = {("orphaned-page", page), ("incomplete-checklist", skill.root / CHECKLIST)}
        yield from (p for p in told if p[:2] in of_page or (p[0] == "orphaned-proof" and p[1].name == module))


def _of_proofs(skill: Skill, told: set[Place]) -> Iterator[Place]:
    """The one section of a page without a proof, where the page has one proof without a section: it was renamed.

    So was the module whose tests, by their names, are those of the sections without a proof.
    """
    lacking = {path: line for check, path, line in told if check == "missing-proof"}
    number = Counter(path for check, path, _ in told if check == "missing-proof")
    orphans = Counter(p.page for p in skill.proofs or () if ("orphaned-proof", p.path, p.line) in told)
    yield from (("missing-proof", path, line) for path, line in lacking.items() if number[path] == orphans[path] == 1)
    homeless = {p.slug for p in skill.proofs or () if p.page is None}
    places = (("missing-proof", h.path, h.line) for d in skill.documents for h in d.headings if h.slug in homeless)
    yield from (place for place in places if place in told)


def _of_swaps(told: set[Place]) -> Iterator[Place]:
    """The `Lint:` lines of a page whose sides say by a comment that they are swapped."""
    pages = {path for check, path, _ in told if check == "contradicted-verdict"}
    yield from (place for place in told if place[0] == "idle-lint" and place[1] in pages)


def _without_endings(skill: Skill, found: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """Leave out how a proof ended where the text of its example already says why."""
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


def _stands_in(example: Example, causes: list[tuple[Path, int, str]], checks: set[str]) -> bool:
    """Whether one of these checks found something in an example, on the fence above it, or in its Setup."""
    blocks = [example, example.setup] if example.setup else [example]
    return any(
        path == block.path and (covers(block, line) or line == block.line - 1)
        for path, line, check in causes
        if check in checks
        for block in blocks
    )
