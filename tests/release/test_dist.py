"""`make dist`: validated first, and nothing is written unless that run was clean."""

from __future__ import annotations

import subprocess
from pathlib import Path

import dist
import pytest
from packages import changed

VERIFY = {"scripts/verify.py": "", "LICENSE": "MIT"}
WARNED = {"SKILL.md": ("license: MIT", "license: MIT\nlicence: MIT")}
PAGES = {name: text for name, text in changed().items() if not name.startswith("tests/")}


def package(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.fixture(autouse=True)
def no_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


def test_a_clean_package_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = package(tmp_path / "orders", PAGES | VERIFY)

    assert dist.main(["--root", str(root)]) == 0
    names = ["SHA256SUMS", "orders-1.0.0-portable.zip", "orders-1.0.0.skill", "orders-1.0.0.zip"]
    assert sorted(p.name for p in (root / "dist").iterdir()) == names
    assert sorted(line.split()[0] for line in capsys.readouterr().out.splitlines()) == [
        str(root / "dist" / name) for name in names
    ]


def test_what_is_not_as_committed_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = package(tmp_path / "orders", PAGES | VERIFY)
    git = ["git", "-C", str(root), "-c", "user.name=a", "-c", "user.email=a@localhost"]
    for arguments in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "a"]):
        subprocess.run([*git, *arguments], check=True)
    assert dist.main(["--root", str(root)]) == 0
    assert "not as committed" not in capsys.readouterr().err
    package(root, {"LICENSE": "BSD", "references/new.toml": "", "notes.txt": ""})

    assert dist.main(["--root", str(root)]) == 0
    assert capsys.readouterr().err.endswith("dist: not as committed: LICENSE, references/new.toml\n")


@pytest.mark.parametrize(
    ("files", "code"),
    [
        pytest.param(changed(WARNED, drop=[n for n in changed() if n.startswith("tests/")]), 1, id="a warning"),
        pytest.param(PAGES | {"SKILL.md": PAGES["SKILL.md"] + "[a](none.md)\n"}, 1, id="an error"),
        pytest.param({"LICENSE": "MIT"}, 2, id="no skill"),
        pytest.param(PAGES | {"tests/proofs/conftest.py": "1 / 0"}, 2, id="proofs that cannot run"),
    ],
)
def test_anything_but_clean_stops_it(tmp_path: Path, files: dict[str, str], code: int) -> None:
    root = package(tmp_path / "orders", VERIFY | files)

    assert dist.main(["--root", str(root)]) == code
    assert not (root / "dist").exists()


def test_what_cannot_be_shipped_or_written_is_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = package(tmp_path / "orders", PAGES)
    assert dist.main(["--root", str(root)]) == 2
    assert "LICENSE: nothing there to ship" in capsys.readouterr().err

    package(root, VERIFY | {"file": ""})
    assert dist.main(["--root", str(root), "--output", str(root / "file")]) == 2
    assert "dist: [Errno" in capsys.readouterr().err
