"""Make a version: `python scripts/release.py 1.2.3`, or `make release VERSION=1.2.3`.

The tree must be clean, every Python and library of the matrix must be clean too; then SKILL.md, manifest.json with what
it was tested on, pyproject.toml, CHANGELOG.md and the plugin's files move together. Nothing is committed, tagged or
pushed: the commands are printed. Killed at any point it leaves each file whole, and the next run puts back the old.
Exit 0 when the files have changed, 1 when the matrix is not clean, 2 when something else stands in the way.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import matrix
from skill_release.bumping import FILES, at_version, parsed
from skill_release.contents import ReleaseError
from skill_release.git import git
from skill_release.journal import change_together, recover

ROOT = Path(__file__).parents[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code."""
    parser = argparse.ArgumentParser("release", description="Make a version of the package; nothing is pushed.")
    parser.add_argument("version", metavar="VERSION", help="three numbers, as in 1.2.3")
    parser.add_argument("--root", type=Path, default=ROOT, metavar="FOLDER", help="the package (default: this one)")
    options = parser.parse_args(arguments)
    try:
        return _release(options.root.resolve(), options.version)
    except (ReleaseError, OSError) as error:
        sys.stderr.write(f"release: {error}\n")
        return 2


def _release(root: Path, version: str) -> int:
    if recover(root):
        sys.stderr.write("release: an earlier run was interrupted; what it had changed is as before\n")
    _refuse_version(root, version)
    _refuse_changes(root)
    texts = {name: (root / name).read_text(encoding="utf-8") for name in FILES}
    day = time.strftime("%Y-%m-%d", time.gmtime())
    at_version(texts, version, {}, day)  # what would stop it is found before the matrix takes its minutes
    cells = matrix.prove(root)
    if not matrix.is_complete(cells):
        sys.stderr.write("release: not every cell of the matrix is there and clean, nothing was changed\n")
        return 1
    _refuse_changes(root)
    new = at_version(texts, version, matrix.tested(cells), day)
    change_together(root, {name: text.encode() for name, text in new.items()})
    name = json.loads(new["manifest.json"])["name"]
    sys.stdout.write(
        f"{name} {version}: {', '.join(FILES)} are rewritten, nothing is committed. After a look at `git diff`:\n"
        f"    git commit --all --message 'Release {version}'\n"
        f"    git tag --annotate v{version} --message '{name} {version}'\n"
        f"A push of the tag makes the release: git push --follow-tags\n"
    )
    return 0


def _refuse_version(root: Path, version: str) -> None:
    """A version follows the last one; the present one may be released once."""
    present = str(json.loads((root / "manifest.json").read_text(encoding="utf-8"))["version"])
    if parsed(version) < parsed(present):
        raise ReleaseError(f"VERSION: {version} comes before {present}")
    if git(root, "tag", "--list", f"v{version}"):
        raise ReleaseError(f"VERSION: {version} is released, there is a tag v{version}")


def _refuse_changes(root: Path) -> None:
    changes = git(root, "status", "--porcelain")
    if changes:
        raise ReleaseError(f"the tree is not clean:\n{changes.rstrip()}")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(2))  # so that what it has begun is put back
    sys.exit(main())
