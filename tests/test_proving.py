"""What the validator says of examples that misbehave while they run: one package with one fault a trap, run once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from sample import MANIFEST
from skill_validator.checks import CHECKS
from skill_validator.diagnostics import Diagnostic
from skill_validator.examining import RUN
from skill_validator.model import Skill
from skill_validator.outcomes import Ending
from skill_validator.proving import ProofsNotRunError, Rounds, _events, prove
from skill_validator.skill import read_skill

DEADLINE = 8.0
GOOD, BAD = "answer = 42\n", "answer = 41\n"
PROOF = """
def test_{name}(example):
    assert load(example).answer == 42
"""
IMPORTS = "from skill_validator.loading import load\n"
HOOKS = "pytest_configure, pytest_generate_tests, pytest_runtest_makereport"
CONFTEST = f"""
import sys
sys.path.append({str(Path(__file__).parent)!r})
import measured
from skill_validator.plugin import {HOOKS}
"""
OUTSIDE = Path("/var/tmp/written-by-an-example")

TRAPS = {
    "Sound trap": (BAD, GOOD),
    "Uncured fault": (BAD, "answer = 40\n"),
    "Cured fault": (GOOD, GOOD + "other = 1\n"),
    "Misspelt name": ("answer = 41\nanswr + 1\n", GOOD),
    "Group of errors": (BAD, "answer = 42\nraise ExceptionGroup('two', [KeyError('first'), KeyError('second')])\n"),
    "Library assertion": ("import textwrap\nassert textwrap is None\nanswer = 41\n", GOOD),
    "Endless loop": (BAD, "answer = 42\nwhile True:\n    answer += 0\n"),
    "Endless wait": ("import threading\nanswer = 41\nthreading.Event().wait()\n", GOOD),
    "Silent exit": ("import os\nos._exit(0)\nanswer = 41\n", "import os\nanswer = 42\nos._exit(0)\n"),
    "Polite exit": ("import sys\nsys.exit(0)\nanswer = 41\n", "import sys\nanswer = 42\nsys.exit(0)\n"),
    "Killed interpreter": (BAD, "import os\nanswer = 42\nos.kill(os.getpid(), 9)\n"),
    "Endless memory": (BAD, "answer = 42\nhoard = []\nwhile True:\n    hoard.append(bytearray(2**31))\n"),
    "Write outside": (BAD, f"answer = 42\nwith open({str(OUTSIDE)!r}, 'w') as file:\n    file.write('x')\n"),
    "Quiet removal": (
        BAD,
        f"import os\nanswer = 42\ntry:\n    os.remove({str(OUTSIDE)!r})\nexcept OSError:\n    pass\n",
    ),
    "Write inside": (BAD, "answer = 42\nwith open('own.txt', 'w') as file:\n    file.write('x')\n"),
    "Distant connection": (
        BAD,
        """
import socket
answer = 42
with socket.socket() as s:
    try:
        s.connect(('192.0.2.1', 80))
    except OSError:
        pass
""",
    ),
    "Process left": (
        BAD,
        """
import multiprocessing, time
answer = 42
multiprocessing.get_context("fork").Process(target=time.sleep, args=(60,)).start()
""",
    ),
    "Program": (BAD, "import subprocess\nanswer = 42\nsubprocess.run(['true'], check=False)\n"),
    "Program of a loop": (
        BAD,
        """
import asyncio
answer = 42
async def main():
    await asyncio.create_subprocess_exec('true')
asyncio.run(main())
""",
    ),
    "Shell": (BAD, "import os\nanswer = 42\nos.system('true')\n"),
    "Copy of itself": (BAD, "import os\nanswer = 42\nos.fork()\n"),
    "Quiet copy": (BAD, "import ctypes\nanswer = 42\nctypes.CDLL(None).fork()\n"),
    "Password file": (BAD, "answer = 42\nwith open('/etc/passwd') as file:\n    file.read()\n"),
    "Home folder": (BAD, "import pathlib\nanswer = 42\nlist(pathlib.Path('~').expanduser().iterdir())\n"),
    "Reading thread": (
        BAD,
        """
import asyncio, pathlib
answer = 42
asyncio.run(asyncio.to_thread(pathlib.Path('/etc/passwd').read_text))
""",
    ),
    "Environment of the process": (BAD, "answer = 42\nopen('/proc/self/environ').close()\n"),
    "Secret of the machine": (BAD, "import os\nanswer = 42\nos.environ['SECRET_OF_THE_MACHINE']\n"),
    "What the machine says": (
        BAD,
        "import os, zoneinfo\nanswer = 42\nopen('/proc/meminfo').close()\nopen(os.__file__).close()\n",
    ),
    "Warning": (BAD, "import warnings\nanswer = 42\nwarnings.warn('old', DeprecationWarning)\n"),
    "Never awaited": (BAD, "async def pay():\n    return 1\nanswer = 42\npay()\n"),
    "Warning of a fault": ("async def pay():\n    return 1\nanswer = 41\npay()\n", GOOD),
    "Warning of a wrong side": ("import warnings\nanswer = 41\nwarnings.warn('old', DeprecationWarning)\n", GOOD),
    "Unclosed file": (BAD, "answer = 42\nopen('own.txt', 'w')\n"),
    "Task left": (
        BAD,
        """
import asyncio
answer = 42
async def main():
    asyncio.create_task(asyncio.sleep(60))
asyncio.run(main())
""",
    ),
    "Thread left": (
        BAD,
        """
import threading, time
answer = 42
threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
""",
    ),
    "Thread of a pool": (
        BAD,
        "from concurrent import futures\nanswer = 42\npool = futures.ThreadPoolExecutor()\npool.submit(int)\n",
    ),
    "Thread joined": (
        BAD,
        "import threading\nanswer = 42\nthread = threading.Thread(target=int)\nthread.start()\nthread.join()\n",
    ),
    "Swapped sides": (GOOD, BAD),
    "Poison": (BAD, "import math\nanswer = 42\nmath.pi = 3\n"),
    "Poisoned": (BAD, "import math\nanswer = 42 if math.pi > 3.1 else 0\n"),
    "Other assertion": (BAD, "import builtins\nbuiltins.AssertionError = KeyError\nanswer = 40\n"),
    "Other runner": (BAD, "import pytest\npytest.Function.runtest = print\nanswer = 42\n"),
    "Other case": ("import unittest\nunittest.TestCase.fail = print\nanswer = 41\n", GOOD),
    "Other judge": (BAD, "import skill_validator.side as i\ni.judge = print\nanswer = 42\n"),
    "Other proof": (BAD, "import sys\nsys.modules['test_orders_count'].test_sound_trap = print\nanswer = 42\n"),
    "Tracer": (BAD, "import sys\nsys.settrace(lambda *a: None)\nanswer = 42\n"),
    "Forged file": (
        BAD,
        "import os\nwith open('.result', 'w') as file:\n    file.write('{\"ending\": \"held\"}')\nos._exit(0)\n",
    ),
    "Forged report": (
        BAD,
        """
import os
for number in range(3, 64):
    try:
        os.write(number, b'{"ending": "held", "message": "", "executed": true}' + bytes([10]))
    except OSError:
        pass
os._exit(0)
""",
    ),
    "Closed descriptors": (BAD, "import os\nanswer = 42\nos.closerange(3, 256)\n"),
    "Alarm": (BAD, "import signal, time\nanswer = 42\nsignal.alarm(1)\ntime.sleep(5)\n"),
    "Exit handler": (BAD, "import atexit, os\nanswer = 42\natexit.register(os._exit, 7)\n"),
}


def page(traps: dict[str, tuple[str, str]]) -> str:
    fields = "title: Count orders\ncategory: orders\nimpact: LOW\nimpactDescription: no\ntags: [a, b]"
    head = f"---\n{fields}\n---\n# Count orders\n"
    sections = (
        f"\n## {title}\n\n**Incorrect:** bad\n\n```python\n{wrong}```\n\n**Correct:** right\n\n```python\n{right}```\n"
        for title, (wrong, right) in traps.items()
    )
    return head + "".join(sections)


def package(root: Path, traps: dict[str, tuple[str, str]], module: str | None = None) -> Skill:
    """A package on disk with one page and a proof for each trap."""
    proofs = "".join(PROOF.format(name=title.lower().replace(" ", "_")) for title in traps)
    files = {
        "SKILL.md": "---\nname: orders\ndescription: Use when counting.\n---\n# Orders\n",
        "manifest.json": json.dumps(MANIFEST),
        "rules/orders-count.md": page(traps),
        "tests/proofs/conftest.py": CONFTEST,
        "tests/proofs/test_orders_count.py": IMPORTS + proofs if module is None else module,
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return read_skill(root)


def found(skill: Skill) -> list[Diagnostic]:
    return sorted(d for check in CHECKS if check.group in RUN for d in check(skill))


@pytest.fixture(scope="module")
def proven(tmp_path_factory: pytest.TempPathFactory) -> Skill:
    skill = package(tmp_path_factory.mktemp("package") / "orders", TRAPS)
    began = time.monotonic()
    os.environ["SECRET_OF_THE_MACHINE"] = "hunter2"
    try:
        run = prove(skill, jobs=4, deadline=DEADLINE)
    finally:
        del os.environ["SECRET_OF_THE_MACHINE"]
    assert time.monotonic() - began < 12 * DEADLINE
    return replace(skill, run=run)


def said(skill: Skill, title: str) -> list[tuple[str, str]]:
    """Check and line of code of every diagnostic inside one trap."""
    trap = next(t for p in skill.pages for t in p.traps if t.title == title)
    following = [t.line for p in skill.pages for t in p.traps if t.line > trap.line]
    end = min(following, default=10**6)
    lines = skill.pages[0].text.splitlines()
    return [(d.check, lines[d.line - 1].strip()) for d in found(skill) if trap.line < d.line < end]


EXPECTED = {
    "Sound trap": [],
    "Uncured fault": [("refuted-example", "answer = 40")],
    "Cured fault": [("toothless-proof", "answer = 42")],
    "Misspelt name": [("wrong-reason", "answr + 1")],
    "Group of errors": [
        ("refuted-example", "raise ExceptionGroup('two', [KeyError('first'), KeyError('second')])"),
    ],
    "Library assertion": [("wrong-reason", "assert textwrap is None")],
    "Endless loop": [("hanging-example", "answer += 0")],
    "Endless wait": [("hanging-example", "threading.Event().wait()")],
    "Silent exit": [("vanished-example", "import os"), ("vanished-example", "import os")],
    "Polite exit": [("wrong-reason", "sys.exit(0)"), ("refuted-example", "sys.exit(0)")],
    "Killed interpreter": [("vanished-example", "import os")],
    "Endless memory": [("refuted-example", "hoard.append(bytearray(2**31))")],
    "Write outside": [("escaping-write", f"with open({str(OUTSIDE)!r}, 'w') as file:")],
    "Quiet removal": [("escaping-write", f"os.remove({str(OUTSIDE)!r})")],
    "Write inside": [],
    "Distant connection": [("distant-connection", "s.connect(('192.0.2.1', 80))")],
    "Process left": [("stray-process", "")],
    "Program": [("started-process", "subprocess.run(['true'], check=False)")],
    "Program of a loop": [("started-process", "await asyncio.create_subprocess_exec('true')")],
    "Shell": [("started-process", "os.system('true')")],
    "Copy of itself": [("started-process", "os.fork()")],
    "Quiet copy": [],
    "Password file": [("escaping-read", "with open('/etc/passwd') as file:")],
    "Home folder": [("escaping-read", "list(pathlib.Path('~').expanduser().iterdir())")],
    "Reading thread": [("escaping-read", "")],
    "Environment of the process": [("escaping-read", "open('/proc/self/environ').close()")],
    "Secret of the machine": [("refuted-example", "os.environ['SECRET_OF_THE_MACHINE']")],
    "What the machine says": [],
    "Warning": [("raised-warning", "warnings.warn('old', DeprecationWarning)")],
    "Never awaited": [("raised-warning", "pay()")],
    "Warning of a fault": [],
    "Warning of a wrong side": [("raised-warning", "warnings.warn('old', DeprecationWarning)")],
    "Unclosed file": [("raised-warning", "open('own.txt', 'w')")],
    "Task left": [("left-running", "asyncio.create_task(asyncio.sleep(60))")],
    "Thread left": [("left-running", "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()")],
    "Thread of a pool": [],
    "Thread joined": [],
    "Swapped sides": [("swapped-examples", "answer = 42")],
    "Poison": [],
    "Poisoned": [],
    "Other assertion": [("tampered-harness", "import builtins")],
    "Other runner": [("tampered-harness", "import pytest")],
    "Other case": [("tampered-harness", "import unittest")],
    "Other judge": [("tampered-harness", "import skill_validator.side as i")],
    "Other proof": [("tampered-harness", "import sys")],
    "Tracer": [("tampered-harness", "import sys")],
    "Forged file": [("vanished-example", "import os")],
    "Forged report": [("vanished-example", "")],
    "Closed descriptors": [("vanished-example", "import os")],
    "Alarm": [("vanished-example", "import signal, time")],
    "Exit handler": [],
}


@pytest.mark.parametrize("title", TRAPS)
def test_every_fault_is_told_at_its_line(proven: Skill, title: str) -> None:
    told = said(proven, title)
    if title == "Endless loop":
        told = [(check, "answer += 0" if line in {"while True:", "answer += 0"} else line) for check, line in told]

    assert told == EXPECTED[title]


def test_nothing_is_written_outside_and_no_process_is_left(proven: Skill) -> None:
    assert proven.run is not None
    assert not OUTSIDE.exists()
    assert [p for p in psutil.Process().children(recursive=True) if p.status() != psutil.STATUS_ZOMBIE] == []


def test_the_messages_name_the_culprit(proven: Skill) -> None:
    messages = {d.check + d.message.partition("[")[0]: d.message for d in found(proven)}

    assert messages["refuted-exampleuncured-fault"] == "uncured-fault[Correct]: AssertionError: assert 40 == 42"
    assert messages["wrong-reasonmisspelt-name"] == "misspelt-name[Incorrect]: NameError: name 'answr' is not defined"
    assert messages["hanging-exampleendless-loop"] == "endless-loop[Correct]: still running after 8 s"
    assert messages["refuted-examplegroup-of-errors"] == "group-of-errors[Correct]: KeyError: 'first'"
    assert messages["vanished-examplesilent-exit"] == "silent-exit[Correct]: ended the process with status 0"
    assert (
        messages["vanished-examplekilled-interpreter"]
        == "killed-interpreter[Correct]: the process was killed by signal 9"
    )
    assert messages["refuted-exampleendless-memory"] == "endless-memory[Correct]: MemoryError"
    assert (
        messages["distant-connectionconnected to 192.0.2.1, beyond loopback"]
        == "connected to 192.0.2.1, beyond loopback"
    )


def test_two_runs_tell_the_same(tmp_path: Path) -> None:
    few = {title: TRAPS[title] for title in ("Sound trap", "Uncured fault", "Misspelt name")}
    skill = package(tmp_path / "orders", few)
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


def test_a_fault_of_other_versions_is_no_fault_here(tmp_path: Path) -> None:
    body = "@pytest.mark.bites('python<3.0')\n" + PROOF.format(name="sound_trap")
    skill = package(tmp_path / "orders", {"Sound trap": (GOOD, GOOD + "other = 1\n")}, proof_module(body))

    assert found(replace(skill, run=prove(skill, jobs=2))) == []


SERVICE = """\
# Service

**`app/main.py`**

```python
from app.models import TEA

print(TEA)
```

**`app/models.py`**

```python
TEA = 42
```

**`app/spare.py`**

```python
CUP = 1
```

## Alone

```python
answer = 42
```
"""
RUNS = """
import os, subprocess, sys
from pathlib import Path
from skill_validator.loading import extract

def test_it_prints(example):
    environment = os.environ | extract(example, Path("service"))
    done = subprocess.run([sys.executable, "-c", "import app.main"], env=environment, capture_output=True, text=True)
    assert done.stdout == "42\\n"

def test_it_is_no_module(example):
    load(example)
"""


def with_project(root: Path, tests: str) -> Skill:
    """The package with a project and its tests."""
    for name, text in {"references/service.md": SERVICE, "tests/proofs/test_service.py": IMPORTS + tests}.items():
        (root / name).parent.mkdir(parents=True)
        (root / name).write_text(text)
    return package(root, {"Sound trap": (BAD, GOOD)})


def test_a_project_is_run_by_tests_of_any_name_and_each_of_its_files_is_asked_for(tmp_path: Path) -> None:
    skill = with_project(tmp_path / "orders", PROOF.format(name="alone") + RUNS)
    run = prove(skill, jobs=2)
    sides = [o for o in run.outcomes if o.example.path.name == "service.md"]

    assert [(o.example.section, [f.file for f in o.files]) for o in sides] == [
        ("it-is-no-module", []),
        ("it-prints", ["app/main.py", "app/models.py"]),
        ("alone", []),
    ]
    assert [(d.check, d.line, d.message) for d in found(replace(skill, run=run))] == [
        ("refuted-example", 6, "it-is-no-module[Example]: TypeError: service.md is a project: extract it"),
        ("unexecuted-example", 20, "no test executed app/spare.py"),
    ]


def test_a_project_has_more_time_than_an_example(tmp_path: Path) -> None:
    waits = "import time\n\ndef test_{0}(example):\n    time.sleep(4)\n"
    run = prove(
        with_project(tmp_path / "orders", waits.format("it_starts") + waits.format("alone")), jobs=4, deadline=3
    )

    assert [(o.example.section, o.ending) for o in run.outcomes if o.example.path.name == "service.md"] == [
        ("it-starts", Ending.HELD),
        ("alone", Ending.HUNG),
    ]


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


def test_progress_counts_the_sides_and_is_wiped(capsys: pytest.CaptureFixture[str]) -> None:
    source, sink = os.pipe()
    os.write(sink, b'{"outcome": 1}\n{"outcome": 2}\n{"finis')
    os.close(sink)
    told = list(_events(source, 1.0, progress=True))
    os.close(source)

    assert told == [{"outcome": 1}, {"outcome": 2}]
    assert capsys.readouterr().err == "\r2 sides run\r\033[K"


def test_a_side_that_hangs_is_not_run_again(tmp_path: Path) -> None:
    skill = package(tmp_path / "orders", {"Endless loop": TRAPS["Endless loop"]})
    began = time.monotonic()
    run = prove(skill, jobs=2, deadline=2.0, rounds=Rounds(6))

    assert [o.ending for o in run.outcomes] == [Ending.HELD, Ending.HUNG]
    assert time.monotonic() - began < 30


def test_no_round_begins_when_patience_is_over(tmp_path: Path) -> None:
    skill = package(tmp_path / "orders", {"Sound trap": (BAD, "import time\nanswer = 42\ntime.sleep(0.5)\n")})
    began = time.monotonic()
    prove(skill, jobs=2, rounds=Rounds(200, patience=0.1))

    assert time.monotonic() - began < 60
