"""Checks of the files of a skill, and of its tables."""

from __future__ import annotations

from dataclasses import replace

import pytest
from packages import ROOT, build, found, lone, package, said
from sample import FILES, LIMITS, SKILL, TOTALS
from skill_validator.parts import Flaw
from strangers import skill as changed
from tables import Faults, NearMisses, silent, told

HEAD = "---\nname: orders\ndescription: Orders.\n---\n"
LONG = "A page that says what is to be said of orders, taxes and refunds, and that has some length.\n"

CHECKLIST = "references/review-checklist.md"
TAXES = "- [ ] Taxes rounded once ([early-rounding](../references/orders-totals-more.md#early-rounding))\n"

SLOW = Flaw(ROOT / "SKILL.md", 1, "reading and checking it took longer than 9 s", "bounds")

MERGE = "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> main\n"

FAULTS: Faults = {
    "conflict-marker": {
        "a page": (
            lone(HEAD, **{"references/a.md": f"# A\n\n{MERGE}"}),
            ["references/a.md:3: a merge was not decided here"],
        ),
    },
    "exhausting-skill": {
        "it took too long": (
            replace(lone(HEAD), flaws=(SLOW,)),
            ["SKILL.md:1: reading and checking it took longer than 9 s"],
        ),
    },
    "junk-file": {
        "many of them": (
            lone(HEAD, **dict.fromkeys((".env", "a/b.swp", "Thumbs.db", "x.md.rej", "a copy.md"), "")),
            [
                ".env:1: does not belong to a skill: .env",
                "Thumbs.db:1: does not belong to a skill: Thumbs.db",
                "a copy.md:1: does not belong to a skill: a copy.md",
                "a/b.swp:1: does not belong to a skill: b.swp",
                "x.md.rej:1: does not belong to a skill: x.md.rej",
            ],
        ),
        "what lies in junk is not told again": (
            lone(HEAD, **{"node_modules/a/b.bak": "", "node_modules/.DS_Store": ""}),
            ["node_modules:1: does not belong to a skill: node_modules"],
        ),
    },
    "blank-page": {
        "the SKILL.md of a package ends with its frontmatter": (
            package({"SKILL.md": (SKILL.partition("\n---\n")[2], "")}),
            ["SKILL.md:1: the document is empty"],
        ),
        "a heading alone": (
            lone(HEAD, **{"references/a.md": "# A\n\n---\n"}),
            ["references/a.md:1: the document holds no more than a heading"],
        ),
        "white space and a byte order mark": (
            lone(HEAD, **{"references/a.md": "\ufeff \n\t\r\n"}),
            ["references/a.md:1: the document is empty"],
        ),
    },
    "repeated-page": {
        "a copy in another folder": (
            lone(HEAD, **{"references/a.md": LONG, "references/deep/b.md": LONG + "\n"}),
            ["references/deep/b.md:1: the same text as references/a.md"],
        ),
        "another page took the title": (
            package({"rules/orders-totals.md": ("title: Add money exactly", "title: Refund what was paid")}),
            ["rules/orders-totals.md:2: the same title as rules/refunds-limits.md"],
        ),
    },
    "repeated-item": {
        "a task": (
            lone(f"{HEAD}- [ ] Run it\n- [ ] Read it\n  again.\n- [x] Run it\n"),
            ["SKILL.md:8: line 5 says the same"],
        ),
        "a task below another, over two lines": (
            lone(f"{HEAD}- a\n  - [ ] Run\n    it\n  - [ ] Run\n    it\n"),
            ["SKILL.md:8: line 6 says the same"],
        ),
        "an item of some length": (
            lone(f"{HEAD}* Amounts have two decimals, always.\n* Amounts have two decimals, always.\n"),
            ["SKILL.md:6: line 5 says the same"],
        ),
        "a line of the checklist": (
            package({CHECKLIST: (TAXES, f"{TAXES}{TAXES}")}),
            [f"{CHECKLIST}:7: line 6 says the same"],
        ),
        "a trap of the checklist": (
            package({CHECKLIST: (TAXES, f"{TAXES}{TAXES.replace('Taxes', 'All taxes')}")}),
            [f"{CHECKLIST}:7: line 6 says the same"],
        ),
    },
    "broken-table": {
        "a delimiter row of one cell": (
            lone(f"{HEAD}| a | b |\n|---|\n| x | y |\n"),
            ["SKILL.md:6: the delimiter row has 1 cells, the head has 2"],
        ),
        "a pipe in code": (
            lone(f"{HEAD}| a | b |\n|---|---|\n| `x|y` | z |\n"),
            ["SKILL.md:7: the row has 3 cells, the head has 2"],
        ),
        "a table in a quote": (
            lone(f"{HEAD}> | a | b |\n> |---|---|\n> | x |\n"),
            ["SKILL.md:7: the row has 1 cells, the head has 2"],
        ),
        "a head that all rows outgrow": (
            lone(f"{HEAD}| a | b |\n|---|---|\n| 1 | 2 | 3 |\n| 4 | 5 | 6 |\n"),
            ["SKILL.md:5: the head has 2 cells, its 2 rows have 3"],
        ),
        "a line without a pipe below rows that outgrow the head": (
            lone(f"{HEAD}| a | b |\n|---|---|\n| 1 | 2 | 3 |\n| 4 | 5 | 6 |\nmore\n"),
            [f"SKILL.md:{line}: the row has 3 cells, the head has 2" for line in (7, 8)],
        ),
        "rows of several widths": (
            lone(f"{HEAD}| a | b |\n|---|---|\n| 1 | 2 |\n| 4 | 5 | 6 |\n"),
            ["SKILL.md:8: the row has 3 cells, the head has 2"],
        ),
        "a head below a sentence": (
            lone(f"{HEAD}As follows:\n| a | b |\n| x | y |\n"),
            ["SKILL.md:6: rows of a table without a head and a delimiter row"],
        ),
        "old Macintosh lines": (
            lone(f"{HEAD}| a | b |\r|---|---|\r| x |\r"),
            ["SKILL.md:7: the row has 1 cells, the head has 2"],
        ),
    },
    "nested-skill": {
        "in a folder": (
            lone(HEAD, **{"inner/SKILL.md": f"{HEAD}text\n"}),
            ["inner/SKILL.md:1: a skill inside a skill"],
        ),
    },
}

NEAR_MISSES: NearMisses = {
    "conflict-marker": {
        "an example of one": lone(f"{HEAD}```text\n{MERGE}```\n"),
        "a shift": lone(f"{HEAD}Shift by a <<<<<<< b.\n"),
    },
    "exhausting-skill": {"a flaw of another kind": replace(lone(HEAD), flaws=(replace(SLOW, subject="file"),))},
    "junk-file": {
        "the package is sound": package(),
        "what looks like junk": lone(
            HEAD, **dict.fromkeys((".env.example", "environment.md", "a.original", ".gitkeep"), "")
        ),
    },
    "nested-skill": {
        "the package is sound": package(),
        "a template": lone(HEAD, **{"assets/template/SKILL.md": HEAD, "examples/a/SKILL.md": HEAD}),
    },
    "blank-page": {
        "the package is sound": package(),
        "SKILL.md has a check of its own": lone(HEAD),
        "headings alone": lone(HEAD, **{"references/a.md": "# A\n## B\n"}),
        "a heading over a picture": lone(HEAD, **{"references/a.md": "# A\n<img src='a.png'>\n"}),
        "no heading": lone(HEAD, **{"references/a.md": "Text.\n"}),
    },
    "repeated-page": {
        "the package is sound": package(),
        "a short text twice": lone(HEAD, **{"a.md": "# Notes\n", "b.md": "# Notes\n"}),
        "titles of pages that are no rules": lone(
            HEAD, **{"a.md": "---\ntitle: A\n---\nb\n", "b.md": "---\ntitle: A\n---\nc\n"}
        ),
    },
    "repeated-item": {
        "the package is sound": package(),
        "a task in two lists": lone(f"{HEAD}Before:\n\n- [ ] Run\n\nAfter:\n\n- [ ] Run\n\n## Last\n\n- [ ] Run\n"),
        "a task below two others": lone(f"{HEAD}- [ ] Fast\n  - [ ] Run\n- [ ] Slow\n  - [ ] Run\n"),
        "a task with others below it": lone(f"{HEAD}- [ ] Run\n  - [ ] Fast\n- [ ] Run\n  - [ ] Slow\n"),
        "tasks that go on differently": lone(f"{HEAD}- [ ] Run\n  a\n- [ ] Run\n  b\n- [ ] Run\n\n      ls\n"),
        "steps": lone(f"{HEAD}- Run the tests\n- Edit\n- Run the tests\n\n1. Run it again, and read what it says.\n"),
        "what is to be filled in": lone(f"{HEAD}- [ ] [name]\n- [ ] [name]\n- [ ] <name>\n- [ ] <name>\n- [ ] ...\n"),
        "in a block": lone(f"{HEAD}Run\n\nRun\n\n```text\n- [ ] Run\n- [ ] Run\n```\n"),
        "two traps of one page": package(
            {
                CHECKLIST: (
                    TAXES,
                    f"{TAXES}- [ ] All ([totals](../rules/orders-totals.md), [again](../rules/orders-totals.md))\n",
                )
            }
        ),
    },
    "broken-table": {
        "the package is sound": package(),
        "an escaped pipe": lone(f"{HEAD}| a | b |\n|---|---|\n| x \\| y | z |\n"),
        "no outer pipes": lone(f"{HEAD}a | b\n---|---\nx | y\n"),
        "a sentence right below": lone(f"{HEAD}| a | b |\n|---|---|\n| x | y |\nAs it was.\n"),
        "alternatives over two lines": lone(f"{HEAD}Call it with `<a | b\n| c | d |\n| e | f | g >`.\n"),
        "ragged lines below a sentence": lone(f"{HEAD}One of\n| a | b |\n| c | d | e |\n"),
        "an absolute value": lone(f"{HEAD}|x|\n"),
        "a line in prose": lone(f"{HEAD}One of\n| a | b | c |\nas it was.\n"),
        "a table in a block": lone(f"{HEAD}```text\n| a | b |\n| c |\n```\n"),
    },
}


test_fault = told(FAULTS)
test_near_miss = silent(NEAR_MISSES)


def test_two_rules_with_one_title_are_told_where_an_index_does_not_say_whose_it_is() -> None:
    pages = {"rules/a.md": TOTALS, "rules/b.md": LIMITS.replace("Refund what was paid", "Add money exactly")}
    assert found(lone(HEAD, **pages), "repeated-page") == ["rules/b.md:2: the same title as rules/a.md"]


@pytest.mark.parametrize("row", ["| columns |", "| [columns](references/columns.md) | names | types |"])
def test_one_ragged_row_is_one_diagnostic(row: str) -> None:
    told = said(changed(("| [columns](references/columns.md) | names and types of the columns |", row)))
    assert [line.partition(": the")[0] for line in told] == ["SKILL.md:27: broken-table"]


def test_the_sample_is_a_package() -> None:
    assert said(build(FILES)) == []
