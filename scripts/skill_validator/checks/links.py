"""Where the skill's own links lead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ..derived import listed
from ..diagnostics import Faults, check, warning
from ..model import Link, Skill

SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


@check
def dead_link(skill: Skill) -> Faults:
    """A relative link names a file or folder inside the skill, in its exact spelling.

    Breach: `[sessions](rules/session.md)` where the page is `rules/sessions.md`. Mend it: correct the target.
    """
    gone = {skill.root / "rules" / f"{name}.md" for name in listed(skill)} - {rule.path for rule in skill.rules}
    for link in _relative(skill):
        target = link.destination
        if _inside(skill, target) and target not in {*skill.files, skill.root, *gone}:
            yield link, f"no such file: {link.file}"


@check
def dead_anchor(skill: Skill) -> Faults:
    """The anchor of a link is that of a heading in the document it names, by GitHub's rules.

    Breach: `page.md#late_commit` where the heading `## Late commit` makes `late-commit`. Mend it: write the anchor that
    the heading makes.
    """
    documents = {d.path: d for d in skill.documents}
    for link in _relative(skill):
        target = documents.get(link.destination)
        if link.anchor and target and link.anchor not in {h.slug for h in target.headings}:
            yield link, f"no heading in {link.file or 'this document'} makes the anchor #{link.anchor}"


@check
def escaping_link(skill: Skill) -> Faults:
    """A relative link stays inside the skill, since only the skill's folder is installed.

    Breach: `[style](../../docs/style.md)`, `[notes](/home/ann/notes.md)`. Mend it: bring the file into the skill.
    """
    for link in _relative(skill):
        if not _inside(skill, link.destination):
            yield link, f"leads out of the skill: {link.file}"


@warning
def orphaned_page(skill: Skill) -> Faults:
    """Every document in `references/` is linked from SKILL.md or from a page, so that an agent can find it.

    Breach: a reference nobody links. Mend it: name it where it is needed, with the occasion to read it.
    """
    readers = (k for k in _relative(skill) if k.path == skill.path or k.path.parent != skill.root)
    linked = {link.destination for link in readers if link.destination != link.path}
    for document in skill.documents:
        if document.path.parent == skill.root / "references" and document.path not in linked:
            yield document, "no SKILL.md and no page links here"


def _relative(skill: Skill) -> Iterator[Link]:
    for document in skill.documents:
        yield from (link for link in document.links if not SCHEME.match(link.target))


def _inside(skill: Skill, target: Path) -> bool:
    return target.is_relative_to(skill.root)
