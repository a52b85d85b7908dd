"""What stands between the `---` lines of SKILL.md and of the pages."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from ..diagnostics import Faults, check, warning
from ..model import Document, Skill
from ..schemas import breaches, properties


@check
def broken_frontmatter(skill: Skill) -> Faults:
    """SKILL.md and every page begin with frontmatter that is a YAML mapping of plain values, each key given once.

    Breach: `description: Use when: ...` (a colon and a space need quotes), a `---` that never comes again, a blank line
    or byte order mark before the first `---`. Mend it: quote the value, close the block, start at the first byte.
    """
    for document, _ in _schemas(skill):
        if not document.has_frontmatter and not any(f.subject == "frontmatter" for f in document.flaws):
            yield document, "no frontmatter at the first byte"
    for document in skill.documents:
        yield from ((flaw, flaw.message) for flaw in document.flaws if flaw.subject == "frontmatter")


@check
def invalid_field(skill: Skill) -> Faults:
    """Fields have the types and values that the Agent Skills specification, the client and this package define.

    Breach: `name: My Skill` (lower case, digits and hyphens only), `version: 1.0` (a number, not text), `impact: HUGE`.
    Mend it as the message says; the schemas lie in `skill_validator/schemas`.
    """
    for document, schema in _schemas(skill):
        if document.has_frontmatter and not any(f.subject == "frontmatter" for f in document.flaws):
            yield from breaches(document.frontmatter, schema)


@warning
def unknown_field(skill: Skill) -> Faults:
    """Every field of the frontmatter is known to some client or to this package.

    Breach: `discription: ...`: it is read by nobody, and no client says so. Mend it: correct the name, or move it into
    `metadata`.
    """
    for document, schema in _schemas(skill):
        known = properties(schema)
        for key in document.frontmatter.values:
            if key not in known:
                close = difflib.get_close_matches(key, known, 1)
                yield (
                    document.frontmatter.at(key),
                    f"unknown field {key!r}" + (f", did you mean {close[0]!r}" if close else ""),
                )


@check
def foreign_name(skill: Skill) -> Faults:
    """A skill's name is the name of its folder, as the Agent Skills specification wants it.

    Breach: `name: pdf` in the folder `pdf-tools`. The root of a repository may have any name.
    """
    name = skill.main.frontmatter.text("name")
    if name and name != skill.root.name and not skill.is_checkout:
        yield skill.main.frontmatter.at("name"), f"name {name!r} differs from its folder {skill.root.name!r}"


def _schemas(skill: Skill) -> Iterator[tuple[Document, str]]:
    """The documents that must have frontmatter, with the schema of each."""
    yield skill.main, "package" if skill.manifest else "skill"
    yield from ((page, "page") for page in skill.pages)
