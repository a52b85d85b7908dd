"""What is noted of an example while it runs, and what is refused. Each case runs in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from skill_validator import incidents, watching

TESTS = Path(__file__).parent
PATHS = os.pathsep.join([str(TESTS.parent / "scripts"), str(TESTS)])
LOADER = """
import measured, sys
from pathlib import Path
from skill_validator.loading import load
from skill_validator.markdown import read_document
page = Path(sys.argv[1])
load(read_document(page, page.read_text()).examples[0])
"""


PROJECT = """
import measured, os, subprocess, sys
from pathlib import Path
from skill_validator.loading import extract
from skill_validator.markdown import read_document
page = Path(sys.argv[1])
environment = extract(read_document(page, page.read_text()).project, Path("project"))
subprocess.run([sys.executable, "-c", "import app.main"], env=os.environ | environment)
"""


def run(folder: Path, code: str, *, watched: bool = True, loader: str = LOADER) -> tuple[str, list[dict[str, object]]]:
    """Load a page with this code in a child; the last line of its talk, and what was noted."""
    page = folder / "page.md"
    page.write_text(code if code.startswith("#") else f"# Page\n\n```python\n{code}```\n", encoding="utf-8")
    own = folder / "own"
    own.mkdir()
    named = {"SKILL_VALIDATOR_LOG": str(own / ".log"), "SKILL_VALIDATOR_FOLDER": str(own)} if watched else {}
    environment = os.environ | {"PYTHONPATH": PATHS, "PYTHONDONTWRITEBYTECODE": "1"} | named
    command = [sys.executable, "-c", loader, str(page)]
    done = subprocess.run(command, cwd=own, env=environment, capture_output=True, text=True, timeout=30, check=False)
    log = own / ".log"
    noted = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    return (done.stderr.strip().splitlines() or [""])[-1], noted


def test_a_loaded_example_is_noted_by_page_and_line(tmp_path: Path) -> None:
    assert run(tmp_path, "answer = 42\n") == ("", [{"loaded": f"{tmp_path / 'page.md'}:4"}])


def files(**modules: str) -> str:
    """A page whose blocks are the modules of the package `app`."""
    return "# Page\n" + "".join(f"\n**`app/{n}.py`**\n\n```python\n{code}```\n" for n, code in modules.items())


@pytest.mark.parametrize("watched", [True, False])
def test_the_files_of_a_project_are_noted_when_they_are_executed(tmp_path: Path, *, watched: bool) -> None:
    page = files(main="import app.models\nexec('x = 1')\n", models="TEA = 1\n", unused="CUP = 1\n")
    error, noted = run(tmp_path, page, watched=watched, loader=PROJECT)
    written = {p.name for p in (tmp_path / "own" / "project" / "app").glob("*.py")}

    assert error == ""
    assert noted == [{"loaded": f"{tmp_path / 'page.md'}:{line}"} for line in (6, 13) if watched]
    assert written == {"main.py", "models.py", "unused.py"}


def test_each_file_of_a_project_is_noted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hooks: list[Callable[[str, tuple[object, ...]], None]] = []
    monkeypatch.setattr(sys, "addaudithook", hooks.append)
    monkeypatch.setattr(watching, "_watched", [])
    monkeypatch.setattr(watching, "_named", {})
    monkeypatch.setitem(incidents.FILES, "/app/main.py", ("", 0))  # so that it is taken out again
    monkeypatch.setenv(incidents.LOG, str(tmp_path / "log"))
    monkeypatch.setenv(watching.FOLDER, str(tmp_path))
    watching.follow({"/app/main.py": ("page.md", 6), "/app/models.py": ("page.md", 12)})
    main, models = (compile("", f"/app/{name}.py", "exec") for name in ("main", "models"))
    for event, code in (("compile", models), ("exec", main), ("exec", main), ("exec", models)):
        hooks[0](event, (code,))

    assert (tmp_path / "log").read_text() == '{"loaded": "page.md:6"}\n{"loaded": "page.md:12"}\n'
    assert len(hooks) == 2  # what executes, and what it does from then on


def test_a_write_elsewhere_by_a_file_of_a_project_is_noted_at_its_line_in_the_page(tmp_path: Path) -> None:
    target = str(tmp_path / "elsewhere")
    error, noted = run(tmp_path, files(main=f"import os\n\nos.mkdir({target!r})\n"), loader=PROJECT)

    assert error == f"PermissionError: an example may only write to its own folder: {target}"
    assert [(n["check"], n["path"], n["line"]) for n in noted[1:]] == [("escaping-write", str(tmp_path / "page.md"), 8)]


def test_nothing_is_noted_where_no_log_is_named(tmp_path: Path) -> None:
    assert run(tmp_path, f"open({str(tmp_path / 'x')!r}, 'w').close()\n", watched=False) == ("", [])
    assert (tmp_path / "x").exists()


@pytest.mark.parametrize(
    "line",
    [
        "open({path!r}, 'w')",
        "open({path!r}.encode(), 'ab')",
        "os.open({path!r}, os.O_CREAT | os.O_RDWR)",
        "pathlib.Path({path!r}).write_text('x')",
        "pathlib.Path({path!r}).mkdir()",
        "os.symlink('page.md', {path!r})",
        "os.rename('own.txt', {path!r})",
        "shutil.copy('own.txt', {path!r})",
    ],
)
def test_a_write_elsewhere_is_refused_and_noted_at_its_line(tmp_path: Path, line: str) -> None:
    target = tmp_path / "elsewhere"
    code = "import os, pathlib, shutil\nopen('own.txt', 'w').close()\n" + line.format(path=str(target)) + "\n"
    error, noted = run(tmp_path, code)

    assert error == f"PermissionError: an example may only write to its own folder: {target}"
    assert noted[1:] == [
        {
            "check": "escaping-write",
            "path": str(tmp_path / "page.md"),
            "line": 6,
            "message": f"wrote to {target}, outside its folder",
        }
    ]
    assert not target.exists()


@pytest.mark.parametrize(
    "line",
    [
        "open('own.txt', 'w').close(); os.rename('own.txt', 'other.txt')",
        "open(os.devnull, 'w').close()",
        "open('/proc/cpuinfo').close()",
        "open(os.__file__).close()",
        "tempfile.TemporaryFile(dir='.').close()",
        "os.fdopen(os.dup(2), 'w').close()",
        "socket.create_server(('127.0.0.1', 0)).close()",
        "socket.socket(socket.AF_UNIX).close()",
    ],
)
def test_what_an_example_may_do(tmp_path: Path, line: str) -> None:
    error, noted = run(tmp_path, f"import os, socket, tempfile\n{line}\n")

    assert (error, noted[1:]) == ("", [])


@pytest.mark.parametrize(
    ("host", "near"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("192.0.2.1", False), ("orders.example", False)],
)
def test_connections_stay_on_this_machine(tmp_path: Path, host: str, *, near: bool) -> None:
    code = f"import socket\ntry:\n    socket.create_connection(({host!r}, 1))\nexcept ConnectionError:\n    pass\n"
    error, noted = run(tmp_path, code)

    if near:
        assert noted[1:] == []
    else:
        assert error == f"PermissionError: an example may only connect to this machine: {host}"
        assert [(n["check"], n["line"], n["message"]) for n in noted[1:]] == [
            ("distant-connection", 6, f"connected to {host}, beyond loopback")
        ]
