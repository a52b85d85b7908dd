"""Python blocks as sources, and lines of sources as lines of pages."""

from __future__ import annotations

from packages import ROOT, package
from skill_validator.parts import Place
from skill_validator.sources import covers, is_rule, located, names, python_blocks, ruffed, shared_setups, source

PAGE = ROOT / "rules/orders-totals.md"


def test_a_setup_stands_above_the_examples_that_share_it() -> None:
    skill = package()
    setup = next(e for e in python_blocks(skill) if e.is_setup)
    example = next(e for e in python_blocks(skill) if e.setup == setup)

    assert shared_setups(skill) == (setup,)
    assert source(example) == setup.code + example.code
    assert [located(example, n) for n in (1, 3, 4)] == [Place(PAGE, n) for n in (15, 17, example.line)]
    assert [covers(setup, line) for line in (14, 15, 17, 18)] == [False, True, True, False]


def test_names_are_those_that_a_source_binds() -> None:
    code = "import a.b, c as d\nfrom e import f\n\n\ndef g(h, *i):\n    j = h\n    return k\n\n\nclass L: ...\n"
    assert names(code) == {"a", "d", "f", "g", "h", "i", "j", "L"}
    assert names("m = (\n") == set()


def test_one_question_serves_all_checks() -> None:
    skill = package({"rules/orders-totals.md": ("Lint: `E722`", "Lint: `E722`, `ZZZ999`")})

    assert {f.code for _, _, f in ruffed(skill)} == {"E722"}
    assert [is_rule("E722"), is_rule("ZZZ999")] == [True, False]
