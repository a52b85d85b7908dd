"""Skill -> the oldest Python that it promises to run on."""

from __future__ import annotations

import re
import tomllib

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from .model import Skill

NEWEST = 15
# "Python 3.11 or newer", "Python >= 3.11", "python3.11+".
SAID = re.compile(r"\bpython\s*(?:version\s*)?(?:>=|≥)?\s*3\.(\d+)", re.IGNORECASE)


def floor(skill: Skill) -> int | None:
    """The minor version of the oldest Python 3 that the skill promises; None when it promises none.

    Asked in this order: `targets.python` of manifest and frontmatter, `requires-python` of a pyproject.toml beside
    SKILL.md, the frontmatter's `compatibility`.
    """
    front = skill.main.frontmatter
    tables = [skill.manifest.values.get("targets") if skill.manifest else None, front.values.get("targets")]
    specifiers = [table.get("python") for table in tables if isinstance(table, dict)]
    for specifier in (*specifiers, _required(skill)):
        minor = _oldest(specifier) if isinstance(specifier, str) else None
        if minor is not None:
            return minor
    said = SAID.search(front.text("compatibility"))
    return int(said[1]) if said else None


def _required(skill: Skill) -> object:
    try:
        project = tomllib.loads(skill.scripts.get(skill.root / "pyproject.toml", "")).get("project")
    except tomllib.TOMLDecodeError:
        return None
    return project.get("requires-python") if isinstance(project, dict) else None


def _oldest(specifier: str) -> int | None:
    try:
        wanted = SpecifierSet(specifier)
    except InvalidSpecifier:
        return None
    if not any(s.operator in {">=", ">", "~=", "=="} for s in wanted):
        return None
    return next((minor for minor in range(NEWEST + 1) if wanted.contains(f"3.{minor}.99")), None)
