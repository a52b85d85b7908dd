"""Ruff is asked once for many sources."""

from __future__ import annotations

import errno
import os
import subprocess
from pathlib import Path

import pytest
from skill_validator import ruff, scratch
from skill_validator.ruff import Finding, Question, UnknownRuleError, begin, find


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


def test_questions_may_be_begun_before_they_are_asked_and_those_alike_are_one_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun: list[list[str]] = []

    class Counted(subprocess.Popen[bytes]):
        def __init__(self, command: list[str], stdout: int, stderr: int) -> None:
            begun.append(command)
            super().__init__(command, stdout=stdout, stderr=stderr)

    monkeypatch.setattr(subprocess, "Popen", Counted)
    first, second = ("print(begun)\n",), ("x = 1\n", "print(beside)\n")
    begin([Question(first, ("F821",)), Question((), ("F821",)), Question(second, ("F821",))])
    begin([Question(first, ("F821",)), Question(first, ("F401",))])
    assert find(second, ("F821",)) == (Finding(1, 1, "F821", "Undefined name `beside`"),)
    assert find(first, ("F821",)) == (Finding(0, 1, "F821", "Undefined name `begun`"),)
    assert find(first, ("F401",)) == ()
    assert len(begun) == 2


def test_a_rule_that_ruff_does_not_know_is_told_to_all_who_asked_for_it() -> None:
    sources = (("x = 1\n",), ("y = 1\n",))
    begin(Question(source, ("ZZZ998",)) for source in sources)
    for source in sources:
        with pytest.raises(UnknownRuleError, match="ZZZ998"):
            find(source, ("ZZZ998",))


@pytest.mark.parametrize("memory", ["/no/such/folder", "/proc"], ids=["is none", "refuses"])
def test_without_a_folder_in_memory_the_disk_serves(monkeypatch: pytest.MonkeyPatch, memory: str) -> None:
    monkeypatch.setattr(scratch, "_places", [memory])
    find.cache_clear()
    assert find(("print(shelved)\n",), ("F821",)) == (Finding(0, 1, "F821", "Undefined name `shelved`"),)


def test_without_room_in_memory_the_disk_serves(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    memory, opened = tmp_path / "memory", os.open

    def refused(file: str, *arguments: int, **others: int) -> int:
        if file.startswith(str(memory)) and file.endswith(".py"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return opened(file, *arguments, **others)

    memory.mkdir()
    monkeypatch.setattr(scratch, "_places", [str(memory)])
    monkeypatch.setattr(os, "open", refused)

    assert find(("print(full)\n",), ("F821",)) == (Finding(0, 1, "F821", "Undefined name `full`"),)
    assert list(memory.iterdir()) == []


def test_ruff_that_does_not_answer_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruff, "SECONDS", 0)
    with pytest.raises(subprocess.TimeoutExpired):
        find(("print(never)\n",), ("F821",))
