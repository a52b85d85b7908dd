"""Where the skill's own links lead, and the files that it names in its text."""

from __future__ import annotations

import functools
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..diagnostics import TOLD, Faults, check, warning
from ..lost import elsewhere, lost_anchors, lost_files, relative_links, together
from ..misshapen import failure, misshapen, wiki_links
from ..model import Document, Skill
from ..names import Names
from ..parts import Link, Place, Row
from ..targets import (
    is_absolute,
    is_relative,
    is_template,
    mentions,
    remedy,
    scheme_fault,
)

MAKER = re.compile(r"\b(?:creat|build|writ|author|generat|scaffold|produc)\w*[^.]{0,80}\bskills?\b", re.IGNORECASE)
PROJECT = re.compile(r"\b(?:your|user\S*|project|repo\w*|codebase)\b", re.IGNORECASE)
MOST = 500  # files that are candidates for what a dead link meant
DOCUMENT_NAME = re.compile(r"(?<![^\s/\\`'\"()\[\]<>|*])[^\s/\\`'\"()\[\]<>|*]+\.md\b")
BACKSLASHED = re.compile(r"(?<![\w\\/:.(-])(?:[\w-]+\\)+[\w.-]+\.[a-z]{2,4}\b")
SHELL = {"bash", "sh", "shell", "zsh", "console"}


@check
def dead_link(skill: Skill) -> Faults:
    """A relative link, and a symbolic link, names a file or folder that exists, in its exact spelling.

    What several links lack is told at the first. Breach: `[sessions](rules/session.md)` where the page is
    `rules/sessions.md`. Mend it: correct the target.
    """
    told: Counter[Path] = Counter()
    for link, *others in lost_files(skill).values():
        told[link.path] += 1
        near = _remedy(skill, link) if told[link.path] <= TOLD else ""
        yield link, f"no such file: {link.file}{near}{elsewhere(skill, others)}"
    known = {*skill.files, *skill.hidden, skill.root}
    for path, end in skill.symlinks.items():
        if end.is_relative_to(skill.root) and (end not in known or end == path):
            yield Place(path, 1), f"symbolic link to what does not exist: {end.relative_to(skill.root).as_posix()}"


@check
def dead_anchor(skill: Skill) -> Faults:
    """The anchor of a link is that of a heading in the document it names, by GitHub's rules, or of an `id` in its HTML.

    Breach: `page.md#late_commit` where the heading `## Late commit` makes `late-commit`. Mend it: write the anchor that
    the heading makes.
    """
    for (_, anchor), (link, *others) in lost_anchors(skill).items():
        where = link.file or "this document"
        yield link, f"no heading in {where} makes the anchor #{anchor}{elsewhere(skill, others)}"


@check
def escaping_link(skill: Skill) -> Faults:
    """A relative link, and a symbolic link, stays inside the skill, since only the skill's folder is installed.

    Breach: `[style](../../docs/style.md)`, `[notes](/home/ann/notes.md)`. Mend it: bring the file into the skill.
    """
    for document in skill.documents:
        for link in document.links:
            is_outside = bool(skill.manifest) and _leaves(skill, link)
            is_rooted = is_absolute(link.file) and not link.target.startswith("//")
            if is_outside or (is_rooted and not _is_quoted(skill, link)):
                yield link, f"leads out of the skill: {link.file}"
    for path, end in skill.symlinks.items():
        if not end.is_relative_to(skill.root):
            yield Place(path, 1), "symbolic link that leads out of the skill"


@warning
def outside_link(skill: Skill) -> Faults:
    """A relative link stays inside the skill, also where the skills of a collection lie side by side.

    Breach: `[review](../code-review/SKILL.md)`: it leads somewhere as long as the whole collection is installed, and
    nowhere where this skill alone is. In a package it is an error, `escaping-link`. Mend it: name the other skill.
    """
    for link in relative_links(skill) if not skill.manifest else ():
        if _leaves(skill, link) and not is_absolute(link.file) and not is_template(skill, link.path):
            yield link, f"leads out of the skill: {link.file}"


@check
def wrong_scheme(skill: Skill) -> Faults:
    """The scheme of a link is one that readers of Markdown follow, spelt as it is registered.

    Breach: `htps://example.org`, `http:/example.org`, `file:///etc/hosts`, `javascript:`, `data:`. Mend it: `https://`,
    or a relative path.
    """
    for document in skill.documents:
        for link in document.links:
            if fault := scheme_fault(link.target):
                yield link, f"{fault}: {link.target[:60]}"


@check
def broken_link(skill: Skill) -> Faults:
    """What is written as a link is one: it has a target, without spaces, and its reference is defined.

    Breach: `[sessions]()`, `[](rules/sessions.md)`, `[sessions][missing]`, `[sessions](my page.md)`,
    `[sessions] (rules/sessions.md)`, `[sessions](rules/sessions.md` without an end, a label that is defined twice.
    Mend it: give the target and the words, or write `%20`.
    """
    for document in skill.documents:
        for link in document.links:
            if link.target in {"", "#"}:
                yield link, f"link {link.text!r} leads nowhere" if link.text else "a link leads nowhere"
        yield from ((flaw, flaw.message) for flaw in document.flaws if flaw.subject == "definition")
        refused = [(chunk, fault) for chunk in document.failed_links if (fault := failure(chunk))]
        yield from refused
        told = {chunk.line for chunk, _ in refused}
        shapes = ((row, shown) for row, shown in misshapen(skill, document) if row.line not in told)
        yield from ((row, f"makes no link: {shown}") for row, shown in shapes)


@warning
def wiki_link(skill: Skill) -> Faults:
    """A page of the skill is linked as Markdown links, so that readers and clients can follow.

    Breach: `[[orders-totals]]` where that is a page: it is shown as it stands. Mend it:
    `[orders-totals](rules/orders-totals.md)`.
    """
    yield from ((chunk, f"no link in Markdown: {chunk.text}") for chunk in wiki_links(skill))


@check
def dead_mention(skill: Skill) -> Faults:
    """A file of the skill that the text names exists in its exact spelling: in code, in a command or in plain words.

    A name is taken for the skill's own when its folder is one of the skill's, or `references` and it is a page. Breach:
    `references/session.md` where the file is `references/sessions.md`. Mend it: correct the name.
    """
    known = Names(path.relative_to(skill.root).as_posix() for path in skill.files)
    about = skill.main.frontmatter.text
    is_about_skills = "skill" in about("name") or bool(
        MAKER.search(about("description"))
    )  # of skills yet to be written
    for name, (row, *others) in together(_unknown_names(skill, known)).items():
        if "\\" in name:
            yield row, f"no such file: {name}, a path has forward slashes{elsewhere(skill, others)}"
        elif actual := known.spelt_otherwise(name):
            yield row, f"no such file: {name}, did you mean {actual}{elsewhere(skill, others)}"
        elif "/" in name and known.owns(name):
            near = _remedy(skill, Link(row.path, row.line, name))
            if near or not is_about_skills:
                yield row, f"no such file: {name}{near}{elsewhere(skill, others)}"


@warning
def unshipped_script(skill: Skill) -> Faults:
    """A skill that tells to run its script, or to read its asset, brings the folder along.

    Breach: `python3 scripts/totals.py` in SKILL.md, and no `scripts/`. Mend it: bring the folder, or say that the
    user's project is meant.
    """
    known = Names(path.relative_to(skill.root).as_posix() for path in skill.files)
    first = {name: row for row, name in reversed(list(_named((skill.main,))))}
    for name, row in first.items():
        folder = name.partition("/")[0]
        is_absent = folder in {"scripts", "assets"} - known.own and not known.has(name)
        if is_absent and not any(PROJECT.search(cell) for cell in row.cells):
            yield row, f"no such file: {name}, and no folder {folder}"


@warning
def orphaned_page(skill: Skill) -> Faults:
    """Every document in `references/` is named in SKILL.md or in a page, so that an agent can find it.

    Breach: a reference that nobody links. Mend it: name it where it is needed, with the occasion to read it.
    """
    readers = [d for d in skill.documents if d.path == skill.path or d.path.parent != skill.root]
    paths = {d.path for d in readers}
    folder = skill.root / "references"
    linked = {k.destination for k in relative_links(skill) if k.path in paths and k.destination != k.path}
    if folder in linked or (skill.manifest and skill.main.is_blank):
        return
    named = _readers_of_names(readers)
    whole = {r.path for r in readers if "`references/`" in r.text or "references/*" in r.text}
    for document in skill.documents:
        is_unlinked = document.path.parent == folder and document.path not in linked
        if is_unlinked and named.get(document.path.name, set()) | whole <= {document.path}:
            yield document, "no SKILL.md and no page names this"


def _unknown_names(skill: Skill, known: Names) -> Iterator[tuple[str, Row]]:
    """The names in the text that no file has, but those that a dead link tells of."""
    linked = {(link.path, link.line, link.file) for d in skill.documents for link in d.links}
    there = {*skill.files, *lost_files(skill)}
    documents = [d for d in skill.documents if not is_template(skill, d.path)]
    for row, name in _backslashed(documents):
        if known.has(name.replace("\\", "/")):
            yield name, row
    for row, name in _named(documents):
        is_told = (row.path, row.line, name) in linked or skill.root / name in there
        if not is_told and Link(row.path, row.line, name).destination not in there and not known.has(name):
            yield name, row


def _readers_of_names(readers: list[Document]) -> dict[str, set[Path]]:
    """Which readers have the name of a document in their text, by that name."""
    found: dict[str, set[Path]] = {}
    for reader in readers:
        for name in set(DOCUMENT_NAME.findall(reader.text)):
            found.setdefault(name, set()).add(reader.path)
    return found


def _named(documents: Iterable[Document]) -> Iterator[tuple[Row, str]]:
    """The file names in the lines of documents and of their shell blocks."""
    for document in documents:
        yield from mentions(document.prose)
        for block in document.examples:
            if block.language in SHELL:
                lines = enumerate(block.code.split("\n"), block.line)
                yield from mentions(Row(block.path, number, (line,)) for number, line in lines)


def _backslashed(documents: Iterable[Document]) -> Iterator[tuple[Row, str]]:
    """The paths in their lines whose folders are parted by backslashes, but those of a machine and of links."""
    rows = ((row, cell) for document in documents for row in document.prose for cell in row.cells if "\\" in cell)
    yield from ((row, found[0]) for row, cell in rows for found in BACKSLASHED.finditer(cell))


def _leaves(skill: Skill, link: Link) -> bool:
    return is_relative(link) and not link.destination.is_relative_to(skill.root)


def _is_quoted(skill: Skill, link: Link) -> bool:
    """Whether a stranger's link stands in quotation marks: it shows what is to be written elsewhere."""
    line = skill.texts[link.path].split("\n")[link.line - 1]
    return not skill.manifest and bool(re.search(rf'"[^"]*\]\({re.escape(link.target)}\)[^"]*"', line))


def _remedy(skill: Skill, link: Link) -> str:
    """What was probably meant, from the folder of the page."""
    return remedy(link.file, _candidates(skill.files, link.path.parent))


@functools.lru_cache(maxsize=64)
def _candidates(files: frozenset[Path], folder: Path) -> tuple[str, ...]:
    """The names that files have when seen from a folder."""
    return tuple(os.path.relpath(path, folder).replace(os.sep, "/") for path in sorted(files)[:MOST])
