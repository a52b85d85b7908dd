"""The archives of this package: reproducible, complete, clean by our validator and by the reference one."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import REPOSITORY, Result
from skill_release.archive import EARLIEST
from skill_release.contents import ReleaseError, read_contents
from skill_release.shipping import SUMS, distribution, moment_of
from skill_validator.derived import EQUAL_FIELDS

MOMENT = 1_780_000_001  # an odd second: a zip counts in twos
VERSION = json.loads((REPOSITORY / "manifest.json").read_text(encoding="utf-8"))["version"]
STEM = f"python-backend-{VERSION}"


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return distribution(REPOSITORY, MOMENT)


def unpacked(data: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(folder)
    return folder / "python-backend"


def verified(folder: Path) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, str(folder / "scripts" / "verify.py")]
    return subprocess.run(line, capture_output=True, text=True, check=False)


def test_the_same_package_gives_the_same_bytes(made: dict[str, bytes], tmp_path: Path) -> None:
    for name, data in read_contents(REPOSITORY).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
        (tmp_path / name).chmod(0o600)

    assert distribution(tmp_path, MOMENT) == made


def test_names_times_and_modes_are_fixed(made: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(made[f"{STEM}.zip"])) as archive:
        entries = archive.infolist()

    assert [e.filename for e in entries] == sorted(f"python-backend/{name}" for name in read_contents(REPOSITORY))
    assert {(e.date_time, e.external_attr >> 16, e.create_system) for e in entries} == {
        ((2026, 5, 28, 20, 26, 40), 0o100644, 3)
    }


def test_the_skill_file_is_the_zip_and_the_sums_are_those_of_the_files(made: dict[str, bytes]) -> None:
    assert made[f"{STEM}.skill"] == made[f"{STEM}.zip"]
    assert made.pop(SUMS).decode().splitlines() == [
        f"{hashlib.sha256(data).hexdigest()}  {name}" for name, data in sorted(made.items())
    ]


def test_what_is_unpacked_is_complete_and_clean(
    made: dict[str, bytes], tmp_path: Path, run: Callable[..., Result]
) -> None:
    folder = unpacked(made[f"{STEM}.zip"], tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}

    assert {name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in files.items()} == {
        name: (entry["size"], entry["sha256"]) for name, entry in manifest["files"].items()
    } | {"manifest.json": (len(files["manifest.json"]), hashlib.sha256(files["manifest.json"]).hexdigest())}
    assert not any(name.startswith((".", "tests/")) or "/." in name for name in files)
    result = run("--static", "--strict", folder)
    assert (result.code, result.stderr) == (0, "")
    assert verified(folder).returncode == 0


def test_the_reference_validator_accepts_the_portable_one_and_only_that(made: dict[str, bytes], tmp_path: Path) -> None:
    agentskills = Path(sys.executable).with_name("agentskills")
    folders = [unpacked(made[f"{STEM}{kind}.zip"], tmp_path / f"a{kind}") for kind in ("-portable", "")]
    done = [
        subprocess.run([agentskills, "validate", folder], capture_output=True, text=True, check=False)
        for folder in folders
    ]

    assert (done[0].returncode, done[0].stdout) == (0, f"Valid skill: {folders[0]}\n"), done[0].stderr
    assert done[1].returncode == 1
    assert verified(folders[0]).returncode == 0


def test_the_portable_one_has_no_errors_as_a_skill_of_the_specification(
    made: dict[str, bytes], tmp_path: Path, run: Callable[..., Result]
) -> None:
    folder = unpacked(made[f"{STEM}-portable.zip"], tmp_path)

    assert list(json.loads((folder / "manifest.json").read_text(encoding="utf-8"))) == [*EQUAL_FIELDS, "files"]
    assert run("--static", folder).code == 0


def test_the_time_is_the_environments_or_the_commits_or_the_earliest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert moment_of(tmp_path) == EARLIEST
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@localhost"]
    subprocess.run([*git, "init", "--quiet"], check=True)
    monkeypatch.setenv("GIT_COMMITTER_DATE", "@1700000000 +0200")
    subprocess.run([*git, "commit", "--quiet", "--allow-empty", "--message", "a"], check=True)
    assert moment_of(tmp_path) == 1_700_000_000
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1600000000")
    assert moment_of(tmp_path) == 1_600_000_000
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(ReleaseError, match="SOURCE_DATE_EPOCH: 'yesterday' is not a number"):
        moment_of(tmp_path)
