"""When the real client lists the skill, and what an agent then gets to read: the session that the README describes."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from commands import REPOSITORY
from model import Model, scripted
from outside import QUIET, npm_program, tracked_copy
from skill_release.contents import read_contents

CLAUDE = "@anthropic-ai/claude-code/cli-wrapper.cjs"
HEAD = json.loads((REPOSITORY / "manifest.json").read_text(encoding="utf-8"))
LISTED = json.dumps(f"- {HEAD['name']}: {HEAD['description']}")[1:-1]
LISTED_AS_PLUGIN = json.dumps(f"- {HEAD['name']}:{HEAD['name']}: {HEAD['description']}")[1:-1]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a Python file and another, beside an empty home."""
    (tmp_path / "home").mkdir()
    (tmp_path / "project" / "app").mkdir(parents=True)
    (tmp_path / "project" / "app" / "orders.py").write_text("print(1)\n")
    (tmp_path / "project" / "notes.txt").write_text("tea\n")
    return tmp_path / "project"


@pytest.fixture(params=["release", "checkout"])
def skill(project: Path, request: pytest.FixtureRequest) -> Path:
    """The skill in the folder of skills of a project that the user trusts: a release, or a copy of the repository."""
    folder = project / ".claude" / "skills" / "python-backend"
    if request.param == "checkout":
        tracked_copy(folder)
    for name, data in read_contents(REPOSITORY).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    trusted = {"projects": {str(project): {"hasTrustDialogAccepted": True}}}
    (project.parent / "home" / ".claude.json").write_text(json.dumps(trusted))
    return folder


def claude(project: Path, *arguments: str, model: Model | None = None) -> None:
    """Run the client with nothing to talk to but the model that is given."""
    nowhere = "http://127.0.0.1:9"
    talk = {"HTTPS_PROXY": nowhere, "HTTP_PROXY": nowhere, "NO_PROXY": "127.0.0.1", "ANTHROPIC_API_KEY": "none"}
    environment = {"PATH": os.environ["PATH"], "HOME": str(project.parent / "home"), **QUIET, **talk}
    environment["ANTHROPIC_BASE_URL"] = model.address if model else nowhere
    line = [*npm_program(CLAUDE), *arguments]
    done = subprocess.run(
        line,
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def ask(project: Path, model: Model) -> list[str]:
    """What the model was told at each turn of a conversation."""
    claude(project, "--print", "Look at the file.", "--allowedTools", "Read", "Skill", model=model)
    return model.told


def test_the_skill_is_unlisted_until_a_matching_file_is_read(project: Path, skill: Path) -> None:
    page = skill / "rules" / "fastapi-dependencies.md"
    with scripted(
        ("Read", {"file_path": str(project / "app" / "orders.py")}),
        ("Skill", {"skill": HEAD["name"]}),
        ("Read", {"file_path": str(page)}),
    ) as model:
        told = ask(project, model)

    body = (skill / "SKILL.md").read_text(encoding="utf-8").split("\n---\n", 1)[1].strip()
    index = json.dumps(body.replace("${CLAUDE_SKILL_DIR}", str(skill)))[1:-1]  # the client says where it lies
    assert [LISTED in turn for turn in told] == [False, True, True, True]
    assert not any(LISTED_AS_PLUGIN in turn for turn in told)
    assert [index in turn for turn in told] == [False, False, True, True]
    assert ["## Late commit" in turn for turn in told] == [False, False, False, True]


def test_other_files_leave_it_unlisted(project: Path, skill: Path) -> None:
    assert skill.exists()
    with scripted(("Read", {"file_path": str(project / "notes.txt")})) as model:
        told = ask(project, model)

    assert [HEAD["description"] in turn for turn in told] == [False, False]
    assert "tea" in told[1]


def test_a_plugin_is_listed_from_the_first_word(project: Path) -> None:
    claude(project, "plugin", "marketplace", "add", str(tracked_copy(project.parent / "clone")))
    claude(project, "plugin", "install", HEAD["name"])
    with scripted(("Read", {"file_path": str(project / "notes.txt")})) as model:
        told = ask(project, model)

    assert [LISTED_AS_PLUGIN in turn for turn in told] == [True, True]
