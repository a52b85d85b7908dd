"""What names mean in a module, and what stands around a node."""

from __future__ import annotations

import ast

import pytest
from scanner.syntax import dotted, value
from scans import last_expression, module


@pytest.mark.parametrize(
    ("code", "wanted", "means"),
    [
        ("asyncio.timeout(1)", "asyncio.timeout", True),
        ("from asyncio import timeout as t\nt(1)", "asyncio.timeout", True),
        ("import asyncio.locks\nasyncio.locks.Lock()", "asyncio.Lock", True),
        ("anext(x)", "anext", True),
        ("def anext(x): ...\nanext(x)", "anext", False),
        ("timeout(1)", "asyncio.timeout", False),
        ("self.timeout(1)", "asyncio.timeout", False),
        ("'x'.timeout", "asyncio.timeout", False),
        ("from compat import timeout\ntimeout(1)", "asyncio.timeout", True),
    ],
)
def test_meaning(code: str, wanted: str, *, means: bool) -> None:
    of = module(code, compat="from asyncio import timeout")

    assert of.means(last_expression(of), wanted) is means


def test_attributes_have_what_their_class_and_its_methods_assign() -> None:
    of = module("class A:\n b = 1\n def __init__(self):\n  self.a: int\n  self.a = self.c = 2\n def f(self):\n  self.a")
    node = max(of.nodes(ast.Attribute), key=lambda n: n.lineno)

    assert [value(v) for v in of.values(node)] == [2]
    owner = of.klass(node)
    assert owner is not None
    assert {name: [b.how for b in bound] for name, bound in of.attributes(owner).items()} == {
        "a": ["annotation", "value"],
        "b": ["value"],
        "c": ["value"],
    }


def test_a_name_in_quotes_is_a_class_of_here_or_of_where_it_was_imported_from() -> None:
    of = module("from db import S, T\nclass U: ...\nx = 1", db="class S: ...\nT = 1")

    assert [getattr(of.class_called(name), "name", None) for name in "STUVx"] == ["S", None, "U", None, None]


def test_what_stands_in_no_function_stands_in_nothing() -> None:
    of = module("with a:\n if b:\n  c()")
    [call] = of.calls("c")

    assert [type(n) for n in of.around(call, ast.If)] == [ast.If]
    assert [dotted(item.context_expr) for _, item in of.entered(call)] == ["a"]


def test_a_class_of_a_function_is_found() -> None:
    of = module("def f():\n class S: ...\n x = S()\n x")
    found = of.class_of(last_expression(of))

    assert found is not None
    assert found[1].name == "S"


def test_a_text_of_another_module_is_read() -> None:
    of = module("from sql import SET, S\n(SET, S, of)", sql="SET = 'SET ROLE reader'\nclass S: ...")

    assert of.text_of(last_expression(of)) == "SET ROLE reader"


def test_what_stands_below_clauses_is_defined() -> None:
    code = "try:\n a = 1\nexcept E:\n def b(): ...\nmatch x:\n case 1:\n  class c: ...\ndef d():\n e = 1"

    assert list(module(code).definitions) == ["a", "b", "c", "d"]
