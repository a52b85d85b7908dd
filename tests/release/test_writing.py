"""Files are replaced whole, all or none where one cannot be written."""

from __future__ import annotations

from pathlib import Path

import pytest
from skill_release.writing import replace_files


def test_all_are_replaced_with_their_modes_and_nothing_stays_beside(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"old")
    (tmp_path / "old").chmod(0o755)
    replace_files({tmp_path / "old": b"new", tmp_path / "folder" / "fresh": b"fresh"})

    assert (tmp_path / "old").read_bytes() == b"new"
    assert (tmp_path / "folder" / "fresh").read_bytes() == b"fresh"
    assert [oct(p.stat().st_mode & 0o777) for p in (tmp_path / "old", tmp_path / "folder" / "fresh")] == [
        "0o755",
        "0o644",
    ]
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["folder", "fresh", "old"]


def test_where_one_cannot_be_written_none_has_changed(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"old")
    with pytest.raises(OSError, match="old"):
        replace_files({tmp_path / "old": b"new", tmp_path / "old" / "below": b""})

    assert (tmp_path / "old").read_bytes() == b"old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["old"]
