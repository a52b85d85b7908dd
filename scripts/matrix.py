"""Prove the package on every supported Python found, each with the newest and the oldest supported libraries.

`python scripts/matrix.py` prints a row for each and exits 1 unless all are clean. When every Python was there and all
are clean, manifest.json's `tested` is rewritten to say what they ran on. Pythons are looked for on PATH and among
pyenv's; those not found are named.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skill_release.writing import replace_files

ROOT = Path(__file__).parents[1]
PYTHONS = ("3.11", "3.12", "3.13")
LIBRARIES = ("newest", "oldest")
MINUTES = 15
RECORD = Path("dist", "matrix.json")


@dataclass(frozen=True, slots=True)
class Cell:
    """One Python with one set of libraries, and what the validator said there."""

    python: str
    libraries: str
    report: dict[str, Any] | None
    talk: str = ""

    @property
    def clean(self) -> bool:
        """Whether every proof held, and every one ran but those that need newer libraries than these."""
        if self.report is None or self.report["summary"]["errors"]:
            return False
        return all(d["check"] != "not-run" for d in self.report["diagnostics"])

    def __str__(self) -> str:
        """A row of the printed table, with the findings below it."""
        if self.report is None:
            return f"{self.python:<6} {self.libraries:<7} could not run\n{self.talk}"
        s, v = self.report["summary"], self.report["versions"]
        head = f"{self.python:<6} {self.libraries:<7} {'clean' if self.clean else 'NOT clean':<9}"
        on = ", ".join(f"{name} {v[name]}" for name in ("python", "fastapi", "sqlalchemy", "postgresql") if name in v)
        rows = [f"    {d['path']}:{d['line']}: {d['check']}: {d['message']}" for d in self.report["diagnostics"]]
        return "\n".join([f"{head} {s['proven']} of {s['traps']} traps on {on}", *rows])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the cells; 0 when all are clean, 1 when one is not, 2 when there is no Python to run."""
    parser = argparse.ArgumentParser("matrix", description="Prove the package on Pythons and sets of libraries.")
    parser.add_argument(
        "--python", choices=PYTHONS, action="append", help="only this one (default: all that are found)"
    )
    parser.add_argument("--libraries", choices=LIBRARIES, action="append", help="only this set (default: both)")
    options = parser.parse_args(arguments)
    cells = prove(ROOT, options.python or PYTHONS, options.libraries or LIBRARIES)
    if not cells:
        sys.stderr.write("no supported Python was found\n")
        return 2
    if is_complete(cells):
        path = ROOT / "manifest.json"
        manifest = json.loads(path.read_text(encoding="utf-8")) | {"tested": tested(cells)}
        replace_files({path: (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()})
    return 0 if all(cell.clean for cell in cells) else 1


def prove(root: Path, pythons: Sequence[str] = PYTHONS, libraries: Sequence[str] = LIBRARIES) -> list[Cell]:
    """Run every cell that can be, print a row for each, and write them all to `dist/matrix.json`."""
    found = {version: python for version in pythons if (python := _find(version))}
    cells = []
    for cell in _cells(root, found, libraries):
        sys.stdout.write(f"{cell}\n")
        sys.stdout.flush()
        cells.append(cell)
    missing = [version for version in pythons if version not in found]
    sys.stdout.write(f"not found: {', '.join(missing) or 'none'}\n")
    replace_files({root / RECORD: _record(cells).encode()})
    return cells


def is_complete(cells: Sequence[Cell]) -> bool:
    """Whether every supported Python was there, and clean with each set of libraries."""
    return len(cells) == len(PYTHONS) * len(LIBRARIES) and all(cell.clean for cell in cells)


def tested(cells: Sequence[Cell]) -> dict[str, str]:
    """What the manifest says under `tested`: the versions that all proofs passed on, by name."""
    seen = [cell.report["versions"] for cell in cells if cell.report]
    names = sorted({name for versions in seen for name in versions})
    return {name: ", ".join(dict.fromkeys(v[name] for v in seen if name in v)) for name in names}


def _record(cells: Sequence[Cell]) -> str:
    """The cells as JSON, for the evidence page."""
    rows = [
        {
            "python": cell.python,
            "libraries": cell.libraries,
            "clean": cell.clean,
            "summary": cell.report["summary"] if cell.report else {},
            "versions": cell.report["versions"] if cell.report else {},
        }
        for cell in cells
    ]
    return json.dumps({"day": time.strftime("%Y-%m-%d", time.gmtime()), "cells": rows}, indent=2) + "\n"


def _find(version: str) -> Path | None:
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    on_path = shutil.which(f"python{version}")
    candidates = [*([Path(on_path)] if on_path else []), *sorted(pyenv.glob(f"{version}.*/bin/python"))]
    return next((c for c in candidates if _answers(c, version)), None)


def _answers(python: Path, version: str) -> bool:
    """Whether this is that Python: a shim of pyenv may stand on PATH for one that is not switched on."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    return done.stdout.strip() == version


def _cells(root: Path, pythons: dict[str, Path], chosen: Sequence[str]) -> Iterator[Cell]:
    for version, python in pythons.items():
        for libraries in chosen:
            try:
                yield _run(root, version, libraries, _environment(root, version, python, libraries))
            except subprocess.CalledProcessError as error:
                yield Cell(version, libraries, None, (error.stderr or error.stdout or str(error))[-2000:])


def _environment(root: Path, version: str, python: Path, libraries: str) -> Path:
    """A virtual environment of its own, made once and then only brought up to date; its Python."""
    folder = root / ".venv" / "matrix" / f"{version}-{libraries}"
    inside = folder / "bin" / "python"
    if not inside.exists():
        subprocess.run([python, "-m", "venv", folder], check=True, capture_output=True, text=True)
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["examples"]]
    constraint = str(root / "constraints" / f"{libraries}.txt")
    pip = [str(inside), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--constraint", constraint, *wanted], check=True, capture_output=True, text=True)
    return inside


def _run(root: Path, version: str, libraries: str, python: Path) -> Cell:
    command = [str(python), str(root / "scripts" / "validate.py"), "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60 * MINUTES)
    if done.returncode not in {0, 1}:
        return Cell(version, libraries, None, done.stderr[-2000:])
    return Cell(version, libraries, json.loads(done.stdout)["skills"][0])


if __name__ == "__main__":
    sys.exit(main())
