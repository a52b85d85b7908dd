"""Python sources -> what the type checker pyrefly says of them: a child process that reads and never runs them."""

from __future__ import annotations

import functools
import importlib.util
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .ruff import Finding

SECONDS = 60
NEWEST = 14
CONFIGURATION = """\
project-includes = ["**/*.py"]
permissive-ignores = false

[errors]
unbound-name = "error"
"""


def is_installed() -> bool:
    """Whether there is a type checker to ask."""
    return is_importable("pyrefly")


def is_importable(package: str) -> bool:
    """Whether a top-level package is installed; it is not imported."""
    return importlib.util.find_spec(package) is not None


@functools.lru_cache(maxsize=8)
def find(sources: tuple[str, ...], minor: int) -> tuple[Finding, ...] | None:
    """What is said of each source on its own, as Python 3.`minor` with the installed libraries.

    None when the checker does not answer in time, or not in its own format.
    """
    if not sources:
        return ()
    from pyrefly.__main__ import get_pyrefly_bin  # noqa: PLC0415 - an optional extra

    with tempfile.TemporaryDirectory() as folder:
        for number, source in enumerate(sources):
            Path(folder, f"source_{number:06}.py").write_text(source, encoding="utf-8")
        configuration = Path(folder, "pyrefly.toml")
        configuration.write_text(CONFIGURATION, encoding="utf-8")
        command = [get_pyrefly_bin(), "check", f"--config={configuration}", "--output-format=json", "--summary=none"]
        environment = [f"--python-interpreter-path={sys.executable}", f"--python-version=3.{min(minor, NEWEST)}"]
        try:
            done = subprocess.run(
                [*command, *environment], capture_output=True, timeout=SECONDS, check=False, cwd=folder
            )
            return tuple(sorted(_findings(json.loads(done.stdout))))
        except (OSError, subprocess.TimeoutExpired, ValueError):
            return None


def _findings(report: dict[str, list[dict[str, object]]]) -> Iterator[Finding]:
    for entry in report["errors"]:
        number = int(Path(str(entry["path"])).stem.rpartition("_")[2])
        yield Finding(number, int(str(entry["line"])), str(entry["name"]), str(entry["concise_description"]))


@functools.lru_cache(maxsize=64)
def is_in_a_subclass(packages: tuple[str, ...], name: str, attribute: str) -> bool:
    """Whether one of these installed packages has a class below class `name` that has the attribute.

    A variable of the type `Pool` mostly holds a `QueuePool`, and then has what only that one has. By the text of the
    package's files: a class statement with `name` among its bases, in a file that also defines the attribute.
    """
    defines = re.compile(rf"def {attribute}\(|\b{attribute}\s*[:=]")
    below = re.compile(rf"^class \w+\([^)]*\b{name}\b", re.MULTILINE)
    for package in packages:
        found = importlib.util.find_spec(package)
        for folder in (found.submodule_search_locations or ()) if found else ():
            for path in Path(folder).rglob("*.py"):
                text = path.read_text(encoding="utf-8", errors="replace")
                if attribute in text and defines.search(text) and below.search(text):
                    return True
    return False
