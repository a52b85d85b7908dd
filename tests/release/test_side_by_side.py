"""Two examples side by side: coloured, escaped, and marked where they differ."""

from __future__ import annotations

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st
from skill_release.side_by_side import Line, compared, lines


def plain(line: Line) -> str:
    return unescape(re.sub(r"<[^>]*>", "", line.html))


def test_the_lines_that_the_other_has_not_are_marked() -> None:
    left, right = compared("a = 1\nb = 2\nc = 3\n", "a = 1\nb = 4\nb = 5\nc = 3\n")

    assert [(plain(line), line.differs) for line in left] == [("a = 1", False), ("b = 2", True), ("c = 3", False)]
    assert [(plain(line), line.differs) for line in right] == [
        ("a = 1", False), ("b = 4", True), ("b = 5", True), ("c = 3", False),
    ]  # fmt: skip


def test_a_line_that_moved_into_a_block_is_marked() -> None:
    left, _ = compared("if a:\n    b()\nc()\n", "if a:\n    b()\n    c()\n")

    assert [line.differs for line in left] == [False, False, True]


def test_each_line_stands_alone_and_is_escaped() -> None:
    first, second = lines('a = """<b>\n&"""\n')

    assert [line.html.replace("&quot;", '"') for line in (first, second)] == [
        'a = <span class="s2">"""&lt;b&gt;</span>',
        '<span class="s2">&amp;"""</span>',
    ]


TEXTS = st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"])) | st.text("ab \"'(:#"))


@given(TEXTS, TEXTS)
def test_no_line_is_lost(left: list[str], right: list[str]) -> None:
    for code, side in zip((left, right), compared("\n".join(left), "\n".join(right)), strict=True):
        assert [plain(line) for line in side] == "\n".join(code).rstrip("\n").split("\n")
