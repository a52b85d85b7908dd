"""Several files of a folder change together or not at all, whenever the process that changes them is killed.

Old and new texts are first written to a journal beside the folder's own files, which one rename makes valid. Then each
new text is moved to its place, and one more rename makes the journal void. A journal that is still valid belongs to a
change that did not come to its end: `recover` puts the old texts back.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from .writing import write_through

JOURNAL = Path("build", "release")


def change_together(root: Path, files: Mapping[str, bytes]) -> None:
    """Replace files of `root` by name; they exist. Whatever is raised meanwhile, the old texts are put back first."""
    recover(root)
    draft = _beside(root, "draft")
    for name, data in files.items():
        for side, content in (("old", (root / name).read_bytes()), ("new", data)):
            (draft / side / name).parent.mkdir(parents=True, exist_ok=True)
            write_through(draft / side / name, content, like=root / name)
    draft.rename(root / JOURNAL)
    try:
        for name in files:
            (root / JOURNAL / "new" / name).replace(root / name)
    except BaseException:
        recover(root)
        raise
    _close(root)


def recover(root: Path) -> bool:
    """Put back the old texts of a change that was interrupted; whether there was one."""
    for leftover in ("draft", "done"):
        shutil.rmtree(_beside(root, leftover), ignore_errors=True)
    old = root / JOURNAL / "old"
    if not old.is_dir():
        return False
    for path in sorted(p for p in old.rglob("*") if p.is_file()):
        back = root / JOURNAL / "back"
        write_through(back, path.read_bytes(), like=path)
        back.replace(root / path.relative_to(old))
    _close(root)
    return True


def _close(root: Path) -> None:
    done = _beside(root, "done")
    (root / JOURNAL).rename(done)
    shutil.rmtree(done)


def _beside(root: Path, word: str) -> Path:
    return (root / JOURNAL).with_name(f"{JOURNAL.name}-{word}")
