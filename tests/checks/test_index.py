"""Checks of the index in SKILL.md."""

from __future__ import annotations

from packages import lone, package
from sample import LIMITS as LIMITS_TEXT
from tables import Faults, NearMisses, silent, told

TOTALS = "rules/orders-totals.md"
LIMITS = "rules/refunds-limits.md"
MORE = "references/orders-totals-more.md"
CHECKLIST = "references/review-checklist.md"
ROW = "| [refunds-limits](rules/refunds-limits.md) | LOW | Refund what was paid |\n"
TABLE = f"| Rule | Impact | Title |\n|---|---|---|\n{ROW}"
OTHER = LIMITS_TEXT.replace("Refund what was paid", "Refund soon").replace("min(paid, asked)", "min(asked, paid)")
EXTRA = {"rules/refunds-extra.md": OTHER}


FAULTS: Faults = {
    "unlisted-rule": {
        "the head of an index is misspelt": (
            package({"SKILL.md": (TABLE, TABLE.replace("| Rule |", "| Rules |"))}),
            ["SKILL.md:30: rule refunds-limits has no row in the index"],
        ),
        "a page was added": (
            package(add=EXTRA),
            ["rules/refunds-extra.md:1: rule refunds-extra has no row in SKILL.md's index"],
        ),
        "a page belongs to no category": (
            package(add={"rules/taxes-extra.md": OTHER}),
            ["rules/taxes-extra.md:1: rule taxes-extra has no row in SKILL.md's index"],
        ),
        "the index is gone": (
            package({"SKILL.md": (TABLE, "")}),
            ["SKILL.md:28: rule refunds-limits has no row in the index"],
        ),
    },
    "stale-row": {
        "the page's title changed": (
            package({LIMITS: [("title: Refund what", "title: Refund all"), ("# Refund what", "# Refund all")]}),
            ["SKILL.md:32: title of refunds-limits is 'Refund all was paid', the index says 'Refund what was paid'"],
        ),
        "the impact changed everywhere but in the index": (
            package(
                {
                    LIMITS: ("impact: LOW", "impact: HIGH"),
                    "manifest.json": (
                        '"category": "refunds",\n      "impact": "LOW"',
                        '"category": "refunds",\n      "impact": "HIGH"',
                    ),
                }
            ),
            ["SKILL.md:32: impact of refunds-limits is 'HIGH', the index says 'LOW'"],
        ),
        "a skill without a manifest": (
            lone(f"## Refunds\n\n{TABLE}", **{LIMITS: LIMITS_TEXT.replace("impact: LOW", "impact: HIGH")}),
            ["SKILL.md:5: impact of refunds-limits is 'HIGH', the index says 'LOW'"],
        ),
    },
    "missing-rule": {
        "a skill without a manifest": (
            lone(f"## Refunds\n\n{TABLE}"),
            ["SKILL.md:5: no such rule: rules/refunds-limits.md"],
        ),
    },
    "wrong-count": {
        "a list has other steps than were announced": (
            lone("Follow these three steps:\n\n1. Read.\n2. Write.\n   - to disk\n\n## Then\n\n- stop\n"),
            ["SKILL.md:1: announces 3 steps, the list has 2"],
        ),
        "rules that stand below": (
            lone("The 3 rules below.\n\n- a\n- b\n"),
            ["SKILL.md:1: announces 3 rules, the list has 2"],
        ),
        "a category is listed twice": (
            package({"SKILL.md": ("| Refunds | 1 | LOW | money back |\n", "| Refunds | 1 | LOW | money back |\n" * 2)}),
            ["SKILL.md:17: category 'Refunds' is listed twice"],
        ),
        "the head of the quick reference is misspelt": (
            package({"SKILL.md": ("| Category | Rules |", "| Category | Rule |")}),
            ["SKILL.md:13: the head of the quick reference is 'Category | Rules | Impact | When to Use'"],
        ),
        "the description counts": (
            package({"SKILL.md": ("Python services.", "Python services, 3 rules.")}),
            ["SKILL.md:3: claims 3 rules, there are 2"],
        ),
        "a skill without a manifest": (
            lone(f"**Total: 2 rules across 1 categories**\n\n## Refunds\n\n{TABLE}", **{LIMITS: LIMITS_TEXT}),
            ["SKILL.md:1: claims 2 rules, there are 1"],
        ),
        "a skill with rules and no index": (
            lone("It has 3 rules.\n", **{LIMITS: LIMITS_TEXT, "rules/_sections.md": "# Sections\n"}),
            ["SKILL.md:1: claims 3 rules, there are 1"],
        ),
        "a page of its traps": (
            package({LIMITS: ("Nothing stops", "This page has three traps. Nothing stops")}),
            [f"{LIMITS}:11: claims 3 traps, the page has 1"],
        ),
        "a further page of the traps below": (
            package({MORE: ("## Early", "Read the 2 traps below.\n\n## Early")}),
            [f"{MORE}:10: claims 2 traps, the page has 1"],
        ),
        "of all traps": (
            package({"SKILL.md": ("Python services.", "Python services, 2 rules with 4 traps.")}),
            ["SKILL.md:3: claims 4 traps, there are 2 or 3"],
        ),
    },
    "wrong-category": {
        "the manifest does not know the category": (
            package(add={"references/taxes-more.md": "---\ncategory: taxes\n---\ntext\n"}),
            ["references/taxes-more.md:2: category 'taxes' is not in the manifest"],
        ),
    },
    "incomplete-checklist": {
        "a trap on a further page has no line": (
            package({CHECKLIST: ("../references/orders-totals-more.md#early-rounding", "https://example.org")}),
            [f"{CHECKLIST}:1: no line for orders-totals-more#early-rounding"],
        ),
    },
}

NEAR_MISSES: NearMisses = {
    "missing-rule": {
        "the package is sound": package(),
        "a skill without a manifest may have any table": lone("| Rule | Title |\n|---|---|\n| [a](rules/a.md) | A |\n"),
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
        "lists that are as long as was said": lone(
            "These 2 steps:\n\n1. Read\n   it.\n2. Write.\n\nThese 2 steps:\n\n1. Read\n\n```text\na\n```\n\n2. Write\n"
        ),
        "traps as many as there are": package(
            {
                LIMITS: ("Nothing stops", "This page has one trap, the one trap below. Nothing stops"),
                TOTALS: (
                    "A float cannot",
                    "The other two traps are on [a page](../references/orders-totals-more.md). A float",
                ),
                "SKILL.md": ("Python services.", "Python services, with 3 traps."),
            }
        ),
        "traps of a stranger": lone("This page has three traps, and all 9 traps below.\n"),
        "numbers that announce no list": lone("It has 3 rules:\n\nfirst this\n\nPick 2 options:\n\n- a\n- b\n- c\n"),
        "another skill's references": lone("- 3 references/ files\n", **{"references/a.md": "# A\n"}),
        "the package is sound": package(),
        "the description says it twice": package({"SKILL.md": ("Python services.", "Python services, all 2 rules.")}),
        "references that are not Markdown count too": lone(
            "Two reference files are bundled.\n", **{"references/a.md": "# A\n", "references/b.json": "{}"}
        ),
        "a skill without rules": lone("**Total: 2 rules across 2 categories**\n"),
        "what is no claim about itself": lone(
            "Break the 2 rules of thumb, the 12-rule book, 40+ rules, v2 rules.\n", **{LIMITS: LIMITS_TEXT}
        ),
    },
    "wrong-category": {
        "the package is sound": package(),
        "a missing category has its own check": package({LIMITS: ("category: refunds\n", "")}),
    },
    "wrong-impact": {
        "the package is sound": package(),
        "an impact that does not exist has its own check": package({LIMITS: ("impact: LOW", "impact: HUGE")}),
        "a skill without a manifest": lone(
            f"## Refunds\n\n{TABLE}", **{LIMITS: LIMITS_TEXT.replace("impact: LOW", "impact: HIGH")}
        ),
    },
    "incomplete-checklist": {
        "the package is sound": package(),
        "a skill without a manifest": lone("# Orders\n"),
        "a package without a checklist": package(drop=[CHECKLIST]),
        "a package without pages": package(drop=[TOTALS, LIMITS, "references/orders-totals-more.md"]),
        "a dead anchor has its own check": package({CHECKLIST: ("#limitless-refund", "#limitless_refund")}),
        "an unlisted rule has its own check": package(add=EXTRA),
        "a line links a section that is no trap": package(
            {CHECKLIST: ("# Review\n", "# Review\n\n[new](../rules/orders-totals.md#new-and-correct)\n")}
        ),
    },
}


test_fault = told(FAULTS)
test_near_miss = silent(NEAR_MISSES)
