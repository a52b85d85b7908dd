"""Work that hangs, dies, grows or raises: each ends in a sentence, and nothing is left behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psutil
import pytest
from skill_validator import scratch
from skill_validator.bounded import LONG, Bounds, CrashedError, OutOfBoundsError, beside, in_two
from skill_validator.processes import descendants

BOUNDS: Bounds[object] = Bounds(seconds=3.0, memory=2**30)  # to begin a process that is measured takes time too


def backtrack() -> object:
    return re.fullmatch(r"(a+)+b", "a" * 60)


def grow() -> object:
    return "a" * 2**31


def recurse() -> object:
    os.kill(os.getpid(), signal.SIGSEGV)
    return None


def leave() -> object:
    os._exit(0)


def start_and_hang() -> object:
    subprocess.run(["sleep", "61.5"], check=False)
    return None


def divide() -> object:
    return 1 // 0


def local() -> object:
    return lambda: None


def big() -> object:
    return b"x" * 5_000_000


ENDS: dict[str, tuple[Callable[[], object], type[Exception], str]] = {
    "a C loop that nothing can interrupt": (backtrack, OutOfBoundsError, "took longer than 3 s"),
    "more memory than allowed": (grow, OutOfBoundsError, "needs more memory than it may have"),
    "a crash of the interpreter": (recurse, OutOfBoundsError, "ended its process (signal 11)"),
    "an exit that says success": (leave, OutOfBoundsError, "ended its process (status 0)"),
    "a child process that does not end": (start_and_hang, OutOfBoundsError, "took longer than 3 s"),
    "an exception": (divide, CrashedError, "ZeroDivisionError: integer division or modulo by zero"),
    "a result that cannot travel": (local, CrashedError, "local"),
}


@pytest.mark.parametrize("case", ENDS)
def test_bad_work_ends_in_a_sentence(case: str) -> None:
    work, kind, message = ENDS[case]
    before = descendants()
    (result,) = BOUNDS.run([work], jobs=1)

    assert type(result) is kind
    assert message in str(result)
    assert descendants() <= before  # one that was killed may wait to be reaped, where this process has adopted orphans


def test_good_work_goes_on_beside_bad_and_keeps_its_order() -> None:
    works = [partial(pow, 2, n) for n in range(20)]
    results = list(BOUNDS.run([backtrack, *works, leave], jobs=3))

    assert results[1:-1] == [2**n for n in range(20)]
    assert {type(r) for r in (results[0], results[-1])} == {OutOfBoundsError}


def test_works_are_done_side_by_side() -> None:
    start = time.monotonic()
    list(BOUNDS.run([partial(time.sleep, 1.5)] * 4, jobs=4))

    assert time.monotonic() - start < 4 * 1.5


def test_a_result_may_be_larger_than_a_pipe() -> None:
    assert list(BOUNDS.run([big] * 3, jobs=2)) == [b"x" * 5_000_000] * 3


def test_who_stops_reading_leaves_no_process() -> None:
    before = set(psutil.Process().children())
    results = BOUNDS.run([partial(pow, 2, 3), backtrack, backtrack], jobs=3)
    next(results)
    results.close()  # type: ignore[attr-defined]

    assert set(psutil.Process().children()) <= before


def test_where_the_system_does_not_tell_a_process_its_size_work_is_done_as_well(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("skill_validator.bounded.STATM", tmp_path / "statm")
    roomy: Bounds[object] = Bounds(seconds=3.0, memory=2**40)

    assert list(roomy.run([partial(pow, 2, 3)], jobs=1)) == [8]


def nest() -> object:
    return beside(leave)()


def hang_beside() -> object:
    return beside(start_and_hang)()


def test_work_beside_a_process_hands_its_result_over() -> None:
    wait = beside(big)
    assert wait() == big()


@pytest.mark.parametrize(
    ("work", "error", "message"),
    [(divide, CrashedError, "ZeroDivisionError"), (leave, OutOfBoundsError, "ended its process (status 0)")],
    ids=["that raises", "that ends without a word"],
)
def test_work_beside_a_process(work: Callable[[], object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=re.escape(message)):
        beside(work)()


def test_what_is_wrong_beside_is_told_as_if_it_were_wrong_here() -> None:
    [result] = BOUNDS.run([nest], 1)
    assert (type(result), str(result)) == (OutOfBoundsError, "ended its process (status 0)")


def test_what_works_beside_a_process_that_is_ended_is_ended_too() -> None:
    [result] = BOUNDS.run([hang_beside], 1)
    assert isinstance(result, OutOfBoundsError)
    assert [p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == ["sleep", "61.5"]] == []


def abandon(told: Path) -> object:
    told.write_text(scratch.folder().name, encoding="utf-8")
    os.kill(os.getpid(), signal.SIGKILL)
    return None


def test_files_of_work_that_is_killed_are_deleted(tmp_path: Path) -> None:
    told = tmp_path / "folder"
    assert [type(r) for r in BOUNDS.run([partial(abandon, told)], 1)] == [OutOfBoundsError]
    assert told.read_text(encoding="utf-8")
    assert not Path(told.read_text(encoding="utf-8")).exists()


def test_long_work_is_done_in_two_processes_and_keeps_its_order() -> None:
    efforts = [LONG // 4, LONG // 4, 1, LONG // 2, 5]
    results = in_two(lambda effort: (effort, os.getpid()), efforts, lambda effort: effort)
    done_here = [process == os.getpid() for _, process in results]

    assert [effort for effort, _ in results] == efforts
    assert done_here == [True, True, True, True, False]


@pytest.mark.parametrize("efforts", [[], [1, 2], [LONG - 1]], ids=["none", "short", "nearly long"])
def test_other_work_is_done_in_one(efforts: list[int]) -> None:
    assert in_two(lambda effort: os.getpid() + effort, efforts, lambda effort: effort) == [
        os.getpid() + effort for effort in efforts
    ]


def test_one_long_piece_of_work_is_done_here() -> None:
    assert in_two(lambda _: os.getpid(), [2 * LONG], lambda effort: effort) == [os.getpid()]


def test_what_is_wrong_in_the_later_half_is_told_as_a_crash() -> None:
    with pytest.raises(CrashedError, match="ZeroDivisionError"):
        in_two(lambda effort: 1 // (effort - LONG), [LONG - 1, LONG - 1, LONG], lambda effort: effort)
