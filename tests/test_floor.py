"""The oldest Python that a skill promises."""

from __future__ import annotations

import pytest
from packages import lone, package
from skill_validator.floor import floor


@pytest.mark.parametrize(
    ("specifier", "minor"),
    [
        (">=3.11", 11),
        (">=3.9,<4", 9),
        (">3.10", 10),
        ("~=3.12", 12),
        ("==3.13.*", 13),
        (">=3.99", None),
        ("<3.14", None),
        ("new", None),
        ("", None),
    ],
)
def test_a_specifier_in_the_manifest(specifier: str, minor: int | None) -> None:
    assert floor(package({"manifest.json": ('">=4.16"', f'">=4.16", "python": "{specifier}"')})) == minor


@pytest.mark.parametrize(
    ("said", "minor"),
    [
        ("Python 3.11 or newer", 11),
        ("needs python>=3.10", 10),
        ("Python version ≥ 3.12 and node 20", 12),
        ("Any agent; python 2 is not enough", None),
        ("uses 3.11 of something", None),
    ],
)
def test_a_sentence_in_the_frontmatter(said: str, minor: int | None) -> None:
    assert floor(lone(f"---\nname: orders\ncompatibility: {said}\n---\n")) == minor


def test_targets_in_the_frontmatter_come_before_the_sentence() -> None:
    front = '---\nname: orders\ncompatibility: Python 3.9\ntargets:\n  python: ">=3.11"\n---\n'
    assert floor(lone(front)) == 11


@pytest.mark.parametrize(
    ("project", "minor"),
    [
        ('[project]\nrequires-python = ">=3.11"\n', 11),
        ("[project]\nname = 'a'\n", None),
        ("project = 1\n", None),
        ("[project\n", None),
    ],
)
def test_a_project_beside_it(project: str, minor: int | None) -> None:
    assert floor(lone("# Orders\n", **{"pyproject.toml": project})) == minor
