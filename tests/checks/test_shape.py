"""Checks of the page format."""

from __future__ import annotations

from packages import lone, package
from skill_validator.model import Skill
from tables import Faults, NearMisses, silent, told

TOTALS = "rules/orders-totals.md"
LIMITS = "rules/refunds-limits.md"
DEEP = "x = " + "-" * 100_000 + "1\n"
LONG = "x = a" + ".b" * 1500 + "\n"


def pair(incorrect: str, correct: str) -> Skill:
    """The package with these sides in the trap of `rules/refunds-limits.md`."""
    asked = "def refund(paid: int, asked: int) -> int:\n    return asked\n"
    paid = "def refund(paid: int, asked: int) -> int:\n    return min(paid, asked)\n"
    return package({LIMITS: [(asked, incorrect), (paid, correct)]})


FAULTS: Faults = {
    "broken-file": {
        "the manifest ends in a comma": (
            package({"manifest.json": ('"tested": {}', '"tested": {},')}),
            ["manifest.json:54: not JSON: a comma before the closing bracket"],
        ),
        "the manifest is a list": (package(add={"manifest.json": "[]"}), ["manifest.json:1: not an object"]),
        "a proof module is not Python": (
            package({"tests/proofs/test_skill.py": ("(example)", "(example")}),
            ["tests/proofs/test_skill.py:1: not Python: '(' was never closed"],
        ),
    },
    "different-title": {
        "two headings of level one": (
            package({LIMITS: ("## Limitless refund", "# Again\n\n## Limitless refund")}),
            [f"{LIMITS}:10: a second heading of level one: 'Again'"],
        ),
        "the title stands at level two": (
            package({LIMITS: ("# Refund what was paid\n", "## Refund what was paid\n")}),
            [f"{LIMITS}:8: no heading of level one"],
        ),
        "the heading has another word": (
            package({TOTALS: ("# Add money exactly", "# Sum money exactly")}),
            [f"{TOTALS}:8: heading 'Sum money exactly' differs from title 'Add money exactly'"],
        ),
        "the page has no heading of level one": (
            package({TOTALS: ("# Add money exactly", "Add money exactly")}),
            [f"{TOTALS}:1: no heading of level one"],
        ),
    },
    "misnamed-trap": {
        "two traps have one name": (
            package({TOTALS: ("## New and correct", "## Float sum")}),
            [
                f"{TOTALS}:20: 'Float sum' does not make a name of its own: 'float-sum'",
                f"{TOTALS}:42: 'Float sum' does not make a name of its own: 'float-sum-1'",
            ],
        ),
        "two traps differ in punctuation only": (
            package({TOTALS: ("## New and correct", "## Float sum!")}),
            [
                f"{TOTALS}:20: 'Float sum' does not make a name of its own: 'float-sum'",
                f"{TOTALS}:42: 'Float sum!' does not make a name of its own: 'float-sum-1'",
            ],
        ),
        "a name ends in a hyphen": (
            package({TOTALS: ("## Float sum", "## Float -")}),
            [f"{TOTALS}:20: 'Float -' does not make a name of its own: 'float--'"],
        ),
        "a name is punctuation only": (
            package({TOTALS: ("## Float sum", "## ?!")}),
            [f"{TOTALS}:20: '?!' does not make a name of its own: ''"],
        ),
    },
    "renamed-trap": {
        "the heading was changed": (
            package({LIMITS: ("## Limitless refund", "## Endless refund")}),
            [f"{LIMITS}:10: the manifest and a proof tell of the trap 'limitless-refund', no section has this name"],
        ),
        "the heading was deleted": (
            package({LIMITS: ("## Limitless refund\n", "")}),
            [f"{LIMITS}:1: the manifest and a proof tell of the trap 'limitless-refund', no section has this name"],
        ),
    },
    "misplaced-section": {
        "a section with another name": (
            package({TOTALS: ("## When not to use it", "## When not to use")}),
            [f"{TOTALS}:50: section 'When not to use' is called 'When not to use it'"],
        ),
        "a trap follows the last section": (
            package({TOTALS: ("are integers already.\n", "are integers.\n\n## Late trap\n")}),
            [f"{TOTALS}:53: section 'Late trap' stands too late"],
        ),
        "the closing sections are in the wrong order": (
            package(
                {
                    LIMITS: (
                        "    return min(paid, asked)\n```\n",
                        "    return 1\n```\n\n## When not to use it\n\n## New and correct\n",
                    )
                }
            ),
            [f"{LIMITS}:29: section 'New and correct' stands too late"],
        ),
        "a closing section comes twice": (
            package({TOTALS: ("## When not to use it", "## New and correct")}),
            [f"{TOTALS}:50: section 'New and correct' stands too late"],
        ),
    },
    "incomplete-trap": {
        "a trap is prose only": (
            package({TOTALS: ("## New and correct", "## Prose\nWords.\n\n## New and correct")}),
            [f"{TOTALS}:42: trap 'Prose' has no Incorrect example"],
        ),
        "a trap has no Correct side": (
            package({LIMITS: ("**Correct:** as paid\n\n```python", "As paid:\n\n```text")}),
            [f"{LIMITS}:10: trap 'Limitless refund' has no Correct example"],
        ),
        "the Correct side comes first": (
            package(
                {
                    LIMITS: [
                        ("**Incorrect:** as asked", "**Correct:** as asked"),
                        ("**Correct:** as paid", "**Incorrect:** x"),
                    ]
                }
            ),
            [f"{LIMITS}:13: trap 'Limitless refund' does not begin with its one Incorrect example"],
        ),
        "a trap has two Incorrect sides": (
            package({LIMITS: ("**Correct:**", "**Incorrect:** too\n\n```python\nx = 1\n```\n\n**Correct:**")}),
            [f"{LIMITS}:20: trap 'Limitless refund' has a second Incorrect example"],
        ),
        "the Incorrect side is no Python": (
            package({LIMITS: ("**Incorrect:** as asked\n\n```python", "**Incorrect:** as asked\n\n```text")}),
            [f"{LIMITS}:10: trap 'Limitless refund' has no Incorrect example"],
        ),
    },
    "unknown-label": {
        "a label is another word": (
            package({LIMITS: ("**Correct:**", "**Right:**")}),
            [f"{LIMITS}:20: label 'Right:': a trap's example is labelled 'Incorrect:' or 'Correct:'"],
        ),
        "a label has no colon": (
            package({LIMITS: ("**Correct:**", "**Correct**")}),
            [f"{LIMITS}:20: label 'Correct': a trap's example is labelled 'Incorrect:' or 'Correct:'"],
        ),
        "the reason stands inside the label": (
            package({LIMITS: ("**Incorrect:** as asked", "**Incorrect: as asked**")}),
            [f"{LIMITS}:13: label 'Incorrect: as asked': a trap's example is labelled 'Incorrect:' or 'Correct:'"],
        ),
        "a block has no label": (
            package({LIMITS: ("**Correct:** as paid", "As paid:")}),
            [f"{LIMITS}:23: no label: a trap's example is labelled 'Incorrect:' or 'Correct:'"],
        ),
        "a second Setup": (
            package({TOTALS: ("## Float sum", "**Setup:**\n\n```python\nx = 1\n```\n\n## Float sum")}),
            [f"{TOTALS}:23: a second Setup, or one below the first trap"],
        ),
        "a Setup below the first trap": (
            package({LIMITS: ("**Incorrect:**", "**Setup:**\n\n```python\nx = 1\n```\n\n**Incorrect:**")}),
            [f"{LIMITS}:16: a second Setup, or one below the first trap"],
        ),
    },
    "identical-examples": {
        "the docstring is the difference": (
            pair('def f() -> int:\n    """As asked."""\n    return 1\n', "def f() -> int:\n    return 1\n"),
            [f"{LIMITS}:24: the two sides of 'Limitless refund' are the same program"],
        ),
        "both sides are the same text": (
            pair("def refund() -> int: ...\n", "def refund() -> int: ...\n"),
            [f"{LIMITS}:22: the two sides of 'Limitless refund' are the same program"],
        ),
        "the sides differ in a comment and in layout": (
            pair("def refund() -> int:  # wrong\n    return 1\n", "def refund() -> int: return 1\n"),
            [f"{LIMITS}:23: the two sides of 'Limitless refund' are the same program"],
        ),
        "both sides are the same broken text": (
            pair("def refund(\n", "def refund(\n"),
            [f"{LIMITS}:22: the two sides of 'Limitless refund' are the same program"],
        ),
    },
    "lost-name": {
        "a function is called differently": (
            pair("def refund() -> int: ...\n", "def refunded() -> int: ...\n"),
            [f"{LIMITS}:22: the Correct side lacks refund"],
        ),
        "a class and a coroutine are missing": (
            pair("class Refund: ...\nasync def ask() -> int: ...\n", "x = 1\n"),
            [f"{LIMITS}:23: the Correct side lacks Refund, ask"],
        ),
    },
}

NEAR_MISSES: NearMisses = {
    "broken-file": {
        "the package is sound": package(),
        "a module beside the proofs is not read": package(add={"tests/proofs/helpers.txt": "("}),
    },
    "different-title": {
        "the package is sound": package(),
        "a missing title has its own check": package({TOTALS: ("title: Add money exactly\n", "")}),
        "a reference may have any heading": package(add={"references/a.md": "---\ntitle: a\n---\n# b\n"}),
    },
    "misnamed-trap": {
        "the package is sound": package(),
        "a name has code and an apostrophe": package({TOTALS: ("## Float sum", "## `sum`'s float")}),
        "two pages may have the same trap": package({LIMITS: ("## Limitless refund", "## Float sum")}),
    },
    "renamed-trap": {
        "the package is sound": package(),
        "the manifest alone knows another name": package({"manifest.json": ('"limitless-refund"', '"endless-refund"')}),
        "the traps are no list": package(
            {"manifest.json": ('[\n        "limitless-refund"\n      ]', '"limitless-refund"')}
        ),
    },
    "misplaced-section": {
        "the package is sound": package(),
        "a subsection may stand anywhere": package({TOTALS: ("integers already.\n", "integers.\n\n### But\n")}),
        "a page may have no closing section": package({TOTALS: ("## New and correct", "### New")}),
    },
    "incomplete-trap": {
        "a label that does not exist has its own check": package(
            {LIMITS: ("**Correct:** as paid", "**Right:** as paid")}
        ),
        "the package is sound": package(),
        "a trap has two Correct sides": package(
            {LIMITS: ("**Correct:**", "**Correct:** too\n\n```python\nx = 1\n```\n\n**Correct:**")}
        ),
        "a section of a skill without a manifest is no trap": lone("---\nname: orders\n---\n## Prose\n"),
    },
    "unknown-label": {
        "the package is sound": package(),
        "a shell block needs no label": package({LIMITS: ("**Incorrect:**", "```bash\nls\n```\n\n**Incorrect:**")}),
        "an underscored label is strong too": package({LIMITS: ("**Correct:**", "__Correct:__")}),
        "a page without traps": package(
            add={"rules/orders-news.md": "# News\n\n**Setup:**\n\n```python\nx = 1\n```\n\n## New and correct\n"}
        ),
    },
    "identical-examples": {
        "the package is sound": package(),
        "the sides differ in one number": pair("x = 1\n", "x = 2\n"),
        "two different broken texts": pair("def (\n", "def )\n"),
        "texts nested too deep to compare": pair(DEEP, DEEP.replace("1", "2")),
        "trees too deep to compare": pair(LONG, LONG.replace("x", "y")),
        "layouts of a tree too deep to compare": pair(LONG, LONG.replace("= a", "=  a")),
    },
    "lost-name": {
        "the package is sound": package(),
        "a helper is private": pair("def _ask() -> int: ...\n", "x = 1\n"),
        "the Correct side offers more": pair("def a() -> int: ...\n", "def a() -> int: ...\ndef b() -> int: ...\n"),
        "a side that is no Python has its own check": pair("def a() -> int: ...\n", "def a(\n"),
    },
}


test_fault = told(FAULTS)
test_near_miss = silent(NEAR_MISSES)
