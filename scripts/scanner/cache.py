"""What is kept from one run to the next: a file for each project in the user's cache folder.

What is missing, unreadable, damaged or of another version counts as nothing kept; what cannot be written is not kept.
Nothing raises.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

Entries = dict[str, Any]  # of what JSON has

VERSION = b"1"  # raise it with whatever changes what is kept, or how it was found
USUAL = {"darwin": "~/Library/Caches", "win32": "~/AppData/Local"}
UNUSED = 30 * 24 * 60 * 60  # seconds without a change after which a project's file is deleted


def load(project: str) -> Entries:
    """What was kept of the project in a folder."""
    try:
        seal, _, body = _file(project).read_bytes().partition(b"\n")
    except OSError:
        return {}
    return json.loads(body) if seal == _seal(body) else {}


def save(project: str, entries: Entries) -> None:
    """Keep these of the project in a folder, and nothing else of it."""
    body = json.dumps(entries, separators=(",", ":")).encode()
    try:
        file = _file(project)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = file.with_suffix(f".{os.getpid()}")
        fresh.write_bytes(_seal(body) + b"\n" + body)
        fresh.replace(file)
        for other in file.parent.glob("scan-*"):
            if other.stat().st_mtime < time.time() - UNUSED:
                other.unlink()
    except OSError:
        return


def _file(project: str) -> Path:
    """Where a project's entries are. Raises OSError where the user has no cache folder."""
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    folder = named if named.is_absolute() else Path(os.path.expanduser(USUAL.get(sys.platform, "~/.cache")))  # noqa: PTH111 - that of a Path raises another error
    if not folder.is_absolute():
        raise FileNotFoundError(folder)
    return folder / "python-backend" / f"scan-{hashlib.sha256(os.fsencode(project)).hexdigest()[:32]}"


def _seal(body: bytes) -> bytes:
    """What none but a whole file of this version begins with."""
    return hashlib.sha256(VERSION + body).hexdigest().encode()
