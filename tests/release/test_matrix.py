"""What is kept of a run of the matrix."""

from __future__ import annotations

import json
from pathlib import Path

import matrix
import pytest

CLEAN = {"traps": 2, "proven": 2, "errors": 0, "not_run": 0}


def cell(python: str, libraries: str, *checks: str, **summary: int) -> matrix.Cell:
    told = [{"check": check, "path": "rules/a.md", "line": 1, "message": "told"} for check in checks]
    report = {"summary": CLEAN | summary, "versions": {"python": f"{python}.1"}, "diagnostics": told}
    return matrix.Cell(python, libraries, report)


CELLS = [cell(python, libraries) for python in matrix.PYTHONS for libraries in matrix.LIBRARIES]


@pytest.mark.parametrize(
    ("cells", "complete"),
    [
        pytest.param(CELLS, True, id="every cell, clean"),
        pytest.param(CELLS[1:], False, id="a cell is missing"),
        pytest.param([*CELLS[1:], cell("3.11", "oldest", errors=1)], False, id="an error in one"),
        pytest.param([*CELLS[1:], cell("3.11", "oldest", "not-run")], False, id="a program is missing in one"),
        pytest.param(
            [*CELLS[:1], *CELLS[2:], cell("3.11", "oldest", "unsupported-proof", not_run=1)],
            True,
            id="one shows what its libraries have not yet",
        ),
        pytest.param([*CELLS[1:], matrix.Cell("3.11", "oldest", None)], False, id="one could not run"),
    ],
)
def test_complete_is_every_python_with_both_sets_clean(cells: list[matrix.Cell], *, complete: bool) -> None:
    assert matrix.is_complete(cells) is complete


def test_tested_names_each_version_once() -> None:
    assert matrix.tested(CELLS) == {"python": "3.11.1, 3.12.1, 3.13.1"}


def test_prove_prints_a_row_for_each_and_keeps_them_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = [cell("3.11", "newest"), cell("3.11", "oldest", errors=1), matrix.Cell("3.12", "newest", None, "no pip")]
    monkeypatch.setattr(matrix, "_find", lambda version: Path(version) if version != "3.13" else None)
    monkeypatch.setattr(matrix, "_cells", lambda _root, pythons, _: said if list(pythons) == ["3.11", "3.12"] else [])

    assert matrix.prove(tmp_path) == said
    assert capsys.readouterr().out == (
        "3.11   newest  clean     2 of 2 traps on python 3.11.1\n"
        "3.11   oldest  NOT clean 2 of 2 traps on python 3.11.1\n"
        "3.12   newest  could not run\nno pip\n"
        "not found: 3.13\n"
    )
    record = json.loads((tmp_path / "dist" / "matrix.json").read_text())
    assert [(c["python"], c["libraries"], c["clean"]) for c in record["cells"]] == [
        ("3.11", "newest", True),
        ("3.11", "oldest", False),
        ("3.12", "newest", False),
    ]
    assert [c["versions"] for c in record["cells"]] == [{"python": "3.11.1"}, {"python": "3.11.1"}, {}]
