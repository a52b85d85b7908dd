"""Prove the package on every supported Python found, each with the newest and the oldest supported libraries.

`python scripts/matrix.py` prints a row for each and exits 1 unless all are clean; then manifest.json's `tested` is
rewritten to say what they ran on. Pythons are looked for on PATH and among pyenv's; those not found are named.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PYTHONS = ("3.11", "3.12", "3.13")
LIBRARIES = ("newest", "oldest")
MINUTES = 15


@dataclass(frozen=True, slots=True)
class Cell:
    """One Python with one set of libraries, and what the validator said there."""

    python: str
    libraries: str
    report: dict[str, Any] | None
    talk: str = ""

    @property
    def clean(self) -> bool:
        """Whether every proof ran and held."""
        return self.report is not None and self.report["summary"]["errors"] == self.report["summary"]["not_run"] == 0

    def __str__(self) -> str:
        """A row of the printed table, with the findings below it."""
        if self.report is None:
            return f"{self.python:<6} {self.libraries:<7} could not run\n{self.talk}"
        s, v = self.report["summary"], self.report["versions"]
        head = f"{self.python:<6} {self.libraries:<7} {'clean' if self.clean else 'NOT clean':<9}"
        on = ", ".join(f"{name} {v[name]}" for name in ("python", "fastapi", "sqlalchemy", "postgresql") if name in v)
        rows = [f"    {d['path']}:{d['line']}: {d['check']}: {d['message']}" for d in self.report["diagnostics"]]
        return "\n".join([f"{head} {s['proven']} of {s['traps']} traps on {on}", *rows])


def main() -> int:
    """Run every cell; 0 when all are clean, 1 when one is not, 2 when there is no Python to run."""
    pythons = {version: found for version in PYTHONS if (found := _find(version))}
    missing = [version for version in PYTHONS if version not in pythons]
    if not pythons:
        sys.stderr.write("no supported Python was found\n")
        return 2
    cells = []
    for cell in _cells(pythons):
        sys.stdout.write(f"{cell}\n")
        sys.stdout.flush()
        cells.append(cell)
    sys.stdout.write(f"not found: {', '.join(missing) or 'none'}\n")
    if not all(cell.clean for cell in cells):
        return 1
    _write_tested(cells)
    return 0


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


def _cells(pythons: dict[str, Path]) -> Iterator[Cell]:
    for version, python in pythons.items():
        for libraries in LIBRARIES:
            try:
                yield _run(version, libraries, _environment(version, python, libraries))
            except subprocess.CalledProcessError as error:
                yield Cell(version, libraries, None, (error.stderr or error.stdout or str(error))[-2000:])


def _environment(version: str, python: Path, libraries: str) -> Path:
    """A virtual environment of its own, made once and then only brought up to date; its Python."""
    folder = ROOT / ".venv" / "matrix" / f"{version}-{libraries}"
    inside = folder / "bin" / "python"
    if not inside.exists():
        subprocess.run([python, "-m", "venv", folder], check=True, capture_output=True, text=True)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["examples"]]
    constraint = str(ROOT / "constraints" / f"{libraries}.txt")
    pip = [str(inside), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--constraint", constraint, *wanted], check=True, capture_output=True, text=True)
    return inside


def _run(version: str, libraries: str, python: Path) -> Cell:
    command = [str(python), str(ROOT / "scripts" / "validate.py"), "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60 * MINUTES)
    if done.returncode not in {0, 1}:
        return Cell(version, libraries, None, done.stderr[-2000:])
    return Cell(version, libraries, json.loads(done.stdout)["skills"][0])


def _write_tested(cells: list[Cell]) -> None:
    """Say in the manifest which versions all proofs passed on; the file is replaced in one step."""
    path = ROOT / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    seen = [cell.report["versions"] for cell in cells if cell.report]
    names = sorted({name for versions in seen for name in versions})
    manifest["tested"] = {name: ", ".join(dict.fromkeys(v[name] for v in seen if name in v)) for name in names}
    fresh = path.with_suffix(".json.new")
    fresh.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    fresh.replace(path)


if __name__ == "__main__":
    sys.exit(main())
