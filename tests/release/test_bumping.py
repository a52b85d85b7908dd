"""The version moves in every file that has it, and nothing else does."""

from __future__ import annotations

import json

import pytest
from commands import REPOSITORY
from skill_release.bumping import FILES, at_version, parsed
from skill_release.contents import ReleaseError

TEXTS = {name: (REPOSITORY / name).read_text(encoding="utf-8") for name in FILES}
TESTED = {"python": "3.13.1", "fastapi": "0.170.0"}
PRESENT = json.loads(TEXTS["manifest.json"])["version"]
CHANGELOG = "# Changelog\n\n## 9.9.8 - unreleased\n\n- A trap.\n\n## 9.9.7 - 2026-01-01\n\n- Unreleased.\n"


def test_the_files_of_this_package_move_together() -> None:
    new = at_version(TEXTS | {"CHANGELOG.md": CHANGELOG}, "9.9.9", TESTED, "2026-12-01")

    for name in ("SKILL.md", "pyproject.toml"):
        changed = [(a, b) for a, b in zip(TEXTS[name].split("\n"), new[name].split("\n"), strict=True) if a != b]
        assert [(a.replace(PRESENT, "9.9.9"), a != b) for a, b in changed] == [(b, True) for _, b in changed]
        assert len(changed) == 1
    manifest = json.loads(TEXTS["manifest.json"])
    assert json.loads(new["manifest.json"]) == manifest | {"version": "9.9.9", "tested": TESTED}
    assert new["CHANGELOG.md"] == CHANGELOG.replace("9.9.8 - unreleased", "9.9.9 - 2026-12-01")
    plugin = ".claude-plugin/plugin.json"
    assert json.loads(new[plugin]) == json.loads(TEXTS[plugin]) | {"version": "9.9.9"}
    (entry,) = json.loads(new[".claude-plugin/marketplace.json"])["plugins"]
    (before,) = json.loads(TEXTS[".claude-plugin/marketplace.json"])["plugins"]
    assert entry == before | {"version": "9.9.9"}


REFUSED = {
    "no unreleased section": ("CHANGELOG.md", "# Changelog\n", r"CHANGELOG.md: no heading"),
    "an empty section": ("CHANGELOG.md", "## 1.1.0 - unreleased\n\n## 1.0.0 - 2026\n\n- a\n", "says nothing"),
    "no version in SKILL.md": ("SKILL.md", "---\nname: a\n---\nversion: 1\n", "SKILL.md: 0 lines with a version"),
    "no version in the project": (
        "pyproject.toml", '[project]\nname = "a"\n\n[tool.a]\nversion = "1"\n', "pyproject.toml: 0 lines",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "text", "said"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_cannot_move_is_named(name: str, text: str, said: str) -> None:
    with pytest.raises(ReleaseError, match=said):
        at_version(TEXTS | {"CHANGELOG.md": CHANGELOG} | {name: text}, "9.9.9", TESTED, "2026-12-01")


def test_a_version_is_three_numbers() -> None:
    assert parsed("1.12.0") == (1, 12, 0)
    for wrong in ("1.2", "v1.2.3", "1.2.3-rc1", "", "1.2.3\n"):
        with pytest.raises(ReleaseError, match="is not three numbers"):
            parsed(wrong)
