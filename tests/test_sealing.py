"""What judges an example is compared with itself."""

from __future__ import annotations

import builtins
import sys
import unittest

import pytest
from skill_validator import diagnostics, sealing


def test_what_nobody_touched_is_whole() -> None:
    assert list(sealing.broken(sealing.seal())) == []


@pytest.mark.parametrize(
    ("owner", "name", "told"),
    [
        (builtins, "AssertionError", "builtins.AssertionError"),
        (pytest, "fail", "pytest.fail"),
        (unittest.TestCase, "assertEqual", "unittest.case.TestCase.assertEqual"),
        (diagnostics, "check", "skill_validator.diagnostics.check"),
        (sys.modules[__name__], "test_what_nobody_touched_is_whole", f"{__name__}.test_what_nobody_touched_is_whole"),
    ],
)
def test_what_was_replaced_is_named(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, told: str) -> None:
    before = sealing.seal(__name__)
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, print)
        found = list(sealing.broken(before))

    assert told in found


def test_what_was_added_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    before = sealing.seal()
    monkeypatch.setattr(pytest, "further", print, raising=False)

    assert list(sealing.broken(before)) == []


def test_a_module_that_was_replaced_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    before = sealing.seal()
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "json", unittest)
        found = list(sealing.broken(before))

    assert {name.rpartition(".")[0] for name in found} == {"json"}
    assert "json.dumps" in found
