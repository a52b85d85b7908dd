"""The table of what the scanner says of other people's code is whole: every error was looked at, and is right."""

from __future__ import annotations

import subprocess
from pathlib import Path

import applications
import pytest
from scanner.detectors import DETECTORS

ERRORS = {d.trap for d in DETECTORS if d.severity == "error"}
TRAPS = {d.trap for d in DETECTORS}


@pytest.mark.parametrize("distribution", applications.read())
def test_every_error_is_right(distribution: str) -> None:
    entry = applications.read()[distribution]

    assert {place.rpartition(": ")[2] for place in entry["errors"]} <= ERRORS
    assert {verdict.partition(":")[0] for verdict in entry["errors"].values()} <= {"right"}
    assert entry["warnings"].keys() <= TRAPS


def test_a_folder_is_counted(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import aiohttp\nc = aiohttp.TCPConnector(ssl=False, limit=5)\n")
    (tmp_path / "b.py").write_text("def shield(\n")

    assert applications.count(tmp_path) == {
        "warnings": {"one-host-takes-the-pool": 1},
        "errors": ["a.py:2: certificate-unchecked"],
    }


def test_what_differs_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.py").write_text("import aiohttp\nc = aiohttp.TCPConnector(ssl=False)\n")
    monkeypatch.setattr(applications, "TABLE", tmp_path / "table.json")
    monkeypatch.setattr(applications, "fetch", lambda *_: tmp_path)
    (tmp_path / "table.json").write_text('{"shop==1": {"form": "wheel", "warnings": {}, "errors": {}}}')

    assert applications.main(["--write"]) == 1
    assert "shop==1 differs" in capsys.readouterr().out
    assert applications.main([]) == 0
    assert applications.read()["shop==1"]["errors"] == {"a.py:2: certificate-unchecked": "not looked at yet"}


def test_what_is_fetched_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tarfile
    import zipfile

    def download(line: list[str], **_: object) -> None:
        folder = Path(line[line.index("--dest") + 1])
        (tmp_path / "a.py").write_text("x = 1\n")
        if "--no-binary" in line:
            with tarfile.open(folder / "shop-1.tar.gz", "w:gz") as archive:
                archive.add(tmp_path / "a.py", "a.py")
        else:
            with zipfile.ZipFile(folder / "shop-1.whl", "w") as archive_:
                archive_.write(tmp_path / "a.py", "a.py")

    monkeypatch.setattr(subprocess, "run", download)
    for form in ("sdist", "wheel"):
        (tmp_path / form).mkdir()
        assert (applications.fetch("shop==1", form, tmp_path / form) / "a.py").read_text() == "x = 1\n"
