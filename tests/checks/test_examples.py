"""Checks of the examples that execute none of them: syntax, and what was left out."""

from __future__ import annotations

from fenced import HEAD, TOTALS, block, page, programs, promising
from packages import lone, package
from tables import Faults, NearMisses, silent, told

LIMITS = "rules/refunds-limits.md"
SETUP = 'PRICES = {"tea": Decimal("0.10")}\n'
LINT = "Lint: `E722`"


FAULTS: Faults = {
    "syntax-error": {
        "what has a tree and is refused": (
            page("python", "def f() -> None:\n    nonlocal x\n"),
            [f"{TOTALS}:52: not Python: no binding for nonlocal 'x' found"],
        ),
        "curly quotes in a Setup": (
            package({TOTALS: ('{"tea": Decimal("0.10")}', "{“tea”: Decimal(“0.10”)}")}),
            [f"{TOTALS}:17: not Python: invalid character '“' (U+201C)"],
        ),
        "a bracket is never closed": (
            block("python", "x = 1\ny = (\n"),
            ["SKILL.md:7: not Python: '(' was never closed"],
        ),
        "a quote is never closed": (
            block("python", "x = 1\ny = 'a\n"),
            ["SKILL.md:7: not Python: unterminated string literal"],
        ),
        "await outside a function": (
            page("python", "await f()\n"),
            [f"{TOTALS}:51: not Python: 'await' outside function"],
        ),
        "await outside a function, where all other blocks are programs": (
            programs("import asyncio\nawait asyncio.sleep(1)\n"),
            ["SKILL.md:15: not Python: 'await' outside function"],
        ),
        "a prompt was pasted in": (
            page("python", "x = 1\n>>> x\n"),
            [f"{TOTALS}:52: not Python: the prompt '>>>' was pasted in"],
        ),
        "a prompt of the shell": (
            page("python", "$ python\n"),
            [f"{TOTALS}:51: not Python: the prompt '$' was pasted in"],
        ),
        "typographic quotes": (
            block("python", "x = 1\ny = “a”\n"),
            ["SKILL.md:7: not Python: invalid character '“' (U+201C)"],
        ),
        "a line too far to the right": (
            block("python", "x = 1\n  y = 1\n"),
            ["SKILL.md:7: not Python: unexpected indent"],
        ),
        "a body too far to the left": (
            block("python", "def f(x):\nreturn x\n"),
            ["SKILL.md:7: not Python: expected an indented block after function definition on line 1"],
        ),
        "a colon is missing": (
            block("python", "if x\n    y = 1\n"),
            ["SKILL.md:6: not Python: expected ':'"],
        ),
        "an expression nested too deep": (
            block("python", "x = " + "-" * 100_000 + "1\n"),
            ["SKILL.md:6: not Python: nested too deep"],
        ),
    },
    "newer-syntax": {
        "a type statement": (
            promising("Python 3.11 or newer", "x = 1\ntype X = int\n"),
            [
                "SKILL.md:8: cannot use 'type' alias statement on Python 3.11 (syntax was added in Python 3.12)",
            ],
        ),
        "type parameters, in a package": (
            package(
                {
                    "manifest.json": ('"anyio": ">=4.16"', '"python": ">=3.10"'),
                    TOTALS: ("def average(item: str)", "def average[T](item: T)"),
                }
            ),
            [f"{TOTALS}:46: cannot use type parameter lists on Python 3.10 (syntax was added in Python 3.12)"],
        ),
        "quotes in an f-string": (
            promising("needs python>=3.11", 'x = f"{\'a\' + f"{1}"}"\n'),
            [
                (
                    "SKILL.md:7: cannot reuse outer quote character in f-strings on Python 3.11 "
                    "(syntax was added in Python 3.12)"
                )
            ],
        ),
        "two exceptions without parentheses": (
            lone(
                f"{HEAD}```python\ntry:\n    x = 1\nexcept ValueError, TypeError:\n    x = 2\n```\n",
                **{"pyproject.toml": '[project]\nrequires-python = ">=3.11,<4"\n'},
            ),
            [
                (
                    "SKILL.md:8: multiple exception types must be parenthesized on Python 3.11 "
                    "(syntax was added in Python 3.14)"
                )
            ],
        ),
        "a Setup that two examples share": (
            package(
                {
                    "SKILL.md": ("license: MIT", "license: MIT\ncompatibility: Python 3.11"),
                    TOTALS: ("PRICES = {", "type Price = Decimal\nPRICES = {"),
                }
            ),
            [
                f"{TOTALS}:17: cannot use 'type' alias statement on Python 3.11 (syntax was added in Python 3.12)",
            ],
        ),
    },
    "placeholder-example": {
        "what is to be implemented": (
            page("python", "def f() -> int:\n    raise NotImplementedError\n"),
            [f"{TOTALS}:52: 'raise NotImplementedError' stands for code"],
        ),
        "a comment for code": (
            page("python", "def f() -> int:\n    # your code here\n    return 1\n"),
            [f"{TOTALS}:52: 'your code' stands for code"],
        ),
        "an empty block": (page("python", ""), [f"{TOTALS}:50: the block has no code"]),
        "comments only": (page("python", "# the same with decimals\n"), [f"{TOTALS}:50: the block has no code"]),
        "a string only": (page("python", '"""Later."""\n'), [f"{TOTALS}:50: the block has no code"]),
        "dots only": (page("python", "...\n"), [f"{TOTALS}:50: the block has no code"]),
        "a function of dots": (
            page("python", "x = 1\n\n\ndef f() -> None:\n    ...\n"),
            [f"{TOTALS}:55: '...' stands for code"],
        ),
        "dots among statements": (page("python", "x = 1\n...\ny = 2\n"), [f"{TOTALS}:52: '...' stands for code"]),
        "functions that only pass": (
            page("python", 'def f() -> None:\n    """Later."""\n    pass\n'),
            [f"{TOTALS}:53: 'pass' stands for code"],
        ),
        "something left to do": (
            page("python", "def f() -> int:\n    # TODO: subtract the tax\n    return 1\n"),
            [f"{TOTALS}:52: 'TODO' stands for code"],
        ),
    },
    "idle-lint": {
        "the rule flags neither side": (
            package({TOTALS: (LINT, "Lint: `F401`")}),
            [f"{TOTALS}:40: F401 flags neither side"],
        ),
        "the rule flags both sides": (
            package({TOTALS: (LINT, "Lint: `D103`")}),
            [f"{TOTALS}:40: D103 flags Correct and Incorrect"],
        ),
        "the rule flags the Correct side only": (
            package(
                {
                    TOTALS: [
                        ("    except:", "    except ValueError:"),
                        (
                            "    return sum([PRICES[item]] * count, Decimal(0))",
                            "    try:\n        return Decimal(0)\n    except:\n        return Decimal(1)",
                        ),
                    ]
                }
            ),
            [f"{TOTALS}:43: E722 flags Correct"],
        ),
        "ruff has no such rule": (
            package({TOTALS: (LINT, "Lint: `ZZZ999`")}),
            [f"{TOTALS}:40: ruff has no rule ZZZ999"],
        ),
        "no code is named": (
            package({TOTALS: (LINT, "Lint: E722")}),
            [f"{TOTALS}:40: no rule of ruff is named in `code`"],
        ),
        "one of two rules is idle": (
            package({TOTALS: (LINT, "Lint: `E722`, `F401`")}),
            [f"{TOTALS}:40: F401 flags neither side"],
        ),
    },
}

NEAR_MISSES: NearMisses = {
    "syntax-error": {
        "the package is sound": package(),
        "an odd escape is no error": block("python", 'x = "\\d"\n'),
        "another language": block("text", "(\n"),
        "an empty block": block("python", ""),
        "a stranger's await": block("python", "await f()\n"),
        "a stranger's return": block("python", "return f()\n"),
        "a stranger's method": block("python", "    def f(self):\n        return 1\n"),
        "a stranger's session": block("python", ">>> f()\n1\n"),
        "a stranger's template": block("python", "import {{ package }}\n"),
        "a stranger's name to fill in": block("python", "import <package> as lib\n"),
        "a stranger's elision": block("python", "f(a, ..., b=)\n"),
        "a stranger's signatures": block("python", "total(lines: list[int]) -> int\n"),
        "a stranger's sketch of a body": block("python", "if paid:\n    # ship it\nelse:\n    # wait\n"),
        "await among programs, in a block that is none": programs("await f()\n"),
        "await where half of the blocks are no programs": programs(
            "import os\nawait os.x\n", "x = await f()\n", "import os\nawait os.y\n"
        ),
        "Python newer than this one": block("python", "type X = int\n"),
    },
    "newer-syntax": {
        "the package is sound": package(),
        "a promise of the newest": promising("Python 3.14", "type X = int\n"),
        "no promise": block("python", "type X = int\n"),
        "a specifier without a floor": lone(
            f"{HEAD}```python\ntype X = int\n```\n",
            **{"pyproject.toml": '[project]\nrequires-python = "<4"\n'},
        ),
        "a specifier that is none": lone(
            f"{HEAD}```python\ntype X = int\n```\n",
            **{"pyproject.toml": '[project]\nrequires-python = "new"\n'},
        ),
        "a project that cannot be read": lone(
            f"{HEAD}```python\ntype X = int\n```\n", **{"pyproject.toml": "[project\n"}
        ),
        "a project without a table": lone(
            f"{HEAD}```python\ntype X = int\n```\n", **{"pyproject.toml": "project = 1\n"}
        ),
    },
    "placeholder-example": {
        "the package is sound": package(),
        "a stranger's sketch": block("python", "def f():\n    ...\n"),
        "a syntax error has its own check": page("python", "x = (\n"),
        "an empty class": page("python", "class Base:\n    ...\n\n\nx = Base()\n"),
        "a Protocol": page(
            "python",
            "from typing import Protocol\n\n\nclass Paid(Protocol):\n    x: int\n\n    def f(self) -> int: ...\n",
        ),
        "an abstract method": page(
            "python", "import abc\n\n\nclass A(abc.ABC):\n    @abc.abstractmethod\n    def f(self) -> int: ...\n"
        ),
        "a tuple of any length": page("python", "x: tuple[int, ...] = ()\n"),
        "one function of two passes": page("python", "def f() -> None:\n    pass\n\n\ndef g() -> int:\n    return 1\n"),
        "pass in a branch": page(
            "python", "def f() -> None:\n    try:\n        f()\n    except OSError:\n        pass\n"
        ),
    },
    "idle-lint": {
        "the package is sound": package(),
        "a Setup that does not parse": package({TOTALS: ('{"tea"', "{“tea”")}),
        "a Lint line outside traps": package({TOTALS: ("Where cents", "Lint: `F401`\n\nWhere cents")}),
    },
}


test_fault = told(FAULTS)
test_near_miss = silent(NEAR_MISSES)
