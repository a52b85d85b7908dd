"""Copies of two sound skills with one fault in an example each: all checks together tell it once, at its line."""

from __future__ import annotations

import pytest
from packages import lone, package, said

SIGNATURES = """\
---
name: orders
description: Signatures of orders. Use when code takes orders.
---
# Orders

```python
def refund(paid: int, asked: int) -> int
def total(lines: list[int]) -> int
```
"""
LIMITS = "rules/refunds-limits.md"
TOTALS = "rules/orders-totals.md"
ASKED, PAID = "    return asked\n", "    return min(paid, asked)\n"

REFUND = "def refund(paid: int, asked: int) -> int:\n"

STRANGER = """\
---
name: orders
description: Refunds in Python services. Use when code gives money back.
license: MIT
compatibility: Python 3.11 or newer
---
# Refunds

Give back what was paid.

```python
import asyncio


async def refund(paid: int, asked: int) -> int:
    await asyncio.sleep(0)
    return min(paid, asked)
```

```python
from decimal import Decimal


def tax(lines: list[Decimal]) -> Decimal:
    return sum(lines, Decimal(0)) * Decimal("0.07")
```

```python
def total(lines: list[int]) -> int:
    result = 0
    for line in lines:
        result += line
    return result
```

```bash
pip install refunds
for name in a b; do echo "$name"; done
```

```json
{"limit": 100, "currency": "EUR"}
```

```yaml
limit: 100
currency: EUR
```

```toml
limit = 100
```

```ini
[refunds]
limit = 100
```

```sql
SELECT id FROM refunds WHERE paid > 0;
```
"""

IN_A_PACKAGE = {
    "a colon is missing": (PAID, "    if paid\n        return asked\n", 24, "syntax-error"),
    "a bracket stays open": (PAID, "    return min(paid, asked\n", 24, "syntax-error"),
    "a line is indented too far": (PAID, "    x = paid\n      y = asked\n    return min(x, y)\n", 25, "syntax-error"),
    "a tab among spaces": (PAID, "    x = paid\n\treturn x\n", 25, "syntax-error"),
    "a prompt was pasted in": (PAID, ">>>     return min(paid, asked)\n", 24, "syntax-error"),
    "typographic quotes": (PAID, "    print(“paid”)\n    return min(paid, asked)\n", 24, "syntax-error"),
    "a dash that is none": (PAID, "    return min(paid, paid \u2013 asked)\n", 24, "syntax-error"),
    "await in a plain function": (PAID, "    return await min(paid, asked)\n", 24, "syntax-error"),
    "an undefined name": (PAID, "    return min(paid, limit)\n", 24, "undefined-name"),
    "an undefined name in a branch": (
        PAID,
        "    if asked < 0:\n        raise NegativeError\n    return min(paid, asked)\n",
        25,
        "undefined-name",
    ),
    "a deleted name": (PAID, "    del paid\n    return paid\n", 25, "undefined-name"),
    "a name of one branch": (PAID, "    if asked:\n        x = min(paid, asked)\n    return x\n", 26, "unbound-name"),
    "a module that is not imported": (PAID, "    return math.floor(min(paid, asked))\n", 24, "undefined-name"),
    "an import that is not used": (PAID, "    import math\n\n    return min(paid, asked)\n", 24, "unused-import"),
    "an argument too many": (PAID, "    return int(str(min(paid, asked)), 10, 1)\n", 24, "wrong-call"),
    "a keyword that is none": (PAID, "    return min(paid, asked, kee=abs)\n", 24, "wrong-call"),
    "a method that is none": (PAID, "    return min(paid, asked).floor()\n", 24, "missing-attribute"),
    "a package that is not declared": (
        PAID,
        "    import requests\n\n    return int(requests.get('a'))\n",
        24,
        "undeclared-package",
    ),
    "dots": (PAID, "    ...\n", 24, "placeholder-example"),
    "pass": (PAID, "    pass\n", 24, "placeholder-example"),
    "something left to do": (PAID, "    # TODO: the limit\n    return min(paid, asked)\n", 24, "placeholder-example"),
    "the two sides are the same": (ASKED, PAID, 23, "identical-examples"),
    "the two sides differ in a comment": (ASKED, "    # as asked\n" + PAID, 24, "identical-examples"),
    "a misspelt language": (f"```python\n{REFUND}{PAID}", f"```pyhton\n{REFUND}{PAID}", 22, "unknown-language"),
    "a side without code": (f"```python\n{REFUND}{PAID}", "```python\n", 22, "placeholder-example"),
}


@pytest.mark.parametrize("fault", IN_A_PACKAGE)
def test_a_fault_in_a_package_is_told_once(fault: str) -> None:
    old, new, line, check = IN_A_PACKAGE[fault]
    told = said(package({LIMITS: (old, new)}))

    assert [t.split(": ")[:2] for t in told] == [[f"{LIMITS}:{line}", check]]


# What is replaced by what, a text of the line at which the check must tell it, the check.
IN_A_STRANGERS_SKILL = {
    "a colon is missing": (
        "total(lines: list[int]) -> int:",
        "total(lines: list[int]) -> int",
        "def total",
        "syntax-error",
    ),
    "wrong indentation": ("lines:\n        r", "lines:\n    r", "    result +=", "syntax-error"),
    "typographic quotes": ('Decimal("0.07")', "Decimal(“0.07”)", "0.07", "syntax-error"),
    "a bracket stays open": ("sum(lines, Decimal(0)) *", "sum(lines, Decimal(0) *", "sum(lines", "syntax-error"),
    "await in a plain function": ("async def refund", "def refund", "await", "syntax-error"),
    "a prompt of Python": ("def total(", ">>> def total(", ">>>", "pasted-prompt"),
    "a prompt of a shell": ("pip install", "$ pip install", "$ pip", "pasted-prompt"),
    "syntax of a newer Python": ("total(lines: list[int])", "total[T](lines: list[T])", "total[T]", "newer-syntax"),
    "quotes in an f-string": ("    return result", "    return f'{str('a')}'", "str('a')", "newer-syntax"),
    "an import is missing": ("import asyncio\n\n\n", "\n\n\n", "asyncio.sleep", "undefined-name"),
    "a misspelt name": ("    result = 0", "    reslut = 0", "result +=", "undefined-name"),
    "an unused import": ("import asyncio\n", "import asyncio\nimport os\n", "import os", "unused-import"),
    "an argument is missing": ("asyncio.sleep(0)", "asyncio.sleep()", "sleep()", "wrong-call"),
    "a function that is none": ("asyncio.sleep(0)", "asyncio.slep(0)", "slep", "missing-attribute"),
    "a misspelt language": ("```bash", "```bsah", "```bsah", "unknown-language"),
    "a misspelt Python": ("```python\ndef total", "```pyhton\ndef total", "```pyhton", "unknown-language"),
    "no language": ("```python\ndef total", "```\ndef total", "```\ndef", "bare-fence"),
    "a fence without an end": ("WHERE paid > 0;\n```\n", "WHERE paid > 0;\n", "```sql", "unclosed-fence"),
    "a fence without an end amid others": ('"EUR"}\n```\n', '"EUR"}\n', "```json", "unclosed-fence"),
    "a shell loop without an end": ("; done", "", "for name", "unparsable-block"),
    "JSON with a comma too many": ('"EUR"}', '"EUR",}', '"EUR"', "unparsable-block"),
    "JSON with single quotes": ('{"limit"', "{'limit'", "{'limit'", "unparsable-block"),
    "YAML with a tab": ("currency: EUR\n", "currency:\n\t- EUR\n", "\t- EUR", "unparsable-block"),
    "TOML without quotes": ("limit = 100\n```\n\n```ini", "limit = a lot\n```\n\n```ini", "a lot", "unparsable-block"),
    "INI with an open section": ("[refunds]", "[refunds", "[refunds", "unparsable-block"),
    "SQL with a misspelt word": ("SELECT", "SELCT", "SELCT", "unparsable-block"),
}


@pytest.mark.parametrize("fault", IN_A_STRANGERS_SKILL)
def test_a_fault_in_a_strangers_skill_is_told_once(fault: str) -> None:
    old, new, where, check = IN_A_STRANGERS_SKILL[fault]
    assert STRANGER.count(old) == 1
    changed = STRANGER.replace(old, new)
    line = changed.count("\n", 0, changed.index(where)) + 1

    assert [t.split(": ")[:2] for t in said(lone(changed))] == [[f"SKILL.md:{line}", check]]


def test_a_colon_is_missing_where_a_body_follows_and_not_in_a_list_of_signatures() -> None:
    whole = SIGNATURES.replace("\ndef total", "\n    return min(paid, asked)\n\n\n# all\ndef total")
    alone = whole.partition("\n\n\n# all")[0] + "\n```\n"

    assert said(lone(SIGNATURES)) == said(lone(whole)) == []
    assert said(lone(alone)) == ["SKILL.md:8: syntax-error: not Python: expected ':'"]


def test_both_skills_are_sound() -> None:
    assert said(package()) == said(lone(STRANGER)) == []
