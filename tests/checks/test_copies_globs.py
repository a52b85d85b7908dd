"""One defect in the patterns, or one text too long, is one finding of all the checks, at its line."""

from __future__ import annotations

import pytest
from copies import COLUMNS, PATHS, SECTIONS, TOTALS, globs, invoices, orders, places
from packages import diagnostics
from skill_validator.causes import first_causes
from skill_validator.model import Skill

FIRST, COPY = '\npaths: ["*.py", "Pipfile"]', 'path_patterns: ["*.py", "Pipfile"]'


def copy(patterns: str) -> Skill:
    """The package with this `path_patterns`."""
    return orders((COPY, f"path_patterns: {patterns}"))


# The defect, the skill, and the one finding: file, line, check.
GLOBS: dict[str, tuple[Skill, str]] = {
    "blank": (globs('["*.py", "Pipfile", ""]'), "SKILL.md:6 invalid-glob"),
    "absolute": (globs('["*.py", "Pipfile", "/home/ann/*.py"]'), "SKILL.md:6 invalid-glob"),
    "on a drive": (globs("['*.py', Pipfile, 'C:\\src\\*.py']"), "SKILL.md:6 invalid-glob"),
    "backslashed": (globs("['*.py', Pipfile, 'src\\*.py']"), "SKILL.md:6 invalid-glob"),
    "escaping": (globs('["*.py", "Pipfile", "../*.py"]'), "SKILL.md:6 invalid-glob"),
    "twice": (globs('["*.py", "Pipfile", "*.py"]'), "SKILL.md:6 invalid-glob"),
    "a regular expression": (globs("['*.py', Pipfile, '.*\\.py$']"), "SKILL.md:6 invalid-glob"),
    "another regular expression": (globs("['*.py', Pipfile, '^src/']"), "SKILL.md:6 invalid-glob"),
    "a third regular expression": (globs("['*.py', Pipfile, '(app|main).py']"), "SKILL.md:6 invalid-glob"),
    "an open bracket": (globs("['*.py', Pipfile, '[a-z*.py']"), "SKILL.md:6 invalid-glob"),
    "an open brace": (globs("['*.py', Pipfile, '*.{py,pyi']"), "SKILL.md:6 invalid-glob"),
    "several in one": (globs("['*.py', Pipfile, '*.cfg *.toml']"), "SKILL.md:6 invalid-glob"),
    "parted by a semicolon": (invoices((PATHS, 'paths: "*.py; src/*.csv"')), "SKILL.md:11 invalid-glob"),
    "from here": (globs("['*.py', Pipfile, './src/*.py']"), "SKILL.md:6 invalid-glob"),
    "with a blank first": (globs("['*.py', Pipfile, ' *.pyi']"), "SKILL.md:6 invalid-glob"),
    "negations only": (globs('["!*.py"]'), "SKILL.md:6 invalid-glob"),
    "none": (invoices((PATHS, "paths: []")), "SKILL.md:11 invalid-glob"),
    "an empty text": (invoices((PATHS, 'paths: ""')), "SKILL.md:11 invalid-glob"),
    "a number": (invoices((PATHS, "paths: 3")), "SKILL.md:11 invalid-field"),
    "a list with a number": (invoices((PATHS, 'paths: ["*.py", 3]')), "SKILL.md:11 invalid-field"),
    "matching no sample": (globs('["*.pyx", "Pipfile.lock"]'), "SKILL.md:6 idle-glob"),
    "lacking one": (globs('["*.py"]'), "SKILL.md:6 missed-sample"),
    "matching everything": (globs('["**/*"]'), "SKILL.md:6 boundless-glob"),
    "matching everything at one level": (invoices((PATHS, 'paths: ["*"]')), "SKILL.md:11 boundless-glob"),
    "matching what is to be ignored": (globs('["*.py", "Pipfile", "*.md"]'), "SKILL.md:6 overreaching-glob"),
    "in one field only": (copy('["*.py"]'), "SKILL.md:7 unequal-paths"),
    "null in the copy": (copy("null"), "SKILL.md:7 invalid-field"),
    "true in the copy": (copy("true"), "SKILL.md:7 invalid-field"),
    "a number in a list of the copy": (copy('["*.py", 3]'), "SKILL.md:7 invalid-field"),
    "empty in the copy": (copy("[]"), "SKILL.md:7 invalid-field"),
    "blank in the copy": (copy('""'), "SKILL.md:7 invalid-field"),
    "absolute in the copy": (copy('["*.py", "/Pipfile"]'), "SKILL.md:7 invalid-glob"),
    "twice in the copy": (copy('["*.py", "Pipfile", "*.py"]'), "SKILL.md:7 invalid-glob"),
    "absolute in the first": (orders((FIRST, '\npaths: ["*.py", "/Pipfile"]')), "SKILL.md:6 invalid-glob"),
    "blank in the first": (orders((FIRST, '\npaths: ""')), "SKILL.md:6 invalid-glob"),
    "negations in the first": (orders((FIRST, '\npaths: ["!*.py"]')), "SKILL.md:6 invalid-glob"),
    "in another order": (copy('["Pipfile", "*.py"]'), "SKILL.md:7 unequal-paths"),
    "in the field that no client reads": (invoices((PATHS, 'path_patterns: ["*.py"]')), "SKILL.md:11 unequal-paths"),
    "of another language than the targets": (invoices((PATHS, 'paths: ["*.rs"]\ntargets: {fastapi: ">=0.164"}')), "SKILL.md:11 foreign-glob"),
}  # fmt: skip

# Both fields are wrong alike: the check, at the first.
BOTH: dict[str, tuple[Skill, str]] = {
    "null": (globs("null"), "invalid-field"),
    "a number": (globs("7"), "invalid-field"),
    "a mapping": (globs("{a: b}"), "invalid-field"),
    "a number in a list": (globs('["*.py", "Pipfile", 3]'), "invalid-field"),
    "empty": (globs("[]"), "invalid-glob"),
    "blank": (globs('""'), "invalid-glob"),
}

BUDGET: dict[str, tuple[Skill, str]] = {
    "a skill of 501 lines": (invoices(("totals.\n", "totals.\n" + "\n" * 482)), "SKILL.md:1 oversized-skill"),
    "a skill of 5,001 tokens": (invoices(("totals.\n", f"totals. {'words ' * 3300}\n")), "SKILL.md:1 oversized-skill"),
    "a package of 501 lines": (orders(("Before a release", "\n" * 470 + "Before a release")), "SKILL.md:1 long-skill"),
    "a package of 3,001 tokens": (orders(("Before a release", "words " * 2000 + "Before a release")), "SKILL.md:1 long-skill"),
    "a long rule": (orders(("Sums of floats drift.", "Sums of floats drift. " * 400), page=TOTALS), f"{TOTALS}:1 long-page"),
    "a reference without a table of contents": (
        invoices(**{"references/columns.md": COLUMNS + SECTIONS}), "references/columns.md:1 missing-contents",
    ),
    "a giant block": (
        invoices(("totals.\n", "totals.\n\n```python\n" + "print(1)\n" * 130 + "```\n")), "SKILL.md:22 giant-block",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("skill", "expected"), GLOBS.values(), ids=GLOBS)
def test_one_defect_of_a_pattern_is_one_finding_at_its_line(skill: Skill, expected: str) -> None:
    assert places(skill) == [expected]


@pytest.mark.parametrize(("skill", "check"), BOTH.values(), ids=BOTH)
def test_one_defect_of_both_fields_is_one_finding_at_the_first(skill: Skill, check: str) -> None:
    assert [(d.line, d.check) for d in first_causes(skill, diagnostics(skill))] == [(6, check)]


@pytest.mark.parametrize(("skill", "expected"), BUDGET.values(), ids=BUDGET)
def test_one_defect_of_length_is_one_finding_at_its_line(skill: Skill, expected: str) -> None:
    assert places(skill) == [expected]


def test_both_skills_are_sound() -> None:
    assert places(invoices()) == []
    assert places(orders()) == []
