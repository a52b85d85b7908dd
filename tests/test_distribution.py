"""Installed from the repository into a fresh environment, as the GitHub Action and pre-commit do it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from packages import changed
from skill_validator.checks import CHECKS

REPOSITORY = Path(__file__).parents[1]
LONE = "---\nname: invoices\ndescription: Invoices. Use when one is due.\n---\n# Invoices\n"


def action() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((REPOSITORY / "action.yml").read_text(encoding="utf-8"))
    return loaded


def run_step(number: int, temporary: Path, folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run one shell step of the action, with the environment that GitHub gives it."""
    step = action()["runs"]["steps"][number]
    defaults = {name: given["default"] for name, given in action()["inputs"].items()}
    values = {f"${{{{ inputs.{name} }}}}": value for name, value in (defaults | inputs).items()}
    given = {name: values[expression] for name, expression in step.get("env", {}).items()}
    places = {"RUNNER_TEMP": str(temporary), "GITHUB_ACTION_PATH": str(REPOSITORY)}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-e", "-c", step["run"]], cwd=folder, env=os.environ | {"PATH": path} | places | given,
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runner's folder, in which the action has installed the validator."""
    folder = tmp_path_factory.mktemp("runner")
    done = run_step(1, folder, folder)
    assert done.returncode == 0, done.stderr
    return folder


def validate(temporary: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The installed command, in a folder away from the repository."""
    command = temporary / "skill-validate" / "bin" / "skill-validate"
    line = [str(command), *arguments]
    return subprocess.run(line, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def test_everything_of_the_validator_is_installed(temporary: Path) -> None:
    (installed,) = (temporary / "skill-validate").glob("lib/python*/site-packages/skill_validator")
    source = REPOSITORY / "scripts" / "skill_validator"
    wanted = {p.relative_to(source) for p in source.rglob("*") if p.suffix in {".py", ".json"}}
    wanted |= {Path("constraints", p.name) for p in (REPOSITORY / "constraints").glob("*.txt")}
    assert wanted - {p.relative_to(installed) for p in installed.rglob("*")} == set()


def test_the_heavy_libraries_of_the_examples_are_not_needed(temporary: Path) -> None:
    names = {p.name.lower() for p in (temporary / "skill-validate").glob("lib/python*/site-packages/*")}
    assert names & {"fastapi", "sqlalchemy", "pytest", "asyncpg", "aiohttp"} == set()


def test_the_current_folder_is_validated_where_no_path_is_given(temporary: Path, tmp_path: Path) -> None:
    clean = validate(temporary, write(tmp_path / "invoices", {"SKILL.md": LONE}), "--static")
    assert (clean.returncode, clean.stderr) == (0, "")
    assert clean.stdout == "invoices: clean; 0 pages, 0 examples, 0 traps; nothing executed\n"
    assert "(default: the current folder)" in " ".join(validate(temporary, tmp_path, "--help").stdout.split())


def test_a_folder_without_a_skill_is_no_finding(temporary: Path, tmp_path: Path) -> None:
    done = validate(temporary, tmp_path, "--static")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no SKILL.md in it or below it" in done.stderr


def test_the_lock_and_the_schemas_are_read_where_they_were_installed(temporary: Path, tmp_path: Path) -> None:
    files = changed({"SKILL.md": [("anyio:", "aniyo:"), ("license: MIT", "license:")]})
    done = validate(temporary, write(tmp_path / "orders", files), "--static", "--format", "concise")
    assert done.returncode == 1
    assert [line.split(": ")[2] for line in done.stdout.splitlines()] == [
        "invalid-field", "misspelt-library", "stale-manifest",
    ]  # fmt: skip
    assert len(validate(temporary, tmp_path, "--list").stdout.splitlines()) == len(CHECKS)


def test_proofs_without_the_extra_say_what_is_missing(temporary: Path, tmp_path: Path) -> None:
    done = validate(temporary, write(tmp_path / "orders", changed()))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"validate: {tmp_path}/orders: its proofs need pytest, which is not installed: "
        "install the extra 'examples', or ask for --static\n"
    )


def test_the_hook_of_pre_commit_runs(temporary: Path, tmp_path: Path) -> None:
    hooks = {h["id"]: h for h in yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    hook = hooks["skill-validate"]
    assert (hook["language"], hook["pass_filenames"]) == ("python", False)
    name, *arguments = hook["entry"].split()
    assert name == "skill-validate"
    write(tmp_path, {"skills/invoices/SKILL.md": LONE})
    assert validate(temporary, tmp_path, *arguments).returncode == 0
    write(tmp_path, {"skills/invoices/SKILL.md": LONE.replace("name: invoices", "name: Invoices")})
    assert validate(temporary, tmp_path, *arguments).returncode == 1


def test_the_scanning_hook_runs(tmp_path: Path) -> None:
    hooks = {h["id"]: h for h in yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    (tmp_path / "app.py").write_text("import aiohttp\nc = aiohttp.TCPConnector(ssl=False)\n")
    assert hooks["scan"]["language"] == "script"
    done = subprocess.run(
        [REPOSITORY / hooks["scan"]["entry"], "app.py"], cwd=tmp_path, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (1, b"")


def test_the_action_shows_findings_at_their_lines(temporary: Path, tmp_path: Path) -> None:
    write(tmp_path, {"a b/invoices/SKILL.md": LONE.replace("Invoices. Use when one is due.", "Invoices.")})
    mild = run_step(2, temporary, tmp_path, path="a b")
    strict = run_step(2, temporary, tmp_path, path="a b", arguments="--strict --ignore links")
    assert [mild.returncode, strict.returncode] == [0, 1]
    assert mild.stdout.startswith("::warning file=a b/invoices/SKILL.md,line=3,title=missing-occasion::")
