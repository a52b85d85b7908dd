"""Package folder -> the files of `dist/`: the archives, and the sums of their bytes."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from pathlib import Path

from .archive import EARLIEST, pack
from .contents import ReleaseError, read_contents
from .inventory import MANIFEST, with_inventory
from .portable import with_portable_frontmatter

SUMS = "SHA256SUMS"


def distribution(root: Path, moment: int) -> dict[str, bytes]:
    """What `make dist` writes, by name: zip and `.skill` (the same bytes), the portable zip, and their sha256 sums."""
    contents = read_contents(root)
    manifest = json.loads(contents[MANIFEST])
    name = str(manifest["name"])
    stem = f"{name}-{manifest['version']}"
    whole = pack(name, with_inventory(contents), moment)
    portable = pack(name, with_inventory(with_portable_frontmatter(contents)), moment)
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
    git = ["git", "-C", str(root), "log", "-1", "--format=%ct"]
    done = subprocess.run(git, capture_output=True, text=True, check=False)
    return int(done.stdout) if done.returncode == 0 and done.stdout.strip() else EARLIEST
