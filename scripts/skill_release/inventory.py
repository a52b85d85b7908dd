"""Contents -> the same with a manifest that lists every other file, its size and its sha256."""

from __future__ import annotations

import hashlib
import json

from skill_validator.derived import EQUAL_FIELDS

from .contents import Contents

MANIFEST = "manifest.json"


def with_inventory(contents: Contents) -> dict[str, bytes]:
    """The contents whose manifest.json has the entry `files`, which `scripts/verify.py` compares.

    The entry stands only in what is shipped: it is derived, and in the repository it would change with every edit.
    """
    manifest = json.loads(contents[MANIFEST])
    manifest["files"] = {
        name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
        for name, data in sorted(contents.items())
        if name != MANIFEST
    }
    return _with_manifest(contents, manifest)


def with_bare_inventory(contents: Contents) -> dict[str, bytes]:
    """The same with no more of the manifest than who and what: the rest speaks of fields that this copy has not."""
    manifest = json.loads(with_inventory(contents)[MANIFEST])
    return _with_manifest(contents, {key: manifest[key] for key in (*EQUAL_FIELDS, "files") if key in manifest})


def _with_manifest(contents: Contents, manifest: dict[str, object]) -> dict[str, bytes]:
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    return dict(sorted({**contents, MANIFEST: text.encode()}.items()))
