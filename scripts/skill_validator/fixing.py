"""Skill -> the new text of every file whose derived parts are out of date. Nothing else in them is touched."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from .checks.budget import cost_rows, cost_tables
from .derived import (
    EQUAL_FIELDS,
    TOTAL,
    Category,
    categories,
    category_of,
    category_rows,
    declared_categories,
    listed,
    rule_entry,
    rule_row,
)
from .model import Document, Mapped, Skill
from .parts import Table

LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")


def fix(skill: Skill) -> dict[Path, str]:
    """The files to rewrite, SKILL.md and the JSON files at most, each with its whole new text.

    Nothing is derived from what could not be read: a skill with a flaw in it is left alone.
    """
    if skill.manifest is None or skill.flaws or any(d.flaws for d in (skill.main, *skill.rules)):
        return {}
    new = {skill.path: _fixed_main(skill), skill.manifest.path: _fixed_manifest(skill, skill.manifest)}
    for document, table in cost_tables(skill):
        new[document.path] = _with_costs(document, table, cost_rows(skill))
    for mapped in filter(None, (skill.plugin, skill.marketplace)):
        new[mapped.path] = _fixed_plugin(skill, mapped)
    return {path: text for path, text in new.items() if text != skill.texts[path]}


def _fixed_main(skill: Skill) -> str:
    """SKILL.md with the index, the quick reference's numbers and the total line that follow from the pages."""
    edits: dict[int, list[str]] = {}
    after: dict[int, list[str]] = {}
    counts = {}
    for category in categories(skill):
        rows = list(_rows(skill, category))
        counts[category.title] = str(len(rows))
        if category.table and [row.cells for row in category.table.rows[1:]] != rows:
            edits |= {row.line: [] for row in category.table.rows[1:]}
            after[category.table.line + 1] = [_row(row) for row in rows]
    for row in category_rows(skill):
        title, number, *rest = row.cells
        if counts.get(title, number) != number:
            edits[row.line] = [_row((title, counts[title], *rest))]
    total = f"**Total: {sum(map(int, counts.values()))} rules across {len(counts)} categories**"
    edits |= {p.line: [total] for p in skill.main.paragraphs if TOTAL.fullmatch(p.cells[0].strip())}
    lines = [m.groups() for m in LINE.finditer(skill.main.text)]
    new = [(*edits.get(number, [old]), *after.get(number, [])) for number, (old, _) in enumerate(lines, 1)]
    return "".join((end or "\n").join(texts) + end for texts, (_, end) in zip(new, lines, strict=True) if texts)


def _with_costs(document: Document, table: Table, rows: Iterable[tuple[str, str]]) -> str:
    """The document with these rows below the header of its table."""
    lines = [line + end for line, end in LINE.findall(document.text)]
    end = LINE.findall(document.text)[table.line - 1][1] or "\n"
    head = table.line + 1
    return "".join([*lines[:head], *(_row(row) + end for row in rows), *lines[head + len(table.rows) - 1 :]])


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _rows(skill: Skill, category: Category) -> Iterator[tuple[str, str, str]]:
    """The rows of a category: those listed keep their order, new pages follow, rows without a page go."""
    pages = {rule.path.stem: rule for rule in skill.rules if category.table and category_of(rule) == category.id}
    order = [name for name in listed(skill) if name in pages]
    yield from (rule_row(pages[name]) for name in (*order, *sorted(pages.keys() - set(order))))


def _fixed_plugin(skill: Skill, mapped: Mapped) -> str:
    """plugin.json or marketplace.json with the head that SKILL.md gives: its own, or that of its first entry."""
    frontmatter = skill.main.frontmatter.values
    head = {field: frontmatter[field] for field in EQUAL_FIELDS if field in frontmatter}
    plugins = mapped.values.get("plugins")
    new = dict(mapped.values)
    if mapped is skill.plugin:
        new |= head
    elif isinstance(plugins, list) and plugins and isinstance(plugins[0], dict):
        new["plugins"] = [plugins[0] | head, *plugins[1:]]
    return skill.texts[mapped.path] if new == mapped.values else _written(new)


def _fixed_manifest(skill: Skill, manifest: Mapped) -> str:
    frontmatter = skill.main.frontmatter.values
    rows = {c.id: list(_rows(skill, c)) for c in categories(skill)}
    rules = {rule_row(rule): rule_entry(rule) for rule in skill.rules}
    declared = manifest.values.get("categories")
    names = {number: c.id for c, (number, *_) in zip(categories(skill), declared_categories(manifest), strict=False)}
    entries = [
        e | {"rules": len(rows[names[number]])} if number in names else e
        for number, e in enumerate(declared if isinstance(declared, list) else ())
    ]
    new = {
        **manifest.values,
        **{field: frontmatter[field] for field in (*EQUAL_FIELDS, "targets") if field in frontmatter},
        "ruleCount": sum(map(len, rows.values())),
        "categoryCount": len(categories(skill)),
        "categories": entries,
        "rules": [rules[row] for of_category in rows.values() for row in of_category],
    }
    if new == manifest.values:
        return skill.texts[manifest.path]
    return _written(new)


def _written(values: Mapping[str, object]) -> str:
    return json.dumps(values, indent=2, ensure_ascii=False) + "\n"
