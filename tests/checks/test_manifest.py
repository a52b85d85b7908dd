"""Checks of manifest.json: ours, and those of strangers."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from packaged import manifest
from packages import build, lone, package, said
from sample import FILES, MANIFEST
from skill_validator.model import Skill
from tables import Faults, NearMisses, silent, told

PAGES = {name: text for name, text in FILES.items() if name.startswith(("SKILL.md", "rules/", "references/"))}
TABLE = FILES["SKILL.md"].partition("## Refunds\n\n")[2].partition("\n\n")[0]
ENTRIES = [
    {"id": "orders-totals", "title": "Add money exactly", "impact": "HIGH", "path": "rules/orders-totals.md"},
    {"id": "refunds-limits", "title": "Refund what was paid", "impact": "LOW", "path": "rules/refunds-limits.md"},
]
FOREIGN = {
    "name": "orders", "version": "1.0.0", "totalRules": 2, "rules": ENTRIES,
    "categories": [{"id": "orders", "ruleCount": 1}, {"name": "refunds", "count": 1}, "more"],
}  # fmt: skip


def foreign(**fields: object) -> Skill:
    """The package's pages with a manifest of another format."""
    return build(PAGES | {"manifest.json": json.dumps(FOREIGN | fields, indent=2)})


def entry(number: int, **fields: object) -> list[Mapping[str, object]]:
    """The rules of that manifest with these fields in one."""
    return [rule | fields if n == number else rule for n, rule in enumerate(ENTRIES)]


FAULTS: Faults = {
    "invalid-manifest": {
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
    "stale-manifest": {
        "a category has no rules": (
            package(
                {
                    "manifest.json": [
                        ('"categoryCount": 2', '"categoryCount": 3'),
                        (
                            '"rules": 1\n    }\n  ]',
                            '"rules": 1\n    },\n    {"id": "x", "title": "X", "impact": "LOW", "rules": 0}\n  ]',
                        ),
                    ]
                }
            ),
            ["manifest.json:21: category 'X' has no table of rules in SKILL.md"],
        ),
        "a trap is new": (
            package({"rules/refunds-limits.md": ("**Incorrect:**", "## Second trap\n\n**Incorrect:**")}),
            [
                (
                    "manifest.json:37: traps of refunds-limits is ['limitless-refund', 'second-trap'], "
                    "the manifest says ['limitless-refund']"
                )
            ],
        ),
        "a trap is called something else": (
            package({"manifest.json": ('"limitless-refund"', '"refund"')}),
            ["manifest.json:38: traps of refunds-limits is ['limitless-refund'], the manifest says ['refund']"],
        ),
        "the lines of a manifest with tabs": (
            package(add={"manifest.json": json.dumps(MANIFEST | {"ruleCount": 7}, indent="\t")}),
            ["manifest.json:6: ruleCount is 2, the manifest says 7"],
        ),
    },
    "contradicting-manifest": {
        "the version": (foreign(version="1.0.1"), ["manifest.json:3: version is '1.0.0' in SKILL.md, '1.0.1' here"]),
        "the name": (foreign(name="order"), ["manifest.json:2: name is 'orders' in SKILL.md, 'order' here"]),
        "the number of rules": (foreign(totalRules=3), ["manifest.json:4: totalRules is 2, the manifest says 3"]),
        "the number of categories": (
            foreign(categoryCount=3),
            ["manifest.json:30: categoryCount is 2, the manifest says 3"],
        ),
        "the rules of a category": (
            foreign(categories=[{"id": "orders", "rules": 2}]),
            ["manifest.json:22: orders has 1 rules, the manifest says 2"],
        ),
        "a page": (
            foreign(rules=entry(0, path="rules/orders-total.md")),
            ["manifest.json:10: no such file: rules/orders-total.md"],
        ),
        "an impact": (
            foreign(rules=entry(1, impact="HIGH")),
            ["manifest.json:15: impact of refunds-limits is 'LOW', the manifest says 'HIGH'"],
        ),
        "a title": (
            foreign(rules=entry(1, title="Refund")),
            ["manifest.json:14: title of refunds-limits is 'Refund what was paid', the manifest says 'Refund'"],
        ),
        "a rule is missing": (foreign(rules=ENTRIES[:1]), ["manifest.json:5: rule 'refunds-limits' is missing"]),
    },
}

NEAR_MISSES: NearMisses = {
    "invalid-manifest": {
        "the package is sound": package(),
        "a skill without a manifest": lone("# Orders\n"),
        "a manifest that is no JSON has its own check": package(add={"manifest.json": "{"}),
        "a manifest's targets may name anything": manifest(targets={"zoo": "1"}),
        "a manifest of another format": foreign(),
    },
    "stale-manifest": {
        "the package is sound": package(),
        "a skill without a manifest": lone("# Orders\n"),
        "a manifest that could not be read has its own check": package(add={"manifest.json": "{"}),
        "fields of the wrong type have their own check": manifest(ruleCount="2", categoryCount=True),
        "the versions it was tested on are its own": manifest(tested={"anyio": "4.16.0"}),
        "a category whose table is gone": package({"SKILL.md": (TABLE, "")}),
        "a category of the wrong type": manifest(categories=[1]),
    },
    "contradicting-manifest": {
        "the package is sound": package(),
        "a manifest of another format": foreign(),
        "a name for people": foreign(name="The orders skill"),
        "numbers of other things": foreign(rulesPerPage=7, size=3, is_rule=True),
        "a skill without rules": lone("# Orders\n", **{"manifest.json": '{"rules": 7, "main": "dist/index.js"}'}),
    },
}


test_fault = told(FAULTS)
test_near_miss = silent(NEAR_MISSES)


@pytest.mark.parametrize("skill", [foreign(), build(PAGES)], ids=["another format", "no manifest"])
def test_pages_and_index_need_no_manifest_of_ours(skill: Skill) -> None:
    assert said(skill) == []
