"""The pytest side of a proof: its parameters, and what counts as failing for the right reason.

A package's `tests/proofs/conftest.py` imports the hooks below by name. A proof is a test function that takes
`example`; it runs once for each example of the section that it is named after, in the page that its module mirrors.
Where no section has its name and blocks of the page are files of a project, its example is the project.
A fault that only some versions have is marked `@pytest.mark.bites("python<3.13")`: elsewhere Incorrect must pass.
What a page shows that only some versions have is marked `@pytest.mark.needs("sqlalchemy>=2.1")`: not run elsewhere.
A proof that cannot do without a program asks `programs.needs` for it, and is not run where it is not installed.
"""

from __future__ import annotations

import functools
import gc
import platform
from collections.abc import Generator
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from .markdown import read_document
from .model import Document
from .parts import Example, Place, Verdict
from .programs import NotInstalledError, find_program
from .skill import page_of

PLACE = pytest.StashKey[Place]()
MESSAGE = pytest.StashKey[str]()
MISSING = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known."""
    for marker in (
        "bites(requirement): the versions that have the fault, as in 'python<3.13' or 'fastapi>=0.118'",
        "needs(requirement): the versions that have what the page shows; with others the proof is not run",
    ):
        config.addinivalue_line("markers", marker)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Parametrize a proof with the examples of its section: the Incorrect one must fail by an assertion."""
    if "example" not in metafunc.fixturenames:
        return
    section = metafunc.function.__name__.removeprefix("test_").replace("_", "-")
    examples = _examples(_page(Path(metafunc.module.__file__)), section)
    marks = metafunc.definition.iter_markers("bites")
    bites = all(_installed(Requirement(requirement)) for mark in marks for requirement in mark.args)
    runs = not lacking(metafunc.definition)
    metafunc.parametrize("example", [_parameter(e, bites=bites, runs=runs) for e in examples])


def lacking(item: pytest.Item) -> str:
    """What a proof `needs` and the installed version has not, in a sentence; empty where nothing is lacking."""
    wanted = (Requirement(requirement) for mark in item.iter_markers("needs") for requirement in mark.args)
    return next((f"needs {r}; {_version(r.name)} is installed" for r in wanted if not _installed(r)), "")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Count only an assertion in the proof's own file as the expected failure; note where an error came from."""
    if call.excinfo is not None:
        gc.collect()  # a task that dies while pytest parses source for its report makes Python 3.11 raise SystemError
    report: pytest.TestReport = yield
    if call.excinfo is None:
        return report
    error = call.excinfo.value
    item.stash[PLACE] = _place(error) or Place(item.path, 0)
    item.stash[MESSAGE] = _sentence(error)
    if isinstance(error, NotInstalledError) and find_program(error.program) is None:
        item.stash[MISSING] = str(error)
        report.outcome = "skipped"
        report.longrepr = (str(item.path), item.location[1] or 0, str(error))
    elif hasattr(report, "wasxfail") and (flaw := _flaw(error, Path(call.excinfo.traceback[-1].path), item.path)):
        del report.wasxfail
        report.outcome = "failed"
        report.longrepr = f"{flaw}: {item.stash[MESSAGE]}"
    return report


def _flaw(error: BaseException, origin: Path, proof: Path) -> str:
    """What is wrong with an expected failure, if anything: pytest also takes a proof's own word for it."""
    if not isinstance(error, AssertionError):
        return "not an assertion"
    return "" if origin == proof else "an assertion outside the proof failed"


@functools.cache
def _page(module: Path) -> Document | None:
    page = page_of(module.parents[2], module)
    return read_document(page, page.read_text(encoding="utf-8")) if page else None


def _examples(page: Document | None, section: str) -> list[Example]:
    if page is None:
        return []
    project = page.project
    named = [e for e in page.provable if e.section == section]
    return named or ([replace(project, section=section)] if project else [])


def _installed(requirement: Requirement) -> bool:
    return requirement.specifier.contains(_version(requirement.name), prereleases=True)


def _version(name: str) -> str:
    return platform.python_version() if name == "python" else metadata.version(name)


def _parameter(example: Example, *, bites: bool, runs: bool) -> object:
    refuted = pytest.mark.xfail(raises=AssertionError, strict=True)
    fails = bites and example.verdict is Verdict.INCORRECT
    marks = ([refuted] if fails else []) if runs else [pytest.mark.skip]
    return pytest.param(example, id=example.side, marks=marks)


def _place(error: BaseException | None) -> Place | None:
    """The deepest line of a Markdown page that an error passed through, in itself, its parts or what it came from."""
    if error is None:
        return None
    place = None
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename.endswith(".md"):
            place = Place(Path(traceback.tb_frame.f_code.co_filename), traceback.tb_lineno)
        traceback = traceback.tb_next
    inner = error.exceptions[0] if isinstance(error, BaseExceptionGroup) else None
    return _place(inner) or place or _place(error.__cause__)


def _sentence(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    first = str(error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {first}"[:300] if first else type(error).__name__
