"""A proof is not run for one reason only: a program that it needs is not installed. Everything else is an error."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from provable import BAD, GOOD, PROOF, found, package
from skill_validator.diagnostics import Diagnostic
from skill_validator.proving import ProofsNotRunError, prove

IMPORTS = """
import pytest
from skill_validator.loading import load
from skill_validator.programs import NotInstalledError, needs
"""
PASSES = "    assert load(example).answer == 42\n"
TRAP = {"Sound trap": (BAD, GOOD)}
MISSING = IMPORTS + f"def test_sound_trap(example):\n    needs('pgbouncr', 'apt-get install pgbouncr')\n{PASSES}"

Told = list[tuple[str, str, str]]


def told(tmp_path: Path, module: str) -> Told:
    skill = package(tmp_path / "orders", TRAP, module)
    diagnostics: list[Diagnostic] = found(replace(skill, run=prove(skill, jobs=2)))
    return [(d.check, d.severity, d.message) for d in diagnostics]


def both(check: str, severity: str, message: str) -> Told:
    return [(check, severity, f"sound-trap[{side}]: {message}") for side in ("Incorrect", "Correct")]


def of_each(incorrect: str, correct: str, message: str) -> Told:
    return [*both(incorrect, "error", message)[:1], *both(correct, "error", message)[1:]]


CASES = {
    "the program is missing": (MISSING, both("not-run", "warning", "needs pgbouncr: apt-get install pgbouncr")),
    "a fixture needs the program": (
        IMPORTS
        + "@pytest.fixture\ndef pooler():\n    needs('pgbouncr', 'apt-get install pgbouncr')\n"
        + f"def test_sound_trap(example, pooler):\n{PASSES}",
        both("not-run", "warning", "needs pgbouncr: apt-get install pgbouncr"),
    ),
    "the program is installed": (
        IMPORTS + f"def test_sound_trap(example):\n    needs({sys.executable!r}, 'no command')\n{PASSES}",
        [],
    ),
    "it says so of a program that is installed": (
        IMPORTS + f"def test_sound_trap(example):\n    raise NotInstalledError({sys.executable!r}, 'no command')\n",
        of_each("wrong-reason", "refuted-example", f"NotInstalledError: needs {sys.executable}: no command"),
    ),
    "only one side needs it": (
        IMPORTS
        + f"def test_sound_trap(example):\n    example.side == 'Correct' and needs('pgbouncr', 'apt')\n{PASSES}",
        [
            ("not-run", "warning", "sound-trap[Correct]: needs pgbouncr: apt"),
            ("skipped-proof", "error", "sound-trap[Correct]: not run, though its other side was"),
        ],
    ),
    "it needs a version that is not installed": (
        IMPORTS + f"@pytest.mark.needs('pytest>=99')\ndef test_sound_trap(example):\n{PASSES}",
        both("unsupported-proof", "warning", f"needs pytest>=99; {pytest.__version__} is installed"),
    ),
    "it needs a version that is installed": (
        IMPORTS + f"@pytest.mark.needs('pytest>=9')\ndef test_sound_trap(example):\n{PASSES}",
        [],
    ),
    "it skips itself": (
        IMPORTS + "def test_sound_trap(example):\n    pytest.skip('apt-get install pgbouncer')\n",
        both("skipped-proof", "error", "Skipped: apt-get install pgbouncer"),
    ),
    "it is marked to be skipped": (
        IMPORTS + f"@pytest.mark.skipif(True, reason='not today')\ndef test_sound_trap(example):\n{PASSES}",
        both("skipped-proof", "error", "Skipped: not today"),
    ),
    "it is expected to fail": (
        IMPORTS + "@pytest.mark.xfail\ndef test_sound_trap(example):\n    assert load(example).answer == 43\n",
        [
            (
                "refuted-example",
                "error",
                "sound-trap[Correct]: marked as an expected failure: AssertionError: assert 42 == 43",
            )
        ],
    ),
    "it says itself that it is expected to fail": (
        IMPORTS + "def test_sound_trap(example):\n    raise pytest.xfail.Exception('known')\n",
        of_each("wrong-reason", "refuted-example", "not an assertion: XFailed: known"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_said_of_a_proof_of_which(tmp_path: Path, case: str) -> None:
    module, expected = CASES[case]
    assert told(tmp_path, module) == expected


Verdict = Callable[..., tuple[int, int, int]]


@pytest.fixture
def verdict(tmp_path: Path, run: Callable[..., object], monkeypatch: pytest.MonkeyPatch) -> Verdict:
    """`verdict(CI, *options)`: exit code, not-run as warnings and as errors, of a package that lacks a program."""
    package(tmp_path / "orders", TRAP | {"Proven": (BAD, GOOD)}, MISSING + PROOF.format(name="proven"))

    def call(ci: str, *options: str) -> tuple[int, int, int]:
        monkeypatch.setenv("CI", ci)
        result = run("--select", "proofs", *options, tmp_path / "orders")
        report = getattr(result, "stdout", "")
        assert "2 traps (1 proven on both sides, 1 not run)" in report
        severities = [report.count(f": {severity}: not-run: ") for severity in ("warning", "error")]
        return getattr(result, "code", -1), severities[0], severities[1]

    return call


def test_a_missing_program_is_a_warning_for_a_user(verdict: Verdict) -> None:
    assert [verdict(""), verdict("false")] == [(0, 2, 0)] * 2


def test_a_missing_program_is_an_error_in_ci(verdict: Verdict) -> None:
    assert [verdict("true"), verdict("true", "--ignore", "not-run")] == [(1, 0, 2), (0, 0, 0)]


def test_a_missing_program_counts_for_who_is_strict(verdict: Verdict) -> None:
    assert verdict("", "--strict") == (1, 2, 0)


def test_the_manual_says_where_it_is_an_error(run: Callable[..., object]) -> None:
    assert "CI=true" in getattr(run("--explain", "not-run"), "stdout", "")


@pytest.mark.parametrize("hook", ["pytest_runtest_makereport(item, call)", "pytest_pyfunc_call(pyfuncitem)"])
def test_a_skill_that_judges_its_own_proofs_is_not_believed(tmp_path: Path, hook: str) -> None:
    skill = package(
        tmp_path / "orders", {"Sound trap": (GOOD, GOOD)}, IMPORTS + f"def test_sound_trap(example):\n{PASSES}"
    )
    conftest = skill.root / "tests" / "proofs" / "conftest.py"
    conftest.write_text(conftest.read_text() + f"\n\ndef {hook}:\n    return None\n")
    name = hook.partition("(")[0]

    with pytest.raises(ProofsNotRunError, match=f"a skill cannot judge its own proofs: {name} in .*conftest.py"):
        prove(skill, jobs=1)
