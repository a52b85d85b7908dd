"""The words on import statements: every name that Python would import, read anew where a file may have changed."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scanner import cache, imports
from scanner.imports import imported, words
from scanner.reading import read


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("import a, b.c as d", {"a", "b", "c", "as", "d"}, id="several"),
        pytest.param("if x:\n\tfrom .a import b", {"a", "import", "b"}, id="indented"),
        pytest.param("from . import (\n    a,  # noqa: F401 (used)\n    b,\n)\nc", set("ab"), id="in parentheses"),
        pytest.param("from a import b, \\\n    c\nd", {"a", "import", "b", "c"}, id="after a backslash"),
        pytest.param("import a  # and b (\nc)", {"a"}, id="a comment"),
        pytest.param("import a; import b", {"a", "import", "b"}, id="two on a line"),
        pytest.param("important = 1\nfromage = 2\nx = 'import a'", set(), id="no statement"),
        pytest.param("import (\n" * 100_000, {"import"}, id="parentheses that never end"),
    ],
)
def test_words(text: str, found: set[str]) -> None:
    assert found <= imported(text) <= found | {"import", "noqa", "F401", "used"}


NAMES = st.sampled_from(["a", "b", "app", "db", "deps", "_x", "größe"])
GAPS = st.sampled_from([" ", "  ", " \\\n ", "\t"])
BREAKS = st.sampled_from(["", "\n", "  # c\n", " # (d)\n", "\n # import e\n\n"])


@st.composite
def statements(draw: st.DrawFn) -> str:
    """An import statement, spread over lines as people do, or worse."""

    def gap() -> str:
        return draw(GAPS)

    plain = st.lists(NAMES, min_size=1, max_size=3).map(".".join)
    if draw(st.booleans()):
        return f"import{gap()}" + f",{gap()}".join(draw(st.lists(plain, min_size=1, max_size=3)))
    source = draw(st.sampled_from(["", ".", ".. "])) + draw(plain)
    listed = [f"{name}{gap()}as{gap()}z" if draw(st.booleans()) else name for name in draw(st.lists(NAMES, min_size=1))]
    if draw(st.booleans()):
        inside = "".join(f"{draw(BREAKS)}{name}{draw(BREAKS)}," for name in listed)
        return f"from{gap()}{source}{gap()}import{gap()}({inside}{draw(BREAKS)})"
    return f"from{gap()}{source}{gap()}import{gap()}" + f",{gap()}".join(listed)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(statements(), st.sampled_from(["x = (1)", "# from a import (", '"""import (b"""', ""]))))
def test_every_part_of_an_imported_name_is_a_word(lines: list[str]) -> None:
    text = "\n".join(lines)
    names = {
        part
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (*(a.name for a in node.names), getattr(node, "module", None) or "")
        for part in name.split(".")
    }

    assert names - {""} <= imported(text)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that have been read; each counts as written long ago."""
    names: list[str] = []

    def noted(path: str) -> str:
        names.append(Path(path).name)
        return read(path)

    monkeypatch.setattr(imports, "read", noted)
    monkeypatch.setattr(imports, "TICK", -(10**10))
    return names


def test_what_was_read_once_is_not_read_again(reads: list[str], tmp_path: Path) -> None:
    one, two = tmp_path / "one.py", tmp_path / "two.py"
    one.write_text("import a")
    two.write_text("import b")

    found = [words([str(one), str(two)], str(tmp_path)) for _ in range(2)]

    assert found == [{str(one): ["a"], str(two): ["b"]}] * 2
    assert reads == ["one.py", "two.py"]


def rewritten(path: Path) -> None:
    path.write_text("import cc")


def rewritten_to_the_same_size_and_time(path: Path) -> None:
    before = path.stat()
    while path.stat().st_ctime_ns == before.st_ctime_ns:  # until the clock of the file system has moved on
        path.write_text("import b")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def replaced(path: Path) -> None:
    path.with_suffix(".new").write_text("import b")
    path.with_suffix(".new").replace(path)


@pytest.mark.parametrize("change", [rewritten, rewritten_to_the_same_size_and_time, replaced])
def test_what_has_changed_is_read_again(reads: list[str], tmp_path: Path, change: Callable[[Path], None]) -> None:
    file = tmp_path / "a.py"
    file.write_text("import a")
    before = words([str(file)], str(tmp_path))
    change(file)

    after = words([str(file)], str(tmp_path))

    assert before == {str(file): ["a"]}
    assert after == {str(file): [file.read_text().split()[1]]} != before
    assert reads == ["a.py", "a.py"]


def test_what_was_written_just_now_is_not_kept(
    reads: list[str], tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "TICK", 10**12)
    (tmp_path / "a.py").write_text("import a")

    found = [words([str(tmp_path / "a.py")], str(tmp_path)) for _ in range(2)]

    assert found == [{str(tmp_path / "a.py"): ["a"]}] * 2
    assert reads == ["a.py", "a.py"]
    assert not kept.exists()


@pytest.mark.usefixtures("reads")
def test_what_is_gone_is_not_kept_and_what_lies_elsewhere_is(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a.py", "b.py", "c.py")]
    for file in files:
        file.write_text("import x")
    words(map(str, files[:2]), str(tmp_path))
    files[0].unlink()

    assert words([str(files[0])], str(tmp_path)) == {}
    words([str(files[2])], str(tmp_path))

    assert sorted(cache.load(str(tmp_path))) == [str(f) for f in files[1:]]


def test_what_cannot_be_read_has_no_words_and_is_not_kept(reads: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"import a # \xff")

    assert [words([str(tmp_path / "a.py")], str(tmp_path)) for _ in range(2)] == [{}, {}]
    assert reads == ["a.py", "a.py"]
