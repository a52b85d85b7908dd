"""One defect in the YAML of a frontmatter is one finding of all the checks, at its line."""

from __future__ import annotations

import pytest
from copies import DESCRIPTION, LICENSE, NAME, PATHS, TOTALS, invoices, orders, places
from packages import build
from skill_validator.model import Skill

# The defect, the skill, and the one finding: file, line, check.
YAML: dict[str, tuple[Skill, str]] = {
    "a colon and a space": (invoices(("PDF. Use", "PDF: use")), "SKILL.md:3 broken-frontmatter"),
    "a colon at the end of a value": (invoices((LICENSE, "license: MIT:")), "SKILL.md:4 broken-frontmatter"),
    "globs without quotes in a list": (invoices((PATHS, "paths: [**/*.py]")), "SKILL.md:11 broken-frontmatter"),
    "a glob without quotes": (invoices((PATHS, "paths: *.py")), "SKILL.md:11 broken-frontmatter"),
    "globs without quotes in lines": (invoices((PATHS, "paths:\n  - a.py\n  - *.py")), "SKILL.md:13 broken-frontmatter"),
    "a tab": (invoices(("  author", "\tauthor")), "SKILL.md:7 broken-frontmatter"),
    "an open double quote": (invoices((LICENSE, 'license: "MIT')), "SKILL.md:4 broken-frontmatter"),
    "an open double quote above a quoted value": (invoices((NAME, 'name: "invoice-export')), "SKILL.md:2 broken-frontmatter"),
    "an open single quote": (invoices((DESCRIPTION, "description: 'Use when asked.")), "SKILL.md:3 broken-frontmatter"),
    "an apostrophe in single quotes": (invoices((DESCRIPTION, "description: 'Use when it's due.'")), "SKILL.md:3 broken-frontmatter"),
    "an open bracket": (invoices((PATHS, 'paths: ["*.py"')), "SKILL.md:11 broken-frontmatter"),
    "an open brace": (invoices((LICENSE, "license: {a: b")), "SKILL.md:4 broken-frontmatter"),
    "no colon": (invoices((LICENSE, "license MIT")), "SKILL.md:4 broken-frontmatter"),
    "no space behind the colon": (invoices((LICENSE, "license:MIT")), "SKILL.md:4 broken-frontmatter"),
    "an indented field": (invoices((LICENSE, "  license: MIT")), "SKILL.md:4 broken-frontmatter"),
    "a value that begins with an at sign": (invoices((LICENSE, "license: @MIT")), "SKILL.md:4 broken-frontmatter"),
    "a value that begins with a backtick": (invoices((LICENSE, "license: `MIT`")), "SKILL.md:4 broken-frontmatter"),
    "never closed": (invoices(("sonnet\n---", "sonnet")), "SKILL.md:1 broken-frontmatter"),
    "never closed above a line across the page": (
        invoices(("sonnet\n---\n", "sonnet\n\n"), ("\n1. Ask", "\n---\n\n1. Ask")), "SKILL.md:1 broken-frontmatter",
    ),
    "closed by dots": (invoices(("sonnet\n---", "sonnet\n...")), "SKILL.md:1 broken-frontmatter"),
    "closed by four hyphens": (invoices(("sonnet\n---", "sonnet\n----")), "SKILL.md:1 broken-frontmatter"),
    "opened by two hyphens": (invoices(("---\nname", "--\nname")), "SKILL.md:1 broken-frontmatter"),
    "opened by plus signs": (invoices(("---\nname", "+++\nname")), "SKILL.md:1 broken-frontmatter"),
    "missing": (build({"SKILL.md": "# Invoices\n"}), "SKILL.md:1 broken-frontmatter"),
    "empty": (build({"SKILL.md": "---\n---\n# Invoices\n"}), "SKILL.md:2 broken-frontmatter"),
    "a list": (build({"SKILL.md": "---\n- name: orders\n- description: Use when.\n---\n"}), "SKILL.md:2 broken-frontmatter"),
    "a text": (build({"SKILL.md": "---\norders\n---\n"}), "SKILL.md:2 broken-frontmatter"),
    "behind a blank line": (invoices(("---\nname", "\n---\nname")), "SKILL.md:1 broken-frontmatter"),
    "behind a byte order mark": (invoices(("---\nname", "\ufeff---\nname")), "SKILL.md:1 broken-frontmatter"),
    "indented": (invoices(("---\nname", "  ---\nname")), "SKILL.md:1 broken-frontmatter"),
    "a field twice": (invoices((LICENSE, f"{LICENSE}\n{LICENSE}")), "SKILL.md:5 broken-frontmatter"),
    "a key twice below a field": (invoices(("  version", "  author: me\n  version")), "SKILL.md:8 broken-frontmatter"),
    "a Python object": (invoices((LICENSE, "license: !!python/name:os.system")), "SKILL.md:4 broken-frontmatter"),
    "a tag": (invoices((LICENSE, "license: !text MIT")), "SKILL.md:4 broken-frontmatter"),
    "an alias": (invoices((NAME, "name: &n invoice-export"), (LICENSE, "license: *n")), "SKILL.md:4 broken-frontmatter"),
    "aliases that grow": (invoices((LICENSE, "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]")), "SKILL.md:5 broken-frontmatter"),
    "a control character": (invoices((LICENSE, "license: M\x07T")), "SKILL.md:4 broken-frontmatter"),
    "one line that ends as on Windows": (invoices((f"{LICENSE}\n", f"{LICENSE}\r\n")), "SKILL.md:4 mixed-line-ends"),
    "one line that ends as on old Macs": (invoices((f"{LICENSE}\n", f"{LICENSE}\r")), "SKILL.md:4 bare-return"),
    "a rule that ends some lines as on Windows": (orders(("tags: [orders, money]\n", "tags: [orders, money]\r\n"), page=TOTALS), f"{TOTALS}:6 mixed-line-ends"),
    "a rule behind a blank line": (orders(("---\ntitle", "\n---\ntitle"), page=TOTALS), f"{TOTALS}:1 broken-frontmatter"),
    "a rule behind a byte order mark": (orders(("---\ntitle", "\ufeff---\ntitle"), page=TOTALS), f"{TOTALS}:1 broken-frontmatter"),
    "a rule with a field twice": (orders(("impact: HIGH", "impact: HIGH\nimpact: HIGH"), page=TOTALS), f"{TOTALS}:5 broken-frontmatter"),
    "a rule with a colon and a space": (orders(("impactDescription: totals", "impactDescription: sums: totals"), page=TOTALS), f"{TOTALS}:5 broken-frontmatter"),
    "a rule never closed": (orders(("money]\n---", "money]"), page=TOTALS), f"{TOTALS}:1 broken-frontmatter"),
    "a rule with an open bracket": (orders(("[orders, money]", "[orders, money"), page=TOTALS), f"{TOTALS}:6 broken-frontmatter"),
}  # fmt: skip


@pytest.mark.parametrize(("skill", "expected"), YAML.values(), ids=YAML)
def test_one_defect_is_one_finding_at_its_line(skill: Skill, expected: str) -> None:
    assert places(skill) == [expected]
