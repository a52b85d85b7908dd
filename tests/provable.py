"""Packages on disk of one page, whose examples are run; what the validator says of each of them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from sample import MANIFEST
from skill_validator.checks import CHECKS
from skill_validator.diagnostics import Diagnostic
from skill_validator.examining import RUN
from skill_validator.model import Skill
from skill_validator.processes import descendants
from skill_validator.proving import DEADLINE, prove
from skill_validator.skill import read_skill

GOOD, BAD = "answer = 42\n", "answer = 41\n"
PROOF = """
def test_{name}(example):
    assert load(example).answer == 42
"""
IMPORTS = "from skill_validator.loading import load\n"
HOOKS = "pytest_configure, pytest_generate_tests, pytest_runtest_makereport"
CONFTEST = f"""
import sys
sys.path.append({str(Path(__file__).parent)!r})
import measured
from skill_validator.plugin import {HOOKS}
"""
Sides = tuple[str, str]  # the code that is wrong, and the code that is right


class Case(NamedTuple):
    """A trap whose right code must have `answer == 42`: its two sides, and each check that speaks with its line."""

    wrong: str
    right: str
    said: list[tuple[str, str]]


def page(traps: dict[str, Sides]) -> str:
    """A rule with these traps."""
    fields = "title: Count orders\ncategory: orders\nimpact: LOW\nimpactDescription: no\ntags: [a, b]"
    head = f"---\n{fields}\n---\n# Count orders\n"
    sections = (
        f"\n## {title}\n\n**Incorrect:** bad\n\n```python\n{wrong}```\n\n**Correct:** right\n\n```python\n{right}```\n"
        for title, (wrong, right) in traps.items()
    )
    return head + "".join(sections)


def package(root: Path, traps: dict[str, Sides], module: str | None = None) -> Skill:
    """A package on disk with one page and a proof for each trap."""
    proofs = "".join(PROOF.format(name=title.lower().replace(" ", "_")) for title in traps)
    files = {
        "SKILL.md": "---\nname: orders\ndescription: Use when counting.\n---\n# Orders\n",
        "manifest.json": json.dumps(MANIFEST),
        "rules/orders-count.md": page(traps),
        "tests/proofs/conftest.py": CONFTEST,
        "tests/proofs/test_orders_count.py": IMPORTS + proofs if module is None else module,
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return read_skill(root)


def proven(root: Path, cases: dict[str, Case], deadline: float = DEADLINE) -> Skill:
    """A package of these cases after one run of them all, which leaves no process."""
    skill = package(root, {title: (case.wrong, case.right) for title, case in cases.items()})
    before = descendants()
    run = prove(skill, jobs=4, deadline=deadline)
    assert descendants() <= before
    return replace(skill, run=run)


def found(skill: Skill) -> list[Diagnostic]:
    """What the checks of a run say."""
    return sorted(d for check in CHECKS if check.group in RUN for d in check(skill))


def said(skill: Skill, title: str) -> list[tuple[str, str]]:
    """Check and line of code of every diagnostic inside one trap."""
    trap = next(t for p in skill.pages for t in p.traps if t.title == title)
    following = [t.line for p in skill.pages for t in p.traps if t.line > trap.line]
    end = min(following, default=10**6)
    lines = skill.pages[0].text.splitlines()
    return [(d.check, lines[d.line - 1].strip()) for d in found(skill) if trap.line < d.line < end]


def messages(skill: Skill) -> dict[str, str]:
    """The message of every side's diagnostic, by check and trap; where several are alike, one of them."""
    return {f"{d.check} {d.message.partition('[')[0]}": d.message for d in found(skill)}
