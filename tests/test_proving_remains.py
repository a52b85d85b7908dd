"""What sides of proofs leave behind: processes, tasks, threads, and warnings that nobody has seen to."""

from __future__ import annotations

from pathlib import Path

import pytest
from provable import BAD, GOOD, Case, found, proven, said
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
    "Never awaited by a library": Case(
        BAD,
        "import heapq\nasync def pay(number):\n    return number\nanswer = 42\nheapq.nsmallest(1, [1], key=pay)\n",
        [("raised-warning", "heapq.nsmallest(1, [1], key=pay)")],
    ),
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
    "Task that a library made": Case(
        BAD,
        """
import asyncio, functools
answer = 42
class Clock:
    async def tick(self):
        await asyncio.sleep(60)
    ticking = functools.cached_property(tick)
async def main():
    asyncio.create_task(Clock().ticking)
asyncio.run(main())
""",
        [],
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


def test_a_package_may_turn_its_warnings_into_errors(tmp_path: Path) -> None:
    warns = Case(BAD, "import warnings\nanswer = 42\nwarnings.warn('old', DeprecationWarning)\n", [])
    (tmp_path / "orders").mkdir()
    (tmp_path / "orders" / "pytest.ini").write_text(
        "[pytest]\nfilterwarnings = error\nasyncio_default_fixture_loop_scope = function\n"
    )

    assert [d.message for d in found(proven(tmp_path / "orders", {"Warning": warns}))] == [
        "warning[Correct]: DeprecationWarning: old"
    ]
