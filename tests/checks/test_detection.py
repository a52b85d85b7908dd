"""The scanner is held to the pages of a package that ships it."""

from __future__ import annotations

import json

import pytest
from packages import found, package
from sample import MANIFEST
from skill_validator.model import Skill
from tables import Faults, NearMisses, silent, told

SCAN = {"scripts/scan.py": ""}
PAGE = """\
---
title: Check certificates
category: pooling
impact: LOW
impactDescription: forged answers
tags: [tls]
---
# Check certificates

**Setup:**

```python
import aiohttp
```

## Certificate unchecked
Any certificate will do.

**Incorrect:** none

```python
def connect() -> aiohttp.TCPConnector:
    return aiohttp.TCPConnector(ssl=False)
```

**Correct:** its own

```python
def connect() -> aiohttp.TCPConnector:
    return aiohttp.TCPConnector()
```

## New and correct

```python
CONNECTOR = aiohttp.TCPConnector
```
"""
REASONS = {
    "orders-totals": {"float-sum": "no detector here"},
    "orders-totals-more": {"early-rounding": "no detector here"},
    "refunds-limits": {"limitless-refund": "no detector here"},
}


def scanned(
    reasons: object = REASONS, page: tuple[str, str] | None = None, name: str = "rules/pooling-http.md"
) -> Skill:
    """The package with a scanner, with reasons for its traps, and with a page of a trap that has a detector."""
    text = PAGE.replace(*page) if page else PAGE
    assert page is None or text != PAGE
    manifest = json.dumps(MANIFEST | {"undetected": reasons}, indent=2)
    return package(add={**SCAN, "manifest.json": manifest, name: text})


WRONG = "TCPConnector(ssl=False)"
RIGHT = "TCPConnector()"

FAULTS: Faults = {
    "undetected-example": {
        "a trap without detector and reason": (
            scanned(REASONS | {"orders-totals": {}}),
            ["rules/orders-totals.md:20: no detector is called float-sum, and manifest.json gives no reason"],
        ),
        "the detector is silent": (
            scanned(page=(WRONG, RIGHT)),
            ["rules/pooling-http.md:22: the detector certificate-unchecked does not find it"],
        ),
        "a reason for a trap with a detector": (
            scanned(REASONS | {"pooling-http": {"certificate-unchecked": "hard"}}),
            ["manifest.json:66: certificate-unchecked has a detector"],
        ),
        "a reason for no trap": (
            scanned(REASONS | {"orders-totals": {"float-sum": "x", "int-sum": "gone"}}),
            ["manifest.json:58: there is no trap 'int-sum' on a page 'orders-totals'"],
        ),
    },
    "false-alarm": {
        "an error in the Correct example": (
            scanned(page=(RIGHT, WRONG)),
            ["rules/pooling-http.md:30: certificate-unchecked: every certificate is accepted, a forged one too"],
        ),
        "a warning in New and correct": (
            scanned(page=("CONNECTOR = aiohttp.TCPConnector", "CONNECTOR = aiohttp.TCPConnector(limit=5)")),
            ["rules/pooling-http.md:36: one-host-takes-the-pool: one hung host takes every connection: limit_per_host"],
        ),
        "an error in SKILL.md": (
            package(
                {"SKILL.md": ("def pay(", f"import aiohttp\n\naiohttp.{WRONG}\n\n\ndef pay(")},
                add=SCAN,
            ),
            ["SKILL.md:39: certificate-unchecked: every certificate is accepted, a forged one too"],
        ),
    },
}

NEAR_MISSES: NearMisses = {
    "undetected-example": {
        "detectors or reasons for all": scanned(),
        "a package without a scanner": package(),
        "what is not Python, which another check tells": scanned(page=(WRONG, "TCPConnector(")),
    },
    "false-alarm": {
        "what is not Python, which another check tells": scanned(page=("CONNECTOR = ", "CONNECTOR = (")),
        "the package is sound": scanned(),
        "a warning of another trap in a Correct example": scanned(page=(RIGHT, "TCPConnector(limit=5)")),
        "a package without a scanner": package(add={"rules/pooling-http.md": PAGE.replace(RIGHT, WRONG)}),
    },
}


test_fault = told(FAULTS)
test_near_miss = silent(NEAR_MISSES)


@pytest.mark.parametrize("undetected", [[], {"orders-totals": []}])
def test_reasons_of_another_shape_are_none(undetected: object) -> None:
    assert len(found(scanned(undetected), "undetected-example")) == 3
