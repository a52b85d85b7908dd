"""One fault in the manifest of a package is one diagnostic."""

from __future__ import annotations

from facts import by_check, each_fact
from packaged import CATEGORIES, RULES, edited, manifest
from packages import said
from skill_validator.model import Skill

LIMITS = "rules/refunds-limits.md"

FACTS = {
    "an entry's impact is changed": (
        edited('"category": "refunds",\n      "impact": "LOW"','"category": "refunds",\n      "impact": "HIGH"'),
        "manifest.json:36", "stale-manifest", "impact of refunds-limits is LOW, the manifest says HIGH"),
    "an entry's category is changed": (
        edited('"category": "refunds"','"category": "orders"'),
        "manifest.json:35", "stale-manifest", "category of refunds-limits is refunds, the manifest says orders"),
    "ruleCount is wrong": (
        manifest(ruleCount=3),
        "manifest.json:6", "stale-manifest", "ruleCount is 2, the manifest says 3"),
    "categoryCount is wrong": (
        manifest(categoryCount=3),
        "manifest.json:7", "stale-manifest", "categoryCount is 2, the manifest says 3"),
    "a category's count is wrong": (
        edited('"impact": "LOW",\n      "rules": 1','"impact": "LOW",\n      "rules": 2'),
        "manifest.json:19", "stale-manifest", "refunds has 1 rules, the manifest says 2"),
    "a rule is missing": (
        manifest(rules=RULES[:1]),
        "manifest.json:22", "stale-manifest", "rule 'refunds-limits' is missing"),
    "a rule stands twice": (
        manifest(rules=[*RULES,RULES[1]]),
        "manifest.json:41", "stale-manifest", "rule 'refunds-limits' is listed twice"),
    "a rule's id is misspelt": (
        edited('"id": "refunds-limits"','"id": "refund-limits"'),
        "manifest.json:33", "stale-manifest",
        ("id of refunds-limits is refunds-limits, the manifest says refund-limits")),
    "a rule's file is misspelt": (
        edited('"rules/refunds-limits.md"','"rules/refund-limits.md"'),
        "manifest.json:34", "stale-manifest",
        ("file of refunds-limits is rules/refunds-limits.md, the manifest says rules/refund-"
         "limits.md")),
    "a category's title differs": (
        edited('"title": "Refunds"','"title": "Refund"'),
        "manifest.json:17", "stale-manifest", "title of category 'Refunds' is 'Refund' here"),
    "a category's id differs": (
        edited('"id": "refunds",','"id": "refund",'),
        "manifest.json:16", "stale-manifest", "id of category 'refunds' is 'refund' here"),
    "a category is missing": (
        manifest(categories=CATEGORIES[:1]),
        "manifest.json:8", "stale-manifest", "category 'Refunds' is missing"),
    "the name differs": (
        manifest(name="order"),
        "manifest.json:2", "stale-manifest", "name differs from SKILL.md"),
    "the version differs": (
        manifest(version="1.0.1"),
        "manifest.json:3", "stale-manifest", "version differs from SKILL.md"),
    "the description differs": (
        manifest(description="Orders"),
        "manifest.json:5", "stale-manifest", "description differs from SKILL.md"),
    "a trap is missing": (
        edited('"limitless-refund"',""),
        "manifest.json:37", "stale-manifest",
        ("traps of refunds-limits is ['limitless-refund'], the manifest says []")),
    "the targets differ": (
        manifest(targets={"anyio": ">=4.17"}),
        "manifest.json:52", "stale-manifest", "targets differs from SKILL.md"),
    "a count is text": (
        manifest(ruleCount="2"),
        "manifest.json:6", "invalid-manifest", "ruleCount: '2' is not a whole number"),
    "a count is a boolean": (
        manifest(ruleCount=True),
        "manifest.json:6", "invalid-manifest", "ruleCount: true is not a whole number"),
    "the rules are an object": (
        manifest(rules={}),
        "manifest.json:22", "invalid-manifest", "rules: a mapping is not a list"),
    "a field is misspelt": (
        manifest(verison="1"),
        "manifest.json:55", "invalid-manifest", "unknown field 'verison', did you mean 'version'"),
    "a field is missing": (
        edited('  "license": "MIT",\n',""),
        "manifest.json:1", "invalid-manifest", "field 'license' is missing"),
}  # fmt: skip
FAULTS = by_check(FACTS)


@each_fact(FACTS)
def test_one_fault_is_one_diagnostic(skill: Skill, expected: str) -> None:
    assert said(skill) == [expected]
