"""Python sources -> what ruff says of them: one child process for all, which parses and never runs them."""

from __future__ import annotations

import contextlib
import functools
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ruff import find_ruff_bin

SECONDS = 60
MEMORY = "/dev/shm"  # noqa: S108 - a folder of a name of its own is made in it
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
    if not sources:
        return ()
    asked = list(enumerate(sources))
    begun = _begun.pop((sources, codes, minor), None) or _ask(asked, codes, minor)
    return tuple(sorted(_answer(begun, asked, codes, minor)))


def begin(sources: tuple[str, ...], codes: tuple[str, ...], minor: int = 11) -> None:
    """Let ruff work on a question, beside this process, that `find` will be asked later."""
    if sources and (sources, codes, minor) not in _begun:
        _begun[sources, codes, minor] = _ask(list(enumerate(sources)), codes, minor)


class _Question(NamedTuple):
    """A ruff at work, and the folder that holds what it reads."""

    ruff: subprocess.Popen[bytes]
    folder: tempfile.TemporaryDirectory[str]


_begun: dict[tuple[tuple[str, ...], tuple[str, ...], int], _Question] = {}


_program = functools.cache(find_ruff_bin)


def _ask(sources: Sequence[tuple[int, str]], codes: tuple[str, ...], minor: int) -> _Question:
    folder = _written(sources)
    command = [_program(), "check", "--isolated", "--no-cache", "--output-format=concise", "--exit-zero"]
    target = f"--target-version=py3{min(max(minor, VERSIONS[0]), VERSIONS[1])}"
    options = [target, f"--select={','.join(codes)}", "--ignore-noqa", "--quiet", folder.name]
    ruff = subprocess.Popen([*command, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return _Question(ruff, folder)


def _written(sources: Sequence[tuple[int, str]]) -> tempfile.TemporaryDirectory[str]:
    """A folder with a file for each source: in memory where there is room: a busy disk takes ten times as long."""
    if os.access(MEMORY, os.W_OK):
        with contextlib.suppress(OSError):
            return _filled(tempfile.TemporaryDirectory(dir=MEMORY), sources)
    return _filled(tempfile.TemporaryDirectory(), sources)


def _filled(
    folder: tempfile.TemporaryDirectory[str], sources: Sequence[tuple[int, str]]
) -> tempfile.TemporaryDirectory[str]:
    with contextlib.ExitStack() as stack:
        stack.enter_context(folder)
        for number, source in sources:  # hundreds, and `open` takes three times as long as this
            file = os.open(f"{folder.name}/{number:06}.py", os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                _write(file, source.encode())
            finally:
                os.close(file)
        stack.pop_all()
    return folder


def _write(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


def _answer(asked: _Question, sources: list[tuple[int, str]], codes: tuple[str, ...], minor: int) -> list[Finding]:
    with asked.folder, asked.ruff:
        try:
            report, complaint = asked.ruff.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            asked.ruff.kill()
            raise
    if asked.ruff.returncode == USAGE:
        raise UnknownRuleError(complaint.decode())
    if asked.ruff.returncode:
        return _find_apart(sources, codes, minor)
    return list(_findings(report.decode()))


def _find_apart(sources: list[tuple[int, str]], codes: tuple[str, ...], minor: int) -> list[Finding]:
    """One of the sources is so deep that ruff's stack overflows: ask about each half, down to the one."""
    if len(sources) == 1:
        return [Finding(sources[0][0], 1, SYNTAX, "nested too deep")]
    half = len(sources) // 2
    halves = (sources[:half], sources[half:])
    return [f for part in halves for f in _answer(_ask(part, codes, minor), part, codes, minor)]


def _findings(report: str) -> Iterator[Finding]:
    """From one line a finding: a twentieth of what the same is as JSON."""
    for found in LINE.finditer(report):
        yield Finding(int(found["source"]), int(found["line"]), found["code"], found["message"])
