"""JavaScript and TypeScript text -> what in it is unsafe, as far as its words alone tell."""

from __future__ import annotations

import re

from .hazards import Danger

PATTERNS = (
    (
        "tls",
        re.compile(r"rejectUnauthorized\s?:\s?false|NODE_TLS_REJECT_UNAUTHORIZED\W{1,5}0"),
        "certificates are not checked",
    ),
    ("unsafe", re.compile(r"(?<![\w.])eval\((?![\"'`])|new Function\(\w"), "runs text as code"),
    ("shell", re.compile(r"(?<![\w.])exec(?:Sync)?\(`[^`]{0,200}\$\{"), "hands text that was put together to a shell"),
    (
        "sql",
        re.compile(
            r"\.(?:query|execute|raw|unsafe)\(\s?`\s?(?:SELECT|INSERT|UPDATE|DELETE)\b[^`]{0,300}(?:=|LIKE)\s?'?%?\$\{",
            re.IGNORECASE,
        ),
        "runs SQL that was put together from strings",
    ),
)


def pitfalls(code: str) -> tuple[Danger, ...]:
    """The unsafe calls of a script, in the order of their lines."""
    return tuple(
        sorted(
            Danger(code.count("\n", 0, found.start()) + 1, kind, message)
            for kind, pattern, message in PATTERNS
            for found in pattern.finditer(code)
        )
    )
