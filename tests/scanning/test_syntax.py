"""Texts -> trees, and what expressions say without a module around them."""

from __future__ import annotations

import ast

import pytest
from scanner.syntax import dotted, entries, value, within
from scanner.tree import parse


def test_constants() -> None:
    assert [value(parse(code).body[0].value) for code in ("-1", "-x", "-'a'", "'a'")] == [-1, None, None, "a"]  # type: ignore[attr-defined]
    assert dotted(parse("a[0].b").body[0].value) == ""  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        pytest.param("{'a': 1, **b, 2: 3}", {"a": 1, "**": None, "2": 3}, id="a display"),
        pytest.param("dict(a=1, **b)", {"a": 1, "**": None}, id="a call"),
        pytest.param("other(a=1)", {}, id="another call"),
    ],
)
def test_entries(code: str, found: dict[str, object]) -> None:
    [statement] = parse(code).body
    assert isinstance(statement, ast.Expr)

    assert {name: value(given) for name, given in entries(statement.value).items()} == found


def test_what_runs_with_a_block_is_not_what_functions_in_it_do() -> None:
    block = parse("def f():\n a()\nb()").body

    assert [dotted(n) for n in within(block) if isinstance(n, ast.Call)] == ["b"]


@pytest.mark.parametrize("code", ["\0", "(" * 1000 + ")" * 1000, "x = ("])
def test_what_is_no_python_is_a_syntax_error(code: str) -> None:
    with pytest.raises(SyntaxError):
        parse(code)


def test_what_cannot_be_encoded_is_a_syntax_error() -> None:
    with pytest.raises(SyntaxError, match="surrogates"):
        parse("x = '\ud800'")
