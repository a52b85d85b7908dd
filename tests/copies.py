"""Copies of two sound skills with one defect each: of the small package of `sample`, and of one without a manifest."""

from __future__ import annotations

from packages import ROOT, build, changed, diagnostics
from skill_validator.model import Skill

INVOICES = """\
---
name: invoice-export
description: Exports invoices to CSV and PDF. Use when a user asks to download, archive or mail invoices.
license: MIT
compatibility: Requires Python 3.11 and network access
metadata:
  author: billing-team
  version: "1.2.0"
allowed-tools: Read, Bash(python:*)
argument-hint: "[invoice number]"
paths: ["*.py", "invoices/**/*.csv"]
model: sonnet
---
# Invoice export

Read [the columns](references/columns.md) before the first export.

1. Ask for the period.
2. Run the export, and show its totals.
"""
COLUMNS = "# Columns\n\n| Column | Meaning |\n|---|---|\n| number | the invoice |\n| total | in cents |\n"
NAME, DESCRIPTION, LICENSE = INVOICES.splitlines()[1:4]
TOOLS, PATHS = "allowed-tools: Read, Bash(python:*)", 'paths: ["*.py", "invoices/**/*.csv"]'
TOTALS = "rules/orders-totals.md"
LONG = "Use when orders are taken. " * 45
SECTIONS = "".join(f"## Part {n}\n\n" + "text\n" * 30 for n in range(5))


def invoices(*pairs: tuple[str, str], folder: str = "invoice-export", **files: str) -> Skill:
    """The skill without a manifest after a change; each old text must occur once."""
    text = INVOICES
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return build({"SKILL.md": text, "references/columns.md": COLUMNS} | files, ROOT.parent / folder)


def orders(*pairs: tuple[str, str], page: str = "SKILL.md") -> Skill:
    """The package after a change of one page."""
    return build(changed({page: list(pairs)}))


def also(**fields: str) -> Skill:
    """The skill without a manifest, and these fields below its description."""
    more = "".join(f"\n{key.replace('_', '-')}: {value}" for key, value in fields.items())
    return invoices((DESCRIPTION, DESCRIPTION + more))


def globs(patterns: str) -> Skill:
    """The package with these patterns in both fields."""
    return orders(
        ('\npaths: ["*.py", "Pipfile"]', f"\npaths: {patterns}"),
        ('path_patterns: ["*.py", "Pipfile"]', f"path_patterns: {patterns}"),
    )


def target(library: str, specifier: str) -> Skill:
    """The package with this as its one target, in SKILL.md and in the manifest."""
    new = f'{library}: "{specifier}"', f'"{library}": "{specifier}"'
    return build(changed({"SKILL.md": ('anyio: ">=4.16"', new[0]), "manifest.json": ('"anyio": ">=4.16"', new[1])}))


def versioned(version: str) -> Skill:
    """The package with this version, in SKILL.md and in the manifest."""
    new = f'version: "{version}"', f'"version": "{version}"'
    return build(changed({"SKILL.md": ("version: 1.0.0", new[0]), "manifest.json": ('"version": "1.0.0"', new[1])}))


def places(skill: Skill) -> list[str]:
    """Where all checks find something: `path:line check`."""
    return [f"{d.path}:{d.line} {d.check}" for d in diagnostics(skill)]
