"""Bytes become text, and what is not UTF-8 a flaw."""

from __future__ import annotations

from pathlib import Path

import pytest
from skill_validator.encoding import decoded
from skill_validator.parts import Flaw

PATH = Path("/skills/orders/SKILL.md")
TEXT = "---\nname: orders\n---\n# Orders\n"
SIXTEEN = (Flaw(PATH, 1, "encoded in UTF-16, not in UTF-8"),)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_read_and_reported(encoding: str) -> None:
    assert decoded(PATH, TEXT.encode(encoding)) == (TEXT, SIXTEEN)


def test_utf_8_is_right_with_and_without_its_mark() -> None:
    assert decoded(PATH, TEXT.encode()) == (TEXT, ())
    assert decoded(PATH, TEXT.encode("utf-8-sig")) == (f"\ufeff{TEXT}", ())


@pytest.mark.parametrize("content", [b"", b"a", b"\x00", b"a\x00", b"a\x00b", b"\x00\x00\x00\x00"])
def test_a_few_zero_bytes_are_no_utf_16(content: bytes) -> None:
    assert decoded(PATH, content) == (content.decode(), ())


def test_other_bytes_are_replaced_and_reported_at_their_line() -> None:
    assert decoded(PATH, b"a\nGr\xf6\xdfe\n") == ("a\nGr\ufffd\ufffde\n", (Flaw(PATH, 2, "not UTF-8: byte 0xf6"),))
