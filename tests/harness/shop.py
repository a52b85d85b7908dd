"""The shop of references/service-template.md as others see it: its customers, its bank, its operators."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2

from .loop import until
from .service import PATIENCE, Service
from .upstream import Reply, Request

TEA = {"sku": "tea", "quantity": 1, "cents": 250}
CUP = {"sku": "cup", "quantity": 2, "cents": 900}


class Provider:
    """Payments: answers when it is released, each time with this status; None hangs up."""

    def __init__(self, status: int | None = 201) -> None:
        self.status = status
        self.released = asyncio.Event()

    async def __call__(self, _request: Request) -> Reply | None:
        await self.released.wait()
        return None if self.status is None else (self.status, {}, b"{}")


async def place(service: Service, reference: str, *lines: dict[str, Any]) -> httpx2.Response:
    """Place an order under a reference, of these lines or of tea."""
    return await service.client.post("/orders", json={"reference": reference, "lines": lines or [TEA]})


async def insist(call: Callable[[], Awaitable[httpx2.Response]]) -> httpx2.Response:
    """Ask again while the answer is 503: on a slow machine many at once wait for longer than the service lets them."""
    while (answer := await call()).status_code == 503:
        pass
    return answer


async def pay(service: Service, number: int) -> httpx2.Response:
    """Ask for the payment of an order."""
    return await insist(lambda: service.client.post(f"/orders/{number}/payment"))


async def eventually(condition: Callable[[], Awaitable[bool] | bool]) -> bool:
    """Whether a condition comes true while a slow machine may need for it."""
    return await until(condition, PATIENCE)


async def together(count: int, call: Callable[[int], Awaitable[httpx2.Response]]) -> list[httpx2.Response]:
    """The answers to `count` calls at once, each with its number from 1 on."""
    return await asyncio.gather(*(call(number) for number in range(1, count + 1)))


async def metrics(service: Service) -> dict[str, float]:
    """One scrape."""
    lines = (await service.client.get("/metrics")).text.splitlines()
    return {name: float(value) for name, _, value in (line.partition(" ") for line in lines if line[:1] != "#")}
