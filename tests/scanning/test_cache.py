"""What is kept from run to run, wherever the user's cache folder is, and whatever has become of it."""

from __future__ import annotations

import os
import pwd
import re
import sys
import time
from pathlib import Path

import pytest
from scanner import cache

ENTRIES = {"/srv/app/\udcff.py": [[1, 2], ["deps"]]}


def test_what_is_kept_is_there_again_for_its_project_alone(kept: Path) -> None:
    cache.save("/srv/app", ENTRIES)
    cache.save("/srv/other", {})

    assert (cache.load("/srv/app"), cache.load("/srv/other"), cache.load("/srv")) == (ENTRIES, {}, {})
    assert kept.stat().st_mode & 0o777 == 0o700
    assert len(list(kept.iterdir())) == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(rb".*", b"", id="empty"),
        pytest.param(rb".{9}\Z", b"", id="cut"),
        pytest.param(rb"deps", b"dips", id="changed"),
        pytest.param(rb"\A.", b"", id="its beginning lost"),
        pytest.param(rb".*", b"[" * 100_000, id="of another program"),
        pytest.param(rb"[^\n]*\Z", b"[1]", id="of another type"),
        pytest.param(rb"\Z", b"{}", id="written to its end"),
    ],
)
def test_what_was_damaged_was_never_kept(kept: Path, old: bytes, new: bytes) -> None:
    cache.save("/srv/app", ENTRIES)
    [file] = kept.iterdir()
    damaged = re.sub(old, new, file.read_bytes(), count=1, flags=re.DOTALL)
    file.write_bytes(damaged)

    assert cache.load("/srv/app") == {}

    cache.save("/srv/app", ENTRIES)
    assert cache.load("/srv/app") == ENTRIES


def test_what_another_version_wrote_was_never_kept(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.save("/srv/app", ENTRIES)
    monkeypatch.setattr(cache, "VERSION", b"another")

    assert [cache.load("/srv/app"), *kept.glob("*.*")] == [{}]


def test_a_folder_in_the_place_of_the_file_is_let_be(kept: Path) -> None:
    cache.save("/srv/app", ENTRIES)
    [file] = kept.iterdir()
    file.unlink()
    (file / "in").mkdir(parents=True)

    cache.save("/srv/app", ENTRIES)

    assert cache.load("/srv/app") == {}
    assert (file / "in").is_dir()


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))

    cache.save("/srv/app", ENTRIES)

    assert cache.load("/srv/app") == {}


@pytest.mark.parametrize("named", [None, "", "relative"])
@pytest.mark.parametrize(
    ("platform", "folder"), [("linux", ".cache"), ("darwin", "Library/Caches"), ("win32", "AppData/Local")]
)
def test_the_folder_is_the_usual_one_where_none_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, folder: str, named: str | None
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv("HOME", str(tmp_path))
    if named is None:
        monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    else:
        monkeypatch.setenv("XDG_CACHE_HOME", named)

    cache.save("/srv/app", ENTRIES)

    assert [f.relative_to(tmp_path).parts[:-1] for f in tmp_path.rglob("scan-*")] == [
        (*folder.split("/"), "python-backend")
    ]


def test_who_has_no_home_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_: int) -> None:
        raise KeyError

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("HOME")
    monkeypatch.setattr(pwd, "getpwuid", nobody)
    monkeypatch.chdir(tmp_path)

    cache.save("/srv/app", ENTRIES)

    assert [cache.load("/srv/app"), *tmp_path.iterdir()] == [{}]


def test_what_was_not_written_to_for_long_is_deleted(kept: Path) -> None:
    for project in ("/srv/old", "/srv/new"):
        cache.save(project, ENTRIES)
    old = cache._file("/srv/old")
    (kept / "of another program").touch()
    for file in (old, kept / "of another program"):
        os.utime(file, (0, time.time() - cache.UNUSED - 60))

    cache.save("/srv/app", ENTRIES)

    assert (cache.load("/srv/old"), cache.load("/srv/new")) == ({}, ENTRIES)
    assert (kept / "of another program").exists()
