"""Markdown text -> its frontmatter and its body, each with its true lines."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from .mapped import empty, read_yaml
from .model import Mapped
from .parts import Flaw
from .yaml_faults import body_among

BREAK = re.compile(r"\r\n|\r|\n")
BYTE_ORDER_MARK = "\ufeff"
FIELD = re.compile(r"""["']?[A-Za-z_][\w -]*["']?\s*:(\s|$)""")


def split(path: Path, text: str) -> tuple[Mapped | None, str, tuple[Flaw, ...]]:
    """Frontmatter (None without one), body, and what is wrong with the frontmatter, as flaws of that subject.

    The body keeps its true lines, since blank ones stand for the frontmatter. What stands before the first `---` is a
    flaw, and the fields are read all the same.
    """
    lines = BREAK.split(text)
    start, early = _start(lines)
    if start is None:
        return None, text, ()
    end = next((n for n, line in enumerate(lines[start + 1 :], start + 1) if line.rstrip() == "---"), None)
    if end is None:
        return None, text, (Flaw(path, start + 1, "frontmatter is never closed by a line ---", "frontmatter"),)
    mapped, flaws = read_yaml(path, "\n".join(lines[start + 1 : end]) + "\n", start + 2)
    body = body_among(lines[start + 1 : end])
    if body is not None and flaws and flaws[0].message.startswith("not YAML"):
        mapped, flaws = empty(path), (Flaw(path, start + 1, "frontmatter is not closed before the body begins"),)
        end = start + body
    found = (Flaw(path, 1, early), *flaws) if early else flaws
    return (
        mapped,
        "\n" * (end + 1) + "\n".join(lines[end + 1 :]),
        tuple(replace(f, subject="frontmatter") for f in found),
    )


def is_meant(text: str) -> bool:
    """Whether the `---` that a text begins with opens frontmatter and not, as a line across the page, its prose."""
    return len(lines := BREAK.split(text, 2)) > 1 and bool(FIELD.match(lines[1]))


def _start(lines: list[str]) -> tuple[int | None, str]:
    """The number of the line that opens the frontmatter, and what stands before it that must not."""
    first = next((n for n, line in enumerate(lines) if line.strip(BYTE_ORDER_MARK + " \t")), 0)
    if lines[first].strip(BYTE_ORDER_MARK + " \t") != "---":
        return None, ""
    if lines[first].startswith(BYTE_ORDER_MARK):
        early = "a byte order mark stands before the frontmatter"
    elif lines[first].startswith((" ", "\t")):
        early = "the line that opens the frontmatter is indented"
    else:
        early = "a blank line stands before the frontmatter" if first else ""
    is_sure = not early or (first + 1 < len(lines) and FIELD.match(lines[first + 1]))
    return (first, early) if is_sure else (None, "")
