"""Python text becomes a tree or a SyntaxError, whatever it holds, and nothing else."""

from __future__ import annotations

import ast

import pytest
from commands import REPOSITORY
from skill_validator.python import compiled, nodes, parse

BROKEN = {
    "a bracket is never closed": ("x = (\n", "'(' was never closed"),
    "a null byte": ("x\0", "source code string cannot contain null bytes"),
    "half a character": (
        "'\udc80'",
        "'utf-8' codec can't encode character '\\udc80' in position 1: surrogates not allowed",
    ),
    "an expression nested too deep for the parser": ("-" * 100_000 + "1", "nested too deep"),
    "a chain too long for the tree": ("a" + ".b" * 50_000, "nested too deep"),
}


@pytest.mark.parametrize(("code", "message"), BROKEN.values(), ids=BROKEN)
def test_broken(code: str, message: str) -> None:
    for read in (parse, compiled):
        with pytest.raises(SyntaxError) as caught:
            read(code)
        assert caught.value.args[0] == message


def test_sound() -> None:
    assert ast.unparse(parse("x  =  1")) == "x = 1"
    assert compiled("x = 1").co_names == ("x",)


def test_a_warning_of_the_compiler_is_no_error() -> None:
    assert ast.unparse(parse("'\\d' is x")) == "'\\\\d' is x"
    assert compiled("'\\d' is x").co_names == ("x",)


def test_what_only_the_compiler_sees() -> None:
    assert ast.unparse(parse("await x")) == "await x"
    with pytest.raises(SyntaxError, match="outside function"):
        compiled("await x")


def test_every_node_is_walked_in_the_order_of_the_library_but_operators_and_contexts() -> None:
    code = (REPOSITORY / "scripts" / "skill_validator" / "markdown.py").read_text(encoding="utf-8")
    bare = ast.expr_context | ast.operator | ast.cmpop | ast.boolop | ast.unaryop
    assert list(nodes(code)) == [node for node in ast.walk(parse(code)) if not isinstance(node, bare)]
