"""The texts of a package -> the same texts at another version."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

from .contents import ReleaseError

SEMANTIC = re.compile(r"(\d+)\.(\d+)\.(\d+)")
UNRELEASED = re.compile(r"^## \S+ - unreleased$", re.MULTILINE)
FIELD = re.compile(r'^(version: *)"?[^"\n]+"?$', re.MULTILINE)
PROJECT = re.compile(r'(^\[project\]\n(?:(?!\[).*\n)*?version = )"[^"]*"', re.MULTILINE)
PLUGIN, MARKETPLACE = ".claude-plugin/plugin.json", ".claude-plugin/marketplace.json"
FILES = ("SKILL.md", "manifest.json", "pyproject.toml", "CHANGELOG.md", PLUGIN, MARKETPLACE)


def at_version(texts: Mapping[str, str], version: str, tested: Mapping[str, str], day: str) -> dict[str, str]:
    """The texts of FILES at `version`, released on `day` (YYYY-MM-DD), with what all proofs passed on.

    Raises ReleaseError naming the file that has no version, or the changelog that says nothing of what is released.
    """
    changed: dict[str, Callable[[str], str]] = {
        "SKILL.md": lambda text: _field(text, version),
        "manifest.json": lambda text: _json(text, {"version": version, "tested": dict(tested)}),
        "pyproject.toml": lambda text: _once("pyproject.toml", PROJECT, rf'\g<1>"{version}"', text),
        "CHANGELOG.md": lambda text: _changelog(text, version, day),
        PLUGIN: lambda text: _json(text, {"version": version}),
        MARKETPLACE: lambda text: _marketplace(text, version),
    }
    return {name: changed[name](texts[name]) for name in FILES}


def parsed(version: str) -> tuple[int, int, int]:
    """The three numbers of a version. Raises ReleaseError when it has another form."""
    found = SEMANTIC.fullmatch(version)
    if found is None:
        raise ReleaseError(f"VERSION: {version!r} is not three numbers, as in 1.2.3")
    major, minor, patch = map(int, found.groups())
    return major, minor, patch


def _field(text: str, version: str) -> str:
    head, end, body = text.partition("\n---\n")
    return _once("SKILL.md", FIELD, rf"\g<1>{version}", head) + end + body


def _once(name: str, pattern: re.Pattern[str], by: str, text: str) -> str:
    new, count = pattern.subn(by, text)
    if count != 1:
        raise ReleaseError(f"{name}: {count} lines with a version, one is needed")
    return new


def _changelog(text: str, version: str, day: str) -> str:
    found = UNRELEASED.search(text)
    if found is None:
        raise ReleaseError("CHANGELOG.md: no heading '## <version> - unreleased'")
    section = text[found.end() :].partition("\n## ")[0]
    if not section.strip():
        raise ReleaseError("CHANGELOG.md: the unreleased section says nothing")
    return f"{text[: found.start()]}## {version} - {day}{text[found.end() :]}"


def _marketplace(text: str, version: str) -> str:
    first, *others = json.loads(text)["plugins"]
    return _json(text, {"plugins": [first | {"version": version}, *others]})


def _json(text: str, fields: Mapping[str, object]) -> str:
    return json.dumps(json.loads(text) | dict(fields), indent=2, ensure_ascii=False) + "\n"
