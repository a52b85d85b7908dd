"""What stands between the `---` lines of SKILL.md and of the pages: YAML, of the right fields, types and values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from ..diagnostics import Faults, check, warning
from ..frontmatter import BREAK, is_meant
from ..model import Document, Keys, Skill
from ..parts import Located, Place
from ..schemas import breaches, misspellings, properties
from ..schemas.sentences import read_as, shortened
from ..schemas.similar import hint

SWITCHES = ("user-invocable", "disable-model-invocation")
TYPOGRAPHIC = ("\u201c", "\u201d", "\u201e", "\u2018", "\u2019")
GUESSES = 50  # unknown fields of one document that a known one is looked up for
OLD_BOOLEANS = {"yes", "no", "on", "off", "y", "n"}


@check
def broken_frontmatter(skill: Skill) -> Faults:
    """SKILL.md and every page begin with frontmatter that is a YAML mapping of plain values, each key given once.

    Breach: `description: Use when: ...` (a colon and a space need quotes), a `---` that never comes again, a blank line
    or byte order mark before the first `---`. Mend it: quote the value, close the block, start at the first byte.
    """
    required = [document for document, _ in schemas(skill)]
    unread = {flaw.path for flaw in skill.flaws}
    for document in required:
        if not document.has_frontmatter and not _is_flawed(document) and document.path not in unread:
            yield document, "no frontmatter at the first byte"
    for document in skill.documents:
        if document in required or (is_meant(document.text) and not _is_template(skill, document)):
            yield from ((flaw, flaw.message) for flaw in document.flaws if flaw.subject == "frontmatter")


@check
def invalid_field(skill: Skill) -> Faults:
    """Fields have the types and values that the Agent Skills specification, the client and this package define.

    Breach: `name: My Skill` (lower case, digits and hyphens only), `version: 1.0` (a number, not text), `impact: HUGE`.
    Mend it: write what the message asks for; the schemas lie in `skill_validator/schemas`.
    """
    for document, schema in schemas(skill):
        if is_readable(document):
            yield from breaches(document.frontmatter, schema)
    for switch in SWITCHES:
        written = skill.main.frontmatter.plains.get((switch,), "")
        if written.casefold() in OLD_BOOLEANS:
            yield (
                skill.main.frontmatter.at(switch),
                f"{switch}: {written} is a truth value for old YAML and text for the client: write true or false",
            )


@warning
def unknown_field(skill: Skill) -> Faults:
    """Every field of the frontmatter is known to some client or to this package.

    Breach: `discription: ...`: it is read by nobody, and no client says so. Mend it: correct the name, or move it into
    `metadata`.
    """
    for document, schema in schemas(skill):
        known, meant = properties(schema), misspellings(document.frontmatter, schema)
        unknown = [key for key in document.frontmatter.values if key not in known and key not in meant]
        for number, key in enumerate(unknown):
            guess = hint(key, known) if number < GUESSES else ""
            yield document.frontmatter.at(key), f"unknown field {key!r}{guess}"


@warning
def misread_value(skill: Skill) -> Faults:
    """What is meant as text is text for YAML too, in the fields that people read, and it is there to its end.

    Breach: `version: 1.0` is a number, `tags: [no]` is false, `description: Solves issue #3` ends before the `#`.
    Mend it: put the value in quotes.
    """
    for document, schema in schemas(skill):
        if is_readable(document):
            if schema == "skill":
                yield from _misread(document)
            yield from _cut_short(document)


@warning
def mixed_line_ends(skill: Skill) -> Faults:
    r"""All lines of a document end alike, in `\n` or in `\r\n`.

    Breach: a page edited on two systems. Mend it: let the editor, or `.gitattributes`, settle on one.
    """
    for document in skill.documents:
        ends = BREAK.findall(document.text)
        kinds = Counter(ends).most_common()
        if len(kinds) > 1 and not (kinds[-1][0] == "\r" and _returns_in_frontmatter(document)):
            odd = kinds[-1][0]
            line = _line_of(document.text, odd)
            yield Place(document.path, line), f"the line ends in {odd!r}, most of this file in {kinds[0][0]!r}"


@check
def bare_return(skill: Skill) -> Faults:
    r"""The lines of a frontmatter end in a line feed, so that every client sees the same lines.

    Breach: lines that end in `\r` alone: YAML takes it for a line end, clients do not find the `---`. Mend it: convert
    the line ends.
    """
    for document in skill.documents:
        if lines := _returns_in_frontmatter(document):
            yield Place(document.path, lines[0]), "the line ends in a bare carriage return"


@check
def foreign_name(skill: Skill) -> Faults:
    """A skill's name is the name of its folder, as the Agent Skills specification wants it.

    Breach: `name: pdf` in the folder `pdf-tools`. The root of a repository may have any name. Mend it: rename either.
    """
    name = skill.main.frontmatter.text("name")
    if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) and name != skill.root.name and not skill.is_checkout:
        yield skill.main.frontmatter.at("name"), f"name {name!r} differs from its folder {skill.root.name!r}"


def schemas(skill: Skill) -> Iterator[tuple[Document, str]]:
    """The documents that must have frontmatter, with the schema of each."""
    yield skill.main, "package" if skill.manifest else "skill"
    yield from ((page, "page") for page in skill.pages if not page.is_blank)


def is_readable(document: Document) -> bool:
    """Whether the document has frontmatter whose fields could be read."""
    return document.has_frontmatter and (not _is_flawed(document) or bool(document.frontmatter.values))


def _is_template(skill: Skill, document: Document) -> bool:
    """Whether the document waits for its text, by its name or folder."""
    folders = document.path.relative_to(skill.root).parent.parts
    return "template" in document.path.name.casefold() or bool({"assets", "templates"} & {*folders})


def _is_flawed(document: Document) -> bool:
    return any(flaw.subject == "frontmatter" for flaw in document.flaws)


def _misread(document: Document) -> Iterator[tuple[Located, str]]:
    """Fields that no client reads: `version`, `author`, `tags` and what stands right below `metadata`.

    There, a count and a plain true or false may be meant as such.
    """
    frontmatter = document.frontmatter
    for keys, value in _texts(frontmatter.values):
        written = frontmatter.plains.get(keys, "")
        is_switch = isinstance(value, bool) and written.casefold() not in OLD_BOOLEANS
        is_text = isinstance(value, str | None) or is_switch or (keys[-1] != "version" and type(value) is int)
        if written and not is_text:
            name = ".".join(map(str, keys))
            yield frontmatter.at(*keys), f"{name}: YAML reads {shortened(written)} as {read_as(value)}, not as text"


def _texts(values: Mapping[str, object]) -> Iterator[tuple[Keys, object]]:
    yield from (((key,), values[key]) for key in ("version", "author") if key in values)
    tags, metadata = values.get("tags"), values.get("metadata")
    yield from ((("tags", n), tag) for n, tag in enumerate(tags if isinstance(tags, list) else ()))
    if isinstance(metadata, Mapping):
        yield from ((("metadata", str(key)), value) for key, value in metadata.items())


def _cut_short(document: Document) -> Iterator[tuple[Located, str]]:
    lines = BREAK.split(document.text)
    for key in ("name", "title", "description", "when_to_use", "impactDescription"):
        place = document.frontmatter.at(key)
        line = lines[place.line - 1] if key in document.frontmatter.values else ""
        if (key,) in document.frontmatter.plains and (comment := re.search(r"\s(#.*)", line)):
            yield place, f"{key}: YAML takes {comment[1]!r} for a comment, and the text ends before it: quote it"
        elif document.frontmatter.text(key)[:1] in TYPOGRAPHIC and key != "name":
            yield place, f"{key}: begins with a typographic quote, which YAML takes for a letter of the text"


def _returns_in_frontmatter(document: Document) -> list[int]:
    """The lines of the frontmatter, its `---` included, that end in a carriage return alone."""
    if not document.has_frontmatter:
        return []
    ends = BREAK.findall(document.text)
    closing = next((n for n, line in enumerate(BREAK.split(document.text)[1:], 1) if line.rstrip() == "---"), 0)
    return [n for n, end in enumerate(ends[: closing + 1], 1) if end == "\r"]


def _line_of(text: str, end: str) -> int:
    return BREAK.findall(text).index(end) + 1
