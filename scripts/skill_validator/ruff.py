"""Python sources -> what ruff says of them: one child process for all, which parses and never runs them."""

from __future__ import annotations

import functools
import re
import subprocess
import tempfile
from collections.abc import Iterator
from typing import NamedTuple

from ruff import find_ruff_bin

SECONDS = 60
USAGE = 2
SYNTAX = "invalid-syntax"
LINE = re.compile(r"(?P<source>\d{6})\.py:(?P<line>\d+):\d+: (?P<code>[\w-]+):? (\[\*\] )?(?P<message>.*)")
VERSIONS = (7, 15)  # the minor versions of Python 3 that `--target-version` takes


class Finding(NamedTuple):
    """One finding: `source` counts from 0, `line` from 1."""

    source: int
    line: int
    code: str
    message: str


class UnknownRuleError(Exception):
    """Ruff refused the selection; its own words."""


@functools.lru_cache(maxsize=8)
def find(sources: tuple[str, ...], codes: tuple[str, ...], minor: int = 11) -> tuple[Finding, ...]:
    """Check each source on its own, as Python 3.`minor`, with the stable rules `codes`.

    Syntax errors are always told, as findings of the code `SYNTAX`. Raises UnknownRuleError if ruff has no such rule.
    """
    return tuple(sorted(_find(list(enumerate(sources)), codes, minor))) if sources else ()


def _find(sources: list[tuple[int, str]], codes: tuple[str, ...], minor: int) -> list[Finding]:
    with tempfile.TemporaryDirectory() as folder:
        for number, source in sources:
            with open(f"{folder}/{number:06}.py", "w", encoding="utf-8") as file:  # noqa: PTH123 - twice as fast, and there are hundreds
                file.write(source)
        command = [find_ruff_bin(), "check", "--isolated", "--no-cache", "--output-format=concise", "--exit-zero"]
        target = f"--target-version=py3{min(max(minor, VERSIONS[0]), VERSIONS[1])}"
        options = [target, f"--select={','.join(codes)}", "--ignore-noqa", "--quiet", folder]
        done = subprocess.run([*command, *options], capture_output=True, timeout=SECONDS, check=False)
    if done.returncode == USAGE:
        raise UnknownRuleError(done.stderr.decode())
    if done.returncode:
        return _find_apart(sources, codes, minor)
    return list(_findings(done.stdout.decode()))


def _find_apart(sources: list[tuple[int, str]], codes: tuple[str, ...], minor: int) -> list[Finding]:
    """One of the sources is so deep that ruff's stack overflows: ask about each half, down to the one."""
    if len(sources) == 1:
        return [Finding(sources[0][0], 1, SYNTAX, "nested too deep")]
    half = len(sources) // 2
    return _find(sources[:half], codes, minor) + _find(sources[half:], codes, minor)


def _findings(report: str) -> Iterator[Finding]:
    """From one line a finding: a twentieth of what the same is as JSON."""
    for found in LINE.finditer(report):
        yield Finding(int(found["source"]), int(found["line"]), found["code"], found["message"])
