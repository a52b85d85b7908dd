"""A real PgBouncer in transaction mode in front of the database. Distributions bring it, no wheel does.

`PGBOUNCER=/path/to/pgbouncer` names another one than the installed one.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import re
import subprocess
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from skill_validator.programs import find_program, needs

from .database import Database
from .loop import until
from .ports import accepts, free_port

PROGRAM = "pgbouncer"
INSTALL = "apt-get install pgbouncer (macOS: brew install pgbouncer)"
ORDINARY_USER = "nobody"  # PgBouncer refuses to serve as root
STARTING = 10.0


class PgBouncerNotStartedError(Exception):
    """It is installed and did not come up: the message says what it said."""


@contextlib.asynccontextmanager
async def pgbouncer(database: Database, **settings: str | int) -> AsyncIterator[Database]:
    """A way to `database` over a PgBouncer that has one connection to it and keeps no prepared statements.

    `settings` are further ones of its own. Raises NotInstalledError where there is no PgBouncer, so that the proof is
    not run, and PgBouncerNotStartedError when it does not serve.
    """
    program = needs(_name(), INSTALL)
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        configuration, log = Path(folder, "pgbouncer.ini"), Path(folder, "log")
        configuration.write_text(_configuration(database, port, {**_defaults(program), **settings}))
        with log.open("wb") as sink:
            process = subprocess.Popen([program, *_user(), configuration], stdout=sink, stderr=sink)
        try:
            await until(lambda: process.poll() is not None or accepts(port), STARTING)
            if process.poll() is not None or not accepts(port):
                raise PgBouncerNotStartedError(f"{program} does not serve 127.0.0.1:{port}: {_last_words(log)}")
            yield database.over(f"postgresql://postgres@127.0.0.1:{port}")
        finally:
            process.kill()
            await asyncio.to_thread(process.wait)


def version() -> str | None:
    """The version of the installed PgBouncer, if there is one and it tells."""
    program = find_program(_name())
    with contextlib.suppress(PgBouncerNotStartedError, OSError, subprocess.SubprocessError):
        return ".".join(map(str, _version(program))) if program else None
    return None


def _name() -> str:
    return os.environ.get("PGBOUNCER") or PROGRAM


@functools.cache
def _version(program: Path) -> tuple[int, ...]:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True, timeout=STARTING).stdout
    found = re.search(r"PgBouncer (\d+)\.(\d+)\.(\d+)", said)
    if found is None:
        raise PgBouncerNotStartedError(f"{program} --version says {said[:200]!r}")
    return tuple(map(int, found.groups()))


def _defaults(program: Path) -> dict[str, int]:
    """What `settings` may override: since 1.21 PgBouncer can keep prepared statements, since 1.24 it does."""
    return {"default_pool_size": 1} | ({"max_prepared_statements": 0} if _version(program) >= (1, 21) else {})


def _configuration(database: Database, port: int, settings: dict[str, str | int]) -> str:
    server = urlsplit(database.server)
    way = {"host": server.hostname, "port": server.port or 5432, "user": unquote(server.username or "postgres")}
    if server.password:
        way["password"] = unquote(server.password)
    fixed = {"listen_addr": "127.0.0.1", "listen_port": port, "unix_socket_dir": "", "auth_type": "any"}
    return "\n".join(
        [
            "[databases]",
            "* = " + " ".join(f"{name}={_quoted(value)}" for name, value in way.items()),
            "[pgbouncer]",
            *(f"{name} = {value}" for name, value in {**fixed, "pool_mode": "transaction", **settings}.items()),
            "",
        ]
    )


def _quoted(value: object) -> str:
    doubled = str(value).replace("'", "''")
    return f"'{doubled}'"


def _user() -> list[str]:
    return ["--user", ORDINARY_USER] if os.geteuid() == 0 else []


def _last_words(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"
