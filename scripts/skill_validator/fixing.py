"""Skill -> the new text of every file whose derived parts are out of date. Nothing else in them is touched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from .derived import EQUAL_FIELDS, TOTAL, Category, categories, category_of, category_rows, listed, rule_entry, rule_row
from .model import Skill


def fix(skill: Skill) -> dict[Path, str]:
    """The files to rewrite, SKILL.md and manifest.json at most, each with its whole new text."""
    if skill.manifest is None or skill.flaws or skill.main.flaws:
        return {}
    new = {skill.path: _fixed_main(skill), skill.manifest.path: _fixed_manifest(skill)}
    return {path: text for path, text in new.items() if text != skill.texts[path]}


def _fixed_main(skill: Skill) -> str:
    """SKILL.md with the index, the quick reference's numbers and the total line that follow from the pages."""
    lines = skill.main.text.split("\n")
    edits: dict[int, list[str]] = {}
    counts = {}
    for category in categories(skill):
        rows = list(_rows(skill, category))
        counts[category.title] = str(len(rows))
        if category.table:
            edits |= {row.line: [] for row in category.table.rows[1:]}
            delimiter = category.table.rows[0].line + 1
            edits[delimiter] = [lines[delimiter - 1], *("| " + " | ".join(row) + " |" for row in rows)]
    for row in category_rows(skill):
        title, _, *rest = (*row.cells, "", "")
        cells = [title, counts.get(title, row.cells[1]), *rest[: len(row.cells) - 2]]
        edits[row.line] = ["| " + " | ".join(cells) + " |"]
    for paragraph in skill.main.paragraphs:
        if TOTAL.fullmatch(paragraph.cells[0].strip()):
            total = f"**Total: {sum(map(int, counts.values()))} rules across {len(counts)} categories**"
            edits[paragraph.line] = [total]
    return "\n".join(line for number, old in enumerate(lines, 1) for line in edits.get(number, [old]))


def _rows(skill: Skill, category: Category) -> Iterator[tuple[str, str, str]]:
    """The rows of a category: those listed keep their order, new pages follow, rows without a page go."""
    pages = {rule.path.stem: rule for rule in skill.rules if category_of(rule) == category.id}
    order = [name for name in listed(skill) if name in pages]
    yield from (rule_row(pages[name]) for name in (*order, *sorted(pages.keys() - set(order))))


def _fixed_manifest(skill: Skill) -> str:
    values = dict(skill.manifest.values) if skill.manifest else {}
    frontmatter = skill.main.frontmatter.values
    values |= {field: frontmatter[field] for field in (*EQUAL_FIELDS, "targets") if field in frontmatter}
    names = [row[0][1:].partition("]")[0] for c in categories(skill) for row in _rows(skill, c)]
    rules = {rule.path.stem: rule for rule in skill.rules}
    counts = {c.id: len(list(_rows(skill, c))) for c in categories(skill)}
    declared = values.get("categories")
    entries = [e | {"rules": counts.get(e.get("id"), 0)} for e in declared] if isinstance(declared, list) else []
    values |= {"ruleCount": len(names), "categoryCount": len(entries), "categories": entries}
    values |= {"rules": [rule_entry(rules[name]) for name in names]}
    return json.dumps(values, indent=2, ensure_ascii=False) + "\n"
