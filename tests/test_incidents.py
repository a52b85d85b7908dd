"""Where code of a page stands on the stack, and the log of what it did."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from skill_validator.incidents import FILES, innermost_page, record

CODE = "\n\ndef ask(question):\n    return question()\n"


def page(path: Path) -> dict[str, object]:
    """The names of code that says it stands in a file."""
    names: dict[str, object] = {}
    exec(compile(CODE, str(path), "exec"), names)
    return names


def test_the_line_of_a_page_that_called_is_found(tmp_path: Path) -> None:
    ask = page(tmp_path / "page.md")["ask"]
    assert callable(ask)
    assert ask(lambda: [innermost_page() for _ in range(1)]) == [(str(tmp_path / "page.md"), 4)]


def test_code_of_no_page_has_no_place(tmp_path: Path) -> None:
    ask = page(tmp_path / "page.py")["ask"]
    assert callable(ask)
    assert ask(innermost_page) is None


def test_a_file_of_a_project_stands_in_its_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FILES, str(tmp_path / "main.py"), ("page.md", 11))
    ask = page(tmp_path / "main.py")["ask"]
    assert callable(ask)
    assert ask(lambda: [innermost_page() for _ in range(1)]) == [("page.md", 14)]


def test_what_is_recorded_is_a_line_of_the_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    record(str(log), "escaping-read", ("page.md", 4), "read /etc")
    record(str(log), "left-running", None, "left")

    assert [json.loads(line) for line in log.read_text().splitlines()] == [
        {"check": "escaping-read", "path": "page.md", "line": 4, "message": "read /etc"},
        {"check": "left-running", "path": "", "line": 0, "message": "left"},
    ]
