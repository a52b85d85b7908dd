"""Fences inside of fences."""

from __future__ import annotations

import re

from markdown_it.token import Token

MARKDOWN = ("markdown", "md", "mdx")


def swallowed_line(token: Token) -> int:
    """The line of a block, from 1 on, that opens a further fence: the block's own end is missing. 0 without one.

    A block without a language, of text or of a diff may show fences.
    """
    mark = token.markup
    if mark not in token.content or token.info.split()[:1] in ([], ["text"], ["diff"]):
        return 0
    opening = re.compile(rf" {{0,3}}{re.escape(mark)}\w+ *$")
    return next((n for n, line in enumerate(token.content.split("\n"), 1) if opening.match(line)), 0)
