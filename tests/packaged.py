"""Changes to SKILL.md and the manifest of the small correct package."""

from __future__ import annotations

import json

from packages import package
from sample import MANIFEST
from skill_validator.model import Skill

RULES: list[dict[str, object]] = json.loads(json.dumps(MANIFEST["rules"]))
CATEGORIES: list[dict[str, object]] = json.loads(json.dumps(MANIFEST["categories"]))


def manifest(**fields: object) -> Skill:
    """The package with these fields in its manifest."""
    return package(add={"manifest.json": json.dumps(MANIFEST | fields, indent=2)})


def edited(old: str, new: str) -> Skill:
    """The package with a change of its manifest's text."""
    return package({"manifest.json": (old, new)})


def skill(*changes: tuple[str, str]) -> Skill:
    """The package with changes of its SKILL.md."""
    return package({"SKILL.md": list(changes)})
