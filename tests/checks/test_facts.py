"""One fault in a sound package is one diagnostic of all the checks, at the right file and line."""

from __future__ import annotations

import pytest
from packages import package, said
from sample import LIMITS, proof
from skill_validator.model import Skill

ROW = "| [orders-totals](rules/orders-totals.md) | HIGH | Add money exactly |\n"
EXTRA = LIMITS.replace("Refund what was paid", "Refund soon").replace("min(paid, asked)", "min(asked, paid)")
PROOF = {"tests/proofs/test_refunds_extra.py": proof("limitless_refund")}

FACTS: dict[str, tuple[Skill, str]] = {
    "a rule is deleted": (
        package(drop=["rules/refunds-limits.md"]),
        "SKILL.md:32: missing-rule: no such rule: rules/refunds-limits.md",
    ),
    "a rule is deleted together with its proofs": (
        package(drop=["rules/refunds-limits.md", "tests/proofs/test_refunds_limits.py"]),
        "SKILL.md:32: missing-rule: no such rule: rules/refunds-limits.md",
    ),
    "a rule that the index does not list is added": (
        package(add={"rules/refunds-extra.md": EXTRA, **PROOF}),
        "rules/refunds-extra.md:1: unlisted-rule: rule refunds-extra has no row in SKILL.md's index",
    ),
    "the quick reference miscounts": (
        package({"SKILL.md": ("| Orders | 1 |", "| Orders | 3 |")}),
        "SKILL.md:15: wrong-count: category 'Orders' has 1 rules, the quick reference says 3",
    ),
    "the quick reference lacks a row": (
        package({"SKILL.md": ("| Orders | 1 | HIGH | sums, taxes |\n", "")}),
        "SKILL.md:15: wrong-count: category 'Orders' has no row in the quick reference",
    ),
    "the total is wrong": (
        package({"SKILL.md": ("Total: 2 rules", "Total: 12 rules")}),
        "SKILL.md:18: wrong-count: claims 12 rules, there are 2",
    ),
    "the manifest miscounts its rules": (
        package({"manifest.json": ('"ruleCount": 2', '"ruleCount": 12')}),
        "manifest.json:6: stale-manifest: ruleCount is 2, the manifest says 12",
    ),
    "the manifest miscounts a category": (
        package({"manifest.json": ('"HIGH",\n      "rules": 1', '"HIGH",\n      "rules": 4')}),
        "manifest.json:13: stale-manifest: orders has 1 rules, the manifest says 4",
    ),
    "a link in a page is broken": (
        package({"rules/orders-totals.md": ("(refunds-limits.md#", "(refund-limits.md#")}),
        "rules/orders-totals.md:21: dead-link: no such file: refund-limits.md, did you mean refunds-limits.md",
    ),
    "a link in the index is broken": (
        package({"SKILL.md": ("(rules/orders-totals.md)", "(rule/orders-totals.md)")}),
        "SKILL.md:26: dead-link: no such file: rule/orders-totals.md, did you mean rules/orders-totals.md",
    ),
    "an anchor is broken": (
        package({"rules/orders-totals.md": ("#limitless-refund", "#limitless_refund")}),
        ("rules/orders-totals.md:21: dead-anchor: no heading in refunds-limits.md makes the anchor #limitless_refund"),
    ),
    "an anchor in the checklist is broken": (
        package({"references/review-checklist.md": ("#float-sum", "#float_sum")}),
        (
            "references/review-checklist.md:5: dead-anchor: "
            "no heading in ../rules/orders-totals.md makes the anchor #float_sum"
        ),
    ),
    "paths and path_patterns differ": (
        package({"SKILL.md": ('path_patterns: ["*.py", "Pipfile"]', 'path_patterns: ["*.py"]')}),
        "SKILL.md:7: unequal-paths: differs from paths: Pipfile",
    ),
    "paths are missing": (
        package({"SKILL.md": ('paths: ["*.py", "Pipfile"]\npath', "path")}),
        "SKILL.md:2: invalid-field: field 'paths' is missing",
    ),
    "a proof is removed": (
        package({"tests/proofs/test_orders_totals.py": ("async def test_float_sum(example): ...\n", "")}),
        "rules/orders-totals.md:20: missing-proof: no test_float_sum proves this section",
    ),
    "a proof is renamed only where it stands": (
        package({"tests/proofs/test_skill.py": ("test_quick_start", "helper")}),
        "SKILL.md:34: missing-proof: no test_quick_start proves this section",
    ),
    "an impact differs": (
        package({"SKILL.md": (ROW, ROW.replace("HIGH", "LOW"))}),
        "SKILL.md:26: stale-row: impact of orders-totals is 'HIGH', the index says 'LOW'",
    ),
    "the versions differ": (
        package({"manifest.json": ('"version": "1.0.0"', '"version": "1.0.1"')}),
        "manifest.json:3: stale-manifest: version differs from SKILL.md",
    ),
    "the manifest ends in a comma": (
        package({"manifest.json": ('"tested": {}', '"tested": {},')}),
        "manifest.json:54: broken-file: not JSON: a comma before the closing bracket",
    ),
    "a rule's frontmatter is not closed": (
        package({"rules/refunds-limits.md": ("limits]\n---", "limits]")}),
        "rules/refunds-limits.md:1: broken-frontmatter: frontmatter is never closed by a line ---",
    ),
    "a rule has no impact": (
        package({"rules/refunds-limits.md": ("impact: LOW\n", "")}),
        "rules/refunds-limits.md:2: invalid-field: field 'impact' is missing",
    ),
    "the two sides of a trap are the same": (
        package({"rules/refunds-limits.md": ("return min(paid, asked)", "return asked")}),
        "rules/refunds-limits.md:23: identical-examples: the two sides of 'Limitless refund' are the same program",
    ),
    "an example has an undefined name": (
        package({"SKILL.md": ("    return cents", "    return pence")}),
        "SKILL.md:38: undefined-name: undefined name 'pence'",
    ),
    "a fence is never closed": (
        package({"SKILL.md": ("    return cents\n```\n", "    return cents\n")}),
        "SKILL.md:36: unclosed-fence: fence is never closed",
    ),
}


def test_the_sample_package_is_sound() -> None:
    assert said(package()) == []


@pytest.mark.parametrize(("skill", "expected"), FACTS.values(), ids=FACTS)
def test_one_fault_is_one_diagnostic(skill: Skill, expected: str) -> None:
    assert said(skill) == [expected]
