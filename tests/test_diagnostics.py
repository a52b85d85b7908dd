"""A function becomes a check; what it yields becomes diagnostics in the order of a report."""

from __future__ import annotations

from pathlib import Path

import pytest
from packages import ROOT, lone
from skill_validator.diagnostics import Check, Diagnostic, Faults, Severity, check, printable, warning
from skill_validator.model import Skill
from skill_validator.parts import Place


def late_commit(skill: Skill) -> Faults:
    """A commit comes first.

    Breach: it comes second.
    """
    yield skill, "too late"
    yield Place(ROOT / "rules" / "a.md", 3), "a\nb"
    yield Place(Path("/lib/b.py"), 2), "far away"


def test_a_function_becomes_a_check_named_after_it() -> None:
    made = check(late_commit)
    manual = "A commit comes first.\n\nBreach: it comes second."
    assert made == Check("late-commit", __name__, manual, Severity.ERROR, late_commit)
    assert made.law == "A commit comes first."
    assert warning(late_commit).severity is Severity.WARNING


def test_paths_are_relative_to_the_skill_and_messages_are_one_line() -> None:
    assert list(warning(late_commit)(lone(""))) == [
        Diagnostic("SKILL.md", 1, "late-commit", "too late", "warning"),
        Diagnostic("rules/a.md", 3, "late-commit", r"a\nb", "warning"),
        Diagnostic("/lib/b.py", 2, "late-commit", "far away", "warning"),
    ]


def test_a_message_that_a_stranger_made_long_is_cut() -> None:
    def endless(skill: Skill) -> Faults:
        """A text ends."""
        yield skill, "x" * 501

    assert [d.message for d in check(endless)(lone(""))] == ["x" * 500 + "…"]


def test_diagnostics_sort_by_position() -> None:
    ordered = [
        Diagnostic("a.md", 2, "z", "z"),
        Diagnostic("a.md", 10, "a", "b"),
        Diagnostic("a.md", 10, "b", "a"),
        Diagnostic("b.md", 1, "a", "a"),
    ]
    assert sorted(set(ordered)) == ordered


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("é 'ü' 名 😀", "é 'ü' 名 😀"),
        ("\x1b[2J", r"\x1b[2J"),
        ("a\r\n\t", r"a\r\n\t"),
        ("\udc80", r"\udc80"),
        ("\u202e", r"\u202e"),
    ],
    ids=["letters", "an escape", "line breaks", "half a character", "a change of direction"],
)
def test_what_moves_a_cursor_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert printable(text) == shown
