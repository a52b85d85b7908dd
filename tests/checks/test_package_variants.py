"""Sound variants of the package: other bytes that say the same, and what only looks like a fault."""

from __future__ import annotations

import json

import pytest
from copies import orders
from packages import build, package, said
from sample import FILES
from skill_validator.model import Skill

PAGE, CHECKLIST = "rules/refunds-limits.md", "references/review-checklist.md"
LINK = f"[checklist]({CHECKLIST}#refunds)"
PATHS = '\npaths: ["*.py", "Pipfile"]'
ASKED = "```python\ndef refund(paid: int, asked: int) -> int:\n    return asked\n```"
INDEX = "| Rule | Impact | Title |\n|---|---|---|\n| [refunds-limits]"
MANIFEST = json.loads(FILES["manifest.json"])


def manifest(text: str) -> Skill:
    """The package with another text for its manifest."""
    return build({**FILES, "manifest.json": text})


def prose(text: str) -> Skill:
    """The package with more text in SKILL.md, above a sentence."""
    return orders(("Before a release, read", f"{text} Before a release, read"))


def correct(code: str) -> Skill:
    """The package with another body of a Correct example."""
    return orders(("    return min(paid, asked)\n", code), page=PAGE)


VARIANTS = {
    "lines end as on Windows": build({name: text.replace("\n", "\r\n") for name, text in FILES.items()}),
    "no line feed at the end": orders(("    return cents\n```\n", "    return cents\n```")),
    "a name in quotes": orders(("name: orders", 'name: "orders"')),
    "a version in quotes": orders(("version: 1.0.0", "version: '1.0.0'")),
    "a folded description": orders(
        ("description: Orders in Python services. Use", "description: >-\n  Orders in Python services.\n  Use")
    ),
    "a literal description": orders(("description: Orders", "description: |-\n  Orders")),
    "a description over two lines": orders(("Use when code takes,", "Use when code takes,\n ")),
    "a comment behind a value": orders(("license: MIT", "license: MIT  # of the code too")),
    "globs line by line": orders((PATHS, "\npaths:\n- '*.py'\n- Pipfile")),
    "globs with a comma at the end": orders((PATHS, '\npaths: [\n  "*.py",\n  "Pipfile",\n]')),
    "fields in another order": orders(("license: MIT\nversion: 1.0.0\n", "version: 1.0.0\nlicense: MIT\n")),
    "blanks behind the first line": orders(("---\nname", "---  \nname")),
    "a link by reference": orders(
        (LINK, "[checklist][c]"), ("## Orders\n", f"[c]: {CHECKLIST}#refunds\n\n## Orders\n")
    ),
    "a link by its text": orders(
        (LINK, "[checklist][]"), ("## Orders\n", f'[Checklist]: <{CHECKLIST}#refunds> "all"\n\n## Orders\n')
    ),
    "a link from here": orders((f"({CHECKLIST}#", f"(./{CHECKLIST}#")),
    "an anchor in HTML": orders(("## Quick start", '<a name="go"></a>\n\n[go](#go)\n\n## Quick start')),
    "a table without outer pipes": orders(("- [ ] No sum", "a | b\n--- | ---\n1 | 2\n\n- [ ] No sum"), page=CHECKLIST),
    "an aligned table": orders((INDEX, INDEX.replace("|---|---|---|", "|:---|:---:|---:|"))),
    "lists in lists": prose("\n\n3. a\n   - b\n     1. c\n4. d\n\n"),
    "ticked boxes": orders(("- [ ] Taxes", "- [x] Taxes"), page=CHECKLIST),
    "a title with other letters": package(
        {
            PAGE: [("title: Refund", "title: Rückzahlung ≤"), ("# Refund what", "# Rückzahlung ≤ what")],
            "SKILL.md": ("Refund what was paid", "Rückzahlung ≤ what was paid"),
        }
    ),
    "an underlined heading": orders(("# Refund what was paid\n", "Refund what was paid\n====\n"), page=PAGE),
    "a heading that is closed": orders(("# Refund what was paid\n", "# Refund what was paid #\n"), page=PAGE),
    "tildes": orders((ASKED, ASKED.replace("```", "~~~")), page=PAGE),
    "four backticks": orders((ASKED, ASKED.replace("```", "````")), page=PAGE),
    "Markdown that shows a fence": orders(
        ("- [ ] No sum", "````markdown\n```python\nx = 1\n```\n````\n\n- [ ] No sum"), page=CHECKLIST
    ),
    "a manifest in one line": manifest(json.dumps(MANIFEST)),
    "a manifest with tabs": manifest(json.dumps(MANIFEST, indent="\t")),
    "a manifest in another order": manifest(json.dumps(dict(reversed(MANIFEST.items())), indent=2)),
    "a letter as its number": manifest(FILES["manifest.json"].replace('"title": "Orders"', '"title": "\\u004frders"')),
    "steps as many as announced": prose("Follow these 2 steps:\n\n1. Read.\n   - a\n   - b\n2. Write.\n\n"),
    "steps with code between": prose("Follow these 3 steps:\n\n1. Read.\n\n```bash\nls\n```\n\n2. Write.\n\n"),
    "a choice": prose("Choose 2 options:\n\n- a\n- b\n- c\n\n"),
    "at least as many": prose("There are at least 2 options:\n\n- a\n- b\n- c\n\n"),
    "a comment that praises": correct("    return min(paid, asked)  # correct: never more\n"),
    "a comment on a wrong value": correct("    # wrong amounts are refused elsewhere\n    return min(paid, asked)\n"),
    "a docstring": correct('    """At most what was paid."""\n    return min(paid, asked)\n'),
    "one function still to be written by others": correct(
        "    return min(paid, asked)\n\n\ndef other() -> int:\n    raise NotImplementedError\n"
    ),
    "keys that stand in several objects": orders(
        ("- [ ] No sum", '```json\n{"a": {"a": 1}, "b": [{"a": 1}]}\n```\n\n- [ ] No sum'), page=CHECKLIST
    ),
    "brackets in prose": prose(
        "Take [a] (b) or [see below (rules/orders-totals.md)], by [totals](rules/orders-totals.md) (new)."
    ),
    "from now on": prose("From now on you are done."),
    "an index of packages": prose("Use `pip install --index-url https://pypi.example.org/simple x`."),
}


@pytest.mark.parametrize("skill", VARIANTS.values(), ids=VARIANTS)
def test_a_sound_variant_of_the_package_is_clean(skill: Skill) -> None:
    assert said(skill) == []
