"""What patterns mean."""

from __future__ import annotations

import pytest
from skill_validator.patterns import MOST, is_catch_all, spec


@pytest.mark.parametrize("pattern", ["*", "**", "**/*", "/**", "{*,a}"])
def test_a_pattern_for_everything(pattern: str) -> None:
    assert is_catch_all(pattern)


@pytest.mark.parametrize("pattern", ["*.*", "src/**", "*.py", ".*", "!*"])
def test_a_pattern_for_something(pattern: str) -> None:
    assert not is_catch_all(pattern)


def test_braces_stand_for_alternatives() -> None:
    braces = spec(["src/**/*.{ts,tsx}", "{a,b}/{c,d}.md"])
    assert [f for f in ("src/x/a.ts", "src/a.tsx", "b/c.md", "a/d.md", "a.ts", "a/e.md") if braces.match_file(f)] == [
        "src/x/a.ts", "src/a.tsx", "b/c.md", "a/d.md",
    ]  # fmt: skip


def test_very_many_alternatives_are_not_opened_out() -> None:
    assert len(spec(["{a,b}" * 40])) <= 2 * MOST
