"""The texts of a small correct skill without a manifest, as strangers write them."""

from __future__ import annotations

SKILL = """\
---
name: orders
description: Reads and writes order exports. Use when the user asks for totals of an export, or mentions CSV orders.
license: MIT
allowed-tools: Read, Bash(python3 scripts/totals.py:*)
---
# Order exports

An export is a CSV file of orders. Read [the columns](references/columns.md) first; when a
file is refused, look at [its errors](references/errors.md#refused-files) and at
[how amounts are written](references/columns.md#amounts).

## Quick start

```bash
python3 scripts/totals.py orders.csv
```

The script prints one line a currency. It reads `assets/schema.json`, and its options are in `references/columns.md`.

## References

There are 2 reference files:

| File | About |
|---|---|
| [columns](references/columns.md) | names and types of the columns |
| [errors][errors] | what is refused, and why |

![How orders flow](assets/flow.svg)

<a href="references/errors.md">All errors</a>, and the [format](https://www.rfc-editor.org/rfc/rfc4180).

[errors]: references/errors.md

## Totals

```python
import csv
from decimal import Decimal


def total(lines: list[str]) -> Decimal:
    return sum((Decimal(row["amount"]) for row in csv.DictReader(lines)), Decimal(0))
```
"""

COLUMNS = """\
# Columns

| Column | Type |
|---|---|
| id | integer |
| amount | decimal |

## Amounts

Amounts have two decimals. See [refused files](errors.md#refused-files).
"""

ERRORS = """\
# Errors

## Refused files

A file without a head is refused. Back to [the columns](columns.md#amounts).
"""

SCRIPT = """\
import csv
import sys
from decimal import Decimal


def main(path: str) -> None:
    with open(path, newline="") as file:
        print(sum(Decimal(row["amount"]) for row in csv.DictReader(file)))


main(sys.argv[1])
"""

LONE = {
    "SKILL.md": SKILL,
    "references/columns.md": COLUMNS,
    "references/errors.md": ERRORS,
    "scripts/totals.py": SCRIPT,
    "assets/schema.json": '{"type": "object"}\n',
    "assets/flow.svg": "<svg/>\n",
}
