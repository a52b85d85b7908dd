"""How sides of proofs end: held, refuted, for the wrong reason, never, or without a word."""

from __future__ import annotations

import time

import pytest
from provable import BAD, GOOD, Case, messages, proven, said
from skill_validator.model import Skill

DEADLINE = 8.0
CASES = {
    "Sound trap": Case(BAD, GOOD, []),
    "Uncured fault": Case(BAD, "answer = 40\n", [("refuted-example", "answer = 40")]),
    "Cured fault": Case(GOOD, GOOD + "other = 1\n", [("toothless-proof", "answer = 42")]),
    "Swapped sides": Case(GOOD, BAD, [("swapped-examples", "answer = 42")]),
    "Misspelt name": Case("answer = 41\nanswr + 1\n", GOOD, [("wrong-reason", "answr + 1")]),
    "Group of errors": Case(
        BAD,
        "answer = 42\nraise ExceptionGroup('two', [KeyError('first'), KeyError('second')])\n",
        [
            ("refuted-example", "raise ExceptionGroup('two', [KeyError('first'), KeyError('second')])"),
        ],
    ),
    "Library assertion": Case(
        "import textwrap\nassert textwrap is None\nanswer = 41\n", GOOD, [("wrong-reason", "assert textwrap is None")]
    ),
    "Endless loop": Case(BAD, "answer = 42\nwhile True:\n    answer += 0\n", [("hanging-example", "answer += 0")]),
    "Endless wait": Case(
        "import threading\nanswer = 41\nthreading.Event().wait()\n",
        GOOD,
        [("hanging-example", "threading.Event().wait()")],
    ),
    "Silent exit": Case(
        "import os\nos._exit(0)\nanswer = 41\n",
        "import os\nanswer = 42\nos._exit(0)\n",
        [("vanished-example", "import os"), ("vanished-example", "import os")],
    ),
    "Polite exit": Case(
        "import sys\nsys.exit(0)\nanswer = 41\n",
        "import sys\nanswer = 42\nsys.exit(0)\n",
        [("wrong-reason", "sys.exit(0)"), ("refuted-example", "sys.exit(0)")],
    ),
    "Killed interpreter": Case(
        BAD, "import os\nanswer = 42\nos.kill(os.getpid(), 9)\n", [("vanished-example", "import os")]
    ),
    "Endless memory": Case(
        BAD,
        "answer = 42\nhoard = []\nwhile True:\n    hoard.append(bytearray(2**31))\n",
        [("refuted-example", "hoard.append(bytearray(2**31))")],
    ),
    "Alarm": Case(
        BAD,
        "import signal, time\nanswer = 42\nsignal.alarm(1)\ntime.sleep(5)\n",
        [("vanished-example", "import signal, time")],
    ),
    "Exit handler": Case(BAD, "import atexit, os\nanswer = 42\natexit.register(os._exit, 7)\n", []),
}


@pytest.fixture(scope="module")
def skill(tmp_path_factory: pytest.TempPathFactory) -> Skill:
    began = time.monotonic()
    run = proven(tmp_path_factory.mktemp("package") / "orders", CASES, DEADLINE)
    assert time.monotonic() - began < 12 * DEADLINE
    return run


@pytest.mark.parametrize("title", CASES)
def test_every_ending_is_told_at_its_line(skill: Skill, title: str) -> None:
    told = said(skill, title)
    if title == "Endless loop":
        told = [(check, "answer += 0" if line in {"while True:", "answer += 0"} else line) for check, line in told]

    assert told == CASES[title].said


@pytest.mark.parametrize(
    ("about", "message"),
    {
        "refuted-example uncured-fault": "uncured-fault[Correct]: AssertionError: assert 40 == 42",
        "wrong-reason misspelt-name": "misspelt-name[Incorrect]: NameError: name 'answr' is not defined",
        "hanging-example endless-loop": "endless-loop[Correct]: still running after 8 s",
        "refuted-example group-of-errors": "group-of-errors[Correct]: KeyError: 'first'",
        "vanished-example silent-exit": "silent-exit[Correct]: ended the process with status 0",
        "vanished-example killed-interpreter": "killed-interpreter[Correct]: the process was killed by signal 9",
        "refuted-example endless-memory": "endless-memory[Correct]: MemoryError",
    }.items(),
)
def test_the_message_names_the_culprit(skill: Skill, about: str, message: str) -> None:
    assert messages(skill)[about] == message
