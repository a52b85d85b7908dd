"""What git says, and what it says where it cannot."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from skill_release.contents import ReleaseError
from skill_release.git import git, git_or_nothing


def test_a_command_that_fails_is_named_with_the_folder_and_gits_own_words(tmp_path: Path) -> None:
    said = rf"{re.escape(str(tmp_path))}: git status: fatal: not a git repository"
    with pytest.raises(ReleaseError, match=said):
        git(tmp_path, "status")
    assert git_or_nothing(tmp_path, "status") == ""


def test_the_output_comes_as_it_is(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")

    assert git(tmp_path, "rev-parse", "--is-inside-work-tree") == "true\n"
