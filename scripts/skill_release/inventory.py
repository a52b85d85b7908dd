"""Contents -> the same with a manifest that lists every other file, its size and its sha256."""

from __future__ import annotations

import hashlib
import json

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
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    return dict(sorted({**contents, MANIFEST: text.encode()}.items()))
