"""A manifest of wrong types is reported by the schema and crashes no other check."""

from __future__ import annotations

import json

import pytest
from packages import package, said
from sample import MANIFEST


@pytest.mark.parametrize("value", [None, "text", 1, [1], [[]], [{}], [{"id": []}], {"id": 1}], ids=repr)
@pytest.mark.parametrize("field", ["categories", "rules", "ruleCount", "targets", "activation"])
def test_a_manifest_of_wrong_types_is_reported_and_raises_nothing(field: str, value: object) -> None:
    skill = package(add={"manifest.json": json.dumps(MANIFEST | {field: value})})
    assert any(line.startswith("manifest.json:1: ") for line in said(skill))
