"""Bytes -> text, in whatever encoding they are; only UTF-8 is right."""

from __future__ import annotations

import codecs
from pathlib import Path

from .parts import Flaw

MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def decoded(path: Path, content: bytes) -> tuple[str, tuple[Flaw, ...]]:
    """The text of a file, and a flaw at the first byte that is not UTF-8.

    UTF-16 is read as such where it can be told (by its mark, or by the zero byte of every first letter), so that the
    rest of the file is still checked; other bytes are replaced.
    """
    if encoding := _sixteen(content):
        return content.decode(encoding, errors="replace"), (Flaw(path, 1, "encoded in UTF-16, not in UTF-8"),)
    try:
        return content.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        text = content.decode("utf-8", errors="replace")
        return text, (Flaw(path, line, f"not UTF-8: byte 0x{content[error.start]:02x}"),)


def _sixteen(content: bytes) -> str:
    """The kind of UTF-16 that these bytes are, or nothing."""
    if content[:2] in MARKS:
        return MARKS[content[:2]]
    zeros = [content[n : n + 64 : 2].count(0) for n in (0, 1)]
    most = len(content[:64]) // 2
    if most > 1 and zeros[1] == most and not zeros[0]:
        return "utf-16-le"
    return "utf-16-be" if most > 1 and zeros[0] == most and not zeros[1] else ""
