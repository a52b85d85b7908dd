"""Validate the package with every proof, then write its archives: `python scripts/dist.py [--output FOLDER]`.

Anything but a clean run stops it, and nothing is written: exit 1 for findings, 2 when it could not run.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from skill_release.contents import ReleaseError
from skill_release.shipping import distribution, moment_of, uncommitted
from skill_release.writing import replace_files

ROOT = Path(__file__).parents[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 written, 1 the package is not clean, 2 could not run."""
    parser = argparse.ArgumentParser("dist", description="Validate a package, then write its archives.")
    parser.add_argument("--root", type=Path, default=ROOT, metavar="FOLDER", help="the package (default: this one)")
    parser.add_argument("--output", type=Path, metavar="FOLDER", help="where to write (default: dist in the package)")
    options = parser.parse_args(arguments)
    root = options.root.resolve()
    code = subprocess.run([sys.executable, ROOT / "scripts" / "validate.py", "--strict", root], check=False).returncode
    if code:
        sys.stderr.write("dist: the package is not clean, nothing was written\n")
        return code if code in {1, 2} else 2
    try:
        folder = options.output or root / "dist"
        files = distribution(root, moment_of(root))
        if changed := uncommitted(root):
            sys.stderr.write(f"dist: not as committed: {', '.join(changed)}\n")
        replace_files({folder / name: data for name, data in files.items()})
    except (ReleaseError, OSError) as error:
        sys.stderr.write(f"dist: {error}\n")
        return 2
    sys.stdout.write("".join(f"{folder / name} {len(data):,} bytes\n" for name, data in files.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
