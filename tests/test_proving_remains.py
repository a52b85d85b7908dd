"""What sides of proofs leave behind: processes, tasks, threads, and warnings that nobody has seen to."""

from __future__ import annotations

import pytest
from provable import BAD, GOOD, Case, proven, said
from skill_validator.model import Skill

CASES = {
    "Process left": Case(
        BAD,
        """
import multiprocessing, time
answer = 42
multiprocessing.get_context("fork").Process(target=time.sleep, args=(60,)).start()
""",
        [("stray-process", "")],
    ),
    "Warning": Case(
        BAD,
        "import warnings\nanswer = 42\nwarnings.warn('old', DeprecationWarning)\n",
        [("raised-warning", "warnings.warn('old', DeprecationWarning)")],
    ),
    "Never awaited": Case(BAD, "async def pay():\n    return 1\nanswer = 42\npay()\n", [("raised-warning", "pay()")]),
    "Warning of a fault": Case("async def pay():\n    return 1\nanswer = 41\npay()\n", GOOD, []),
    "Warning of a wrong side": Case(
        "import warnings\nanswer = 41\nwarnings.warn('old', DeprecationWarning)\n",
        GOOD,
        [("raised-warning", "warnings.warn('old', DeprecationWarning)")],
    ),
    "Unclosed file": Case(BAD, "answer = 42\nopen('own.txt', 'w')\n", [("raised-warning", "open('own.txt', 'w')")]),
    "Task left": Case(
        BAD,
        """
import asyncio
answer = 42
async def main():
    asyncio.create_task(asyncio.sleep(60))
asyncio.run(main())
""",
        [("left-running", "asyncio.create_task(asyncio.sleep(60))")],
    ),
    "Thread left": Case(
        BAD,
        """
import threading, time
answer = 42
threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
""",
        [("left-running", "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()")],
    ),
    "Thread of a pool": Case(
        BAD, "from concurrent import futures\nanswer = 42\npool = futures.ThreadPoolExecutor()\npool.submit(int)\n", []
    ),
    "Thread joined": Case(
        BAD, "import threading\nanswer = 42\nthread = threading.Thread(target=int)\nthread.start()\nthread.join()\n", []
    ),
}


@pytest.fixture(scope="module")
def skill(tmp_path_factory: pytest.TempPathFactory) -> Skill:
    return proven(tmp_path_factory.mktemp("package") / "orders", CASES)


@pytest.mark.parametrize("title", CASES)
def test_what_is_left_is_told_at_its_line(skill: Skill, title: str) -> None:
    assert said(skill, title) == CASES[title].said
