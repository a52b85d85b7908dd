"""Python sources -> what ruff says of them: one child process for all, which parses and never runs them."""

from __future__ import annotations

import contextlib
import functools
import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from ruff import find_ruff_bin

from . import scratch

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


class Question(NamedTuple):
    """To check each source on its own, as Python 3.`minor`, with the stable rules `codes`."""

    sources: tuple[str, ...]
    codes: tuple[str, ...]
    minor: int = 11


@functools.lru_cache(maxsize=8)
def find(sources: tuple[str, ...], codes: tuple[str, ...], minor: int = 11) -> tuple[Finding, ...]:
    """The answer to a question.

    Syntax errors are always told, as findings of the code `SYNTAX`. Raises UnknownRuleError if ruff has no such rule.
    """
    if not sources:
        return ()
    question = Question(sources, codes, minor)
    at_work, first = _begun.pop(question) if question in _begun else (_AtWork(question), 0)
    own = range(first, first + len(sources))
    return tuple(sorted(f._replace(source=f.source - first) for f in at_work.findings if f.source in own))


def begin(questions: Iterable[Question]) -> None:
    """Let ruff work on questions, beside this process, that `find` will be asked later; one ruff on all that are alike.

    To start it takes as long as to check dozens of sources.
    """
    alike: dict[Question, list[Question]] = {}
    for question in dict.fromkeys(questions):
        if question.sources and question not in _begun:
            alike.setdefault(question._replace(sources=()), []).append(question)
    for shared, several in alike.items():
        at_work = _AtWork(shared._replace(sources=tuple(source for q in several for source in q.sources)))
        firsts = accumulate((len(q.sources) for q in several), initial=0)
        _begun.update((q, (at_work, first)) for q, first in zip(several, firsts, strict=False))


class _AtWork:
    """A ruff at work on a question, and the folder that holds what it reads."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._folder = _written(question.sources)
        command = [_program(), "check", "--isolated", "--no-cache", "--output-format=concise", "--exit-zero"]
        target = f"--target-version=py3{min(max(question.minor, VERSIONS[0]), VERSIONS[1])}"
        options = [target, f"--select={','.join(question.codes)}", "--ignore-noqa", "--quiet", self._folder.name]
        self._ruff = subprocess.Popen([*command, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    @functools.cached_property
    def findings(self) -> Sequence[Finding]:
        """Its answer. Raises UnknownRuleError."""
        report, complaint = self._said
        if self._ruff.returncode == USAGE:
            raise UnknownRuleError(complaint)
        return list(_apart(self._question) if self._ruff.returncode else _findings(report))

    @functools.cached_property
    def _said(self) -> tuple[str, str]:
        with self._folder, self._ruff:
            try:
                report, complaint = self._ruff.communicate(timeout=SECONDS)
            except subprocess.TimeoutExpired:
                self._ruff.kill()
                raise
        return report.decode(), complaint.decode()


_begun: dict[Question, tuple[_AtWork, int]] = {}  # with the number of its first source among those that ruff reads
_program = functools.cache(find_ruff_bin)


def _written(sources: Iterable[str]) -> tempfile.TemporaryDirectory[str]:
    """A folder with a file for each source; on the disk where memory has no room for them."""
    with contextlib.suppress(OSError):
        return _filled(scratch.folder(), sources)
    return _filled(tempfile.TemporaryDirectory(), sources)


def _filled(folder: tempfile.TemporaryDirectory[str], sources: Iterable[str]) -> tempfile.TemporaryDirectory[str]:
    with contextlib.ExitStack() as stack:
        stack.enter_context(folder)
        for number, source in enumerate(sources):  # hundreds, and `open` takes three times as long as this
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


def _apart(question: Question) -> Iterator[Finding]:
    """One of the sources is so deep that ruff's stack overflows: ask about each half, down to the one."""
    sources = question.sources
    if len(sources) == 1:
        yield Finding(0, 1, SYNTAX, "nested too deep")
        return
    half = len(sources) // 2
    for first, part in ((0, sources[:half]), (half, sources[half:])):
        findings = _AtWork(question._replace(sources=part)).findings
        yield from (f._replace(source=first + f.source) for f in findings)


def _findings(report: str) -> Iterator[Finding]:
    """From one line a finding: a twentieth of what the same is as JSON."""
    for found in LINE.finditer(report):
        yield Finding(int(found["source"]), int(found["line"]), found["code"], found["message"])
