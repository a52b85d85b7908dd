"""What the real installers make of the package: the `skills` client of npm, and Claude Code's plugin commands."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from commands import REPOSITORY
from outside import CLIENTS, npm_program, run_alone, tracked_copy
from skill_release.contents import read_contents
from skill_release.inventory import with_inventory
from skill_release.shipping import distribution

NEWEST = (22, 20)  # the Node.js that the newest `skills` asks for; npm gives older ones the last that runs there
CLAUDE = "@anthropic-ai/claude-code/cli-wrapper.cjs"
HEAD = json.loads((REPOSITORY / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An empty project beside an empty home."""
    (tmp_path / "home").mkdir()
    (tmp_path / "project").mkdir()
    return tmp_path / "project"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh clone of the repository."""
    return tracked_copy(tmp_path_factory.mktemp("clone") / "python-backend")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release, unpacked."""
    folder = tmp_path_factory.mktemp("released")
    archive = folder / "python-backend.zip"
    archive.write_bytes(distribution(REPOSITORY, 1_700_000_000)[f"{HEAD['name']}-{HEAD['version']}.zip"])
    subprocess.run([sys.executable, "-m", "zipfile", "-e", archive, folder], check=True)
    return folder / "python-backend"


@pytest.fixture(scope="module")
def skills() -> str:
    """The `skills` that `npx` would start with the Node.js that is here."""
    said = subprocess.run(
        [*npm_program("skills/bin/cli.mjs")[:1], "--version"], capture_output=True, text=True, check=True
    )
    version = tuple(int(number) for number in re.findall(r"\d+", said.stdout)[:2])
    return f"skills{'-newest' if version >= NEWEST else ''}/bin/cli.mjs"


def call(program: str, *arguments: object, project: Path) -> str:
    done = run_alone([*npm_program(program), *map(str, arguments)], project.parent / "home", project)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def below(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_skills_installs_a_release_file_by_file(skills: str, project: Path, released: Path) -> None:
    call(skills, "add", released, "-a", "claude-code", "-y", "--copy", project=project)
    installed = project / ".claude" / "skills" / "python-backend"
    done = subprocess.run(
        [sys.executable, released / "scripts" / "verify.py", installed], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert below(installed) == with_inventory(read_contents(REPOSITORY))
    assert sorted(p.name for p in project.iterdir()) == [".claude", "skills-lock.json"]
    assert set(below(project.parent / "home")) <= {".local/state/skills/.skill-lock.json"}


def test_skills_installs_a_checkout_with_all_that_a_release_has(skills: str, project: Path, checkout: Path) -> None:
    call(skills, "add", checkout, "-a", "claude-code", "-y", "--copy", project=project)
    installed = below(project / ".claude" / "skills" / "python-backend")
    shipped = read_contents(REPOSITORY)

    assert {name: installed.get(name) for name in shipped} == shipped
    assert not any(name.startswith((".git/", ".venv/")) for name in installed)


def test_skills_installs_for_every_project_in_the_home(skills: str, project: Path, released: Path) -> None:
    call(skills, "add", released, "-a", "claude-code", "-y", "--copy", "-g", project=project)

    assert below(project.parent / "home" / ".claude" / "skills" / "python-backend") == below(released)
    assert list(project.iterdir()) == []


@pytest.mark.parametrize("source", ["checkout", "released"])
def test_skills_lists_the_one_skill(skills: str, project: Path, source: str, request: pytest.FixtureRequest) -> None:
    said = call(skills, "add", request.getfixturevalue(source), "--list", project=project)

    assert "Found 1 skill\n" in said
    assert f"{HEAD['name']}\n" in said
    assert " ".join(said.replace("│", " ").split()).count(HEAD["description"]) == 1
    assert list(project.iterdir()) == []


def test_skills_removes_what_it_installed(skills: str, project: Path, released: Path) -> None:
    call(skills, "add", released, "-a", "claude-code", "-y", "--copy", project=project)
    call(skills, "remove", HEAD["name"], "-y", project=project)

    assert not (project / ".claude" / "skills" / "python-backend").exists()


def test_claude_code_finds_nothing_wrong_with_the_plugin(project: Path, checkout: Path) -> None:
    for path in (checkout, checkout / ".claude-plugin" / "plugin.json"):
        assert "Validation passed" in call(CLAUDE, "plugin", "validate", path, "--strict", project=project)


def test_claude_code_installs_the_plugin_and_it_brings_the_one_skill(project: Path, checkout: Path) -> None:
    call(CLAUDE, "plugin", "marketplace", "add", checkout, project=project)
    call(CLAUDE, "plugin", "install", HEAD["name"], project=project)
    details = call(CLAUDE, "plugin", "details", HEAD["name"], project=project)
    parts = re.findall(r"^ +([A-Z][A-Za-z ]+) \((\d+)\) *(.*)$", details, re.MULTILINE)
    (cached,) = (project.parent / "home").glob(f".claude/plugins/cache/*/*/{HEAD['version']}")
    shipped = read_contents(REPOSITORY)

    assert details.startswith(f"{HEAD['name']} {HEAD['version']}\n")
    assert parts == [
        ("Skills", "1", HEAD["name"]),
        ("Agents", "0", ""),
        ("Hooks", "0", ""),
        ("MCP servers", "0", ""),
        ("LSP servers", "0", ""),
    ]
    installed = below(cached)
    assert {name: installed.get(name) for name in shipped} == shipped


def test_claude_code_updates_and_removes_the_plugin(project: Path) -> None:
    clone = tracked_copy(project.parent / "clone")
    call(CLAUDE, "plugin", "marketplace", "add", clone, project=project)
    call(CLAUDE, "plugin", "install", HEAD["name"], project=project)
    for name in ("plugin.json", "marketplace.json"):
        path = clone / ".claude-plugin" / name
        path.write_text(path.read_text().replace(f'"version": "{HEAD["version"]}"', '"version": "99.0.0"'))
    call(CLAUDE, "plugin", "marketplace", "update", HEAD["name"], project=project)
    call(CLAUDE, "plugin", "update", f"{HEAD['name']}@{HEAD['name']}", project=project)
    assert "Version: 99.0.0" in call(CLAUDE, "plugin", "list", project=project)

    call(CLAUDE, "plugin", "uninstall", HEAD["name"], project=project)
    assert HEAD["name"] not in call(CLAUDE, "plugin", "list", project=project)


def test_no_program_is_an_error_where_all_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=r"not run: .* is missing; `make test` installs it"):
        npm_program("none/cli.js")
    monkeypatch.setenv("CI", "false")
    with pytest.raises(pytest.skip.Exception, match=r"not run: .* is missing"):
        npm_program("none/cli.js")


def test_the_lock_file_holds_bytes_and_no_addresses() -> None:
    packages = json.loads((CLIENTS.parent / "package-lock.json").read_text(encoding="utf-8"))["packages"]

    assert [name for name, package in packages.items() if name and "integrity" not in package] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []


def test_the_readme_names_the_versions_that_are_tried() -> None:
    pinned = json.loads((CLIENTS.parent / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    readme = " ".join((REPOSITORY / "README.md").read_text(encoding="utf-8").split())

    assert f"`skills` {pinned['skills']} " in readme
    assert f"{pinned['skills-newest'].rpartition('@')[2]} " in readme
    assert f"Claude Code {pinned['@anthropic-ai/claude-code']})" in readme
