"""The texts of a small correct package: what every check finds clean."""

from __future__ import annotations

import json

SKILL = """\
---
name: orders
description: Orders in Python services. Use when code takes, totals or refunds orders.
license: MIT
version: 1.0.0
paths: ["*.py", "Pipfile"]
path_patterns: ["*.py", "Pipfile"]
targets:
  anyio: ">=4.16"
---
# Orders that add up

| Category | Rules | Impact | When to Use |
|---|---|---|---|
| Orders | 1 | HIGH | sums, taxes |
| Refunds | 1 | LOW | money back |

**Total: 2 rules across 2 categories**

Before a release, read the [checklist](references/review-checklist.md#refunds).

## Orders

| Rule | Impact | Title |
|---|---|---|
| [orders-totals](rules/orders-totals.md) | HIGH | Add money exactly |

## Refunds

| Rule | Impact | Title |
|---|---|---|
| [refunds-limits](rules/refunds-limits.md) | LOW | Refund what was paid |

## Quick start

```python
def pay(cents: int) -> int:
    return cents
```
"""

TOTALS = """\
---
title: Add money exactly
category: orders
impact: HIGH
impactDescription: totals that differ from the sum of the lines
tags: [orders, money]
---
# Add money exactly

Sums of floats drift. More: [further traps](../references/orders-totals-more.md), when taxes are rounded.

**Setup:** a price list

```python
from decimal import Decimal

PRICES = {"tea": Decimal("0.10")}
```

## Float sum
A float cannot hold a tenth. Compare [refunds](refunds-limits.md#limitless-refund).

**Incorrect:** floats

```python
def total(item: str, count: int) -> float:
    try:
        return sum([float(PRICES[item])] * count)  # 0.30000000000000004
    except:
        return 0
```

**Correct:** decimals

```python
def total(item: str, count: int) -> Decimal:
    return sum([PRICES[item]] * count, Decimal(0))
```

Lint: `E722`

## New and correct
`math.sumprod` (3.12) is exact for integers.

```python
def average(item: str) -> Decimal:
    return PRICES[item] / 2
```

## When not to use it
Where cents are integers already.
"""

MORE = """\
---
title: Round taxes once
category: orders
impact: MEDIUM
impactDescription: cents that appear from nowhere
tags: [orders, taxes]
---
# Round taxes once

## Early rounding
Each line is rounded, and then the sum differs.

**Incorrect:** each line

```python
def tax(lines: list[int]) -> int:
    return sum(round(line * 0.07) for line in lines)
```

**Correct:** the sum

```python
def tax(lines: list[int]) -> int:
    return round(sum(lines) * 0.07)
```
"""

LIMITS = """\
---
title: Refund what was paid
category: refunds
impact: LOW
impactDescription: money that was never taken is given back
tags: [refunds, limits]
---
# Refund what was paid

## Limitless refund
Nothing stops a refund above the payment.

**Incorrect:** as asked

```python
def refund(paid: int, asked: int) -> int:
    return asked
```

**Correct:** as paid

```python
def refund(paid: int, asked: int) -> int:
    return min(paid, asked)
```
"""

CHECKLIST = """\
# Review

## Refunds

- [ ] No sum of floats ([float-sum](../rules/orders-totals.md#float-sum))
- [ ] Taxes rounded once ([early-rounding](../references/orders-totals-more.md#early-rounding))
- [ ] Refunds have a limit ([limitless-refund](../rules/refunds-limits.md#limitless-refund))
"""

MANIFEST = {
    "name": "orders",
    "version": "1.0.0",
    "license": "MIT",
    "description": "Orders in Python services. Use when code takes, totals or refunds orders.",
    "ruleCount": 2,
    "categoryCount": 2,
    "categories": [
        {"id": "orders", "title": "Orders", "impact": "HIGH", "rules": 1},
        {"id": "refunds", "title": "Refunds", "impact": "LOW", "rules": 1},
    ],
    "rules": [
        {
            "id": "orders-totals",
            "file": "rules/orders-totals.md",
            "category": "orders",
            "impact": "HIGH",
            "traps": ["float-sum"],
        },
        {
            "id": "refunds-limits",
            "file": "rules/refunds-limits.md",
            "category": "refunds",
            "impact": "LOW",
            "traps": ["limitless-refund"],
        },
    ],
    "activation": {"match": ["src/app.py", "Pipfile"], "ignore": ["README.md"]},
    "targets": {"anyio": ">=4.16"},
    "tested": {},
}


def proof(*names: str) -> str:
    """A proof module with tests of these names."""
    return "".join(f"async def test_{name}(example): ...\n" for name in names)


FILES = {
    "SKILL.md": SKILL,
    "manifest.json": json.dumps(MANIFEST, indent=2) + "\n",
    "rules/orders-totals.md": TOTALS,
    "rules/refunds-limits.md": LIMITS,
    "references/orders-totals-more.md": MORE,
    "references/review-checklist.md": CHECKLIST,
    "tests/proofs/test_skill.py": proof("quick_start"),
    "tests/proofs/test_orders_totals.py": proof("float_sum", "new_and_correct"),
    "tests/proofs/test_orders_totals_more.py": proof("early_rounding"),
    "tests/proofs/test_refunds_limits.py": proof("limitless_refund"),
}
