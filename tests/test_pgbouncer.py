"""The harness's PgBouncer, played by a script: how it is found, configured, started and ended, and what failed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from harness.database import Database
from harness.pgbouncer import INSTALL, PgBouncerNotStartedError, pgbouncer, version
from skill_validator.programs import NotInstalledError

ROOT = Path(__file__).parents[1]
SCRIPT = """#!{python}
import json, os, pathlib, socket, sys, time
if "--version" in sys.argv:
    print({version!r})
    sys.exit()
lines = pathlib.Path(sys.argv[-1]).read_text().splitlines()
settings = dict(line.split(" = ", 1) for line in lines if " = " in line)
{act}
pathlib.Path({told!r}).write_text(json.dumps([os.getpid(), sys.argv[1:-1], settings]))
with socket.create_server(("127.0.0.1", int(settings["listen_port"]))):
    time.sleep(60)
"""


class Player:
    """The script, and what it tells of its last start."""

    def __init__(self, folder: Path) -> None:
        self.path, self.told = folder / "pgbouncer", folder / "told.json"

    def plays(self, version: str = "PgBouncer 1.18.0", act: str = "") -> None:
        text = SCRIPT.format(python=sys.executable, version=version, act=act, told=str(self.told))
        self.path.write_text(text)
        self.path.chmod(0o755)

    @property
    def told_settings(self) -> dict[str, str]:
        settings: dict[str, str] = json.loads(self.told.read_text())[2]
        return settings


@pytest.fixture
def player(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Player:
    monkeypatch.setenv("PGBOUNCER", str(tmp_path / "pgbouncer"))
    return Player(tmp_path)


DATABASE = Database("postgresql://o%27hara:se%40cret@127.0.0.1:5433", "orders")


async def test_it_is_in_front_of_the_database_while_it_is_wanted(player: Player) -> None:
    player.plays()
    async with pgbouncer(DATABASE) as way:
        process, options, settings = json.loads(player.told.read_text())
        user = ["--user", "nobody"] if os.geteuid() == 0 else []
        assert (way.name, options) == ("orders", user)
        assert way.server == f"postgresql://postgres@127.0.0.1:{settings['listen_port']}"
        assert psutil.pid_exists(process)
    assert not psutil.pid_exists(process)
    assert settings["*"] == "host='127.0.0.1' port='5433' user='o''hara' password='se@cret'"
    assert (settings["listen_addr"], settings["unix_socket_dir"], settings["pool_mode"]) == (
        "127.0.0.1", "", "transaction",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "number", "kept"),
    [("PgBouncer 1.18.0", "1.18.0", None), ("PgBouncer 1.21.0\nlibevent 2.1", "1.21.0", "0")],
    ids=["before 1.21", "from 1.21 on"],
)
async def test_it_keeps_no_prepared_statements(player: Player, said: str, number: str, kept: str | None) -> None:
    player.plays(said)
    async with pgbouncer(DATABASE, default_pool_size=2):
        pass
    assert version() == number
    assert (player.told_settings.get("max_prepared_statements"), player.told_settings["default_pool_size"]) == (
        kept,
        "2",
    )


async def test_what_a_proof_sets_goes_before(player: Player) -> None:
    player.plays("PgBouncer 1.24.1")
    async with pgbouncer(DATABASE, max_prepared_statements=100):
        pass
    assert player.told_settings["max_prepared_statements"] == "100"


@pytest.mark.parametrize(
    ("act", "words"),
    [
        pytest.param("sys.exit('FATAL unknown user')", "FATAL unknown user", id="it says why"),
        pytest.param("sys.exit(3)", "it said nothing", id="it says nothing"),
    ],
)
async def test_one_that_does_not_serve_is_an_error_with_its_last_words(player: Player, act: str, words: str) -> None:
    player.plays(act=act)
    with pytest.raises(PgBouncerNotStartedError, match=rf"^{player.path} does not serve 127\.0\.0\.1:\d+: {words}$"):
        async with pgbouncer(DATABASE):
            pass


async def test_one_that_is_none_is_an_error(player: Player) -> None:
    player.plays("hello")
    with pytest.raises(PgBouncerNotStartedError, match=r"pgbouncer --version says 'hello\\n'$"):
        async with pgbouncer(DATABASE):
            pass
    assert version() is None


@pytest.mark.usefixtures("player")
async def test_without_one_the_proof_is_not_run() -> None:
    with pytest.raises(NotInstalledError, match=r"^needs .*/pgbouncer: apt-get install pgbouncer") as told:
        async with pgbouncer(DATABASE):
            pass
    assert str(told.value).endswith(INSTALL)
    assert version() is None


def test_the_proofs_of_the_package_are_not_run_where_it_is_hidden() -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", "tests/proofs"]
    chosen = ["-k", "test_lock_for_everybody or test_unheard_notify or test_endless_acquire"]
    environment = os.environ | {"PGBOUNCER": "/nowhere/pgbouncer"}
    done = subprocess.run([*command, *chosen], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert done.stdout.count(f"needs /nowhere/pgbouncer: {INSTALL}") >= 2
    assert "1 passed, 4 skipped" in done.stdout
    assert "1 xfailed" in done.stdout
