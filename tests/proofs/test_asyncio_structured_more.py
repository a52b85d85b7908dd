"""Proofs of references/asyncio-structured-more.md."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
import warnings
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from harness import Database, until
from skill_validator.loading import load
from skill_validator.parts import Example
from sqlalchemy.ext.asyncio import create_async_engine


async def _stop(*tasks: asyncio.Task[Any] | None) -> None:
    """Cancel tasks and wait for them, whatever they end with."""
    alive = [task for task in tasks if task is not None]
    for task in alive:
        task.cancel()
    await asyncio.gather(*alive, return_exceptions=True)


@pytest.mark.bites("anyio<=4.16.0")
async def test_failures_empty_the_cache(example: Example) -> None:
    """An outage in which one article is asked for a hundred times, then three quiet rounds of four articles."""
    loads: list[str] = []

    async def load_price(sku: str) -> int:
        loads.append(sku)
        if len(loads) <= 100:
            raise ConnectionError(sku)
        return 7

    price = load(example).cached(load_price)
    failures = await asyncio.gather(*(price("gone") for _ in range(100)), return_exceptions=True)
    loads_before = len(loads)
    prices = [await price(sku) for _ in range(3) for sku in ("tea", "cup", "pot", "tin")]

    assert ({type(failure) for failure in failures}, loads_before) == ({ConnectionError}, 100)
    assert (prices, loads[loads_before:]) == ([7] * 12, ["tea", "cup", "pot", "tin"])


async def test_waiters_fail_in_a_row(example: Example) -> None:
    module = load(example)
    loads: list[str] = []

    async def load_price(sku: str) -> int:
        loads.append(sku)
        await asyncio.sleep(3 if sku == "hangs" else 0.01)
        return 7

    start = time.perf_counter()
    outcomes = await asyncio.gather(*(module.price(load_price, "hangs") for _ in range(10)), return_exceptions=True)
    waited = time.perf_counter() - start
    loads.clear()
    prices = await asyncio.gather(*(module.price(load_price, "tea") for _ in range(10)))

    assert (prices, loads) == ([7] * 10, ["tea"])
    assert {type(outcome) for outcome in outcomes} == {TimeoutError}
    assert waited < 0.5


async def test_threads_past_the_limit(example: Example) -> None:
    """Three waves of thirty requests meet a vendor that hangs."""
    module, answered, lock = load(example), threading.Event(), threading.Lock()
    running = peak = 0

    def vendor() -> str:
        nonlocal running, peak
        with lock:
            running += 1
            peak = max(peak, running)
        answered.wait(5)
        with lock:
            running -= 1
        return "charged"

    try:
        charges = [c for _ in range(3) for c in await asyncio.gather(*(module.charge(vendor) for _ in range(30)))]
    finally:
        answered.set()
    over = await until(lambda: running == 0)
    most = peak

    assert (charges, over, await module.charge(vendor)) == ([None] * 90, True, "charged")
    assert 0 < most <= 40


async def test_worker_of_the_first_tenant(example: Example) -> None:
    module = load(example)
    saved: list[tuple[str, str]] = []

    async def save(document: str) -> None:
        saved.append((module.TENANT.get(), document))

    exports = module.Exports(save)

    async def request(tenant: str, document: str) -> None:
        module.TENANT.set(tenant)
        exports.add(document)

    for tenant, document in (("acme", "a1"), ("globex", "g1"), ("initech", "i1")):
        await asyncio.create_task(request(tenant, document))
    await until(lambda: len(saved) == 3)
    await _stop(exports.worker)

    assert saved == [("acme", "a1"), ("globex", "g1"), ("initech", "i1")]


async def test_context_left_behind(example: Example) -> None:
    module = load(example)
    queries: list[str] = []
    threads: set[threading.Thread] = set()

    def query(sql: str) -> list[int]:
        queries.append(sql)
        threads.add(threading.current_thread())
        return [1, 2]

    module.TENANT.set("acme")
    numbers = await module.invoices(query)

    assert (numbers, queries) == ([1, 2], ["select number from acme.invoice"])
    assert threading.main_thread() not in threads


async def test_loop_per_call(example: Example, database: Database) -> None:
    """Three calls in the one thread of a worker without a loop."""
    await database.execute("create table orders (id int); insert into orders values (1), (2)")
    module, engine = load(example), create_async_engine(database.url)

    def outcome() -> object:
        try:
            return module.count_orders(engine)
        except Exception as error:
            return type(error).__name__

    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1) as worker:
        counts = [await loop.run_in_executor(worker, outcome) for _ in range(3)]
        connections = await database.connections()
        await loop.run_in_executor(worker, _abandon, module, engine)

    assert (counts, connections) == ([2, 2, 2], 1)


def _abandon(module: Any, engine: Any) -> None:
    """Close the pool in its loop; if its loop is gone, let the collector take it without a word."""
    if hasattr(module, "RUNNER"):
        module.RUNNER.run(engine.dispose())
        module.RUNNER.close()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        engine.sync_engine.dispose(close=False)
        gc.collect()


async def test_join_on_dead_workers(example: Example) -> None:
    module = load(example)
    handled: list[str] = []

    async def handle(job: str) -> None:
        await asyncio.sleep(0)
        if job == "bad":
            raise ValueError(job)
        handled.append(job)

    async def drained(*jobs: str) -> str:
        queue: asyncio.Queue[str] = asyncio.Queue()
        for job in jobs:
            queue.put_nowait(job)
        try:
            async with asyncio.timeout(0.4):
                await module.drain(queue, handle)
        except TimeoutError:
            return "hangs"
        except ExceptionGroup as group:
            return repr(group.exceptions)
        return "drained"

    good, bad = await drained("a", "b", "c", "d", "e"), await drained("f", "bad", "g")
    await _stop(*(asyncio.all_tasks() - {asyncio.current_task()}))
    gc.collect()  # let the loop complain of the dead workers now, not while pytest writes its report

    assert (good, sorted(handled)[:5]) == ("drained", ["a", "b", "c", "d", "e"])
    assert bad == "(ValueError('bad'),)"


async def test_queue_fed_from_a_thread(example: Example) -> None:
    """Nothing but the message may stir the loop, so the timer is a thread's."""
    module, timers = load(example), list[threading.Timer]()

    def subscribe(callback: Callable[[str], object]) -> None:
        timers.append(threading.Timer(0.05, callback, ("paid",)))
        timers[0].start()

    message, start = "", time.perf_counter()
    try:
        async with asyncio.timeout(1):
            message = await module.first_message(subscribe)
    except TimeoutError:
        message = "nothing"
    waited = time.perf_counter() - start
    timers[0].join()

    assert (message, waited < 0.5) == ("paid", True)


async def test_refresher_that_died_unseen(example: Example, caplog: pytest.LogCaptureFixture) -> None:
    loads = 0

    async def load_rate(_currency: str) -> int:
        nonlocal loads
        loads += 1
        if loads == 2:
            raise ConnectionResetError
        return loads

    rates = load(example).Rates()
    rates.start(load_rate)
    await until(lambda: loads >= 5, 0.5)
    await _stop(rates.task)
    errors = [record.exc_info[0] for record in caplog.records if record.exc_info]

    assert (loads >= 5, errors) == (True, [ConnectionResetError])
    assert rates.euro >= 4


async def test_tasks_ahead_of_their_slots(example: Example) -> None:
    sent: list[int] = []
    alive: set[int] = set()
    now = peak = 0

    async def rows() -> AsyncIterator[int]:
        for row in range(300):
            yield row
            await asyncio.sleep(0)

    async def send(row: int) -> None:
        nonlocal now, peak
        now += 1
        peak = max(peak, now)
        alive.add(len(asyncio.all_tasks()))
        await asyncio.sleep(0.001)
        now -= 1
        sent.append(row)

    await load(example).export(rows(), send)

    assert (sorted(sent), peak) == (list(range(300)), 10)
    assert max(alive) < 20
