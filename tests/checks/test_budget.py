"""Checks of what an agent pays."""

from __future__ import annotations

import pytest
from packages import found, lone, package
from sample import FILES
from skill_validator.checks.budget import listing
from skill_validator.model import Skill
from tables import Faults, NearMisses, each_fault, each_near_miss

HEAD = "---\nname: orders\ndescription: Orders.\n---\n"
TOTALS = "rules/orders-totals.md"
MORE = "references/orders-totals-more.md"
WORDS = "description: Orders in Python services. Use when code takes, totals or refunds orders."


def filled(name: str, tokens: int) -> Skill:
    """The package with this file filled up to so many tokens."""
    return package(add={name: FILES[name].ljust(4 * tokens, "x")})


def listed(tokens: int) -> Skill:
    """The package with name and description of so many tokens."""
    return package({"SKILL.md": (WORDS, f"description: {'x' * (4 * tokens - len('orders'))}")})


FAULTS: Faults = {
    "long-listing": {
        "one token too many": (listed(201), ["SKILL.md:3: the listing costs 201 tokens, over 200"]),
    },
    "long-skill": {
        "a package, one token too many": (
            filled("SKILL.md", 3001),
            ["SKILL.md:1: SKILL.md costs 3,001 tokens, over 3,000"],
        ),
        "another skill, one token too many": (
            lone(HEAD.ljust(20_001, "x")),
            ["SKILL.md:1: SKILL.md costs 5,001 tokens, over 5,000"],
        ),
        "another skill, one line too many": (lone(HEAD + "\n" * 497), ["SKILL.md:1: SKILL.md has 501 lines, over 500"]),
    },
    "long-page": {
        "a rule, one token too many": (filled(TOTALS, 2001), [f"{TOTALS}:1: the page costs 2,001 tokens, over 2,000"]),
        "further traps, one token too many": (
            filled(MORE, 3001),
            [f"{MORE}:1: the page costs 3,001 tokens, over 3,000"],
        ),
    },
}

NEAR_MISSES: NearMisses = {
    "long-listing": {
        "the package is sound": package(),
        "as long as may be": listed(200),
        "another skill": lone(f"---\nname: orders\ndescription: {'x' * 1000}\n---\n"),
    },
    "long-skill": {
        "the package is sound": package(),
        "a package, as long as may be": filled("SKILL.md", 3000),
        "another skill, as long as may be": lone(HEAD.ljust(20_000, "x")),
        "another skill, as many lines as may be": lone(HEAD + "\n" * 496),
        "a package may have many lines": package(add={"SKILL.md": FILES["SKILL.md"] + "\n" * 600}),
    },
    "long-page": {
        "the package is sound": package(),
        "a rule, as long as may be": filled(TOTALS, 2000),
        "further traps, as long as may be": filled(MORE, 3000),
        "another reference may be long": package(add={"references/a.md": "x" * 20_000}),
        "a skill without a manifest has no pages": lone(HEAD, **{"rules/a.md": "x" * 20_000}),
    },
}


@each_fault(FAULTS)
def test_fault(check: str, skill: Skill, expected: list[str]) -> None:
    assert found(skill, check) == expected


@each_near_miss(NEAR_MISSES)
def test_near_miss(check: str, skill: Skill) -> None:
    assert found(skill, check) == []


@pytest.mark.parametrize(("description", "tokens"), [("", 2), ("xx", 2), ("xxx", 3)])
def test_a_begun_token_is_paid_in_full(description: str, tokens: int) -> None:
    assert listing(lone(f"---\nname: orders\ndescription: {description}\n---\n")) == tokens
