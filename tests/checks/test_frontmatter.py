"""Checks of the frontmatter as a text: YAML, and what YAML turns values into."""

from __future__ import annotations

from dataclasses import replace

from packages import ROOT, lone, package
from skill_validator.parts import Flaw
from tables import Faults, NearMisses, silent, told

HEAD = "---\nname: orders\ndescription: Orders.\n"
TOTALS = "rules/orders-totals.md"


FAULTS: Faults = {
    "broken-frontmatter": {
        "SKILL.md begins with its heading": (lone("# Orders\n"), ["SKILL.md:1: no frontmatter at the first byte"]),
        "a blank line comes first": (
            lone(f"\n{HEAD}---\n"),
            ["SKILL.md:1: a blank line stands before the frontmatter"],
        ),
        "a byte order mark comes first": (
            lone(f"\ufeff{HEAD}---\n"),
            ["SKILL.md:1: a byte order mark stands before the frontmatter"],
        ),
        "the first line is indented": (
            lone(f" {HEAD}---\n"),
            ["SKILL.md:1: the line that opens the frontmatter is indented"],
        ),
        "the second line of hyphens is missing": (
            lone(HEAD),
            ["SKILL.md:1: frontmatter is never closed by a line ---"],
        ),
        "the second line of hyphens comes after the body": (
            lone(f"{HEAD}\n# Orders\n\nTake them.\n\n---\n"),
            ["SKILL.md:1: frontmatter is not closed before the body begins"],
        ),
        "a value holds a colon and a space": (
            lone("---\nname: orders\ndescription: Use when: totals\n---\n"),
            ["SKILL.md:3: not YAML: the value of 'description' holds a colon and a space: quote it"],
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
            package({"references/review-checklist.md": ("# Review", "---\ntitle: [\n---\n# Review")}),
            ["references/review-checklist.md:2: not YAML: the '[' in the value of 'title' is never closed"],
        ),
    },
    "misread-value": {
        "a version is a number": (
            lone(f"{HEAD}version: 1.10\n---\n"),
            ["SKILL.md:4: version: YAML reads 1.10 as the number 1.1, not as text"],
        ),
        "a version is a number too long to be written out": (
            lone(f"{HEAD}version: 0x{'f' * 5000}\n---\n"),
            [f"SKILL.md:4: version: YAML reads 0x{'f' * 54}...f as a number of 20,000 bits, not as text"],
        ),
        "a tag is false": (
            lone(f"{HEAD}tags: [se, no]\n---\n"),
            ["SKILL.md:4: tags.1: YAML reads no as false, not as text"],
        ),
        "a date stands in metadata": (
            lone(f"{HEAD}metadata:\n  updated: 2026-01-31\n---\n"),
            ["SKILL.md:5: metadata.updated: YAML reads 2026-01-31 as a date, not as text"],
        ),
        "a description ends at a comment": (
            lone("---\nname: orders\ndescription: Solves issue #3 and #4\n---\n"),
            ["SKILL.md:3: description: YAML takes '#3 and #4' for a comment, and the text ends before it: quote it"],
        ),
        "a title is in typographic quotes": (
            package({TOTALS: ("title: Add money exactly", "title: \u201cAdd money exactly\u201d")}),
            [f"{TOTALS}:2: title: begins with a typographic quote, which YAML takes for a letter of the text"],
        ),
    },
    "mixed-line-ends": {
        "one line is of another system": (
            lone(f"{HEAD}---\n# Orders\n\na\r\nb\n"),
            ["SKILL.md:7: the line ends in '\\r\\n', most of this file in '\\n'"],
        ),
        "one line is left over": (
            lone(f"{HEAD}---\n# Orders\n".replace("\n", "\r\n") + "a\nb\r\n"),
            ["SKILL.md:6: the line ends in '\\n', most of this file in '\\r\\n'"],
        ),
        "a bare return stands in the body": (
            lone(f"{HEAD}---\na\rb\n"),
            ["SKILL.md:5: the line ends in '\\r', most of this file in '\\n'"],
        ),
    },
    "bare-return": {
        "a field ends so": (
            lone("---\nname: orders\rdescription: Orders.\n---\n"),
            ["SKILL.md:2: the line ends in a bare carriage return"],
        ),
        "all lines end so": (
            lone(f"{HEAD}---\n".replace("\n", "\r")),
            ["SKILL.md:1: the line ends in a bare carriage return"],
        ),
    },
}

NEAR_MISSES: NearMisses = {
    "broken-frontmatter": {
        "the package is sound": package(),
        "a colon stands in quotes": lone('---\nname: orders\ndescription: "Use when: totals"\n---\n'),
        "a value holds three hyphens": lone("---\nname: orders\ndescription: a --- b\n---\n"),
        "a line of hyphens ends in a blank": lone("--- \nname: orders\ndescription: Orders.\n---\t\n# Orders\n"),
        "lines end as on Windows": lone(f"{HEAD}---\n".replace("\n", "\r\n")),
        "a reference has no frontmatter": lone(f"{HEAD}---\n", **{"references/a.md": "# A\n"}),
        "a reference begins with a line across the page": lone(
            f"{HEAD}---\n", **{"references/a.md": "---\n\n# A\n", "references/b.md": "\n---\ntext\n\n---\n"}
        ),
        "a template has gaps in its frontmatter": lone(
            f"{HEAD}---\n", **{"assets/a.md": "---\ntitle: [\n---\n", "page.template.md": "---\ntitle: {{\n---\n"}
        ),
        "a text without headings needs no frontmatter": lone(f"{HEAD}---\n", **{"notes.md": "text\n"}),
        "values over several lines": lone(
            "---\nname: orders\ndescription: >-\n  Use when: totals\n  are due.\n"
            'tags: [\n  a,\n  b\n]\nlicense: "M\n  IT"\n---\n'
        ),
        "comments and blank lines": lone(
            "---\n# who: we\nname: orders\n\n# what\ndescription: Orders. # totals\n---\n"
        ),
        "an anchor that nobody takes up": lone("---\nname: &n orders\ndescription: Orders.\n---\n"),
        "a file in another encoding has its own check": replace(
            package({TOTALS: ("---\ntitle", "title")}), flaws=(Flaw(ROOT / TOTALS, 1, "not UTF-8"),)
        ),
    },
    "misread-value": {
        "the package is sound": package(),
        "numbers are in quotes": lone(f"{HEAD}version: '1.0'\ntags: ['no']\nmetadata: {{a: \"2026-01-31\"}}\n---\n"),
        "a version of three parts is text": lone(f"{HEAD}version: 1.0.0\nmetadata: {{version: 1.0.0-rc.1}}\n---\n"),
        "a blank value is none": lone(f"{HEAD}author:\n---\n"),
        "switches and counts in metadata": lone(f"{HEAD}metadata:\n  internal: true\n  priority: 5\n---\n"),
        "what lies deeper in metadata is some client's": lone(f"{HEAD}metadata: {{some-client: {{a: 1.5}}}}\n---\n"),
        "a hash without a blank is no comment": lone("---\nname: orders\ndescription: C# and issue(#3)\n---\n"),
        "a hash in quotes": lone("---\nname: orders\ndescription: 'Solves issue #3'\n---\n"),
        "a comment behind a field that is no prose": lone(f"{HEAD}license: MIT # as all of ours\n---\n"),
        "a package has its own check": package({"SKILL.md": ("version: 1.0.0", "version: 1.0")}),
        "a broken frontmatter has its own check": lone("# Orders\n"),
    },
    "mixed-line-ends": {
        "the package is sound": package(),
        "lines end as on Windows": lone(f"{HEAD}---\n".replace("\n", "\r\n")),
        "the last line does not end": lone(f"{HEAD}---\r\n# Orders".replace("\r\n", "\n")),
        "a bare return in the frontmatter has its own check": lone("---\nname: orders\rdescription: O.\n---\n"),
    },
    "bare-return": {
        "the package is sound": package(),
        "lines end as on Windows": lone(f"{HEAD}---\n".replace("\n", "\r\n")),
        "a bare return in the body has its own check": lone(f"{HEAD}---\na\rb\n"),
        "no frontmatter": lone("# Orders\r"),
    },
}


test_fault = told(FAULTS)
test_near_miss = silent(NEAR_MISSES)
