"""Proofs of rules/asyncio-structured.md."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import re
import threading
import time
from collections.abc import AsyncIterator

import httpx2
import pytest
from harness import LoopLag, Request, Upstream, serve, until, upstream
from skill_validator.loading import load
from skill_validator.parts import Example


class Shop:
    """A real HTTP upstream that takes `seconds` for a price, and what it saw."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.now = self.peak = 0
        self.asked: list[str] = []

    async def answer(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        """One price; every article costs 1."""
        self.asked.append(request.path)
        self.now += 1
        self.peak = max(self.peak, self.now)
        await asyncio.sleep(self.seconds)
        self.now -= 1
        return 200, {}, b"1"

    async def fetch(self, sku: str) -> int:
        """What the examples are given."""
        return int((await self.client.get(f"/{sku}")).text)

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[Upstream]:
        """Serve it, and connect a client to it."""
        async with (
            upstream(self.answer) as served,
            httpx2.AsyncClient(base_url=served.url, timeout=10) as self.client,
        ):
            yield served


async def test_queue_time_on_the_clock(example: Example) -> None:
    module = load(example)
    sent: list[str] = []
    now = peak = 0

    async def fetch(sku: str) -> int:
        nonlocal now, peak
        sent.append(sku)
        now += 1
        peak = max(peak, now)
        try:
            await asyncio.sleep(3 if sku == "hangs" else 0.04)
        finally:
            now -= 1
        return 7

    prices = await asyncio.gather(*(module.price(fetch, f"sku-{n}") for n in range(20)))
    start = time.perf_counter()
    hanging = await module.price(fetch, "hangs")
    waited = time.perf_counter() - start

    assert (prices, len(sent), peak) == ([7] * 20, 21, 2)
    assert (hanging, waited < 1.5) == (None, True)


async def test_semaphore_per_call(example: Example) -> None:
    module, shop = load(example), Shop(0.02)
    async with shop.open():
        totals = await asyncio.gather(*(module.total(shop.fetch, [f"{n}-{m}" for m in range(4)]) for n in range(4)))

    assert (totals, len(shop.asked), shop.peak) == ([4, 4, 4, 4], 16, 3)


@pytest.mark.filterwarnings(
    "ignore:coroutine .*deliver.* was never awaited"
)  # Python < 3.13 drops what the group refuses
async def test_one_job_ends_them_all(example: Example, caplog: pytest.LogCaptureFixture) -> None:
    sent: list[str] = []
    out = asyncio.Event()

    async def send(address: str) -> None:
        if address == "ann":
            await out.wait()
        if address == "nobody":
            raise ConnectionRefusedError("550 no such user")
        sent.append(address)

    app = load(example).create_app(send)
    async with serve(app) as served:
        first = await served.client.post("/mails/ann")
        bad = await served.client.post("/mails/nobody")
        last = await served.client.post("/mails/bob")
        out.set()
        await until(lambda: "ann" in sent, 0.3)
    statuses = [reply.status_code for reply in (first, bad, last)]
    errors = [record.exc_info[0] for record in caplog.records if record.exc_info]

    assert (statuses, sorted(sent), errors) == ([200, 200, 200], ["ann", "bob"], [ConnectionRefusedError])


def seconds_to_search(pattern: str, text: str) -> float:
    start = time.perf_counter()
    re.findall(pattern, text)
    return time.perf_counter() - start


async def test_gil_held_in_a_thread(example: Example) -> None:
    """A stall is measured against the time that the call took: both grow on a busy machine."""
    module = load(example)
    pattern = r"^([\w.]+)+@shop\.example$"
    fast = next(n for n in itertools.count(16) if seconds_to_search(pattern, "a" * n) > 0.04)
    hostile = "a" * (fast + 4)  # each character doubles the time: two thirds of a second or more on any machine
    harmless = await module.addresses(pattern, "ann@shop.example", 10)  # which starts the process
    outcome, start = "finished", time.perf_counter()
    async with LoopLag() as lag:
        try:
            await module.addresses(pattern, hostile, 0.2)
        except TimeoutError:
            outcome = "timed out"
        waited = time.perf_counter() - start

    assert (harmless, outcome, lag.worst < 0.6 * waited) == (["ann"], "timed out", True)


async def test_executor_per_call(example: Example) -> None:
    module, answered = load(example), threading.Event()

    def vendor() -> str:
        answered.wait(1.2)
        return "charged"

    outcome, start = "finished", time.perf_counter()
    async with LoopLag() as lag:
        try:
            await module.charge(vendor)
        except TimeoutError:
            outcome = "timed out"
        waited = time.perf_counter() - start
    answered.set()

    assert outcome == "timed out"
    assert max(waited, lag.worst) < 0.6
    assert await module.charge(vendor) == "charged"


async def test_threads_shared_with_dns(example: Example) -> None:
    """40 calls hang: more than the default executor can ever have threads. A name must still resolve."""
    module, answered, calling = load(example), threading.Event(), threading.Semaphore(0)

    def vendor() -> str:
        calling.release()
        answered.wait(5)
        return "charged"

    calls = [asyncio.create_task(module.charge(vendor)) for _ in range(40)]
    async with upstream() as served:
        try:
            started = await until(lambda: calling.acquire(blocking=False))
            async with asyncio.timeout(0.5):
                _, writer = await asyncio.open_connection("localhost", served.port)
            writer.close()
            await writer.wait_closed()
            outcome = "connected"
        except TimeoutError:
            outcome = "no address"
        finally:
            answered.set()
            charges = await asyncio.gather(*calls)

    assert (started, outcome, charges) == (True, "connected", ["charged"] * 40)


async def test_new_and_correct(example: Example) -> None:
    """Four requests want the same four prices at once, and once more afterwards."""
    module, shop = load(example), Shop(0.02)
    skus = ["tea", "cup", "pot", "tin"]
    async with shop.open():
        totals = await asyncio.gather(*(module.total(shop.fetch, skus) for _ in range(4)))
        later = await module.total(shop.fetch, skus)

    assert (totals, later) == ([4] * 4, 4)
    assert (sorted(shop.asked), shop.peak) == (["/cup", "/pot", "/tea", "/tin"], 3)
