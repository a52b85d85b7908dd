"""Checks of what an agent pays."""

from __future__ import annotations

import pytest
from packages import lone, package
from sample import FILES
from skill_validator.checks.budget import listing
from skill_validator.fixing import fix
from skill_validator.model import Skill
from tables import Faults, NearMisses, silent, told

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


SECTIONS = "".join(f"## Part {n}\n\n" + "text\n" * 19 for n in range(5))


def referring(text: str) -> Skill:
    """A skill with this reference."""
    return lone(HEAD, **{"references/a.md": f"# A\n{text}"})


COSTS = """# Orders

| What an agent pays | Tokens, at most |
|---|---|
| the name and description, where the skill is listed | 20 |
| `SKILL.md`, when it loads | 210 |
| a rule, when it is read | 260 |
| a page of further traps, when it is read | 120 |

After.
"""


def priced(*changes: tuple[str, str]) -> Skill:
    """The package with a README that tells what it costs, after changes."""
    text = COSTS
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return package(add={"README.md": text})


FAULTS: Faults = {
    "stale-cost": {
        "a number of before": (
            priced(("| 210 |", "| 200 |")),
            ["README.md:6: the table says 200 tokens for `SKILL.md`, when it loads, it is 210"],
        ),
        "a row is missing": (
            priced(("| a rule, when it is read | 260 |\n", "")),
            ["README.md:3: the rows are not those of the costs"],
        ),
    },
    "long-listing": {
        "one token too many": (listed(201), ["SKILL.md:3: the listing costs 201 tokens, over 200"]),
    },
    "long-skill": {
        "a package, one token too many": (
            filled("SKILL.md", 3001),
            ["SKILL.md:1: SKILL.md costs 3,001 tokens, over 3,000"],
        ),
        "a package, one line too many": (
            package(add={"SKILL.md": FILES["SKILL.md"] + "\n" * (501 - FILES["SKILL.md"].count("\n"))}),
            ["SKILL.md:1: SKILL.md has 501 lines, over 500"],
        ),
    },
    "oversized-skill": {
        "one token too many": (
            lone(HEAD.ljust(20_001, "x")),
            ["SKILL.md:1: SKILL.md costs 5,001 tokens, over 5,000"],
        ),
        "one line too many": (lone(HEAD + "\n" * 497), ["SKILL.md:1: SKILL.md has 501 lines, over 500"]),
        "one line too many, which does not end": (
            lone(HEAD + "\n" * 496 + "x"),
            ["SKILL.md:1: SKILL.md has 501 lines, over 500"],
        ),
        "too much of both is one finding": (
            lone(HEAD + "x" * 20_000 + "\n" * 500),
            ["SKILL.md:1: SKILL.md costs 5,136 tokens, over 5,000"],
        ),
    },
    "missing-contents": {
        "a long reference": (
            referring(SECTIONS),
            ["references/a.md:1: a reference of 106 lines without a table of contents"],
        ),
        "its links lead to other pages": (
            referring("[a](b.md#a) [b](b.md#b) [c](b.md#c)\n" + SECTIONS),
            ["references/a.md:1: a reference of 107 lines without a table of contents"],
        ),
        "its links stand at the end": (
            referring(SECTIONS + "[a](#part-0) [b](#part-1) [c](#part-2)\n"),
            ["references/a.md:1: a reference of 107 lines without a table of contents"],
        ),
    },
    "giant-block": {
        "one line too many": (
            lone(f"{HEAD}# Orders\n\n```python\n" + "a = 1\n" * 121 + "```\n"),
            ["SKILL.md:8: a block of 121 lines, over 120"],
        ),
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
    "stale-cost": {
        "the numbers are true": priced(),
        "there is no such table": package(add={"README.md": "| Tokens |\n|---|\n| 1 |\n"}),
        "a stranger": lone(HEAD, **{"README.md": COSTS}),
    },
    "long-listing": {
        "the package is sound": package(),
        "as long as may be": listed(200),
        "another skill": lone(f"---\nname: orders\ndescription: {'x' * 1000}\n---\n"),
    },
    "long-skill": {
        "the package is sound": package(),
        "a package, as long as may be": filled("SKILL.md", 3000),
        "another skill has its own check": lone(HEAD.ljust(20_001, "x")),
        "a package, as many lines as may be": package(
            add={"SKILL.md": FILES["SKILL.md"] + "\n" * (500 - FILES["SKILL.md"].count("\n"))}
        ),
    },
    "oversized-skill": {
        "the package is sound": package(),
        "as long as may be": lone(HEAD.ljust(20_000, "x")),
        "as many lines as may be": lone(HEAD + "\n" * 496),
        "a package has its own check": filled("SKILL.md", 6000),
    },
    "missing-contents": {
        "the package is sound": package(),
        "a short reference": referring(SECTIONS[:-35]),
        "a heading says so": referring("## Contents\n\n- Part 0\n\n" + SECTIONS),
        "links to its parts stand at its top": referring("[a](#part-0) [b](#part-1) [c](#part-2)\n\n" + SECTIONS),
        "a long text without sections": referring("text\n" * 200),
        "a long page of further traps": filled(MORE, 2900),
        "it is no reference": lone(HEAD, **{"notes/a.md": "# A\n" + SECTIONS}),
    },
    "giant-block": {
        "the package is sound": package(),
        "as long as may be": lone(f"{HEAD}```python\n" + "a = 1\n" * 120 + "```\n"),
    },
    "long-page": {
        "the package is sound": package(),
        "a rule, as long as may be": filled(TOTALS, 2000),
        "a rule, as long as may be, on Windows": package(
            add={TOTALS: FILES[TOTALS].ljust(8000, "x").replace("\n", "\r\n")}
        ),
        "further traps, as long as may be": filled(MORE, 3000),
        "another reference may be long": package(add={"references/a.md": "x" * 20_000}),
        "a skill without a manifest has no pages": lone(HEAD, **{"rules/a.md": "x" * 20_000}),
    },
}


test_fault = told(FAULTS)
test_near_miss = silent(NEAR_MISSES)


@pytest.mark.parametrize(("description", "tokens"), [("", 2), ("xx", 2), ("xxx", 3)])
def test_a_begun_token_is_paid_in_full(description: str, tokens: int) -> None:
    assert listing(lone(f"---\nname: orders\ndescription: {description}\n---\n")) == tokens


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["Unix", "Windows"])
def test_fix_writes_the_rows_and_nothing_else(end: str) -> None:
    text = COSTS.replace("| 210 |", "| 2 |").replace("| a rule, when it is read | 260 |\n", "").replace("\n", end)
    skill = package(add={"README.md": text})

    assert fix(skill) == {skill.root / "README.md": COSTS.replace("\n", end)}
    assert fix(priced()) == {}
