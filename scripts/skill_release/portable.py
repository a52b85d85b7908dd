"""SKILL.md -> the same for clients that refuse fields beyond the Agent Skills specification."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml
from skill_validator.markdown import read_document

from .contents import Contents, ReleaseError

# https://agentskills.io/specification: the fields of the frontmatter, all of them.
FIELDS = ("name", "description", "license", "compatibility", "allowed-tools", "metadata")


def with_portable_frontmatter(contents: Contents) -> dict[str, bytes]:
    """The contents whose SKILL.md has only the specification's fields."""
    return {**contents, "SKILL.md": portable(contents["SKILL.md"].decode()).encode()}


def portable(text: str) -> str:
    """SKILL.md with the other fields moved into `metadata`, as strings; the body stays as it is.

    Raises ReleaseError when the frontmatter cannot be read, or has a field twice: at the top and in `metadata`.
    """
    document = read_document(Path("SKILL.md"), text)
    if not document.has_frontmatter or document.flaws:
        raise ReleaseError("SKILL.md: its frontmatter cannot be read")
    fields = document.frontmatter.values
    given = fields.get("metadata", {})
    own = {str(k): _string(v) for k, v in given.items()} if isinstance(given, Mapping) else {}
    moved = {key: _string(value) for key, value in fields.items() if key not in FIELDS}
    if twice := sorted(own.keys() & moved.keys()):
        raise ReleaseError(f"SKILL.md: {twice[0]!r} stands at the top and in metadata")
    head = {key: fields[key] for key in FIELDS[:-1] if key in fields}
    tools = head.get("allowed-tools")
    if isinstance(tools, list):
        head["allowed-tools"] = " ".join(map(str, tools))
    kept = {**head, "metadata": own | moved}
    block = yaml.safe_dump(kept, sort_keys=False, default_flow_style=False, allow_unicode=True, width=10**6)
    body = text.split("\n---\n", 1)[1]
    return f"---\n{block}---\n{body}"


def _string(value: object) -> str:
    """A value as one string: lists and mappings joined by commas, booleans as YAML writes them."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return ", ".join(f"{key}{_string(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(map(_string, value))
    return str(value)
