"""Text -> the characters in it that no reader sees, or takes for others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\x80-\x84\x86-\x9f]")
UNSEEN = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    r"\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
JOINERS = "\u200c\u200d"  # they shape letters of many scripts, and join emoji
MARKS = "\u200e\u200f\u061c"  # they order text that runs from right to left
FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{1,8}\U000e007f")  # England, Scotland, Wales
# Letters that look like one of ASCII in most fonts; Unicode's confusables.txt, without those that a reader notices.
LOOKALIKES = "аАВеЕіІјЈКМНоОрРсСТуУхХѕЅԁԛԝһӏ" + "ΑΒΕΖΗΙΚΜΝΟοΡΤΥΧν" + "ｏｅａｉ"  # noqa: RUF001
LOOKALIKE = re.compile(f"[{LOOKALIKES}]")
BESIDE = re.compile(rf"[A-Za-z0-9_{LOOKALIKES}]{{0,80}}")


def unseen(text: str) -> Iterator[tuple[int, str]]:
    """The invisible and direction-changing characters, but those that emoji and scripts need: offset and name."""
    if text.isascii():
        yield from ((found.start(), _name(found[0])) for found in CONTROL.finditer(text))
        return
    flags = {n for flag in FLAG.finditer(text) for n in range(*flag.span())} if "\U0001f3f4" in text else set()
    for pattern in (CONTROL, UNSEEN):
        for found in pattern.finditer(text):
            if found.start() not in flags and not _is_needed(text, found.start()):
                yield found.start(), _name(found[0])


def lookalikes(text: str) -> Iterator[tuple[int, str, str]]:
    """The words that mix ASCII letters with look-alikes of another script: offset, word, the look-alike's name."""
    if text.isascii():
        return
    end = 0
    for found in LOOKALIKE.finditer(text):
        if found.start() < end:
            continue
        start = found.start() - _reach(text[max(0, found.start() - 80) : found.start()][::-1])
        end = found.start() + _reach(text[found.start() : found.start() + 80])
        word = text[start:end]
        beside = text[max(0, start - 1) : start] + text[end : end + 1]
        if any(c.isascii() and c.isalpha() for c in word) and not any(map(_is_foreign, beside)):
            yield start, word, _name(found[0])


def _is_needed(text: str, at: int) -> bool:
    """Whether a character does its work here: a variation of a symbol, a joint of emoji, order of Hebrew."""
    character, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if at == 0:
        return character == "\ufeff"  # a byte order mark has a check of its own
    if "\ufe00" <= character <= "\ufe0f":
        return before in "#*0123456789" or unicodedata.category(before)[0] in "SPLN" or ord(before) > 0x2000
    if character in JOINERS:
        return bool(before.strip() and after.strip()) and not before.isascii() and not after.isascii()
    if character in MARKS:
        near = text[max(0, at - 40) : at + 40]
        return any(unicodedata.bidirectional(c) in {"R", "AL"} for c in near if c not in MARKS)
    return character == "\u00ad" and not before.isascii() and before.isalpha()


def _reach(text: str) -> int:
    """How far a word of Latin letters and their look-alikes reaches."""
    found = BESIDE.match(text)
    return found.end() if found else 0


def _is_foreign(character: str) -> bool:
    return not character.isascii() and character.isalpha()


def _name(character: str) -> str:
    return f"U+{ord(character):04X} {unicodedata.name(character, 'a control character').lower()}"
