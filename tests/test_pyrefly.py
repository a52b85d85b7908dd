"""The type checker is asked once for many sources."""

from __future__ import annotations

import subprocess

import pytest
from skill_validator.pyrefly import find, is_importable, is_in_a_subclass, is_installed
from skill_validator.ruff import Finding


def test_each_source_is_checked_on_its_own() -> None:
    sources = ("def f(x: int) -> int:\n    return x\n", "x: int = 1\nx.nothing\n", "f(1)\n")
    assert find(sources, 11) == (
        Finding(1, 2, "missing-attribute", "Object of class `int` has no attribute `nothing`"),
        Finding(2, 1, "unknown-name", "Could not find name `f`"),
    )


def test_the_version_of_python_decides_what_a_library_has() -> None:
    source = ("import itertools\n\nitertools.batched\n",)
    assert [f.code for f in find(source, 11) or ()] == ["missing-attribute"]
    assert find(source, 12) == find(source, 99) == ()


def test_without_sources_it_is_not_asked() -> None:
    assert find((), 11) == ()


def test_what_is_installed() -> None:
    assert is_installed()
    assert is_importable("ast")
    assert not is_importable("no_such_package")


def test_a_subclass_may_have_what_its_class_has_not() -> None:
    packages = ("no_such_package", "ast", "concurrent")
    assert is_in_a_subclass(packages, "Executor", "_max_workers")
    assert not is_in_a_subclass(packages, "Executor", "_min_workers")
    assert not is_in_a_subclass(packages, "Future", "_max_workers")


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(subprocess.TimeoutExpired("pyrefly", 60), id="none in time"),
        pytest.param(OSError("no such program"), id="none at all"),
        pytest.param(subprocess.CompletedProcess([], 1, b"panicked"), id="not in its own format"),
    ],
)
def test_a_checker_that_does_not_answer(monkeypatch: pytest.MonkeyPatch, answer: object) -> None:
    def run(*_: object, **__: object) -> object:
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(subprocess, "run", run)
    assert find((f"{answer!r}\n",), 11) is None
