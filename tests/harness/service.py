"""A project from a page, as it is deployed: extracted, migrated, served."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import psutil
from skill_validator.loading import extract
from skill_validator.parts import Example

from .loop import until
from .server import Spawned, uvicorn_process

PROCESSES = 2
PATIENCE = 30.0
ORIGIN = "https://shop.example"


@dataclass(slots=True)
class Service(Spawned):
    """The running project: what every Spawned has, and a client for its address, whose pages are the shop's."""

    client: httpx2.AsyncClient

    @property
    def workers(self) -> list[psutil.Process]:
        """The processes that serve, and whatever else they started."""
        return psutil.Process(self.process.pid).children(recursive=True)


@contextlib.asynccontextmanager
async def deployed(
    project: Example,
    database: str,
    provider: str,
    application: str = "app.main:service",
    *,
    processes: int = PROCESSES,
    **environment: str,
) -> AsyncIterator[Service]:
    """Migrate the database, serve the project; terminate it at the end, unless it has ended already.

    Where a second process could change nothing, one is started sooner: each imports the whole application.
    """
    folder = Path("service").absolute()
    (folder / "metrics").mkdir(parents=True)
    own = extract(project, folder) | {
        "DATABASE_URL": database,
        "PAYMENT_URL": provider,
        "PAYMENT_KEY": "sk-secret",
        "CORS_ORIGINS": f'["{ORIGIN}/"]',
        "DRAIN_SECONDS": "0.2",
        "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
        "SSL_CERT_FILE": os.devnull,  # no TLS here, and all would be read by every process
    }
    await migrate(folder, own | environment)
    options = ["--workers", str(processes), "--no-access-log"]
    for limit in ("graceful-shutdown", "worker-healthcheck", "keep-alive"):
        options += [f"--timeout-{limit}", "60"]  # the machine may be slow
    log = folder / "log"
    process, port = uvicorn_process(application, *options, log=log, environment=own | environment)
    url = f"http://127.0.0.1:{port}"
    async with httpx2.AsyncClient(base_url=url, timeout=PATIENCE, headers={"origin": ORIGIN}) as client:
        service = Service(url, port, process, log, client)
        try:
            await until(lambda: service.output.count("startup complete") == processes, PATIENCE)
            yield service
        finally:
            left = [psutil.Process(process.pid), *service.workers] if process.poll() is None else []
            process.terminate()
            if await service.exited(PATIENCE) is None:
                for one in left:
                    one.kill()
            process.wait()


async def migrate(folder: Path, environment: dict[str, str], *command: str) -> str:
    """Run `alembic`, with `upgrade head` if nothing else is asked; what it said. Raises RuntimeError when it fails."""
    alembic = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "alembic", *(command or ("upgrade", "head"))),
        cwd=folder,
        env=os.environ | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said = (await alembic.communicate())[0].decode()
    if alembic.returncode:
        raise RuntimeError(said)
    return said
