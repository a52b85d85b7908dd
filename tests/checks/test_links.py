"""Checks of where links lead."""

from __future__ import annotations

from dataclasses import replace

from packages import lone, package
from skill_validator.model import Skill
from tables import Faults, NearMisses, silent, told

HEAD = "---\nname: orders\ndescription: Orders.\n---\n"
LIMITS = "rules/refunds-limits.md"


def build_hidden(target: str) -> Skill:
    """A skill that links what lies in a hidden folder, which is not looked into."""
    made = lone(f"{HEAD}[a]({target}) [b](.golangci.yml)\n")
    return replace(made, hidden=frozenset({made.root / ".github", made.root / ".golangci.yml"}))


def linking(end: str, *files: str) -> Skill:
    """A skill with a symbolic link `there` that ends at `end`."""
    made = lone(HEAD, **dict.fromkeys(("there", *files), ""))
    return replace(made, symlinks={made.root / "there": made.root / end})


FAULTS: Faults = {
    "wrong-scheme": {
        "a scheme twice": (
            lone(f"{HEAD}[a](https://https://b.c)\n"),
            ["SKILL.md:5: not a web address: https://https://b.c"],
        ),
        "nobody to write to": (lone(f"{HEAD}[a](mailto:)\n"), ["SKILL.md:5: no address to write to: mailto:"]),
    },
    "dead-link": {
        "several links lack one file": (
            lone(f"{HEAD}[a](b.md)\n[c](b.md#d)\n", **{"e.md": "[f](b.md)\n"}),
            ["SKILL.md:5: no such file: b.md; also in SKILL.md:6 and 1 more"],
        ),
        "a page is misspelt": (
            lone(f"{HEAD}[a](rules/order.md)\n", **{"rules/orders.md": ""}),
            ["SKILL.md:5: no such file: rules/order.md, did you mean rules/orders.md"],
        ),
        "the case differs": (
            lone(f"{HEAD}[a](A.md)\n", **{"a.md": ""}),
            ["SKILL.md:5: no such file: A.md, did you mean a.md"],
        ),
        "a row of the index is misspelt": (
            package({"SKILL.md": ("(rules/refunds-limits.md)", "(rules/refunds-limit.md)")}),
            ["SKILL.md:32: no such file: rules/refunds-limit.md, did you mean rules/refunds-limits.md"],
        ),
        "a symbolic link to nothing": (
            linking("rules/a.md"),
            ["there:1: symbolic link to what does not exist: rules/a.md"],
        ),
        "a symbolic link to itself": (linking("there"), ["there:1: symbolic link to what does not exist: there"]),
        "an image is missing": (lone(f"{HEAD}\n![a](a.png)\n"), ["SKILL.md:6: no such file: a.png"]),
        "a reference definition leads nowhere": (
            lone(f"{HEAD}text\n[a][b]\n\n[b]: b.md\n"),
            ["SKILL.md:8: no such file: b.md"],
        ),
        "a link in a table": (
            lone(f"{HEAD}| a |\n|---|\n| b |\n| [c](c.md) |\n"),
            ["SKILL.md:8: no such file: c.md"],
        ),
        "a link is relative to its own page": (
            lone(f"{HEAD}", **{"rules/a.md": "[b](rules/b.md)\n", "rules/b.md": ""}),
            ["rules/a.md:1: no such file: rules/b.md, did you mean b.md"],
        ),
        "an encoded hash is part of the name": (lone(f"{HEAD}[a](a%23b.md)\n"), ["SKILL.md:5: no such file: a#b.md"]),
    },
    "dead-anchor": {
        "an underscore stands for a hyphen": (
            package({"SKILL.md": ("checklist.md#refunds", "checklist.md#re_funds")}),
            ["SKILL.md:20: no heading in references/review-checklist.md makes the anchor #re_funds"],
        ),
        "a heading of the same document is meant": (
            lone(f"{HEAD}# A\n\n[a](#b)\n"),
            ["SKILL.md:7: no heading in this document makes the anchor #b"],
        ),
        "a second heading of that name is meant": (
            lone(f"{HEAD}# A\n[a](#a-1)\n"),
            ["SKILL.md:6: no heading in this document makes the anchor #a-1"],
        ),
    },
    "escaping-link": {
        "a symbolic link": (linking("/etc/hosts"), ["there:1: symbolic link that leads out of the skill"]),
        "an absolute path": (lone(f"{HEAD}[a](/etc/hosts)\n"), ["SKILL.md:5: leads out of the skill: /etc/hosts"]),
        "a neighbour of a package": (
            package({"SKILL.md": ("## Quick start\n", "## Quick start\n[a](../taxes/SKILL.md)\n")}),
            ["SKILL.md:35: leads out of the skill: ../taxes/SKILL.md"],
        ),
    },
    "outside-link": {
        "two folders up": (lone(f"{HEAD}[a](../../a.md)\n"), ["SKILL.md:5: leads out of the skill: ../../a.md"]),
        "more folders up than there are": (
            lone(f"{HEAD}[a]({'../' * 9}a.md)\n"),
            [f"SKILL.md:5: leads out of the skill: {'../' * 9}a.md"],
        ),
        "a neighbour whose name begins alike": (
            lone(f"{HEAD}[a](../orders-old/a.md)\n"),
            ["SKILL.md:5: leads out of the skill: ../orders-old/a.md"],
        ),
        "down and up again": (lone(f"{HEAD}[a](x/../../a.md)\n"), ["SKILL.md:5: leads out of the skill: x/../../a.md"]),
    },
    "dead-mention": {
        "a name that is given twice": (
            lone(HEAD, **{"b.md": "See `references/a.md`.\n\nOr `references/a.md`.\n"}),
            ["b.md:1: no such file: references/a.md; also in b.md:3"],
        ),
        "a page in capitals": (
            lone(f"{HEAD}Read FORMS.md.\n", **{"forms.md": ""}),
            ["SKILL.md:5: no such file: FORMS.md, did you mean forms.md"],
        ),
        "the first lines of a page": (
            lone(HEAD, **{"b.md": "See `references/a.md`.\n\nOr `references/c.md`.\n"}),
            ["b.md:1: no such file: references/a.md", "b.md:3: no such file: references/c.md"],
        ),
        "a slip in the folder": (
            lone(f"{HEAD}Read `rule/b.md`.\n", **{"rules/b.md": "# B\n"}),
            ["SKILL.md:5: no such file: rule/b.md, did you mean rules/b.md"],
        ),
        "a path with backslashes, in a cell too": (
            lone(f"{HEAD}`rules\\b.md`\n\n| a |\n|---|\n| rules\\b.md |\n", **{"rules/b.md": "# B\n"}),
            ["SKILL.md:5: no such file: rules\\b.md, a path has forward slashes; also in SKILL.md:9"],
        ),
        "a skill about skills misspells its own": (
            lone(
                "---\nname: skill-writer\ndescription: a\n---\nUse `references/b.md`.\n", **{"references/a.md": "# A\n"}
            ),
            ["SKILL.md:5: no such file: references/b.md, did you mean references/a.md"],
        ),
    },
    "unshipped-script": {
        "a script of no folder, once": (
            lone(f"{HEAD}Run `scripts/a.py`.\nAgain: `scripts/a.py`.\n"),
            ["SKILL.md:5: no such file: scripts/a.py, and no folder scripts"],
        ),
    },
    "orphaned-page": {
        "nobody links a reference": (
            lone(HEAD, **{"references/a.md": "# A\n"}),
            ["references/a.md:1: no SKILL.md and no page names this"],
        ),
        "only the README links it": (
            lone(HEAD, **{"references/a.md": "# A\n", "README.md": "[a](references/a.md)\n"}),
            ["references/a.md:1: no SKILL.md and no page names this"],
        ),
        "only it links itself": (
            lone(HEAD, **{"references/a.md": "[a](a.md) [b](#b)\n"}),
            ["references/a.md:1: no SKILL.md and no page names this"],
        ),
    },
}

NEAR_MISSES: NearMisses = {
    "dead-link": {
        "a hidden folder of the user's project": lone(f"{HEAD}[a](.claude/rules/b.md) [c](./.agent/d.md)\n"),
        "the package is sound": package(),
        "a footnote of one word": lone(f"{HEAD}A note[^1].\n\n[^1]: Here.\n"),
        "a page to be filled in": lone(HEAD, **{"assets/API.md": "[a](LICENSE) [b](#more)\n"}),
        "other schemes are not followed": lone(
            f"{HEAD}[a](https://a.b/c.md) <mailto:a@b.c> [d](//e.f) <https://g.h>\n"
        ),
        "a folder may be linked": lone(f"{HEAD}[a](rules/) [b](rules) [c](.)\n", **{"rules/a.md": ""}),
        "a name is encoded": lone(
            f"{HEAD}[a](a%20b.md) [c](<c d.md>) [e](%C3%A9.md) [f](é.md)\n",
            **dict.fromkeys(["a b.md", "c d.md", "é.md"], ""),
        ),
        "a symbolic link inside": linking("a.md", "a.md"),
        "a dot and a way back": lone(f"{HEAD}[a](./rules/../a.md)\n", **{"a.md": ""}),
        "a deleted rule in the index has its own check": package(drop=[LIMITS]),
        "a link in code is no link": lone(f"{HEAD}`[a](a.md)`\n\n```text\n[a](a.md)\n```\n"),
        "an empty destination has its own check": lone(f"{HEAD}[a]()\n"),
        "a file in a hidden folder": build_hidden(".github/a.md"),
    },
    "dead-anchor": {
        "the package is sound": package(),
        "a repeated heading has a number": lone(f"{HEAD}# A\n## A\n### A-1\n[a](#a) [a](#a-1) [a](#a-1-1)\n"),
        "code, emphasis and punctuation": lone(f"{HEAD}# `run()` *now*, or: never!\n[a](#run-now-or-never)\n"),
        "letters beyond ASCII": lone(f"{HEAD}# Über Größe\n[a](#über-größe) [b](#%C3%BCber-gr%C3%B6%C3%9Fe)\n"),
        "a missing file has its own check": lone(f"{HEAD}[a](b.md#c)\n"),
        "a file that is no Markdown": lone(f"{HEAD}[a](b.py#L3)\n", **{"b.py": ""}),
    },
    "escaping-link": {
        "a link that is quoted": lone(f'{HEAD}Write "more on [x](/features/x)".\n'),
        "the package is sound": package(),
        "a symbolic link inside": linking("a.md", "a.md"),
        "up and down inside the skill": lone(HEAD, **{"rules/a.md": "[b](../references/b.md)\n"}),
        "other schemes": lone(f"{HEAD}[a](https://a.b/../..)\n"),
    },
    "outside-link": {
        "a package has an error of its own": package(
            {"SKILL.md": ("## Quick start\n", "## Quick start\n[a](../taxes/SKILL.md)\n")}
        ),
        "an absolute path is an error": lone(f"{HEAD}[a](/etc/hosts)\n"),
        "a page to be filled in elsewhere": lone(HEAD, **{"assets/README.md": "[a](../../LICENSE)\n"}),
    },
    "wrong-scheme": {
        "the package is sound": package(),
        "schemes of all kinds": lone(
            f"{HEAD}[a](HTTPS://a.b) [c](vscode://d) [e](tel:1) [f](sftp://g) [h](rtmp://i) [j](slack://k) [l](//m.n)\n"
        ),
        "a placeholder": lone(f"{HEAD}[a](https://<host>/b) [c](https://{{host}}/d)\n"),
        "a path on a drive has its own check": lone(f"{HEAD}[a](C:/b.md)\n"),
    },
    "dead-mention": {
        "a folder of the project that is called alike": lone(f"{HEAD}Read `rule/c.md`.\n", **{"rules/b.md": "# B\n"}),
        "backslashes of another kind": lone(
            f"{HEAD}`C:\\rules\\b.md`, `\\w+\\rules\\b.md`, `x\\b.md` and `rules\\c.md`.\n", **{"rules/b.md": "# B\n"}
        ),
        "what a dead link tells of": lone(f"{HEAD}`references/a.md` is [here](references/a.md)\n"),
        "a page of another skill": lone(f"{HEAD}Use `invoices` and its `references/api.md`.\n"),
        "a file of the project in capitals": lone(f"{HEAD}Say it in PRODUCT.md.\n", **{"reference/product.md": ""}),
        "data of the user": lone(f"{HEAD}Keep it in `references/papers.bib`.\n"),
        "the package is sound": package(),
        "names in links": lone(f"{HEAD}[references/a.md](references/a.md)\n", **{"b.md": ""}),
        "a name seen from a folder": lone(f"{HEAD}`scripts/a.py`\n", **{"inner/scripts/a.py": "", "scripts/b.py": ""}),
        "a list of examples": lone(
            f"{HEAD}**Examples:**\n- `references/a.md` is one\n\n- `references/b.md`\n\n"
            "| a |\n|---|\n| `references/c.md` |\n"
        ),
        "a skill about skills": lone("---\nname: skill-writer\ndescription: a\n---\nUse `references/a.md`.\n"),
        "a file of another skill": lone(
            f"{HEAD}Run the `sizes` skill (or `references/a.md` there).\n\nSee the seo skill's `references/b.md`, and "
            "tax-payer's `references/c.md`.\n"
        ),
        "a file that need not be there": lone(
            f"{HEAD}If `references/house.md` is present, read it.\n\nIt may also contain `references/local.md`.\n\n"
            "Place it in references/d.md.\n"
        ),
        "a page to be filled in": lone(HEAD, **{"references/skill-template.md": "Read `references/entities.md`.\n"}),
        "a skill that makes skills": lone(
            "---\nname: explorer\ndescription: Builds a skill from a library.\n---\nKeep `references/ledger.md`.\n"
        ),
        "what everyone calls so": lone(f"{HEAD}Robots.txt is read.\n", **{"assets/robots.txt": ""}),
        "in quotes": lone(f'{HEAD}Say "see references/guide.md for details".\n'),
    },
    "unshipped-script": {
        "the package is sound": package(),
        "of the project": lone(f"{HEAD}Run your `scripts/a.py`.\n"),
        "in a page": lone(HEAD, **{"b.md": "Run `scripts/a.py`.\n"}),
    },
    "orphaned-page": {
        "the package is sound": package(),
        "the folder is linked": lone(f"{HEAD}[all](references/)\n", **{"references/a.md": "# A\n"}),
        "the folder is named": lone(f"{HEAD}Look into `references/`.\n", **{"references/a.md": "# A\n"}),
        "linked with an anchor": lone(f"{HEAD}[a](references/a.md#a)\n", **{"references/a.md": "# A\n"}),
        "linked by a page": lone(HEAD, **{"rules/b.md": "[a](../references/a.md)\n", "references/a.md": "# A\n"}),
        "not in references": lone(HEAD, **{"docs/a.md": "# A\n"}),
    },
}


test_fault = told(FAULTS)
test_near_miss = silent(NEAR_MISSES)
