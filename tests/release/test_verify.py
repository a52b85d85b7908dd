"""Whether a copy is complete and unchanged: every fault is named, and no manifest fools or breaks the tool."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import verify
from commands import REPOSITORY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

FILES = {"SKILL.md": b"# Orders\n", "rules/a.md": b"# A\n", "scripts/scan.py": b"pass\n"}
Change = Callable[[Path], object]


def entry(data: bytes) -> dict[str, object]:
    return {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A complete and unchanged copy."""
    root = tmp_path / "orders"
    for name, data in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    listed = {name: entry(data) for name, data in FILES.items()}
    (root / "manifest.json").write_text(json.dumps({"name": "orders", "version": "1.0.0", "files": listed}))
    return root


def test_a_copy_as_released(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    its_sum = hashlib.sha256((copy / "manifest.json").read_bytes()).hexdigest()

    assert verify.main([str(copy)]) == 0
    assert capsys.readouterr().out == (
        f"orders 1.0.0: 3 files, complete and unchanged; manifest.json has sha256 {its_sum}\n"
    )


def test_a_link_to_the_folder_is_as_good_and_what_python_compiled_is_not_looked_at(copy: Path, tmp_path: Path) -> None:
    (copy / "scripts" / "__pycache__").mkdir()
    (copy / "scripts" / "__pycache__" / "scan.cpython-311.pyc").write_bytes(b"")
    (tmp_path / "link").symlink_to(copy)

    assert verify.main([str(tmp_path / "link")]) == 0


def becomes(name: str, make: Callable[[Path], None]) -> Change:
    """The file is replaced by what `make` puts there."""

    def change(root: Path) -> None:
        (root / name).unlink()
        make(root / name)

    return change


def moved_away(name: str) -> Change:
    """The file or folder now lies beside the copy, and a link leads there."""

    def change(root: Path) -> None:
        away = root.parent / "away"
        (root / name).rename(away)
        (root / name).symlink_to(away)

    return change


CHANGES: dict[str, tuple[Change, list[str]]] = {
    "a byte differs": (
        lambda root: (root / "rules/a.md").write_bytes(b"# B\n"),
        ["rules/a.md: changed: its sha256 differs"],
    ),
    "a file is longer": (
        lambda root: (root / "rules/a.md").write_bytes(b"# A\n\n"),
        ["rules/a.md: changed: 5 bytes, the manifest says 4"],
    ),
    "a file is missing": (lambda root: (root / "rules/a.md").unlink(), ["rules/a.md: missing"]),
    "a file is a folder": (becomes("rules/a.md", Path.mkdir), ["rules/a.md: missing"]),
    "a file is a link to its like": (moved_away("rules/a.md"), ["rules/a.md: not a regular file"]),
    "a folder is a link to its like": (moved_away("rules"), ["rules/a.md: missing", "rules: not in the manifest"]),
    "a file is a pipe": (becomes("rules/a.md", os.mkfifo), ["rules/a.md: not a regular file"]),
    "files are added": (
        lambda root: ((root / "rules/b.md").write_bytes(b""), (root / ".hooks").write_bytes(b"")),
        [".hooks: not in the manifest", "rules/b.md: not in the manifest"],
    ),
    "a name would move the cursor": (
        lambda root: (root / "a\x1b[2J\n").write_bytes(b""),
        [r"a\x1b[2J\n: not in the manifest"],
    ),
    "more than a hundred are added": (
        lambda root: [(root / f"{number:03}").write_bytes(b"") for number in range(102)],
        [*(f"{number:03}: not in the manifest" for number in range(100)), "and 2 more"],
    ),
}


@pytest.mark.parametrize(("change", "said"), CHANGES.values(), ids=CHANGES)
def test_what_is_not_as_released_is_named(
    copy: Path, change: Change, said: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    change(copy)

    assert verify.main([str(copy)]) == 1
    assert capsys.readouterr().out.splitlines() == said


def listing(**files: object) -> str:
    return json.dumps({"files": {"SKILL.md": entry(FILES["SKILL.md"])} | files})


def named(name: str) -> str:
    return json.dumps({"files": {"SKILL.md": entry(b""), name: entry(b"")}})


HOSTILE: dict[str, tuple[str | bytes, str]] = {
    "no list": ('{"name": "orders"}', "lists no files: a checkout has no list, only a release has"),
    "an empty list": ('{"files": {}}', "'files' is not an object of names"),
    "a list of names": ('{"files": ["SKILL.md"]}', "'files' is not an object of names"),
    "not an object": ("[]", "lists no files"),
    "a list without SKILL.md": (json.dumps({"files": {"a": entry(b"")}}), "'files' must have SKILL.md"),
    "a list that has itself": (named("manifest.json"), "cannot have manifest.json itself"),
    "an absolute path": (named("/etc/passwd"), "'/etc/passwd' is not the name of a file of a skill"),
    "a path that leaves": (named("rules/../../a"), "'rules/../../a' is not the name"),
    "a path with a dot": (named("./rules/a.md"), "'./rules/a.md' is not the name"),
    "a path with an empty part": (named("rules//a.md"), "'rules//a.md' is not the name"),
    "a Windows path": (named("rules\\a.md"), "is not the name"),
    "a Windows drive": (named("C:a.md"), "is not the name"),
    "a null byte": (named("a\0"), r"'a\x00' is not the name"),
    "a lone surrogate": ('{"files": {"a\\ud800": {}}}', r"'a\ud800' is not the name"),
    "a key given twice": ('{"files": {"a": {}, "a": {}}}', "key 'a' is given twice"),
    "a size that is true": (listing(a={"sha256": "0" * 64, "size": True}), "'a' has no size"),
    "a negative size": (listing(a={"sha256": "0" * 64, "size": -1}), "'a' has no size"),
    "a size without end": (listing(a={"sha256": "0" * 64, "size": 10**30}), "'a' has no size"),
    "a sum of another kind": (listing(a={"sha256": "0" * 63, "size": 0}), "'a' has no sha256"),
    "a sum with a line break": (listing(a={"sha256": "0" * 64 + "\n", "size": 0}), "'a' has no sha256"),
    "an entry of another kind": (listing(a=1), "'a' has no sha256"),
    "not JSON": ("{", "not JSON"),
    "not UTF-8": (b"\xff", "not JSON"),
    "nested without end": ("[" * 100_000, "not JSON"),
    "a number without end": ('{"files": ' + "9" * 10_000 + "}", "not JSON"),
    "megabytes": (" " * (verify.MANIFEST_BYTES + 1), "larger than"),
}


@pytest.mark.parametrize(("text", "said"), HOSTILE.values(), ids=HOSTILE)
def test_a_manifest_that_is_none_is_exit_2(
    copy: Path, text: str | bytes, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (copy / "manifest.json").write_bytes(text if isinstance(text, bytes) else text.encode())

    assert verify.main([str(copy)]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)
    assert captured.err.startswith(f"verify: {copy / 'manifest.json'}: ")
    assert said in captured.err


@given(
    data=st.binary(max_size=200)
    | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(repr).map(str.encode)
)
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_manifest_crashes_it(copy: Path, data: bytes) -> None:
    (copy / "manifest.json").write_bytes(data)

    assert verify.main([str(copy)]) == 2


def leads_to_itself(root: Path) -> None:
    root.rename(root.parent / "gone")
    root.symlink_to(root)


UNREADABLE: dict[str, tuple[Change, str]] = {
    "no folder": (lambda root: root.rename(root.parent / "gone"), "orders: No such file or directory"),
    "no manifest": (lambda root: (root / "manifest.json").unlink(), "manifest.json: No such file or directory"),
    "a manifest that is a link": (
        becomes("manifest.json", lambda path: path.symlink_to("/dev/zero")),
        "manifest.json: not a regular file",
    ),
    "a manifest that is a pipe": (becomes("manifest.json", os.mkfifo), "manifest.json: not a regular file"),
    "a folder that leads to itself": (leads_to_itself, "orders"),
}


@pytest.mark.parametrize(("change", "said"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_exit_2(
    copy: Path, change: Change, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    change(copy)

    assert verify.main([str(copy)]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)
    assert said in captured.err


def test_a_folder_that_cannot_be_listed_is_exit_2(
    copy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("rules"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)

    assert verify.main([str(copy)]) == 2
    assert capsys.readouterr().err == f"verify: {copy / 'rules'}: Permission denied\n"


@pytest.mark.parametrize(("arguments", "code"), [(["--help"], 0), (["a", "b"], 2)], ids=["help", "two folders"])
def test_usage(arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify.main(arguments) == code
    assert capsys.readouterr().err.startswith("usage: verify.py [FOLDER]")


def test_without_a_folder_its_own_copy_is_meant_and_only_the_standard_library_is_needed(copy: Path) -> None:
    source = (REPOSITORY / "scripts" / "verify.py").read_bytes()
    (copy / "scripts" / "verify.py").write_bytes(source)
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["files"]["scripts/verify.py"] = entry(source)
    (copy / "manifest.json").write_text(json.dumps(manifest))
    line = [sys.executable, "-I", "-S", str(copy / "scripts" / "verify.py")]
    done = subprocess.run(line, capture_output=True, text=True, check=False, cwd="/")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("orders 1.0.0: 4 files, complete and unchanged")
