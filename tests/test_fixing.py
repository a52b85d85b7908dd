"""`fix` restores what is derived, touches nothing else, and has nothing to do the second time."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from packages import ROOT, Change, build, changed, lone, package, said
from sample import FILES, LIMITS, MANIFEST, SKILL, proof
from skill_validator.fixing import fix

ROW = "| [orders-totals](rules/orders-totals.md) | HIGH | Add money exactly |\n"
LISTED = "| Rule | Impact | Title |\n|---|---|---|\n| [refunds-limits]"
EXTRA = {"rules/refunds-extra.md": LIMITS, "tests/proofs/test_refunds_extra.py": proof("limitless_refund")}
RULES = MANIFEST["rules"]
assert isinstance(RULES, list)


def fixed(files: Mapping[str, str]) -> dict[str, str]:
    """The files after one fix."""
    return dict(files) | {path.relative_to(ROOT).as_posix(): text for path, text in fix(build(files)).items()}


def manifest(**fields: object) -> dict[str, str]:
    """The package with these fields in its manifest."""
    return changed(add={"manifest.json": json.dumps(MANIFEST | fields, indent=2) + "\n"})


STALE: dict[str, dict[str, str]] = {
    "the number of a category": changed({"SKILL.md": ("| Orders | 1 |", "| Orders | 7 |")}),
    "the total of rules": changed({"SKILL.md": ("Total: 2 rules", "Total: 7 rules")}),
    "the total of categories": changed({"SKILL.md": ("across 2", "across 7")}),
    "an impact in the index": changed({"SKILL.md": (ROW, ROW.replace("HIGH", "LOW"))}),
    "a title in the index": changed({"SKILL.md": (ROW, ROW.replace("exactly", "roughly"))}),
    "a link in the index": changed({"SKILL.md": ("(rules/orders-totals.md)", "(rules/totals.md)")}),
    "the text of a link in the index": changed({"SKILL.md": ("[orders-totals]", "[totals]")}),
    "a row that is missing": changed({"SKILL.md": (ROW, "")}),
    "a row of no page": changed({"SKILL.md": (ROW, f"{ROW}| [orders-old](rules/orders-old.md) | LOW | Old |\n")}),
    "a row given twice": changed({"SKILL.md": (ROW, ROW + ROW)}),
    "a row under another category": changed({"SKILL.md": [(ROW, ""), (LISTED, LISTED.replace("| [r", f"{ROW}| [r"))]}),
    "the manifest's version": manifest(version="0.9.0"),
    "the manifest's targets": manifest(targets={"trio": ">=1"}),
    "the manifest's number of rules": manifest(ruleCount=7),
    "the manifest's number of categories": manifest(categoryCount=7),
    "the manifest's rules": manifest(rules=[]),
    "the order of the manifest's rules": manifest(rules=[*reversed(RULES)]),
    "a trap in the manifest": manifest(rules=[RULES[0], RULES[1] | {"traps": ["endless-refund"]}]),
}


@pytest.mark.parametrize("files", STALE.values(), ids=STALE)
def test_what_is_derived_is_restored_to_the_letter(files: dict[str, str]) -> None:
    assert fixed(files) == FILES


GROWN: dict[str, dict[str, str]] = {
    "a rule was added": changed(add=EXTRA),
    "a rule was deleted": changed(drop=["rules/refunds-limits.md", "tests/proofs/test_refunds_limits.py"]),
    "a rule has a pipe in its title": changed(
        {"rules/refunds-limits.md": [("title: Refund what", "title: a | b"), ("# Refund what", "# a | b")]}
    ),
    "the index ends the file, and a rule was added": changed(
        add={"SKILL.md": SKILL.partition("## Quick")[0].rstrip(), **EXTRA}, drop=["tests/proofs/test_skill.py"]
    ),
    "an empty table ends the file": changed(
        add={"SKILL.md": SKILL.partition("| [refunds-limits]")[0].rstrip()}, drop=["tests/proofs/test_skill.py"]
    ),
    "a category lost its last rule": changed(
        drop=["rules/refunds-limits.md", "tests/proofs/test_refunds_limits.py"],
        edits={"references/review-checklist.md": ("#limitless-refund", "")},
    ),
}


@pytest.mark.parametrize("files", GROWN.values(), ids=GROWN)
def test_after_a_fix_no_check_of_the_index_speaks_and_a_second_has_nothing_to_do(files: dict[str, str]) -> None:
    after = fixed(files)
    derived = ("missing-rule", "unlisted-rule", "stale-row", "wrong-count", "stale-manifest", "invalid-manifest")
    assert [line for line in said(build(after)) if line.split(": ")[1] in derived] == []
    assert after != files
    assert fix(build(after)) == {}


def test_an_added_rule_gets_its_row_and_its_entry() -> None:
    before = changed(add=EXTRA)
    after = fixed(before)
    row = "| [refunds-limits](rules/refunds-limits.md) | LOW | Refund what was paid |\n"
    assert after["SKILL.md"] == (
        SKILL.replace(row, row + row.replace("limits", "extra"))
        .replace("| Refunds | 1 |", "| Refunds | 2 |")
        .replace("Total: 2 rules", "Total: 3 rules")
    )
    assert json.loads(after["manifest.json"])["rules"][2] == {
        "id": "refunds-extra",
        "file": "rules/refunds-extra.md",
        "category": "refunds",
        "impact": "LOW",
        "traps": ["limitless-refund"],
    }
    assert {name for name in after if after[name] != before[name]} == {"SKILL.md", "manifest.json"}


@pytest.mark.parametrize("end", ["\r\n", "\r"], ids=["Windows", "old Macintosh"])
def test_line_endings_stay_what_they_are(end: str) -> None:
    files = changed({"SKILL.md": [("Total: 2", "Total: 7"), ("| Orders | 1 |", "| Orders | 7 |"), (ROW, "")]})
    if end == "\r":  # frontmatter is read by lines that end in \n
        head, _, body = files["SKILL.md"].partition("# Orders that")
        wanted = head + "# Orders that" + SKILL.partition("# Orders that")[2].replace("\n", end)
        files["SKILL.md"] = head + "# Orders that" + body.replace("\n", end)
    else:
        wanted = SKILL.replace("\n", end)
        files["SKILL.md"] = files["SKILL.md"].replace("\n", end)
    assert fixed(files)["SKILL.md"] == wanted


UNTOUCHED: dict[str, dict[str, str]] = {
    "everything is in order": dict(FILES),
    "another layout of rows and manifest": changed(
        {"SKILL.md": (ROW, ROW.replace(" | ", "|"))}, add={"manifest.json": json.dumps(MANIFEST)}
    ),
    "the order of the rows is the author's": fixed(changed(add={"rules/refunds-all.md": LIMITS})),
    "an impact in the quick reference is the author's": changed({"SKILL.md": ("| 1 | HIGH |", "| 1 | LOW |")}),
    "a category of the quick reference is the author's": changed({"SKILL.md": ("| Orders | 1 |", "| Order | 5 |")}),
    "the manifest is broken": changed({"SKILL.md": ("Total: 2", "Total: 7")}, add={"manifest.json": "{"}),
    "SKILL.md is broken": changed({"SKILL.md": [("Total: 2", "Total: 7"), ("license: MIT", "license: [")]}),
    "a rule is broken": changed(
        {"SKILL.md": ("Total: 2", "Total: 7"), "rules/refunds-limits.md": ("impact: LOW", "impact: [")}
    ),
    "there is no manifest": changed({"SKILL.md": ("Total: 2", "Total: 7")}, drop=["manifest.json"]),
}


@pytest.mark.parametrize("files", UNTOUCHED.values(), ids=UNTOUCHED)
def test_nothing_else_is_touched(files: dict[str, str]) -> None:
    assert fix(build(files)) == {}


@pytest.mark.parametrize("value", [None, "text", [1], [[]], [{}], [{"id": []}], {"id": 1}], ids=repr)
def test_categories_of_a_wrong_type_raise_nothing(value: object) -> None:
    after = fixed(manifest(categories=value))
    assert json.loads(after["manifest.json"])["rules"] == []


def test_a_category_without_a_table_counts_no_rules() -> None:
    change: Change = (SKILL[SKILL.index("## Refunds") : SKILL.index("## Quick")], "")
    after = build(fixed(changed({"SKILL.md": change})))
    assert [line for line in said(after) if "refunds-limits" in line] == [
        "rules/refunds-limits.md:1: unlisted-rule: rule refunds-limits has no row in SKILL.md's index"
    ]


def test_a_stranger_has_nothing_derived() -> None:
    assert fix(lone(SKILL)) == {}
    assert fix(package()) == {}
