"""Skill -> the traps whose headings were changed, while the manifest and the proofs still tell of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .derived import entries
from .lost import lost_anchors
from .markdown import slug
from .model import Document, Skill
from .parts import Located, Place
from .remembering import once_a_skill


@dataclass(frozen=True, slots=True)
class Renamed:
    """A trap that the manifest and a proof call `former`; `place` is its new heading, or its page where it is gone.

    Where the words still stand, as a paragraph or a heading of another level, they are its place.
    """

    page: Document
    place: Located
    former: str
    entry: int


@once_a_skill
def renamed(skill: Skill) -> tuple[Renamed, ...]:
    """The traps that two witnesses know by a name that no heading makes: no more than one a page is certain."""
    found = []
    proven = {(proof.page, proof.slug) for proof in skill.proofs or ()}
    for entry in entries(skill):
        said = entry.fields.get("traps")
        if entry.page is None or entry.page.is_blank or entry.number is None or not isinstance(said, list):
            continue
        traps = {trap.slug: trap for trap in entry.page.traps}
        lost, new = sorted({*map(str, said)} - {*traps}), [t for name, t in traps.items() if name not in said]
        if len(lost) == 1 and len(new) <= 1 and (entry.page.path, lost[0]) in proven:
            place = new[0] if new else _words(entry.page, lost[0]) or entry.page
            found.append(Renamed(entry.page, place, lost[0], entry.number))
    return tuple(found)


def _words(page: Document, former: str) -> Located | None:
    """The heading or the line of a page whose words make this name."""
    parts: list[tuple[Located, str]] = [(heading, heading.text) for heading in page.headings]
    parts += ((row, row.cells[0]) for row in page.paragraphs)
    return next((part for part, text in parts if slug(text) == former), None)


def consequences(skill: Skill) -> Iterator[tuple[str, Located]]:
    """What else is told of a renamed trap: the name of the check, and the place."""
    for trap in renamed(skill):
        yield "missing-proof", trap.place
        yield from (("misnamed-trap", t) for t in trap.page.traps)
        yield from (
            ("orphaned-proof", p) for p in skill.proofs or () if (p.page, p.slug) == (trap.page.path, trap.former)
        )
        yield from (("dead-anchor", k) for k in lost_anchors(skill).get((trap.page.path, trap.former), ()))
        said = skill.manifest.lines.items() if skill.manifest else ()
        places = (
            Place(skill.root / "manifest.json", n) for keys, n in said if keys[:3] == ("rules", trap.entry, "traps")
        )
        yield from (("stale-manifest", place) for place in places)
