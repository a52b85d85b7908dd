"""Python sources -> what ruff says of them: one child process for all, which parses and never runs them."""

from __future__ import annotations

import functools
import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ruff import find_ruff_bin

SECONDS = 60


class Finding(NamedTuple):
    """One finding: `source` counts from 0, `line` from 1."""

    source: int
    line: int
    code: str
    message: str


class UnknownRuleError(Exception):
    """Ruff refused the selection; its own words."""


@functools.lru_cache(maxsize=8)
def find(sources: tuple[str, ...], codes: tuple[str, ...]) -> tuple[Finding, ...]:
    """Check each source on its own with the stable rules `codes`. Raises UnknownRuleError if ruff has no such rule."""
    if not sources:
        return ()
    with tempfile.TemporaryDirectory() as folder:
        for number, source in enumerate(sources):
            Path(folder, f"{number:06}.py").write_text(source, encoding="utf-8")
        command = [find_ruff_bin(), "check", "--isolated", "--no-cache", "--output-format=json", "--exit-zero"]
        options = ["--target-version=py311", f"--select={','.join(codes)}", "--ignore-noqa", folder]
        done = subprocess.run([*command, *options], capture_output=True, timeout=SECONDS, check=False)
        if done.returncode:
            raise UnknownRuleError(done.stderr.decode())
        return tuple(_findings(json.loads(done.stdout)))


def _findings(report: list[dict[str, object]]) -> Iterator[Finding]:
    for entry in report:
        location = entry["location"]
        row = location["row"] if isinstance(location, dict) else 1
        yield Finding(int(Path(str(entry["filename"])).stem), int(row), str(entry["code"]), str(entry["message"]))
