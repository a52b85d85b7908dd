"""The scanner as GitHub runs it, in a project that is not this one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

REPOSITORY = Path(__file__).parents[2]
FAULT = "import aiohttp\nc = aiohttp.TCPConnector(ssl=False)\n"


def run(folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the action's shell step with the environment that GitHub gives it."""
    action: dict[str, Any] = yaml.safe_load((REPOSITORY / "scan" / "action.yml").read_text(encoding="utf-8"))
    [step] = [step for step in action["runs"]["steps"] if "run" in step]
    values = {name: given["default"] for name, given in action["inputs"].items()} | inputs
    given = {name: values[said.strip("${} ").removeprefix("inputs.")] for name, said in step["env"].items()}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    place = {"GITHUB_ACTION_PATH": str(REPOSITORY / "scan"), "PATH": path}
    return subprocess.run(
        ["bash", "-e", "-c", step["run"]], cwd=folder, env=os.environ | place | given,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("inputs", "code", "said"),
    [
        pytest.param({}, 1, ["::error file=app.py,line=2,title=certificate-unchecked"], id="the whole project"),
        pytest.param({"path": "sound"}, 0, [], id="a folder without a fault"),
        pytest.param({"arguments": "--exit-zero --ignore pooling"}, 0, [], id="several options"),
        pytest.param({"path": "--list"}, 2, [], id="a path that looks like an option is a path"),
    ],
)
def test_findings_are_shown_at_their_lines(tmp_path: Path, inputs: dict[str, str], code: int, said: list[str]) -> None:
    (tmp_path / "app.py").write_text(FAULT)
    (tmp_path / "sound").mkdir()
    done = run(tmp_path, **inputs)

    assert done.returncode == code, done.stderr
    assert [line.split("::every")[0] for line in done.stdout.splitlines()] == said
