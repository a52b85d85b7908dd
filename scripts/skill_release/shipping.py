"""Package folder -> the files of `dist/`: the archives, and the sums of their bytes."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from .archive import EARLIEST, pack
from .contents import ReleaseError, read_contents
from .git import git_or_nothing
from .inventory import MANIFEST, with_bare_inventory, with_inventory
from .portable import with_portable_frontmatter

SUMS = "SHA256SUMS"


def distribution(root: Path, moment: int) -> dict[str, bytes]:
    """What `make dist` writes, by name: zip and `.skill` (the same bytes), the portable zip, and their sha256 sums."""
    contents = read_contents(root)
    manifest = json.loads(contents[MANIFEST])
    name = str(manifest["name"])
    stem = f"{name}-{manifest['version']}"
    whole = pack(name, with_inventory(contents), moment)
    portable = pack(name, with_bare_inventory(with_portable_frontmatter(contents)), moment)
    files = {f"{stem}.zip": whole, f"{stem}.skill": whole, f"{stem}-portable.zip": portable}
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {file}\n" for file, data in sorted(files.items()))
    return {**files, SUMS: sums.encode()}


def moment_of(root: Path) -> int:
    """The time that the archives bear: SOURCE_DATE_EPOCH, else that of the last commit, else the earliest of a zip.

    Raises ReleaseError when SOURCE_DATE_EPOCH is not a number.
    """
    said = os.environ.get("SOURCE_DATE_EPOCH", "")
    if said:
        if not said.isdecimal():
            raise ReleaseError(f"SOURCE_DATE_EPOCH: {said!r} is not a number of seconds")
        return int(said)
    return int(git_or_nothing(root, "log", "-1", "--format=%ct") or EARLIEST)


def uncommitted(root: Path) -> list[str]:
    """The shipped files that differ from the last commit, by name; none where there is no repository."""
    changed = git_or_nothing(root, "status", "--porcelain", "--untracked-files=all", "-z").split("\0")
    return sorted({line[3:] for line in changed} & read_contents(root).keys())
