"""What the project's lock knows."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name
from packaging.version import Version
from skill_validator import lock

CONSTRAINTS = Path(__file__).parents[1] / "constraints"


def test_every_library_of_both_sets_is_known_with_its_newest_version() -> None:
    lines = [line for file in CONSTRAINTS.glob("*.txt") for line in file.read_text(encoding="utf-8").split()]
    pins = [(canonicalize_name(name), Version(pin)) for name, _, pin in (line.partition("==") for line in lines)]
    assert set(lock.locked()) == {name for name, _ in pins}
    assert all(lock.locked()[name] >= pin for name, pin in pins)


def test_the_newest_is_that_of_the_lock_or_the_one_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "locked", lambda: {"packaging": Version("0.1"), "nowhere": Version("2")})
    assert lock.newest("packaging") == Version(metadata.version("packaging"))
    assert lock.newest("NoWhere") == Version("2")
    assert lock.newest("leftpad") is None


def test_an_installed_library_that_the_lock_has_not_is_known() -> None:
    assert lock.newest("pip") == Version(metadata.version("pip"))
