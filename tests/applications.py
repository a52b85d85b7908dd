"""What the scanner says of other people's code: `python tests/applications.py [--write]` compares with the table.

It fetches the distributions that `applications.json` names with pip, scans them, and prints what differs. Every error
in the table was looked at; `--write` writes the counts anew and keeps the verdicts.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))

from scanner.detectors import DETECTORS
from scanner.finding import ERROR, Finding
from scanner.reading import find
from scanner.scanning import cores, scan

TABLE = Path(__file__).parent / "applications.json"
Entry = dict[str, Any]


def read() -> dict[str, Entry]:
    """The table: distributions, each with its counts and the verdict on every error."""
    table: dict[str, Entry] = json.loads(TABLE.read_text(encoding="utf-8"))
    return table


def fetch(distribution: str, form: str, folder: Path) -> Path:
    """Download and unpack a distribution, as `sdist` or as `wheel`; the folder with its code."""
    name = distribution.partition("==")[0]
    only = ["--no-binary", name] if form == "sdist" else ["--only-binary", ":all:", "--python-version", "3.12"]
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), *only, distribution]
    subprocess.run(pip, check=True)
    [archive] = [path for path in folder.iterdir() if path.is_file()]
    code = folder / "code"
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(code)
    else:
        with tarfile.open(archive) as sdist:
            sdist.extractall(code, filter="data")
    return code


def count(code: Path) -> Entry:
    """The findings below a folder: how many of each trap, and where the errors are."""
    files = list(find([str(code)]))
    found = sorted(scan(files, DETECTORS, files, cores()))
    mine = {d.trap for d in DETECTORS}
    return {
        "warnings": _counts([f for f in found if f.severity != ERROR and f.trap in mine]),
        "errors": [f"{Path(f.path).relative_to(code)}:{f.line}: {f.trap}" for f in found if f.severity == ERROR],
    }


def main(arguments: Sequence[str]) -> int:
    """Compare every distribution with the table; 1 where something differs."""
    table, differs = read(), 0
    for distribution, entry in table.items():
        with tempfile.TemporaryDirectory() as folder:
            counted = count(fetch(distribution, entry["form"], Path(folder)))
        errors = {place: entry["errors"].get(place, "not looked at yet") for place in counted["errors"]}
        fresh = {"form": entry["form"], "warnings": counted["warnings"], "errors": errors}
        if fresh != entry:
            differs = 1
            sys.stdout.write(f"{distribution} differs:\n  was {entry}\n  is  {fresh}\n")
        table[distribution] = fresh
    if "--write" in arguments:
        TABLE.write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")
    return differs


def _counts(findings: Sequence[Finding]) -> dict[str, int]:
    return dict(sorted(Counter(f.trap for f in findings).items()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
