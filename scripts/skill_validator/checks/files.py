"""The files of a skill as files: what does not belong there, what is there twice, what is empty; and broken tables."""

from __future__ import annotations

import re

from ..derived import checklist, copies
from ..diagnostics import Faults, check, warning
from ..frontmatter import BREAK
from ..lists import repeated_items, repeated_traps
from ..model import Document, Skill
from ..parts import Place
from ..rows import loose_rows, misfits

JUNK = re.compile(
    r"\.DS_Store|Thumbs\.db|desktop\.ini|\._.*|__pycache__|node_modules|\.env(\.(?!example|sample|template|dist).*)?|\.venv|\.idea"
    r"|\.pytest_cache|\.mypy_cache|\.ruff_cache|\.git-credentials|\.netrc|\.npmrc|\.(.*\.)?sw[op]|.*~|.*\.(orig|rej|bak|tmp|swp|pyc|pyo)"
    r"|__MACOSX|#.*#|npm-debug\.log|.* copy\.md|id_rsa|id_ed25519|.*\.(pem|p12|pfx)"
)
CONFLICT = "<<<<<<< "
EXAMPLES = {"assets", "templates", "template", "examples", "example", "fixtures", "evals"}


@warning
def junk_file(skill: Skill) -> Faults:
    """A skill holds what it was written with, and nothing that an editor, a tool or a machine left behind.

    Breach: `.DS_Store`, `__pycache__`, `SKILL.md.orig`, `node_modules`, `.env`. What git ignores is not looked at in a
    checkout. Mend it: delete it.
    """
    junk = {path for path in skill.files | skill.hidden if JUNK.fullmatch(path.name)}
    for path in sorted(junk):
        if junk.isdisjoint(path.parents):
            yield Place(path, 1), f"does not belong to a skill: {path.name}"


@warning
def nested_skill(skill: Skill) -> Faults:
    """A skill holds one SKILL.md, its own: clients do not find one that lies inside another skill.

    Breach: `references/pdf/SKILL.md`. Mend it: make it a skill beside this one, or a page with another name.
    """
    for document in skill.documents:
        folders = document.path.relative_to(skill.root).parts[:-1]
        if document.path.name == "SKILL.md" and folders and not EXAMPLES & set(folders):
            yield document, "a skill inside a skill"


@check
def conflict_marker(skill: Skill) -> Faults:
    """No document holds the marks that git leaves where a merge was not decided, but as an example of them.

    Breach: a line `<<<<<<< HEAD`. Mend it: decide which of the two sides holds.
    """
    for document in skill.documents:
        if CONFLICT in document.text:
            shown = {n for e in document.examples for n in range(e.line, e.line + e.code.count("\n") + 1)}
            lines = enumerate(document.text.split("\n"), 1)
            marked = (n for n, line in lines if line.startswith(CONFLICT) and n not in shown)
            yield from ((Place(document.path, n), "a merge was not decided here") for n in marked)


@check
def exhausting_skill(skill: Skill) -> Faults:
    """A skill can be read and checked in ten seconds and one gigabyte, in whose process nothing crashes.

    Where it cannot, this is all that is said of it, and no selection of checks leaves it out. Breach: 20,000 pages, an
    expression nested a hundred thousand times. Mend it: take out what nobody reads.
    """
    yield from ((flaw, flaw.message) for flaw in skill.flaws if flaw.subject == "bounds")


@check
def blank_page(skill: Skill) -> Faults:
    """Every document says something: there is text below its frontmatter and its heading.

    Breach: `references/limits.md` of no bytes, or with a heading alone. Mend it: write it, or delete it and its links.
    """
    for document in skill.documents:
        if document.is_blank and (document.path != skill.path or _is_bare(skill)):
            yield document, "the document is empty"
        elif document.path != skill.path and len(document.headings) == 1 and _ends_with_its_heading(document):
            yield document, "the document holds no more than a heading"


@check
def repeated_page(skill: Skill) -> Faults:
    """No two pages have the same title or the same text.

    Breach: `rules/orders-totals-2.md`, a copy of `rules/orders-totals.md` that was never changed. Mend it: delete the
    copy, or say what it alone is about.
    """
    for copy in copies(skill):
        if copy.is_whole:
            yield copy.document, f"the same text as {_name(skill, copy.other)}"
        else:
            yield copy.document.frontmatter.at("title"), f"the same title as {_name(skill, copy.other)}"


@check
def broken_table(skill: Skill) -> Faults:
    r"""The rows of a table have as many cells as its head, and a delimiter row stands below the head.

    Breach: a row with a cell too few or too many, `|` inside a cell that is not written `\|`, a head without
    `|---|---|`, a blank line in the middle. Renderers drop or misplace what does not fit. Mend it: complete
    the row, or escape the pipe.
    """
    for document in skill.documents:
        for table in document.tables:
            yield from misfits(table)
        yield from loose_rows(document)


@warning
def repeated_item(skill: Skill) -> Faults:
    """A bullet list says each thing once, and a package's review checklist has one line for a trap.

    Told are tasks, and items of some length, that stand twice in one list. Breach: `- [ ] No sum of floats` in two
    lines. Mend it: delete the second, or say in it what was meant.
    """
    for document in skill.documents:
        found = {row.line: first.line for row, first in repeated_items(document)}
        if document is checklist(skill):
            found = {**repeated_traps(document), **found}
        yield from ((Place(document.path, n), f"line {first} says the same") for n, first in sorted(found.items()))


def _is_bare(skill: Skill) -> bool:
    """Whether the SKILL.md of a package has its fields and nothing below them."""
    return bool(skill.manifest and skill.main.frontmatter.values)


def _ends_with_its_heading(document: Document) -> bool:
    return not "".join(BREAK.split(document.text)[document.headings[-1].line :]).strip("-=# \t")


def _name(skill: Skill, document: Document) -> str:
    return document.path.relative_to(skill.root).as_posix()
