"""What SKILL.md and manifest.json must say because the pages say it: compared by the checks, written by `--fix`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .markdown import slug
from .model import Document, Row, Skill, Table

RULE_HEADER = ("Rule", "Impact", "Title")
CATEGORY_HEADER = ("Category", "Rules", "Impact", "When to Use")
RULE_CELL = re.compile(r"\[(?P<id>[^\]]+)\]\((?P<file>[^)]+)\)")
TOTAL = re.compile(r"\*\*Total: (?P<rules>\d+) rules across (?P<categories>\d+) categories\*\*")
IMPACTS = ("CRITICAL", "HIGH", "MEDIUM", "LOW")
EQUAL_FIELDS = ("name", "version", "license", "description")


@dataclass(frozen=True, slots=True)
class Category:
    """A category as the manifest declares it, with its table of rules in SKILL.md if there is one."""

    id: str
    title: str
    impact: str
    table: Table | None


def categories(skill: Skill) -> tuple[Category, ...]:
    """The manifest's categories, in its order."""
    declared = skill.manifest.values.get("categories") if skill.manifest else None
    entries = [c for c in declared if isinstance(c, dict)] if isinstance(declared, list) else []
    tables = {t.section: t for t in skill.main.tables if t.rows and t.rows[0].cells == RULE_HEADER}
    return tuple(
        Category(str(c.get("id")), str(c.get("title")), str(c.get("impact")), tables.get(slug(str(c.get("title")))))
        for c in entries
    )


def listed(skill: Skill) -> Mapping[str, Row]:
    """The rows of the index by the rule that their link leads to; where it leads nowhere, by the link's text."""
    pages = {f"rules/{rule.path.name}": rule.path.stem for rule in skill.rules}
    rows = (row for c in categories(skill) if c.table for row in c.table.rows[1:])
    links = ((RULE_CELL.fullmatch(row.cells[0]), row) for row in rows)
    return {pages.get(found["file"], found["id"]): row for found, row in links if found}


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
