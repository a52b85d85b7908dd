"""Checks of what looks like a link and is none that a reader can follow."""

from __future__ import annotations

from packages import lone, package
from tables import Faults, NearMisses, silent, told

HEAD = "---\nname: orders\ndescription: Orders.\n---\n"
PAGES = {"rules/b.md": "# B\n"}

FAULTS: Faults = {
    "broken-link": {
        "an end is missing": (
            lone(f"{HEAD}[a](b.md and so on\n", **{"b.md": ""}),
            ["SKILL.md:5: makes no link: [a](b.md"],
        ),
        "a bracket is missing": (
            lone(f"{HEAD}[a(b.md) and so on\n", **{"b.md": ""}),
            ["SKILL.md:5: makes no link: [a(b.md)"],
        ),
        "half of the angles": (
            lone(f"{HEAD}[a](<b.md)\n", **{"b.md": ""}),
            ["SKILL.md:5: makes no link: [a](<b.md)"],
        ),
        "no words": (
            lone(f"{HEAD}Then [](rules/b.md#b) or [ ](rules/b.md).\n", **PAGES),
            [
                "SKILL.md:5: a link without words, which nobody sees: [](rules/b.md#b)",
                "SKILL.md:5: a link without words, which nobody sees: [](rules/b.md)",
            ],
        ),
        "a title that is not closed": (
            lone(f'{HEAD}See [b](rules/b.md "of b), now.\n', **PAGES),
            ["SKILL.md:5: makes no link: [b](rules/b.md"],
        ),
        "a link inside another": (
            lone(f"{HEAD}See [the [b](SKILL.md)](rules/b.md).\n", **PAGES),
            ["SKILL.md:5: makes no link: [b](SKILL.md)](rules/b.md)"],
        ),
        "no bracket before the words": (
            lone(f"{HEAD}See the page](rules/b.md).\n", **PAGES),
            ["SKILL.md:5: makes no link: See the page](rules/b.md)"],
        ),
        "brackets of another kind": (
            lone(f"{HEAD}See [b]<rules/b.md> or [b]{{rules/b.md}}.\n", **PAGES),
            ["SKILL.md:5: makes no link: [b]<rules/b.md>", "SKILL.md:5: makes no link: [b]{rules/b.md}"],
        ),
        "a label is defined for two targets": (
            lone(f"{HEAD}[x][a]\n\n[a]: rules/b.md\n[A]: SKILL.md\n", **PAGES),
            ["SKILL.md:8: label 'a' is defined in line 7 already, and leads there"],
        ),
    },
    "wiki-link": {
        "the name of a page": (
            lone(f"{HEAD}See\n[[b]] and [[rules/b.md#b|the other]].\n", **PAGES),
            ["SKILL.md:6: no link in Markdown: [[b]]", "SKILL.md:6: no link in Markdown: [[rules/b.md#b|the other]]"],
        ),
        "in a cell, with its bar escaped": (
            lone(f"{HEAD}| a |\n|---|\n| [[b\\|the other]] |\n", **PAGES),
            ["SKILL.md:7: no link in Markdown: [[b|the other]]"],
        ),
        "a rule of a package": (
            package({"SKILL.md": ("## Quick start\n", "## Quick start\n[[orders-totals]]\n")}),
            ["SKILL.md:35: no link in Markdown: [[orders-totals]]"],
        ),
    },
}

NEAR_MISSES: NearMisses = {
    "broken-link": {
        "brackets around parentheses": lone(f"{HEAD}[see below (b.md)] and [a] (b)\n", **{"b.md": ""}),
        "the package is sound": package(),
        "regular expressions": lone(f"{HEAD}[a-z][a-z0-9] and [A-Z][0-9] and [;<x>][;<y>] and x[a][b]\n"),
        "brackets and a sentence": lone(f"{HEAD}[a](see below) and (a)[b] and [a] (b) and (a)[b.md]\n"),
        "a placeholder with a space": lone(f"{HEAD}[a](your file.md) and [a]({{the file}}.md)\n"),
        "words that are code, strong or an image": lone(
            f"{HEAD}[`b`](rules/b.md) [**b**](rules/b.md) [![](rules/b.md)](rules/b.md) ![](rules/b.md)\n", **PAGES
        ),
        "titles, and quotes behind a link": lone(
            f'{HEAD}[b](rules/b.md "of b") [b](rules/b.md), "as is", [b](rules/b.md \'b\').\n', **PAGES
        ),
        "words over three lines": lone(f"{HEAD}See [the\nlong\nwords](rules/b.md).\n", **PAGES),
        "brackets in code": lone(f"{HEAD}Write `words](rules/b.md)`.\n", **PAGES),
        "a badge": lone(f"{HEAD}[![b](rules/b.md)](rules/b.md) [[![b](rules/b.md)](rules/b.md)]\n", **PAGES),
        "the mark of a heading, copied from a site": lone(f"{HEAD}# A [](#a)\n\n[](https://example.org)\n"),
        "a label is defined twice for one target": lone(f"{HEAD}[x][a]\n\n[a]: rules/b.md\n[A]: rules/b.md\n", **PAGES),
        "two comments": lone(f"{HEAD}[//]: # (one)\n[//]: #two\n[comment]: <> (a)\n[comment]: <b> (b)\n"),
    },
    "wiki-link": {
        "the package is sound": package(),
        "code": lone(f"{HEAD}`[[b]]`\n\n```text\n[[b]]\n```\n\n    [[b]]\n", **PAGES),
        "no page of the skill": lone(
            f"{HEAD}[[My Note]], [[ -f b ]], [[tool.b]] and [[1,2],[3,4]], x[[b]].\n", **PAGES
        ),
        "a link whose words have brackets": lone(f"{HEAD}[[b]](rules/b.md) and \\[[b]]\n", **PAGES),
    },
}


test_fault = told(FAULTS)
test_near_miss = silent(NEAR_MISSES)
