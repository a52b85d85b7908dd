"""A program is found by name, by path, or where servers lie; else the message says how to install it."""

from __future__ import annotations

from pathlib import Path

import pytest
from skill_validator import programs
from skill_validator.programs import NotInstalledError, find_program, needs


def executable(folder: Path) -> Path:
    path = folder / "pooler"
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of PATH, and no other place to look."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(programs, "SERVERS", ())
    return tmp_path


def test_a_program_on_the_path_is_found_by_name(empty: Path) -> None:
    path = executable(empty)
    assert needs("pooler", "apt-get install pooler") == path


def test_a_program_anywhere_is_found_by_its_path(empty: Path) -> None:
    (empty / "bin").mkdir()
    path = executable(empty / "bin")
    assert (find_program("pooler"), find_program(str(path))) == (None, path)


def test_a_server_is_found_where_an_ordinary_path_does_not_lead(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (empty / "sbin").mkdir()
    path = executable(empty / "sbin")
    monkeypatch.setattr(programs, "SERVERS", (str(empty / "sbin"),))
    assert find_program("pooler") == path


def test_a_file_that_cannot_be_executed_is_no_program(empty: Path) -> None:
    executable(empty).chmod(0o644)
    assert find_program("pooler") is None


@pytest.mark.usefixtures("empty")
def test_a_missing_program_is_told_with_the_command_that_installs_it() -> None:
    with pytest.raises(NotInstalledError, match=r"^needs pooler: apt-get install pooler$") as told:
        needs("pooler", "apt-get install pooler")
    assert told.value.program == "pooler"
