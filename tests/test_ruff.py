"""Ruff is asked once for many sources."""

from __future__ import annotations

import subprocess

import pytest
from skill_validator import ruff
from skill_validator.ruff import Finding, UnknownRuleError, begin, find


def test_each_source_is_checked_on_its_own() -> None:
    sources = ["import os\n", "x = 1\nprint(y)\n", "print(os)  # noqa: F821\n"]
    assert find(tuple(sources), ("F401", "F821")) == (
        Finding(0, 1, "F401", "`os` imported but unused"),
        Finding(1, 2, "F821", "Undefined name `y`"),
        Finding(2, 1, "F821", "Undefined name `os`"),
    )


def test_without_sources_ruff_is_not_asked() -> None:
    assert find((), ("no such rule",)) == ()


def test_a_rule_that_ruff_does_not_know() -> None:
    with pytest.raises(UnknownRuleError, match="ZZZ999"):
        find(("x = 1\n",), ("ZZZ999",))


def test_a_rule_in_preview_finds_nothing() -> None:
    assert find(("x = 1;\n",), ("E703",)) != ()
    assert find(("x=1\n",), ("E225",)) == ()


def test_a_syntax_error_is_told_whatever_was_asked() -> None:
    assert [
        (f.source, f.line, f.code)
        for f in find(
            (
                "x = 1\n",
                "x = (\n",
            ),
            ("F401",),
        )
    ] == [(1, 2, "invalid-syntax")]


def test_one_source_that_is_too_deep_for_ruff_spoils_no_other() -> None:
    deep = "x = " + "-" * 100_000 + "1\n"
    assert find(("print(y)\n", deep, "print(z)\n"), ("F821",)) == (
        Finding(0, 1, "F821", "Undefined name `y`"),
        Finding(1, 1, "invalid-syntax", "nested too deep"),
        Finding(2, 1, "F821", "Undefined name `z`"),
    )


def test_the_version_of_python_decides_what_is_syntax() -> None:
    sources = ("type X = int\n",)
    assert [f.message for f in find(sources, ("F401",), 11)] == [
        "Cannot use `type` alias statement on Python 3.11 (syntax was added in Python 3.12)"
    ]
    assert find(sources, ("F401",), 12) == ()
    assert len(find(sources, ("F401",), 2)) == 1
    assert find(sources, ("F401",), 99) == ()


def test_a_question_may_be_begun_before_it_is_asked() -> None:
    sources = ("print(begun)\n",)
    begin(sources, ("F821",))
    begin(sources, ("F821",))
    begin((), ("F821",))
    assert find(sources, ("F821",)) == (Finding(0, 1, "F821", "Undefined name `begun`"),)


@pytest.mark.parametrize("memory", ["/no/such/folder", "/proc"], ids=["is none", "refuses"])
def test_without_a_folder_in_memory_the_disk_serves(monkeypatch: pytest.MonkeyPatch, memory: str) -> None:
    monkeypatch.setattr(ruff, "MEMORY", memory)
    find.cache_clear()
    assert find(("print(shelved)\n",), ("F821",)) == (Finding(0, 1, "F821", "Undefined name `shelved`"),)


def test_ruff_that_does_not_answer_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruff, "SECONDS", 0)
    with pytest.raises(subprocess.TimeoutExpired):
        find(("print(never)\n",), ("F821",))
