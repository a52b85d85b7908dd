"""Checks of what stands between the `---` lines."""

from __future__ import annotations

from dataclasses import replace

from packages import found, lone, package
from skill_validator.model import Skill
from tables import Faults, NearMisses, each_fault, each_near_miss

HEAD = "---\nname: orders\ndescription: Orders.\n"
TOTALS = "rules/orders-totals.md"

FAULTS: Faults = {
    "broken-frontmatter": {
        "SKILL.md begins with its heading": (lone("# Orders\n"), ["SKILL.md:1: no frontmatter at the first byte"]),
        "a blank line comes first": (lone(f"\n{HEAD}---\n"), ["SKILL.md:1: no frontmatter at the first byte"]),
        "a byte order mark comes first": (lone(f"\ufeff{HEAD}---\n"), ["SKILL.md:1: no frontmatter at the first byte"]),
        "the second line of hyphens is missing": (lone(HEAD), ["SKILL.md:1: frontmatter is never closed"]),
        "the closing line ends in a space": (lone(f"{HEAD}--- \n"), ["SKILL.md:1: frontmatter is never closed"]),
        "a value holds a colon and a space": (
            lone("---\nname: orders\ndescription: Use when: totals\n---\n"),
            ["SKILL.md:3: not YAML: mapping values are not allowed in this context"],
        ),
        "a key is given twice": (lone(f"{HEAD}name: orders\n---\n"), ["SKILL.md:4: key 'name' is given twice"]),
        "the frontmatter is a list": (
            lone("---\n- orders\n---\n"),
            ["SKILL.md:2: not a mapping of keys to values"],
        ),
        "a rule has none": (
            package({TOTALS: ("---\ntitle", "title")}),
            [f"{TOTALS}:1: no frontmatter at the first byte"],
        ),
        "a reference that needs none has a broken one": (
            package({"references/review-checklist.md": ("# Review", "---\n[\n---\n# Review")}),
            ["references/review-checklist.md:3: not YAML: did not find expected node content"],
        ),
    },
    "invalid-field": {
        "a name has capitals and spaces": (
            lone("---\nname: My Orders\ndescription: Orders.\n---\n"),
            ["SKILL.md:2: name: 'My Orders' is not lower-case words joined by single hyphens"],
        ),
        "a name is reserved": (
            lone("---\nname: claude\ndescription: Orders.\n---\n"),
            ["SKILL.md:2: name: 'claude' should not be valid under {'enum': ['anthropic', 'claude']}"],
        ),
        "a required field is missing": (
            lone("---\nname: orders\n---\n"),
            ["SKILL.md:2: 'description' is a required property"],
        ),
        "a description is blank": (
            lone('---\nname: orders\ndescription: " "\n---\n'),
            ["SKILL.md:3: description: ' ' is not a text that says what and when"],
        ),
        "a version is a number": (
            package({"SKILL.md": ("version: 1.0.0", "version: 1.0")}),
            ["SKILL.md:5: version: 1.0 is not of type 'string'"],
        ),
        "a package's version has two parts": (
            package({"SKILL.md": ("version: 1.0.0", 'version: "1.0"')}),
            ["SKILL.md:5: version: '1.0' is not a semantic version"],
        ),
        "a target is no specifier": (
            package({"SKILL.md": ('anyio: ">=4.16"', "anyio: newest")}),
            ["SKILL.md:9: targets.anyio: 'newest' is not a version specifier such as >=2.1"],
        ),
        "a rule's impact is none of the four": (
            package({TOTALS: ("impact: HIGH", "impact: HUGE")}),
            [f"{TOTALS}:4: impact: 'HUGE' is not one of ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW']"],
        ),
        "a page of further traps has no tags": (
            package({"references/orders-totals-more.md": ("tags: [orders, taxes]\n", "")}),
            ["references/orders-totals-more.md:2: 'tags' is a required property"],
        ),
    },
    "unknown-field": {
        "a field is misspelt": (
            lone(f"{HEAD}licence: MIT\n---\n"),
            ["SKILL.md:4: unknown field 'licence', did you mean 'license'"],
        ),
        "a field is like no other": (lone(f"{HEAD}zoo: 1\n---\n"), ["SKILL.md:4: unknown field 'zoo'"]),
        "a rule has a field of SKILL.md": (
            package({TOTALS: ("impact: HIGH", "impact: HIGH\npaths: [a]")}),
            [f"{TOTALS}:5: unknown field 'paths'"],
        ),
    },
    "foreign-name": {
        "the folder has another name": (
            package({"SKILL.md": ("name: orders", "name: order")}),
            ["SKILL.md:2: name 'order' differs from its folder 'orders'"],
        ),
    },
}

NEAR_MISSES: NearMisses = {
    "broken-frontmatter": {
        "the package is sound": package(),
        "a colon stands in quotes": lone('---\nname: orders\ndescription: "Use when: totals"\n---\n'),
        "a value holds three hyphens": lone("---\nname: orders\ndescription: a --- b\n---\n"),
        "lines end as on Windows": lone(f"{HEAD}---\n".replace("\n", "\r\n")),
        "a reference has no frontmatter": lone(f"{HEAD}---\n", **{"references/a.md": "# A\n"}),
        "a text without headings needs no frontmatter": lone(f"{HEAD}---\n", **{"notes.md": "text\n"}),
    },
    "invalid-field": {
        "the package is sound": package(),
        "a skill needs name and description only": lone(f"{HEAD}---\n"),
        "paths may be one text": lone(f"{HEAD}paths: '*.py, *.pyi'\n---\n"),
        "a version has a suffix": package({"SKILL.md": ("version: 1.0.0", "version: 1.0.0-rc.1+a")}),
        "a broken frontmatter has its own check": lone("---\nname: My Orders\nname: b\n---\n"),
        "a missing frontmatter has its own check": lone("# Orders\n"),
    },
    "unknown-field": {
        "the package is sound": package(),
        "metadata may hold anything": lone(f"{HEAD}metadata:\n  zoo: '1'\n---\n"),
        "what only installers read is known": lone(f"{HEAD}path_patterns: ['*.py']\n---\n"),
    },
    "foreign-name": {
        "the package is sound": package(),
        "the root of a repository may have any name": replace(
            package({"SKILL.md": ("name: orders", "name: order")}), is_checkout=True
        ),
        "a missing name has its own check": lone("---\ndescription: Orders.\n---\n"),
    },
}


@each_fault(FAULTS)
def test_fault(check: str, skill: Skill, expected: list[str]) -> None:
    assert found(skill, check) == expected


@each_near_miss(NEAR_MISSES)
def test_near_miss(check: str, skill: Skill) -> None:
    assert found(skill, check) == []
