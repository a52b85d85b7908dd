"""The project of references/service-template.md: its own tools are clean on it, its versions are the package's."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from skill_validator.loading import extract
from skill_validator.markdown import read_document
from test_package import ROOT, targets

PAGE = ROOT / "references" / "service-template.md"
CODE = ("app", "migrations")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = read_document(PAGE, PAGE.read_text(encoding="utf-8")).project
    assert project is not None
    written = tmp_path_factory.mktemp("service")
    extract(project, written)
    return written


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(("ruff", "check", "--no-cache"), id="lint"),
        pytest.param(("ruff", "format", "--check", "--no-cache"), id="format"),
        pytest.param(("mypy", "--strict", f"--cache-dir={ROOT / '.mypy_cache' / 'service'}"), id="types"),
    ],
)
def test_its_own_tools_are_clean_on_it(folder: Path, command: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command, *CODE], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )

    assert (done.returncode, done.stdout.splitlines()[-1].partition(" ")[0]) in [(0, "All"), (0, "12"), (0, "Success:")]


def test_it_asks_for_what_the_package_targets(folder: Path) -> None:
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {r.name: str(r.specifier) for r in map(Requirement, project["dependencies"])}

    newer = {"sqlalchemy": ">=2.1.0"}  # before, an error at COMMIT has no `driver_exception` that names the constraint
    assert asked == {name: floor for name, floor in targets().items() if name in asked} | newer
    assert len(asked) == 8
