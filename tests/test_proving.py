"""Runs of proofs: which are collected, how often each side is run, what two runs tell, and when none is."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from copies import target
from provable import BAD, GOOD, IMPORTS, PROOF, found, package
from skill_validator.outcomes import Ending
from skill_validator.proving import ProofsNotRunError, Rounds, _events, prove, versions
from skill_validator.skill import read_skill


def test_two_runs_tell_the_same(tmp_path: Path) -> None:
    traps = {"Sound trap": (BAD, GOOD), "Uncured": (BAD, BAD), "Misspelt name": ("answr\n", GOOD)}
    skill = package(tmp_path / "orders", traps)
    first, second = (found(replace(skill, run=prove(skill, jobs=jobs))) for jobs in (1, 3))

    assert first == second
    assert len(first) == 2


def proof_module(body: str) -> str:
    return f"{IMPORTS}import os, pytest\n{body}"


def test_a_proof_that_loads_nothing_proves_nothing(tmp_path: Path) -> None:
    body = "def test_sound_trap(example):\n    assert example.verdict.value == 'Correct'\n"
    skill = package(tmp_path / "orders", {"Sound trap": (BAD, GOOD)}, body)
    run = prove(skill, jobs=2)

    assert [o.ending for o in run.outcomes] == [Ending.HELD, Ending.HELD]
    assert [(d.check, d.line, d.message) for d in found(replace(skill, run=run))] == [
        ("unexecuted-example", 15, "its proof passed without loading it"),
        ("unexecuted-example", 21, "its proof passed without loading it"),
    ]


def test_tests_of_no_example_are_not_run_but_told(tmp_path: Path) -> None:
    body = PROOF.format(name="sound_trap") + PROOF.format(name="sound_tarp") + "def test_beside():\n    assert False\n"
    package(tmp_path / "orders", {"Sound trap": (BAD, GOOD)}, proof_module(body))
    (tmp_path / "orders" / "tests" / "proofs" / "test_of_no_page.py").write_text(proof_module(body))
    skill = read_skill(tmp_path / "orders")
    run = prove(skill, jobs=2)

    assert [o.name for o in run.outcomes] == ["sound-trap[Incorrect]", "sound-trap[Correct]"]
    assert {d.check for d in found(replace(skill, run=run))} == {"orphaned-proof"}


def test_a_fault_of_other_versions_is_no_fault_here(tmp_path: Path) -> None:
    body = "@pytest.mark.bites('python<3.0')\n" + PROOF.format(name="sound_trap")
    skill = package(tmp_path / "orders", {"Sound trap": (GOOD, GOOD + "other = 1\n")}, proof_module(body))

    assert found(replace(skill, run=prove(skill, jobs=2))) == []


def test_an_error_in_a_fixture_is_told_as_such(tmp_path: Path) -> None:
    fixture = "@pytest.fixture\ndef broken():\n    raise OSError('no stage')\n"
    body = fixture + "def test_sound_trap(example, broken):\n    load(example)\n"
    skill = package(tmp_path / "orders", {"Sound trap": (BAD, GOOD)}, proof_module(body))
    told = [d.message for d in found(replace(skill, run=prove(skill, jobs=2)))]

    assert told == [f"sound-trap[{side}]: in setup: OSError: no stage" for side in ("Incorrect", "Correct")]


@pytest.mark.parametrize(
    ("module", "because"),
    [
        pytest.param("import os\nos._exit(0)\n", "", id="a module that ends the process is no success"),
        pytest.param("import nowhere\n", "No module named 'nowhere'", id="a module that cannot be imported"),
        pytest.param("raise SystemExit(0)\n", "SystemExit", id="a module that exits"),
        pytest.param("answer = 1\n", "no proof was collected", id="a module without a proof"),
    ],
)
def test_proofs_that_cannot_be_collected_are_no_finding(tmp_path: Path, module: str, because: str) -> None:
    skill = package(tmp_path / "orders", {"Sound trap": (BAD, GOOD)}, module)

    with pytest.raises(ProofsNotRunError) as told:
        prove(skill, jobs=2)
    assert because in str(told.value)


@pytest.mark.parametrize("module", ["import time\n", "import os, time\nos.closerange(3, 256)\n"])
def test_an_import_without_end_is_no_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    monkeypatch.setattr("skill_validator.proving.COLLECTING", 3.0)
    skill = package(tmp_path / "orders", {"Sound trap": (BAD, GOOD)}, module + "time.sleep(600)\n")
    began = time.monotonic()

    with pytest.raises(ProofsNotRunError):
        prove(skill, jobs=2, deadline=1.0)
    assert time.monotonic() - began < 30


def test_the_command_exits_2_when_proofs_cannot_be_collected(tmp_path: Path, run: Callable[..., object]) -> None:
    package(tmp_path / "orders", {"Sound trap": (BAD, GOOD)}, "import nowhere\n")
    result = run(tmp_path / "orders")

    assert getattr(result, "code", None) == 2
    assert "No module named 'nowhere'" in getattr(result, "stderr", "")


def test_a_database_that_cannot_be_reached_is_exit_2_and_says_what_to_do(command: Callable[..., object]) -> None:
    os.environ["DATABASE_URL"] = "postgresql://127.0.0.1:1/orders"
    try:
        result = command("--select", "proofs")
    finally:
        del os.environ["DATABASE_URL"]

    assert getattr(result, "code", None) == 2
    assert "Connection refused" in getattr(result, "stderr", "")
    assert "set DATABASE_URL=" in getattr(result, "stderr", "")


def test_a_warning_that_its_proof_expects_is_none(tmp_path: Path) -> None:
    old = "import warnings\n\n\ndef pay():\n    warnings.warn('old', DeprecationWarning)\n"
    body = "def test_sound_trap(example):\n    with pytest.warns(DeprecationWarning):\n        load(example).pay()\n"
    body += "    assert load(example).answer == 42\n"
    skill = package(tmp_path / "orders", {"Sound trap": (old + BAD, old + GOOD)}, proof_module(body))

    assert found(replace(skill, run=prove(skill, jobs=2))) == []


def test_a_side_that_depends_on_the_seed_of_the_hash_is_flaky(tmp_path: Path) -> None:
    code = "print(hash('orders'))"
    environment = os.environ | {"PYTHONHASHSEED": "0"}
    first = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    lucky = f"answer = 42 if hash('orders') == {first.stdout.strip()} else 41\n"
    skill = package(tmp_path / "orders", {"Sound trap": (BAD, GOOD), "Luck": (BAD, lucky)})

    assert found(replace(skill, run=prove(skill, jobs=2))) == []
    told = found(replace(skill, run=prove(skill, jobs=2, rounds=Rounds(3))))
    assert [(d.check, d.line, d.message) for d in told] == [
        ("flaky-example", 35, "luck[Correct]: held 2 times, then not: AssertionError: assert 41 == 42")
    ]


def test_a_library_that_is_not_installed_has_no_version() -> None:
    assert versions(target("no-such-library", ">=1.0")) == {"python": platform.python_version()}


def test_progress_counts_the_sides_and_is_wiped(capsys: pytest.CaptureFixture[str]) -> None:
    source, sink = os.pipe()
    os.write(sink, b'{"outcome": 1}\n{"outcome": 2}\n{"finis')
    os.close(sink)
    told = list(_events(source, 1.0, progress=True))
    os.close(source)

    assert told == [{"outcome": 1}, {"outcome": 2}]
    assert capsys.readouterr().err == "\r2 sides run\r\033[K"


def test_a_side_that_hangs_is_not_run_again(tmp_path: Path) -> None:
    skill = package(tmp_path / "orders", {"Endless loop": (BAD, GOOD + "while True:\n    answer += 0\n")})
    began = time.monotonic()
    run = prove(skill, jobs=2, deadline=2.0, rounds=Rounds(6))

    assert [o.ending for o in run.outcomes] == [Ending.HELD, Ending.HUNG]
    assert time.monotonic() - began < 30


def test_no_round_begins_when_patience_is_over(tmp_path: Path) -> None:
    skill = package(tmp_path / "orders", {"Sound trap": (BAD, "import time\nanswer = 42\ntime.sleep(0.5)\n")})
    began = time.monotonic()
    prove(skill, jobs=2, rounds=Rounds(200, patience=0.1))

    assert time.monotonic() - began < 60
