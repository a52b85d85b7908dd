"""What is shipped, and what keeps a release from being made."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from skill_release.contents import ReleaseError, read_contents

FILES = {
    "SKILL.md": "skill",
    "LICENSE": "MIT",
    "manifest.json": "{}",
    "rules/b.md": "b",
    "rules/a.md": "a",
    "references/deep/c.toml": "c",
    "scripts/verify.py": "pass",
}
LEFT = {
    "README.md": "",
    "scripts/validate.py": "",
    "scripts/skill_validator/cli.py": "",
    "tests/proofs/test_a.py": "",
    "rules/.hidden.md": "",
    "references/.DS_Store": "",
    "references/__pycache__/c.pyc": "",
    "dist/SKILL.md": "",
}


def package(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def test_what_an_agent_needs_is_shipped_and_nothing_else(tmp_path: Path) -> None:
    contents = read_contents(package(tmp_path, FILES | LEFT))

    assert contents == {name: text.encode() for name, text in FILES.items()}
    assert list(contents) == sorted(FILES)


def test_the_scanner_is_shipped_where_there_is_one(tmp_path: Path) -> None:
    scanner = {"scripts/scan.py": "", "scripts/scanner/__init__.py": "", "scripts/scanner/data/a.json": ""}

    assert set(read_contents(package(tmp_path, FILES | scanner))) == {*FILES, *scanner}


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_needed_file_that_is_not_there_is_named(tmp_path: Path, name: str) -> None:
    root = package(tmp_path, FILES)
    (root / name).unlink()
    if name.startswith("rules/"):
        (root / "rules/a.md").unlink(missing_ok=True)
        (root / "rules/b.md").unlink(missing_ok=True)

    with pytest.raises(ReleaseError, match="nothing there to ship"):
        read_contents(root)


def test_a_symbolic_link_is_named(tmp_path: Path) -> None:
    root = package(tmp_path, FILES)
    (root / "rules/c.md").symlink_to("/etc/passwd")

    with pytest.raises(ReleaseError, match=re.escape("rules/c.md: a symbolic link cannot be shipped")):
        read_contents(root)
