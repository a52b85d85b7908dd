"""The instruments of the benchmarks measure what they say."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from harness import Database, upstream
from measuring import pages
from measuring.load import arriving, looping
from measuring.network import distant
from measuring.race import race, ratios


async def test_contenders_take_turns_and_the_median_counts() -> None:
    order: list[str] = []

    def contender(name: str, seconds: list[float]) -> Callable[[], Awaitable[float]]:
        async def run() -> float:
            order.append(name)
            return seconds.pop(0)

        return run

    found = await race({"a": contender("a", [1, 9, 2]), "b": contender("b", [4, 4, 4])}, rounds=3)

    assert order == ["a", "b", "b", "a", "a", "b"]
    assert ratios(found) == {"a": 1.0, "b": 2.0}


async def at_once() -> None:
    await asyncio.sleep(0)


async def never() -> None:
    await asyncio.Event().wait()


async def fails() -> None:
    raise ConnectionRefusedError("no such server")


async def test_arrivals_that_are_answered_at_once_leave_at_the_rate_of_their_arrival() -> None:
    seen = await arriving(at_once, per_second=1000, window=0.3, seed=1)

    assert 600 < seen.throughput < 1300
    assert seen.p99 < 0.2


async def test_what_is_never_answered_counts_with_the_time_that_it_waited() -> None:
    seen = await arriving(never, per_second=500, window=0.2, seed=1)

    assert seen.throughput == 0
    assert 0.15 < seen.p99 < 1


async def test_each_client_of_a_closed_loop_asks_again() -> None:
    async def answer() -> None:
        await asyncio.sleep(0.02)

    seen = await looping(answer, clients=3, window=0.3)

    assert 3 < seen.throughput <= 151
    assert seen.p99 >= 0.02


async def test_a_request_that_fails_ends_the_measurement() -> None:
    with pytest.raises(ConnectionRefusedError):
        await arriving(fails, per_second=500, window=0.1, seed=1)
    with pytest.raises(ConnectionRefusedError):
        await looping(fails, clients=2, window=0.05)


async def test_a_distant_server_answers_after_twice_the_delay() -> None:
    async with upstream() as server:
        here = Database(f"postgresql://postgres@127.0.0.1:{server.port}", "orders")
        async with distant(here, 0.05) as far:
            reader, writer = await asyncio.open_connection("127.0.0.1", int(far.server.rpartition(":")[2]))
            begin = time.perf_counter()
            writer.write(b"GET / HTTP/1.1\r\n\r\n")
            answer = await reader.readuntil(b"ok")
            seconds = time.perf_counter() - begin
            writer.close()
            await writer.wait_closed()

    assert (answer[-2:], far.name) == (b"ok", "orders")
    assert seconds >= 0.1


@pytest.mark.parametrize(("ratio", "shown"), [(1.0, "1.0"), (9.94, "9.9"), (10.2, "10"), (1234.5, "1,234")])
def test_a_ratio_is_shown_with_the_digits_that_say_something(ratio: float, shown: str) -> None:
    assert pages.times(ratio) == shown


def test_numbers_of_a_table_stand_to_the_right() -> None:
    assert pages.table(["way", "time"], [("COPY", "1.0")]) == "| way | time |\n| --- | ---: |\n| COPY | 1.0 |"


def test_saving_replaces_the_block_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = "a\n<!-- measured: x -->\n\nold\n\n<!-- /measured: x -->\nb\n"
    monkeypatch.setattr(pages, "DATA", tmp_path)
    monkeypatch.setattr(pages, "REFERENCES", tmp_path)
    (tmp_path / "x.md").write_text(page)
    pages.save("x", {"rows": 1}, {"x": "new"})
    fresh = (tmp_path / "x.md").read_text()

    assert fresh == page.replace("old", "new")
    assert (pages.load("x"), pages.shown(fresh, "x")) == ({"rows": 1}, "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.json", "x.md"]
