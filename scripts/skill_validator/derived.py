"""What SKILL.md and manifest.json must say because the pages say it: compared by the checks, written by `--fix`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .markdown import slug
from .model import Document, Mapped, Skill
from .parts import Row, Table
from .remembering import once_a_skill

CHECKLIST = "references/review-checklist.md"
RULE_HEADER = ("Rule", "Impact", "Title")
CATEGORY_HEADER = ("Category", "Rules", "Impact", "When to Use")
RULE_CELL = re.compile(r"\[`?(?P<id>[^\]`]+)`?\]\((?P<file>[^)]+)\)")
TOTAL = re.compile(r"\*\*Total: (?P<rules>\d+) rules across (?P<categories>\d+) categories\*\*")
IMPACTS = ("CRITICAL", "HIGH", "MEDIUM", "LOW")
SHORT = 80  # characters: what two pages may share without being copies
EQUAL_FIELDS = ("name", "version", "license", "description")


@dataclass(frozen=True, slots=True)
class Category:
    """A category as the manifest declares it, with its table of rules in SKILL.md if there is one.

    Without a manifest the tables of SKILL.md declare the categories, and none has an impact.
    """

    id: str
    title: str
    impact: str
    table: Table | None


@dataclass(frozen=True, slots=True)
class Copy:
    """A page that repeats another one, as a whole or in its title."""

    document: Document
    other: Document
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule by all that tells of it: its page, its row in the index, its number and fields in the manifest."""

    name: str
    page: Document | None
    row: Row | None
    number: int | None
    fields: Mapping[str, object]


@once_a_skill
def categories(skill: Skill) -> tuple[Category, ...]:
    """The categories in the manifest's order, and after them those that only the tables of SKILL.md tell of.

    What a manifest calls a category counts less than what SKILL.md and the names of its rules agree on.
    """
    tables = [t for t in skill.main.tables if t.rows and t.rows[0].cells == RULE_HEADER]
    declared = list(declared_categories(skill.manifest))
    if skill.manifest and skill.manifest.values and not declared:
        return ()
    titles = {h.slug: h.text for h in skill.main.headings}
    quick = {row.cells[0] for row in category_rows(skill)}
    pages = {page.path.stem for page in rule_pages(skill)}
    kinds = {t.line: _kinds(t, pages) for t in tables}
    found = []
    for _, said, called, impact in declared:
        table = next((t for t in tables if called and t.section == slug(called)), None)
        table = table or next((t for t in tables if said in kinds[t.line][:1]), None)
        name, title = said, called
        if table:
            tables.remove(table)
            name = said if said in kinds[table.line] or not kinds[table.line] else kinds[table.line][0]
            title = titles[table.section] if titles.get(table.section) in quick - {called} else called
        found.append(Category(name, title, impact, table))
    rest = (Category((kinds[t.line] or [t.section])[0], titles.get(t.section, ""), "", t) for t in tables)
    return (*found, *rest)


def declared_categories(manifest: Mapped | None) -> Iterator[tuple[int, str, str, str]]:
    """The manifest's categories: number, id, title, impact; what is missing or no text is empty."""
    declared = manifest.values.get("categories") if manifest else None
    for number, entry in enumerate(declared if isinstance(declared, list) else ()):
        texts = {key: text for key, text in entry.items() if isinstance(text, str)} if isinstance(entry, dict) else {}
        if texts.keys() & {"id", "title"}:
            yield number, texts.get("id", ""), texts.get("title", ""), texts.get("impact", "")


@once_a_skill
def _linked(skill: Skill) -> set[Path]:
    """The paths that links lead to."""
    return {link.destination for document in skill.documents for link in document.links}


@once_a_skill
def copies(skill: Skill) -> tuple[Copy, ...]:
    """The pages that repeat another: where an index lists one of the two, or gives it this title, it is the other.

    So it is where one alone is linked.
    """
    rows = listed(skill)
    order = sorted(skill.documents, key=lambda d: (bool(rows) and d.path.stem not in rows, d.path))
    pages = {page.path for page in (*skill.pages, *rule_pages(skill))}
    bodies: dict[str, Document] = {}
    titles: dict[str, Document] = {}
    found = []
    for document in order:
        title = document.frontmatter.text("title") if document.path in pages else ""
        first = bodies.setdefault(document.body, document) if len(document.body) > SHORT else document
        if first is not document:
            is_first = document.path in _linked(skill) and first.path not in _linked(skill)
            bodies[document.body], copy = (document, first) if is_first else (first, document)
            found.append(Copy(copy, bodies[document.body], is_whole=True))
        elif title and (other := titles.setdefault(title, document)) is not document:
            row = rows.get(other.path.stem)
            swapped = row is not None and row.cells[2] != title
            found.append(Copy(*((other, document) if swapped else (document, other)), is_whole=False))
    return tuple(found)


def index_rows(skill: Skill) -> Iterator[tuple[str, Category, Row]]:
    """The rows of the index with the rule that each is about, which its link's text or else its target names."""
    pages = {page.path.stem for page in rule_pages(skill)}
    for category in categories(skill):
        for row in category.table.rows[1:] if category.table else ():
            found = RULE_CELL.fullmatch(row.cells[0])
            if found:
                yield _row_name(found, pages), category, row
            elif row.cells[0].strip("`") in pages:
                yield row.cells[0].strip("`"), category, row


@once_a_skill
def listed(skill: Skill) -> Mapping[str, Row]:
    """The first row of the index for each rule that it names."""
    rows: dict[str, Row] = {}
    for name, _, row in index_rows(skill):
        rows.setdefault(name, row)
    return rows


@once_a_skill
def entries(skill: Skill) -> tuple[Entry, ...]:
    """Every rule that a page, the index or the manifest tells of, in the order of their names."""
    pages = {page.path.stem: page for page in rule_pages(skill)}
    rows = listed(skill)
    said = {
        _page_name(name, fields, pages): (number, fields)
        for number, name, fields in reversed(list(declared_rules(skill.manifest)))
    }
    return tuple(
        Entry(name, pages.get(name), rows.get(name), *said.get(name, (None, {})))
        for name in sorted({*pages, *rows, *said})
    )


@once_a_skill
def rules_in(skill: Skill) -> Mapping[str, frozenset[int]]:
    """How many rules each category has: by its pages, by the index and by the manifest's rules."""
    found = entries(skill)
    pages = Counter(e.name.partition("-")[0] for e in found if e.page)
    said = Counter(e.name.partition("-")[0] for e in found if e.number is not None)
    rows = Counter(category.id for _, category, _ in index_rows(skill))
    names = {*pages, *said, *rows}
    return {name: frozenset((pages[name], rows[name], said[name] if said else rows[name])) for name in names}


def declared_rules(manifest: Mapped | None) -> Iterator[tuple[int, str, dict[str, object]]]:
    """The manifest's rules: number, id, fields."""
    declared = manifest.values.get("rules") if manifest else None
    for number, entry in enumerate(declared if isinstance(declared, list) else ()):
        if isinstance(entry, dict):
            yield number, str(entry.get("id")), entry


@once_a_skill
def rule_pages(skill: Skill) -> tuple[Document, ...]:
    """The rules: of any skill the documents in `rules/`, but those that an underscore marks as no rule."""
    folder = skill.root / "rules"
    return tuple(d for d in skill.documents if d.path.parent == folder and not d.path.name.startswith("_"))


def other_quick_reference(skill: Skill) -> Table | None:
    """A table that would be the quick reference if its head were spelt so."""
    heads = ((table, {*table.rows[0].cells}) for table in skill.main.tables if table.rows)
    return next((table for table, head in heads if len(head & {*CATEGORY_HEADER}) == len(CATEGORY_HEADER) - 1), None)


def checklist(skill: Skill) -> Document | None:
    """The page of a package that has a line for every trap."""
    path = skill.root / CHECKLIST
    return next((d for d in skill.documents if d.path == path), None) if skill.manifest else None


def category_rows(skill: Skill) -> Iterator[Row]:
    """The rows of the quick reference: category, number of rules, impact, when to use."""
    for table in skill.main.tables:
        if table.rows and table.rows[0].cells == CATEGORY_HEADER:
            yield from table.rows[1:]


def rule_row(page: Document) -> tuple[str, str, str]:
    """The cells of a rule's row in the index."""
    name = page.path.stem
    return f"[{name}](rules/{name}.md)", page.frontmatter.text("impact"), page.frontmatter.text("title")


def category_of(page: Document) -> str:
    """The category that a page's name tells: the part before the first hyphen."""
    return page.path.stem.partition("-")[0]


def rule_entry(page: Document) -> dict[str, object]:
    """A rule's entry in the manifest."""
    return {
        "id": page.path.stem,
        "file": f"rules/{page.path.name}",
        "category": category_of(page),
        "impact": page.frontmatter.text("impact"),
        "traps": [trap.slug for trap in page.traps],
    }


def _page_name(name: str, fields: Mapping[str, object], pages: Mapping[str, Document]) -> str:
    """The rule that an entry of the manifest is about: by its id, and where no page has it, by its file."""
    stem = str(fields.get("file")).rpartition("/")[2].removesuffix(".md")
    return stem if name not in pages and stem in pages else name


def _row_name(link: re.Match[str], pages: Container[str]) -> str:
    """The rule that a row is about: the one its link's text names, and where none has that name, its target."""
    stem = link["file"].rpartition("/")[2].removesuffix(".md")
    return stem if stem in pages and link["id"] not in pages else link["id"]


def _kinds(table: Table, pages: Container[str]) -> list[str]:
    """The categories that the rules in a table are named after, the most frequent first."""
    links = (RULE_CELL.fullmatch(row.cells[0]) for row in table.rows[1:])
    named = Counter(_row_name(found, pages).partition("-")[0] for found in links if found)
    return [name for name, _ in named.most_common()]
