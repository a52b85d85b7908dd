"""The scanner's command line, called as a user calls it."""

from __future__ import annotations

from pathlib import Path

import pytest
from scanner.cli import main
from scans import TLS, Run


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("--list")`: exit code, stdout and stderr of a call in a folder with one bad file."""
    (tmp_path / "app.py").write_text(TLS)
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(arguments)
        except SystemExit as stop:
            code = int(stop.code or 0)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call
