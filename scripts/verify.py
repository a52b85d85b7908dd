"""Tell whether an installed copy of this skill is complete and unchanged: `python verify.py [FOLDER]`.

FOLDER is the skill's folder; without it, the one that this file was installed in. Every file is compared with its size
and sha256 in manifest.json. Exit 0: complete and unchanged, 1: it is not, and each file is named, 2: could not tell.
Whoever changes a file may write a manifest that fits it: compare the sum of the manifest, which is printed, with that
of the release. Compiled files that Python leaves beside a module (`__pycache__`) are not looked at.
The standard library is all it needs, and nothing in the folder is executed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

COMPLETE, CHANGED, COULD_NOT_TELL = 0, 1, 2
MANIFEST = "manifest.json"
MANIFEST_BYTES = 4 * 2**20
FILE_BYTES = 64 * 2**20
SHOWN = 100
SUM = re.compile(r"[0-9a-f]{64}")

Files = dict[str, tuple[str, int]]


class ManifestError(Exception):
    """The manifest cannot be trusted to be one: nothing was compared."""


def main(arguments: list[str]) -> int:
    """Compare the folder with its manifest; the exit code."""
    if len(arguments) > 1 or arguments[:1] in (["-h"], ["--help"]):
        sys.stderr.write("usage: verify.py [FOLDER]\n")
        return COMPLETE if len(arguments) == 1 else COULD_NOT_TELL
    root = Path(arguments[0] if arguments else Path(__file__).parents[1])
    try:
        folder = root.resolve(strict=True)
        head, files, its_sum = read_manifest(folder / MANIFEST)
        faults = list(compare(folder, files))
    except ManifestError as error:
        return _refuse(f"{root / MANIFEST}: {error}")
    except (OSError, ValueError, RuntimeError) as error:
        name = getattr(error, "filename", None) or root
        return _refuse(f"{name}: {getattr(error, 'strerror', None) or error}")
    _write(sys.stdout, [f"{name}: {fault}" for name, fault in faults[:SHOWN]])
    if len(faults) > SHOWN:
        _write(sys.stdout, [f"and {len(faults) - SHOWN} more"])
    if faults:
        return CHANGED
    _write(sys.stdout, [f"{head}: {len(files)} files, complete and unchanged; {MANIFEST} has sha256 {its_sum}"])
    return COMPLETE


def read_manifest(path: Path) -> tuple[str, Files, str]:
    """Name and version; the sum and size of every file; the manifest's own sum.

    Raises ManifestError when it is not a regular file of a sensible size, not JSON, or lists what cannot be in a skill.
    """
    data = _bytes(path, MANIFEST_BYTES)
    try:
        manifest = json.loads(data.decode(), object_pairs_hook=_object)
    except ManifestError:
        raise
    except (ValueError, RecursionError) as error:
        raise ManifestError(f"not JSON: {str(error)[:200]}") from None
    listed = manifest.get("files") if isinstance(manifest, dict) else None
    if listed is None:
        raise ManifestError("lists no files: a checkout has no list, only a release has")
    if not isinstance(listed, dict) or not listed:
        raise ManifestError("'files' is not an object of names")
    files = {name: _entry(name, entry) for name, entry in listed.items()}
    if MANIFEST in files or "SKILL.md" not in files:
        raise ManifestError(f"'files' must have SKILL.md, and cannot have {MANIFEST} itself")
    return f"{manifest.get('name')} {manifest.get('version')}", files, hashlib.sha256(data).hexdigest()


def compare(folder: Path, files: Files) -> Iterator[tuple[str, str]]:
    """Every file that is missing, changed or not listed, with what is wrong with it."""
    present = dict(_walk(folder))
    for name, (its_sum, size) in sorted(files.items()):
        mode = present.pop(name, None)
        if mode is None:
            yield name, "missing"
        elif not stat.S_ISREG(mode):
            yield name, "not a regular file"
        elif (found := os.lstat(folder / name).st_size) != size:
            yield name, f"changed: {found} bytes, the manifest says {size}"
        elif _sum(folder / name, size) != its_sum:
            yield name, "changed: its sha256 differs"
    present.pop(MANIFEST, None)
    yield from ((name, "not in the manifest") for name in sorted(present))


def _walk(folder: Path) -> Iterator[tuple[str, int]]:
    """Everything below `folder` but plain folders, by name and mode; no symbolic link is followed."""

    def refuse(error: OSError) -> None:
        raise error

    for here, folders, files in os.walk(folder, onerror=refuse):
        links = [name for name in folders if Path(here, name).is_symlink()]
        folders[:] = [name for name in folders if name not in links and name != "__pycache__"]
        for name in (*links, *files):
            path = Path(here, name)
            yield path.relative_to(folder).as_posix(), os.lstat(path).st_mode


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise ManifestError(f"key {next(n for n in names if names.count(n) > 1)!r} is given twice")
    return found


def _entry(name: str, entry: object) -> tuple[str, int]:
    """The sum and the size of one entry; its name is one that a skill can have on every system."""
    parts = name.split("/")
    if any(part in {"", ".", ".."} for part in parts) or not name.isprintable() or re.search(r'[\\:*?"<>|]', name):
        raise ManifestError(f"{name!r} is not the name of a file of a skill")
    its_sum, size = (entry.get("sha256"), entry.get("size")) if isinstance(entry, dict) else (None, None)
    if not isinstance(its_sum, str) or not SUM.fullmatch(its_sum):
        raise ManifestError(f"{name!r} has no sha256 of 64 hexadecimal digits")
    if type(size) is not int or not 0 <= size <= FILE_BYTES:
        raise ManifestError(f"{name!r} has no size from 0 to {FILE_BYTES}")
    return its_sum, size


def _bytes(path: Path, most: int) -> bytes:
    mode = os.lstat(path).st_mode
    if not stat.S_ISREG(mode):
        raise ManifestError("not a regular file")
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise ManifestError(f"larger than {most} bytes")
    return data


def _sum(path: Path, size: int) -> str:
    """The sha256 of a file; a file that grows meanwhile is read only as far as it was."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while size > 0 and (part := file.read(min(size, 2**20))):
            found.update(part)
            size -= len(part)
    return found.hexdigest()


def _refuse(message: str) -> int:
    _write(sys.stderr, [f"verify: {message}"])
    return COULD_NOT_TELL


def _write(stream: TextIO, lines: list[str]) -> None:
    """Lines with escapes for what would move a terminal's cursor or not encode: names come from strangers."""
    for line in lines:
        safe = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)
        stream.write(safe.encode("ascii", "backslashreplace").decode() + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
