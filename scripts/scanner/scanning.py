"""Files -> findings: read, parse where a detector may find something, detect, silence. One file or many at once."""

from __future__ import annotations

import ast
import gc
import os
import re
import sys
from collections.abc import Collection, Iterator, Sequence

from .detectors import DETECTORS
from .finding import WARNING, Detector, Finding, Found
from .module import Definition, Module
from .project import Project
from .reading import UnreadableError, is_generated, read
from .silencing import is_silenced, may_silence, silenced

# What a test does wrong is often its point: there an error is a warning, and a warning nothing.
TEST = re.compile(r"(^|/)(test_[^/]*|[^/]*_test|conftest)\.py$")
PYTHON = ".".join(map(str, sys.version_info[:2]))
# What a module's uses elsewhere make a defect: its own scan does not tell whether a silencer has an effect.
FROM_ELSEWHERE = {"late-commit", "context-set-in-a-thread", "missed-problems"}
ALONE = 60
CHUNK = 16
COLLECT = 2000
WORD = re.compile(r"\w+")


def scan(
    paths: Sequence[str],
    detectors: Sequence[Detector],
    known: Sequence[str],
    jobs: int,
    importers: Collection[str] = (),
) -> Iterator[Finding]:
    """The findings in the files `paths`, each once; imports are followed to the files `known`. Not sorted.

    Of `importers` only what they make a defect in another file is looked for. Few files are read in this process, many
    in `jobs` processes.
    """
    told: set[Finding] = set()  # several modules may make one place of another a defect
    for finding in _all(paths, jobs, (known, [d.trap for d in detectors], importers)):
        if finding not in told:
            told.add(finding)
            yield finding


def _all(
    paths: Sequence[str], jobs: int, project: tuple[Sequence[str], Sequence[str], Collection[str]]
) -> Iterator[Finding]:
    if jobs == 1 or len(paths) < ALONE:
        yield from Scanner(*project).files(paths)
        return
    from multiprocessing import Pool  # noqa: PLC0415 - slow to import, and few files do without

    chunks = [paths[n : n + CHUNK] for n in range(0, len(paths), CHUNK)]
    with Pool(jobs, _begin, project) as pool:
        for found in pool.imap_unordered(_work, chunks):
            yield from found


class Scanner:
    """Scans files of one project."""

    def __init__(
        self,
        known: Sequence[str] = (),
        traps: Sequence[str] | None = None,
        importers: Collection[str] = (),
        texts: dict[str, str] | None = None,
    ) -> None:
        self.detectors = [d for d in DETECTORS if traps is None or d.trap in traps]
        self.importers = importers
        self.project = Project(known, texts)
        self._first: dict[str, list[tuple[frozenset[str], int]]] = {}  # word -> alternatives that begin with it
        for number, detector in enumerate(self.detectors):
            for words in detector.words:
                self._first.setdefault(words[0], []).append((frozenset(words), number))

    def files(self, paths: Sequence[str]) -> Iterator[Finding]:
        """The findings in these files."""
        gc.disable()  # trees have no cycles, and looking for some in them is a third of the time
        for number, path in enumerate(paths, 1):
            yield from self.file(path)
            if number % COLLECT == 0:
                gc.collect()

    def file(self, path: str) -> list[Finding]:
        """The findings in one file. One that cannot be read or parsed is a finding itself."""
        try:
            text = self.project.texts[path] if path in self.project.texts else read(path)
        except UnreadableError as error:
            return [Finding(path, 1, "broken-file", str(error), WARNING)]
        return [] if is_generated(path, text) else self.text(path, text)

    def text(self, path: str, text: str, tree: ast.Module | None = None) -> list[Finding]:
        """The findings in a text, whose `tree` the caller may have."""
        wanted = self._wanted(text)
        if path in self.importers:
            wanted = [d for d in wanted if d.trap in FROM_ELSEWHERE]
            if not wanted:
                return []
        try:
            module = self.project.parsed(path, text, tree)
        except SyntaxError as error:
            message = f"not Python {PYTHON}: {error.args[0]}"
            return [Finding(path, error.lineno or 1, "broken-file", message, WARNING)]
        if not wanted and not may_silence(text):
            return []
        self.project.current = module
        return silenced(path, text, self._found(module, wanted), {d.trap for d in self.detectors} - FROM_ELSEWHERE)

    def _wanted(self, text: str) -> list[Detector]:
        """The detectors whose words the text has."""
        present = set(WORD.findall(text))
        begun = (alternative for word in self._first.keys() & present for alternative in self._first[word])
        return [self.detectors[number] for number in sorted({n for words, n in begun if words <= present})]

    def _found(self, module: Module, detectors: Sequence[Detector]) -> list[Finding]:
        found: dict[tuple[str, str, int], Finding] = {}
        for detector in detectors:
            for node, message in self._finds(detector, module, found):
                where, node_ = node if isinstance(node, Definition) else Definition(module, node)
                line = getattr(node_, "lineno", 1)
                tests = TEST.search(where.path) is not None
                if tests and detector.severity == WARNING:
                    continue
                severity = WARNING if tests else detector.severity
                told = Finding(where.path, line, detector.trap, message, severity, detector.link, where.line(line))
                if where is module or not is_silenced(where.text, told):
                    found.setdefault((where.path, detector.trap, line), told)
        return list(found.values())

    @staticmethod
    def _finds(detector: Detector, module: Module, found: dict[tuple[str, str, int], Finding]) -> Found:
        """What a detector finds. Its crash is a finding, and not the end of the run."""
        try:
            yield from detector.find(module)
        except Exception as error:  # noqa: BLE001 - one odd file among thousands must not hide what the others hold
            message = f"{detector.trap} failed here, please report it: {error!r}"
            found[module.path, detector.trap, 0] = Finding(module.path, 1, "failed-detector", message, WARNING)


_scanner: list[Scanner] = []


def _begin(known: Sequence[str], traps: Sequence[str], importers: Collection[str]) -> None:
    _scanner[:] = [Scanner(known, traps, importers)]


def _work(paths: Sequence[str]) -> list[Finding]:
    return list(_scanner[0].files(paths))


def cores() -> int:
    """How many processes can run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
