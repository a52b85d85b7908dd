"""What SKILL.md and the manifest must say because the pages say it."""

from __future__ import annotations

import json

import pytest
from packages import lone, package
from sample import MANIFEST
from skill_validator.derived import Category, categories, category_of, category_rows, listed, rule_entry, rule_row
from skill_validator.model import Skill

ROW = "| [orders-totals](rules/orders-totals.md) | HIGH | Add money exactly |\n"


def lines(skill: Skill) -> dict[str, int]:
    """The lines of the listed rules."""
    return {name: row.line for name, row in listed(skill).items()}


def test_categories_are_the_manifests_with_their_tables() -> None:
    skill = package()
    _, first, second = skill.main.tables
    assert categories(skill) == (
        Category("orders", "Orders", "HIGH", first),
        Category("refunds", "Refunds", "LOW", second),
    )
    assert categories(lone("# Orders\n")) == ()


def test_a_table_with_another_head_is_none_of_a_category() -> None:
    renamed = package({"SKILL.md": ("## Orders\n\n| Rule |", "## Orders\n\n| Page |")})
    assert [c.table is None for c in categories(renamed)] == [True, False]


def test_a_table_under_another_heading_is_found_by_its_rules() -> None:
    renamed = package({"SKILL.md": ("## Refunds", "## Money back")})
    assert [(c.id, c.title, c.table and c.table.section) for c in categories(renamed)] == [
        ("orders", "Orders", "orders"),
        ("refunds", "Refunds", "money-back"),
    ]


def test_without_a_manifest_the_tables_declare_the_categories() -> None:
    index = "# Orders\n## Totals of orders\n| Rule | Impact | Title |\n|---|---|---|\n"
    assert [(c.id, c.title, c.impact) for c in categories(lone(f"{index}{ROW}"))] == [
        ("orders", "Totals of orders", "")
    ]
    assert [(c.id, c.title) for c in categories(lone(index))] == [("totals-of-orders", "Totals of orders")]


@pytest.mark.parametrize("value", [None, 1, "text", {}, [1]], ids=repr)
def test_categories_of_a_wrong_type_are_none(value: object) -> None:
    skill = package(add={"manifest.json": json.dumps(MANIFEST | {"categories": value})})
    assert (categories(skill), lines(skill)) == ((), {})


LISTED = {
    "as it should be": (ROW, {"orders-totals": 26, "refunds-limits": 32}),
    "another text": (ROW.replace("[orders-totals]", "[sums]"), {"orders-totals": 26, "refunds-limits": 32}),
    "a link that leads nowhere": (ROW.replace("rules/", "rule/"), {"orders-totals": 26, "refunds-limits": 32}),
    "a page that is gone": (ROW.replace("orders-totals", "orders-old"), {"orders-old": 26, "refunds-limits": 32}),
    "no link": ("| orders-totals | HIGH | Add money exactly |\n", {"orders-totals": 26, "refunds-limits": 32}),
    "no link and no rule": ("| totals | HIGH | Add money exactly |\n", {"refunds-limits": 32}),
    "no row": ("", {"refunds-limits": 31}),
}


@pytest.mark.parametrize(("row", "expected"), LISTED.values(), ids=LISTED)
def test_rows_are_found_by_their_link_and_then_by_its_text(row: str, expected: dict[str, int]) -> None:
    assert lines(package({"SKILL.md": (ROW, row)})) == expected


def test_rows_of_the_quick_reference() -> None:
    assert [(row.line, row.cells) for row in category_rows(package())] == [
        (15, ("Orders", "1", "HIGH", "sums, taxes")),
        (16, ("Refunds", "1", "LOW", "money back")),
    ]
    assert list(category_rows(package({"SKILL.md": ("When to Use", "When")}))) == []


def test_what_a_page_says_of_itself() -> None:
    page = next(rule for rule in package().rules if rule.path.stem == "orders-totals")
    assert category_of(page) == "orders"
    assert rule_row(page) == ("[orders-totals](rules/orders-totals.md)", "HIGH", "Add money exactly")
    assert rule_entry(page) == {
        "id": "orders-totals",
        "file": "rules/orders-totals.md",
        "category": "orders",
        "impact": "HIGH",
        "traps": ["float-sum"],
    }
