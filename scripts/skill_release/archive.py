"""Contents -> a zip whose bytes depend on nothing else."""

from __future__ import annotations

import io
import stat
import time
import zipfile

from .contents import Contents

EARLIEST = 315532800  # 1980-01-01, the first day that a zip can name
UNIX = 3


def pack(folder: str, contents: Contents, moment: int) -> bytes:
    """A zip of `contents` below `folder`, dated `moment` (seconds since 1970, UTC): sorted names, mode 0644.

    Nothing is compressed: zlib's versions differ in their output, and the texts are small.
    """
    date = time.gmtime(max(moment, EARLIEST))[:6]
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
        for name, data in sorted(contents.items()):
            entry = zipfile.ZipInfo(f"{folder}/{name}", date)
            entry.create_system = UNIX
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, data)
    return whole.getvalue()
