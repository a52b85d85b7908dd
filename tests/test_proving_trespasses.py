"""What sides of proofs do outside their folder and their process while they run."""

from __future__ import annotations

from pathlib import Path

import pytest
from provable import BAD, Case, messages, proven, said
from skill_validator.model import Skill

OUTSIDE = Path("/var/tmp/written-by-an-example")
CASES = {
    "Write outside": Case(
        BAD,
        f"answer = 42\nwith open({str(OUTSIDE)!r}, 'w') as file:\n    file.write('x')\n",
        [("escaping-write", f"with open({str(OUTSIDE)!r}, 'w') as file:")],
    ),
    "Quiet removal": Case(
        BAD,
        f"import os\nanswer = 42\ntry:\n    os.remove({str(OUTSIDE)!r})\nexcept OSError:\n    pass\n",
        [("escaping-write", f"os.remove({str(OUTSIDE)!r})")],
    ),
    "Write inside": Case(BAD, "answer = 42\nwith open('own.txt', 'w') as file:\n    file.write('x')\n", []),
    "Distant connection": Case(
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
        [("distant-connection", "s.connect(('192.0.2.1', 80))")],
    ),
    "Program": Case(
        BAD,
        "import subprocess\nanswer = 42\nsubprocess.run(['true'], check=False)\n",
        [("started-process", "subprocess.run(['true'], check=False)")],
    ),
    "Program of a loop": Case(
        BAD,
        """
import asyncio
answer = 42
async def main():
    await asyncio.create_subprocess_exec('true')
asyncio.run(main())
""",
        [("started-process", "await asyncio.create_subprocess_exec('true')")],
    ),
    "Shell": Case(BAD, "import os\nanswer = 42\nos.system('true')\n", [("started-process", "os.system('true')")]),
    "Copy of itself": Case(BAD, "import os\nanswer = 42\nos.fork()\n", [("started-process", "os.fork()")]),
    "Quiet copy": Case(BAD, "import ctypes\nanswer = 42\nctypes.CDLL(None).fork()\n", []),
    "Password file": Case(
        BAD,
        "answer = 42\nwith open('/etc/passwd') as file:\n    file.read()\n",
        [("escaping-read", "with open('/etc/passwd') as file:")],
    ),
    "Cleared environment": Case(
        BAD,
        "import os\nanswer = 42\nos.environ.clear()\nwith open('/etc/passwd') as file:\n    file.read()\n",
        [("escaping-read", "with open('/etc/passwd') as file:")],
    ),
    "Other folder": Case(
        BAD,
        "import os\nanswer = 42\nos.environ['SKILL_VALIDATOR_FOLDER'] = '/'\nopen('/etc/passwd').close()\n",
        [("escaping-read", "open('/etc/passwd').close()")],
    ),
    "Home folder": Case(
        BAD,
        "import pathlib\nanswer = 42\nlist(pathlib.Path('~').expanduser().iterdir())\n",
        [("escaping-read", "list(pathlib.Path('~').expanduser().iterdir())")],
    ),
    "Reading thread": Case(
        BAD,
        """
import asyncio, pathlib
answer = 42
asyncio.run(asyncio.to_thread(pathlib.Path('/etc/passwd').read_text))
""",
        [("escaping-read", "")],
    ),
    "Environment of the process": Case(
        BAD,
        "answer = 42\nopen('/proc/self/environ').close()\n",
        [("escaping-read", "open('/proc/self/environ').close()")],
    ),
    "Secret of the machine": Case(
        BAD,
        "import os\nanswer = 42\nos.environ['SECRET_OF_THE_MACHINE']\n",
        [("refuted-example", "os.environ['SECRET_OF_THE_MACHINE']")],
    ),
    "What the machine says": Case(
        BAD, "import os, zoneinfo\nanswer = 42\nopen('/proc/meminfo').close()\nopen(os.__file__).close()\n", []
    ),
}


@pytest.fixture(scope="module")
def skill(tmp_path_factory: pytest.TempPathFactory) -> Skill:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECRET_OF_THE_MACHINE", "hunter2")
        return proven(tmp_path_factory.mktemp("package") / "orders", CASES)


@pytest.mark.parametrize("title", CASES)
def test_every_trespass_is_told_at_its_line(skill: Skill, title: str) -> None:
    assert said(skill, title) == CASES[title].said


def test_nothing_is_written_outside(skill: Skill) -> None:
    assert skill.run is not None
    assert not OUTSIDE.exists()


def test_the_message_names_the_host(skill: Skill) -> None:
    message = "connected to 192.0.2.1, beyond loopback"
    assert messages(skill)[f"distant-connection {message}"] == message
