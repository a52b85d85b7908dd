"""One fault in the pages, the index or the files of a package is one diagnostic."""

from __future__ import annotations

from facts import by_check, each_fact
from packaged import RULES, edited, manifest, skill
from packages import package, said
from sample import LIMITS as LIMITS_TEXT
from skill_validator.model import Skill

LIMITS = "rules/refunds-limits.md"
CHECKLIST = "references/review-checklist.md"
ROW = "| [refunds-limits](rules/refunds-limits.md) | LOW | Refund what was paid |\n"
ROW1 = "| [orders-totals](rules/orders-totals.md) | HIGH | Add money exactly |\n"

FACTS = {
    "a page is deleted": (
        package(drop=[LIMITS]),
        "SKILL.md:32", "missing-rule", "no such rule: rules/refunds-limits.md"),
    "a row is invented": (
        skill((ROW,ROW+"| [refunds-extra](rules/refunds-extra.md) | LOW | Extra |\n")),
        "SKILL.md:33", "missing-rule", "no such rule: rules/refunds-extra.md"),
    "a rule is invented": (






        manifest(rules=[*RULES,{**RULES[1],"id":"refunds-extra","file":"rules/refunds-extra.md"}]),
        "manifest.json:41", "missing-rule", "no such rule: rules/refunds-extra.md"),
    "a page is renamed": (
        package(drop=[LIMITS], add={"rules/refunds-caps.md": LIMITS_TEXT}),
        "rules/refunds-caps.md:1", "unlisted-rule", "the index calls this rule 'refunds-limits'"),
    "a page's name is in another case": (
        package(drop=[LIMITS], add={"rules/Refunds-Limits.md": LIMITS_TEXT}),
        "rules/Refunds-Limits.md:1", "unlisted-rule", "the index calls this rule 'refunds-limits'"),
    "a page is renamed into another category": (
        package(drop=[LIMITS], add={"rules/orders-limits.md": LIMITS_TEXT}),
        "rules/orders-limits.md:1", "unlisted-rule", "the index calls this rule 'refunds-limits'"),
    "a page is added": (
        package(add={"rules/refunds-extra.md": LIMITS_TEXT.replace("Refund what was paid","Refund "
        "soon").replace("return min(paid, asked)","return min(asked, paid)")}),
        "rules/refunds-extra.md:1", "unlisted-rule", "rule refunds-extra has no row in SKILL.md's index"),
    "a row is missing": (
        skill((ROW,"")),
        "SKILL.md:30", "unlisted-rule", "rule refunds-limits has no row in the index"),
    "a page's impact is changed": (
        package({LIMITS:("impact: LOW","impact: HIGH")}),
        "rules/refunds-limits.md:4", "wrong-impact", "impact is HIGH, the index and the manifest say LOW"),
    "a row's impact is changed": (
        skill((ROW,ROW.replace("LOW","HIGH"))),
        "SKILL.md:32", "stale-row", "impact of refunds-limits is 'LOW', the index says 'HIGH'"),
    "a row's title is changed": (
        skill(("| Refund what was paid |","| Refund what is paid |")),
        "SKILL.md:32", "stale-row",
        ("title of refunds-limits is 'Refund what was paid', the index says 'Refund what is "
         "paid'")),
    "a row stands twice": (
        skill((ROW,ROW*2)),
        "SKILL.md:33", "stale-row", "refunds-limits is listed twice"),
    "a row links another rule": (
        skill(("(rules/refunds-limits.md)","(rules/orders-totals.md)")),
        "SKILL.md:32", "stale-row",
        ("link of refunds-limits is '[refunds-limits](rules/refunds-limits.md)', the index says"
         " '[refunds-limits](rules/orders-totals.md)'")),
    "a row's link has another text": (
        skill(("[refunds-limits]","[refund-limits]")),
        "SKILL.md:32", "stale-row",
        ("link of refunds-limits is '[refunds-limits](rules/refunds-limits.md)', the index says"
         " '[refund-limits](rules/refunds-limits.md)'")),
    "a row is no link": (
        skill(("[refunds-limits](rules/refunds-limits.md)","refunds-limits")),
        "SKILL.md:32", "stale-row",
        ("link of refunds-limits is '[refunds-limits](rules/refunds-limits.md)', the index says"
         " 'refunds-limits'")),
    "a row stands under another category": (
        skill((ROW,""),(ROW1,ROW1+ROW)),
        "SKILL.md:27", "stale-row", "refunds-limits stands under 'Orders'"),
    "a category's heading is renamed": (
        skill(("## Refunds","## Money back")),
        "SKILL.md:28", "stale-row", "the rules of 'Refunds' stand under 'money-back'"),
    "a page's category is changed": (
        package({LIMITS:("category: refunds","category: orders")}),
        "rules/refunds-limits.md:3", "wrong-category", "category 'orders' differs from the page's name, 'refunds'"),
    "the quick reference miscounts": (
        skill(("| Refunds | 1 |","| Refunds | 2 |")),
        "SKILL.md:16", "wrong-count", "category 'Refunds' has 1 rules, the quick reference says 2"),
    "the quick reference gives another impact": (
        skill(("| Refunds | 1 | LOW","| Refunds | 1 | HIGH")),
        "SKILL.md:16", "wrong-count", "impact of 'Refunds' is LOW, the quick reference says HIGH"),
    "the quick reference lacks a row": (
        skill(("| Refunds | 1 | LOW | money back |\n","")),
        "SKILL.md:15", "wrong-count", "category 'Refunds' has no row in the quick reference"),
    "the quick reference names another category": (
        skill(("| Refunds | 1","| Refund | 1")),
        "SKILL.md:16", "wrong-count", "category 'Refund' is not in the manifest"),
    "the total line miscounts the rules": (
        skill(("Total: 2 rules","Total: 3 rules")),
        "SKILL.md:18", "wrong-count", "claims 3 rules, there are 2"),
    "the total line miscounts the categories": (
        skill(("across 2 cat","across 4 cat")),
        "SKILL.md:18", "wrong-count", "claims 4 categories, there are 2"),
    "the total line is missing": (
        skill(("**Total: 2 rules across 2 categories**\n","")),
        "SKILL.md:1", "wrong-count", "no line '**Total: N rules across N categories**'"),
    "a sentence miscounts": (
        skill(("Before a release","These 3 rules across 2 categories: before a release")),
        "SKILL.md:20", "wrong-count", "claims 3 rules, there are 2"),
    "the description miscounts": (
        package({"SKILL.md":("description: Orders in","description: Orders, 12 rules in 2 categories, "
        "in"),"manifest.json":('"description": "Orders in','"description": "Orders, 12 rules in 2 categories, in')}),
        "SKILL.md:3", "wrong-count", "claims 12 rules, there are 2"),
    "a sentence miscounts in words": (
        skill(("Before a release","All three rules hold before a release")),
        "SKILL.md:20", "wrong-count", "claims 3 rules, there are 2"),
    "a category's impact differs": (
        edited('"title": "Refunds",\n      "impact": "LOW"','"title": "Refunds",\n      "impact": "HIGH"'),
        "SKILL.md:16", "wrong-count", "impact of 'Refunds' is HIGH, the quick reference says LOW"),
    "the checklist lacks a line": (
        package({CHECKLIST:("- [ ] Taxes rounded "
        "once ([early-rounding](../references/orders-totals-more.md#early-rounding))\n","")}),
        "references/review-checklist.md:1", "incomplete-checklist", "no line for orders-totals-more#early-rounding"),
    "a page is copied": (
        package(add={"rules/refunds-limits-copy.md": LIMITS_TEXT}),
        "rules/refunds-limits-copy.md:1", "repeated-page", "the same text as rules/refunds-limits.md"),
    "two pages have one title": (
        package({LIMITS:[("title: Refund what was paid","title: Add money exactly"),("# Refund what was "
        "paid","# Add money exactly")]}),
        "rules/refunds-limits.md:2", "repeated-page", "the same title as rules/orders-totals.md"),
    "a page is emptied": (
        package(add={LIMITS: ""}),
        "rules/refunds-limits.md:1", "blank-page", "the document is empty"),
    "a page has frontmatter only": (
        package(add={LIMITS: LIMITS_TEXT.partition("\n# ")[0]+"\n"}),
        "rules/refunds-limits.md:1", "blank-page", "the document is empty"),
    "a reference is emptied": (
        package(add={CHECKLIST:""}),
        "references/review-checklist.md:1", "blank-page", "the document is empty"),
    "a skill lies in the skill": (
        package(add={"references/inner/SKILL.md":"---\nname: inner\ndescription: Inner. Use it.\n---\n# Inner\n"
        "\nText.\n"}),
        "references/inner/SKILL.md:1", "nested-skill", "a skill inside a skill"),
    "a file of the Finder": (
        package(add={".DS_Store":""}),
        ".DS_Store:1", "junk-file", "does not belong to a skill: .DS_Store"),
    "what a merge left": (
        package(add={"SKILL.md.orig":""}),
        "SKILL.md.orig:1", "junk-file", "does not belong to a skill: SKILL.md.orig"),
    "what an editor left": (
        package(add={"rules/a.md~":""}),
        "rules/a.md~:1", "junk-file", "does not belong to a skill: a.md~"),
    "a folder of bytecode": (
        package(add={"scripts/__pycache__/a.pyc":""}),
        "scripts/__pycache__:1", "junk-file", "does not belong to a skill: __pycache__"),
    "a row of the index is short": (
        skill(("| HIGH | Add money exactly |","| HIGH |")),
        "SKILL.md:26", "broken-table", "the row has 2 cells, the head has 3"),
    "a row of the index is long": (
        skill(("| HIGH | Add money exactly |","| HIGH | Add money exactly | x |")),
        "SKILL.md:26", "broken-table", "the row has 4 cells, the head has 3"),
    "a row of the quick reference is long": (
        skill(("| Orders | 1 | HIGH | sums, taxes |","| Orders | 1 | HIGH | sums | taxes |")),
        "SKILL.md:15", "broken-table", "the row has 5 cells, the head has 4"),
    "the quick reference has no delimiter row": (
        skill(("|---|---|---|---|\n","")),
        "SKILL.md:13", "broken-table", "rows of a table without a head and a delimiter row"),
    "an index has no delimiter row": (
        skill(("## Refunds\n\n| Rule | Impact | Title |\n|---|---|---|\n","## Refunds\n\n"
        "| Rule | Impact | Title |\n")),
        "SKILL.md:30", "broken-table", "rows of a table without a head and a delimiter row"),
    "a delimiter row is short": (
        skill(("|---|---|---|---|\n","|---|---|---|\n")),
        "SKILL.md:14", "broken-table", "the delimiter row has 3 cells, the head has 4"),
    "a blank line in a table": (
        skill(("| sums, taxes |\n","| sums, taxes |\n\n")),
        "SKILL.md:17", "broken-table", "rows of a table without a head and a delimiter row"),
    "a page has no frontmatter": (
        package(add={LIMITS: LIMITS_TEXT.partition("\n---\n")[2]}),
        "rules/refunds-limits.md:1", "broken-frontmatter", "no frontmatter at the first byte"),
    "the name of SKILL.md differs": (
        skill(("name: orders","name: order")),
        "SKILL.md:2", "foreign-name", "name 'order' differs from its folder 'orders'"),
    "a page's heading is changed": (
        package({LIMITS:("# Refund what","# Refund all that")}),
        "rules/refunds-limits.md:8", "different-title",
        ("heading 'Refund all that was paid' differs from title 'Refund what was paid'")),
    "a page's title is changed": (
        package({LIMITS:("title: Refund what was","title: Refund all that was")}),
        "rules/refunds-limits.md:2", "different-title",
        ("title 'Refund all that was paid' differs from the heading 'Refund what was paid'")),
    "a page has no heading of level one": (
        package({LIMITS:("# Refund what was paid\n","")}),
        "rules/refunds-limits.md:1", "different-title", "no heading of level one"),
    "a comma ends an object": (
        edited('"tested": {}','"tested": {},'),
        "manifest.json:54", "broken-file", "not JSON: a comma before the closing bracket"),
    "single quotes": (
        edited('"name": "orders"',"'name': 'orders'"),
        "manifest.json:2", "broken-file", "not JSON: expecting property name enclosed in double quotes"),
    "a comment": (
        edited('{\n  "name"','{\n  // the name\n  "name"'),
        "manifest.json:2", "broken-file", "not JSON: expecting property name enclosed in double quotes"),
    "a key stands twice": (
        edited('"license": "MIT"','"license": "MIT",\n  "license": "MIT"'),
        "manifest.json:5", "broken-file", "key 'license' is given twice"),
    "a key stands twice inside": (
        edited('"title": "Refunds"','"title": "Refunds",\n      "title": "Refunds"'),
        "manifest.json:18", "broken-file", "key 'title' is given twice"),
    "the manifest is an array": (
        package(add={"manifest.json":"[]\n"}),
        "manifest.json:1", "broken-file", "not an object"),
    "the manifest is empty": (
        package(add={"manifest.json":""}),
        "manifest.json:1", "broken-file", "not JSON: expecting value"),
    "a row's link is in another case": (
        skill(("(rules/refunds-limits.md)","(rules/Refunds-limits.md)")),
        "SKILL.md:32", "dead-link", "no such file: rules/Refunds-limits.md, did you mean rules/refunds-limits.md"),
    "the checklist is deleted": (
        package(drop=[CHECKLIST]),
        "SKILL.md:20", "dead-link", "no such file: references/review-checklist.md"),
    "nobody names a reference": (
        package(add={"references/extra.md":"# Extra\n\nText.\n"}),
        "references/extra.md:1", "orphaned-page", "no SKILL.md and no page names this"),
}  # fmt: skip
FAULTS = by_check(FACTS)


@each_fact(FACTS)
def test_one_fault_is_one_diagnostic(skill: Skill, expected: str) -> None:
    assert said(skill) == [expected]
