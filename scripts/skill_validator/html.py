"""HTML inside Markdown -> its links, anchors and comments. Every pattern is bounded, since authors may be hostile."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .model import Document
from .parts import Chunk, Link

TAG = re.compile(r"<([A-Za-z][A-Za-z0-9-]{0,30})((?:\s[^<>]{0,2000})?)>")
ATTRIBUTE = re.compile(r"""([A-Za-z][\w-]{0,40})(?:\s?=\s?("[^"]*"|'[^']*'|[^\s"'<>`]+))?""")
COMMENTED = re.compile(
    r"^\[(?://|comment|_)[^\]]{0,40}\]:\s*(?:#|<>)\s*[\"'(](.{1,400})[\"')]\s*$", re.MULTILINE | re.IGNORECASE
)
TARGETS = {"a": "href", "img": "src", "source": "src", "video": "src", "audio": "src", "iframe": "src", "link": "href"}
NO_SIZE = {"0", "1", "0px", "1px"}


def tags(chunk: Chunk) -> Iterator[tuple[int, str, dict[str, str]]]:
    """The opening tags outside comments: line, name, attributes."""
    shown = _without_comments(chunk.text)
    line, seen = chunk.line, 0
    for tag in TAG.finditer(shown):
        line, seen = line + shown.count("\n", seen, tag.start()), tag.start()
        yield line, tag[1].lower(), {key.lower(): value.strip("\"'") for key, value in ATTRIBUTE.findall(tag[2])}


def _without_comments(text: str) -> str:
    """The text with nothing but line breaks where comments were."""
    pieces: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0:
        end = text.find("-->", start)
        pieces += (text[at:start], "\n" * text.count("\n", start, end if end >= 0 else len(text)))
        at = end + 3 if end >= 0 else len(text)
    return "".join((*pieces, text[at:]))


def hidden_texts(document: Document) -> Iterator[Chunk]:
    """HTML comments, and link definitions that are used as comments: what a reader of the page does not see."""
    for chunk in document.html:
        yield from comments(chunk)
    for found in COMMENTED.finditer(document.text) if "]: #" in document.text or "]: <>" in document.text else ():
        yield Chunk(document.path, document.text.count("\n", 0, found.start()) + 1, found[1])


def links(chunk: Chunk) -> Iterator[Link]:
    """The links and images of HTML."""
    for line, name, attributes in tags(chunk):
        target = attributes.get(TARGETS.get(name, ""))
        if target is not None:
            sizes = {attributes.get("width"), attributes.get("height")}
            alt = attributes.get("alt", "")
            yield Link(chunk.path, line, target.strip(), alt, name == "img", name == "img" and bool(sizes & NO_SIZE))


def anchors(chunk: Chunk) -> Iterator[str]:
    """What a link may name after `#`."""
    for _, _, attributes in tags(chunk):
        yield from (attributes[key] for key in ("id", "name") if attributes.get(key))


def comments(chunk: Chunk) -> Iterator[Chunk]:
    """The comments, each with the line of its first word; one that is never closed goes on to the end."""
    start = chunk.text.find("<!--")
    while start >= 0:
        end = chunk.text.find("-->", start)
        inside = chunk.text[start + 4 : end if end >= 0 else len(chunk.text)]
        line = chunk.line + chunk.text.count("\n", 0, start + 4 + len(inside) - len(inside.lstrip()))
        yield Chunk(chunk.path, line, inside.strip())
        start = chunk.text.find("<!--", end) if end >= 0 else -1
