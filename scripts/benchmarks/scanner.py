"""The scanner beside linters on one tree, and on a million lines: the table and the sentence of CONTRIBUTING.md."""

from __future__ import annotations

import asyncio
import os
import platform
import resource
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from importlib import metadata
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

import fastapi
import psutil
from measuring.pages import ROOT, save, table, times
from measuring.race import Contender, race, ratios

PAGE = "scanner"
DOCUMENT = ROOT / "CONTRIBUTING.md"
SCAN = (sys.executable, str(ROOT / "scripts" / "scan.py"), "--exit-zero")
INSTALLED = Path(fastapi.__file__).parents[1]
RACED = ("starlette",)
LARGE = ("aiohttp", "alembic", "fastapi", "redis", "sqlalchemy", "starlette")
MILLION = 1_000_000
ROUNDS = 1
STARTS = 5
EACH = 0.1

TOOLS = {
    "scan.py": (*SCAN, "--format", "concise"),
    "ruff": (sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--exit-zero", "--select", "ALL"),
    "flake8-async": (sys.executable, "-m", "flake8", "--isolated", "--exit-zero", "--select", "ASYNC"),
    "pylint": (sys.executable, "-m", "pylint", "--rcfile", os.devnull, "--exit-zero"),
}
LABELS = {
    "scan.py": "`scan.py`, every trap",
    "ruff": "ruff, every rule, no cache",
    "flake8-async": "flake8 with flake8-async's rules",
    "pylint": "pylint, its defaults",
}


async def main() -> None:
    """Measure, and write what was measured to the data and to CONTRIBUTING.md."""
    with tempfile.TemporaryDirectory() as folder:
        raced, large = Path(folder, "raced"), Path(folder, "large")
        for package in RACED:
            shutil.copytree(INSTALLED / package, raced / package)
        measured = await race({name: _contender(command, raced) for name, command in TOOLS.items()}, ROUNDS)
        _fill(large)
        seconds, memory = await _watched((*TOOLS["scan.py"], str(large)))
        data: dict[str, Any] = {
            "facts": _facts(),
            "race": {"lines": lines(raced), "ratios": ratios(measured)},
            "million": {"lines": lines(large), "seconds": seconds, "megabytes": memory},
            "start": await _started(Path(folder, "empty")),
        }
    save(PAGE, data, blocks(data), DOCUMENT)


def blocks(data: dict[str, Any]) -> dict[str, str]:
    """The table and its sentence by the marks between which they stand."""
    rows = [(LABELS[name], times(ratio)) for name, ratio in sorted(data["race"]["ratios"].items(), key=lambda r: r[1])]
    facts, million = data["facts"], data["million"]
    versions = ", ".join(f"{name} {version}" for name, version in facts["versions"].items())
    speed = million["lines"] / million["seconds"]
    said = (
        f"{data['race']['lines']:,} lines of {', '.join(RACED)}. Alone on {million['lines']:,} lines: {speed:,.0f}"
        f" lines a second of one core, at most {million['megabytes']:.0f} MB in all processes together;"
        f" {data['start'] * 1000:.0f} ms of processor time for an empty folder. {versions}, {facts['cores']} cores."
    )
    return {"scanner": f"{table(['', 'processor time'], rows)}\n\n{said}"}


def lines(folder: Path) -> int:
    """How many lines of Python are below a folder."""
    return sum(path.read_bytes().count(b"\n") for path in folder.rglob("*.py"))


def _facts() -> dict[str, Any]:
    versions = {name: metadata.version(name) for name in ("ruff", "flake8-async", "pylint")}
    return {
        "versions": {"Python": platform.python_version(), **versions},
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 1),
    }


def _fill(folder: Path) -> None:
    """Copy packages, again and again, until there are a million lines."""
    sizes = {package: lines(INSTALLED / package) for package in LARGE}
    for copy in count():
        for package in LARGE:
            shutil.copytree(INSTALLED / package, folder / f"copy{copy}" / package)
        if (copy + 1) * sum(sizes.values()) >= MILLION:
            return


def _contender(command: tuple[str, ...], folder: Path) -> Contender:
    async def run() -> float:
        return (await _watched((*command, str(folder))))[0]

    return run


async def _watched(command: tuple[str, ...]) -> tuple[float, float]:
    """Seconds of processor time that a command took, and the most memory (MB) that its processes had at once.

    Processor time, since what else the machine does lengthens it least. Pages that processes share are divided.

    Raises RuntimeError where it fails: a tool that did not run must not look fast.
    """
    begin = _used()
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(*command, stdout=quiet, stderr=asyncio.subprocess.PIPE)
    told = asyncio.create_task(process.communicate())
    most = 0.0
    while not told.done():
        most = max(most, sum(_megabytes(process.pid)))
        await asyncio.wait({told}, timeout=EACH)
    seconds = _used() - begin
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {(await told)[1].decode()}")
    return seconds, most


def _used() -> float:
    """Seconds of processor time that ended child processes have used, and theirs."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def _megabytes(pid: int) -> Iterator[float]:
    """The memory of a process and of those that it started; what ends meanwhile has none."""
    with suppress(psutil.Error):
        parent = psutil.Process(pid)
        for process in (parent, *parent.children(recursive=True)):
            with suppress(psutil.Error):
                yield process.memory_full_info().pss / 1e6


async def _started(folder: Path) -> float:
    """Seconds of processor time for a scan of nothing."""
    await asyncio.to_thread(folder.mkdir)
    return median([(await _watched((*SCAN, str(folder))))[0] for _ in range(STARTS)])


if __name__ == "__main__":
    asyncio.run(main())
