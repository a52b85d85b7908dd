"""Checks of the index in SKILL.md and of the manifest."""

from __future__ import annotations

import json

from packages import found, lone, package
from sample import LIMITS as LIMITS_TEXT
from sample import MANIFEST
from skill_validator.model import Skill
from tables import Faults, NearMisses, each_fault, each_near_miss

TOTALS = "rules/orders-totals.md"
LIMITS = "rules/refunds-limits.md"
CHECKLIST = "references/review-checklist.md"
ROW = "| [refunds-limits](rules/refunds-limits.md) | LOW | Refund what was paid |\n"
TABLE = f"| Rule | Impact | Title |\n|---|---|---|\n{ROW}"
EXTRA = {"rules/refunds-extra.md": LIMITS_TEXT}


def manifest(**fields: object) -> Skill:
    """The package with these fields in its manifest."""
    return package(add={"manifest.json": json.dumps(MANIFEST | fields, indent=2)})


FAULTS: Faults = {
    "invalid-manifest": {
        "a number is text": (manifest(ruleCount="2"), ["manifest.json:6: ruleCount: '2' is not a whole number"]),
        "a number is below zero": (manifest(ruleCount=-1), ["manifest.json:6: ruleCount: -1 is below 0"]),
        "a field is unknown": (
            manifest(rulecount=2),
            ["manifest.json:55: unknown field 'rulecount', did you mean 'ruleCount'"],
        ),
        "two fields of a category are unknown": (
            package({"manifest.json": ('"title": "Orders"', '"title": "Orders", "b": 1,\n"a": 2')}),
            [
                "manifest.json:11: categories.0: unknown field 'b'",
                "manifest.json:12: categories.0: unknown field 'a'",
            ],
        ),
        "a field is missing": (
            package({"manifest.json": (',\n  "tested": {}', "")}),
            ["manifest.json:1: field 'tested' is missing"],
        ),
        "a rule's file is not in rules": (
            package({"manifest.json": ('"rules/refunds-limits.md"', '"refunds-limits.md"')}),
            ["manifest.json:34: rules.1.file: 'refunds-limits.md' is not a page in rules/"],
        ),
    },
    "missing-rule": {
        "a page was deleted": (package(drop=[LIMITS]), ["SKILL.md:32: no such rule: rules/refunds-limits.md"]),
        "a row was invented": (
            package({"SKILL.md": (ROW, f"{ROW}| [refunds-extra](rules/refunds-extra.md) | LOW | Extra |\n")}),
            ["SKILL.md:33: no such rule: rules/refunds-extra.md"],
        ),
    },
    "unlisted-rule": {
        "a page was added": (package(add=EXTRA), ["SKILL.md:30: rule refunds-extra has no row in the index"]),
        "a page belongs to no category": (
            package(add={"rules/taxes-extra.md": LIMITS_TEXT}),
            ["SKILL.md:1: rule taxes-extra has no row in the index"],
        ),
        "the index is gone": (
            package({"SKILL.md": (TABLE, "")}),
            ["SKILL.md:1: rule refunds-limits has no row in the index"],
        ),
        "a row is no link": (
            package({"SKILL.md": (ROW, "| refunds-limits | LOW | Refund what was paid |\n")}),
            ["SKILL.md:30: rule refunds-limits has no row in the index"],
        ),
    },
    "stale-row": {
        "the page's impact changed": (
            package({LIMITS: ("impact: LOW", "impact: HIGH")}),
            ["SKILL.md:32: impact of refunds-limits is 'HIGH', the index says 'LOW'"],
        ),
        "the page's title changed": (
            package({LIMITS: ("title: Refund what was paid", "title: Refund less")}),
            ["SKILL.md:32: title of refunds-limits is 'Refund less', the index says 'Refund what was paid'"],
        ),
        "the link has another text": (
            package({"SKILL.md": ("[refunds-limits]", "[limits]")}),
            [
                (
                    "SKILL.md:32: link of refunds-limits is '[refunds-limits](rules/refunds-limits.md)', "
                    "the index says '[limits](rules/refunds-limits.md)'"
                )
            ],
        ),
        "a row stands under another category": (
            package({"SKILL.md": [(ROW, ""), ("| Add money exactly |\n", f"| Add money exactly |\n{ROW}")]}),
            ["SKILL.md:27: refunds-limits stands under 'orders'"],
        ),
    },
    "wrong-count": {
        "the quick reference miscounts a category": (
            package({"SKILL.md": ("| Orders | 1 |", "| Orders | 2 |")}),
            ["SKILL.md:15: category 'Orders' has 1 rules in the index, the quick reference says 2"],
        ),
        "the quick reference gives another impact": (
            package({"SKILL.md": ("| Orders | 1 | HIGH |", "| Orders | 1 | LOW |")}),
            ["SKILL.md:15: impact of 'Orders' is HIGH, the quick reference says LOW"],
        ),
        "the quick reference names an unknown category": (
            package({"SKILL.md": ("| Refunds | 1 |", "| Money back | 1 |")}),
            [
                "SKILL.md:1: category 'Refunds' has no row in the quick reference",
                "SKILL.md:16: category 'Money back' is not in the manifest",
            ],
        ),
        "the total line miscounts the rules": (
            package({"SKILL.md": ("Total: 2 rules", "Total: 3 rules")}),
            ["SKILL.md:18: the total says 3 rules, the index has 2"],
        ),
        "the total line miscounts the categories": (
            package({"SKILL.md": ("across 2 categories", "across 3 categories")}),
            ["SKILL.md:18: the total says 3 categories, the index has 2"],
        ),
        "there is no total line": (
            package({"SKILL.md": ("**Total: 2", "**Sum: 2")}),
            ["SKILL.md:1: no line '**Total: N rules across N categories**'"],
        ),
        "a category has no table": (
            package({"SKILL.md": (TABLE, "")}),
            [
                "SKILL.md:16: category 'Refunds' has 0 rules in the index, the quick reference says 1",
                "SKILL.md:18: the total says 2 rules, the index has 1",
            ],
        ),
    },
    "wrong-category": {
        "the name tells another category": (
            package({LIMITS: ("category: refunds", "category: orders")}),
            [f"{LIMITS}:3: category 'orders' differs from the page's name, 'refunds'"],
        ),
        "the manifest does not know the category": (
            package(add={"references/taxes-more.md": "---\ncategory: taxes\n---\n"}),
            ["references/taxes-more.md:2: category 'taxes' is not in the manifest"],
        ),
    },
    "stale-manifest": {
        "the version differs": (manifest(version="1.0.1"), ["manifest.json:3: version differs from SKILL.md"]),
        "the targets differ": (manifest(targets={"anyio": ">=4"}), ["manifest.json:51: targets differs from SKILL.md"]),
        "the number of rules is wrong": (
            manifest(ruleCount=3),
            ["manifest.json:6: ruleCount is 2, the manifest says 3"],
        ),
        "the number of categories is wrong": (
            manifest(categoryCount=1),
            ["manifest.json:7: categoryCount is 2, the manifest says 1"],
        ),
        "a category's number of rules is wrong": (
            package({"manifest.json": ('"impact": "LOW",\n      "rules": 1', '"impact": "LOW",\n      "rules": 2')}),
            ["manifest.json:19: refunds has 1 rules, the manifest says 2"],
        ),
        "a category has no table of rules": (
            package({"SKILL.md": (TABLE, "")}),
            [
                "manifest.json:6: ruleCount is 1, the manifest says 2",
                "manifest.json:15: category 'Refunds' has no table of rules in SKILL.md",
                "manifest.json:32: rule 'refunds-limits' is not in SKILL.md's index",
            ],
        ),
        "a trap is missing": (
            package({LIMITS: ("**Incorrect:**", "## Second trap\n\n**Incorrect:**")}),
            [
                (
                    "manifest.json:37: traps of refunds-limits is ['limitless-refund', 'second-trap'], "
                    "the manifest says ['limitless-refund']"
                )
            ],
        ),
        "a rule is missing": (
            manifest(rules=MANIFEST["rules"][:1] if isinstance(MANIFEST["rules"], list) else ()),
            ["manifest.json:22: rule 'refunds-limits' is missing"],
        ),
        "a rule is listed twice": (
            package({"manifest.json": ('"id": "refunds-limits"', '"id": "orders-totals"')}),
            [
                "manifest.json:22: rule 'refunds-limits' is missing",
                "manifest.json:32: rule 'orders-totals' is listed twice",
            ],
        ),
    },
    "incomplete-checklist": {
        "a trap has no line": (
            package({CHECKLIST: ("#limitless-refund", "")}),
            [f"{CHECKLIST}:1: no line for refunds-limits#limitless-refund"],
        ),
        "a trap on a further page has no line": (
            package({CHECKLIST: ("../references/orders-totals-more.md#early-rounding", "https://example.org")}),
            [f"{CHECKLIST}:1: no line for orders-totals-more#early-rounding"],
        ),
        "there is no checklist": (package(drop=[CHECKLIST]), ["SKILL.md:1: no references/review-checklist.md"]),
    },
}

NEAR_MISSES: NearMisses = {
    "invalid-manifest": {
        "the package is sound": package(),
        "a skill without a manifest": lone("# Orders\n"),
        "a manifest that is no JSON has its own check": package(add={"manifest.json": "{"}),
        "a manifest's targets may name anything": manifest(targets={"zoo": "1"}),
    },
    "missing-rule": {
        "the package is sound": package(),
        "a skill without a manifest may have any table": lone(f"## Refunds\n\n{TABLE}"),
        "a row whose link is broken is left to its own check": package(
            {"SKILL.md": ("rules/refunds-limits", "rules/x")}
        ),
    },
    "unlisted-rule": {
        "the package is sound": package(),
        "a page of further traps needs no row": package(add={"references/refunds-limits-more.md": LIMITS_TEXT}),
        "a folder below rules": package(add={"rules/drafts/refunds-extra.md": LIMITS_TEXT}),
    },
    "stale-row": {
        "the package is sound": package(),
        "a row whose page was deleted has its own check": package(drop=[LIMITS]),
        "a title has a pipe": package(
            {LIMITS: ("title: Refund what was paid", "title: a | b"), "SKILL.md": ("Refund what was paid", r"a \| b")}
        ),
    },
    "wrong-count": {
        "the package is sound": package(),
        "a skill without a manifest": lone("**Total: 2 rules across 2 categories**\n"),
    },
    "wrong-category": {
        "the package is sound": package(),
        "a missing category has its own check": package({LIMITS: ("category: refunds\n", "")}),
    },
    "stale-manifest": {
        "the package is sound": package(),
        "a skill without a manifest": lone("# Orders\n"),
        "a manifest that could not be read has its own check": package(add={"manifest.json": "{"}),
        "fields of the wrong type have their own check": manifest(ruleCount="2"),
        "the versions it was tested on are its own": manifest(tested={"anyio": "4.16.0"}),
    },
    "incomplete-checklist": {
        "the package is sound": package(),
        "a skill without a manifest": lone("# Orders\n"),
        "a package without pages": package(drop=[TOTALS, LIMITS, "references/orders-totals-more.md"]),
        "a dead anchor has its own check": package({CHECKLIST: ("#limitless-refund", "#limitless_refund")}),
        "an unlisted rule has its own check": package(add=EXTRA),
        "a line links a section that is no trap": package(
            {CHECKLIST: ("# Review\n", "# Review\n\n[new](../rules/orders-totals.md#new-and-correct)\n")}
        ),
    },
}


@each_fault(FAULTS)
def test_fault(check: str, skill: Skill, expected: list[str]) -> None:
    assert found(skill, check) == expected


@each_near_miss(NEAR_MISSES)
def test_near_miss(check: str, skill: Skill) -> None:
    assert found(skill, check) == []
