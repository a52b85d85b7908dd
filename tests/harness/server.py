"""Applications under a real uvicorn: in this loop, or in a process of their own that can be sent signals."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from skill_validator.parts import Example

from .loop import until
from .ports import accepts, free_port

STARTING = 15.0


@dataclass(frozen=True, slots=True)
class Served:
    """A running application: its address, its uvicorn, and a client whose base URL it is."""

    url: str
    port: int
    server: uvicorn.Server
    client: httpx2.AsyncClient


@contextlib.asynccontextmanager
async def serve(app: Any, **settings: Any) -> AsyncIterator[Served]:
    """Serve an ASGI application with uvicorn in this event loop, on a free port of 127.0.0.1."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, **({"log_level": "critical", "lifespan": "auto"} | settings))
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve())
    await until(lambda: server.started or task.done(), STARTING)
    if not server.started:
        task.cancel()
        raise RuntimeError("the application did not start under uvicorn")
    port = server.servers[0].sockets[0].getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    try:
        async with httpx2.AsyncClient(base_url=url, timeout=10, verify=False) as client:
            yield Served(url, port, server, client)
    finally:
        server.should_exit = True
        await asyncio.wait({task}, timeout=3)
        server.force_exit = True
        await asyncio.wait({task}, timeout=3)


@dataclass(slots=True)
class Spawned:
    """An application in its own process."""

    url: str
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def output(self) -> str:
        """What the process has printed so far."""
        return self.log.read_text()

    def terminate(self) -> None:
        """Send SIGTERM, as an orchestrator does."""
        self.process.send_signal(signal.SIGTERM)

    async def exited(self, within: float) -> int | None:
        """The exit status (negative: the signal), or None when it still runs after `within` seconds."""
        await until(lambda: self.process.poll() is not None, within)
        return self.process.returncode


@contextlib.asynccontextmanager
async def spawn(example: Example, *options: str, **environment: str) -> AsyncIterator[Spawned]:
    """Serve the `app` of an example with `python -m uvicorn` in a child process, as a container would.

    `options` are uvicorn's. Everything the process prints lands in `output`.
    """
    log = Path(f"server-{id(environment)}.log").absolute()
    named = {"SERVED_PAGE": str(example.path), "SERVED_LINE": str(example.line)}
    process, port = uvicorn_process("served:app", *options, log=log, environment=_paths() | named | environment)
    try:
        if not await until(lambda: process.poll() is not None or accepts(port), STARTING) or process.poll() is not None:
            raise RuntimeError(f"the application did not start:\n{log.read_text()}")
        yield Spawned(f"http://127.0.0.1:{port}", port, process, log)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def uvicorn_process(
    application: str, *options: str, log: Path, environment: dict[str, str]
) -> tuple[subprocess.Popen[bytes], int]:
    """Start `python -m uvicorn` in a child process, on a free port of 127.0.0.1; the process and the port."""
    port = free_port()
    address = ["--host", "127.0.0.1", "--port", str(port)]
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", application, *address, *options],
            stdout=sink,
            stderr=subprocess.STDOUT,
            env=os.environ | {"PYTHONUNBUFFERED": "1"} | environment,
        )
    return process, port


async def leave_early(
    port: int, path: str, *, method: str = "GET", after: bytes = b"\r\n\r\n", pause: float = 0.0
) -> bytes:
    """Send a request on a raw socket, read up to `after`, wait `pause` seconds, hang up; what was read."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n".encode())
    await writer.drain()
    received = await reader.readuntil(after) if after else b""
    await asyncio.sleep(pause)
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()
    return received


def _paths() -> dict[str, str]:
    here = Path(__file__).parents[1]
    return {"PYTHONPATH": os.pathsep.join([str(here), str(here.parent / "scripts")])}
