"""Checks of fenced blocks, which execute none of them."""

from __future__ import annotations

from packages import lone, package
from skill_validator.model import Skill
from tables import Faults, NearMisses, silent, told

HEAD = "---\nname: orders\ndescription: Orders.\n---\n"
TOTALS = "rules/orders-totals.md"
LIMITS = "rules/refunds-limits.md"
SETUP = 'PRICES = {"tea": Decimal("0.10")}\n'
PROJECT = """\
# Service

**`app/models.py`**

```python
class Order: ...
```

**`app/main.py`** begins it

```python
import app.models
from app.models import Order

print(Order, app)
```
"""
KNOWN = "bash, console, diff, http, ini, json, markdown, python, sh, sql, text, toml, yaml"
LINT = "Lint: `E722`"


def page(language: str, code: str) -> Skill:
    """The package with one more block, whose code begins in line 51 of a rule."""
    return package({TOTALS: ("## When not", f"```{language}\n{code}```\n\n## When not")})


def promising(python: str, code: str) -> Skill:
    """A stranger's skill that promises to run on a Python; its code begins in line 7."""
    return lone(f"---\nname: orders\ndescription: Orders.\ncompatibility: {python}\n---\n```python\n{code}```\n")


def programs(*codes: str) -> Skill:
    """A stranger's skill whose blocks are programs: two sound ones, and these, the first of which begins in line 14."""
    sound = "```python\nimport os\nprint(os)\n```\n" * 2
    return lone(HEAD + sound + "".join(f"```python\n{code}```\n" for code in codes))


def block(language: str, code: str) -> Skill:
    """A stranger's skill with one block, whose code begins in line 6."""
    return lone(f"{HEAD}```{language}\n{code}```\n")


def project(old: str = "", new: str = "") -> Skill:
    """The package with a document whose blocks are the files of a project, after a change."""
    assert old in PROJECT
    return package(add={"references/service.md": PROJECT.replace(old, new) if old else PROJECT})


def unparsable(language: str, code: str, line: int, message: str) -> tuple[Skill, list[str]]:
    """A block, and what is said of it."""
    return block(language, code), [f"SKILL.md:{line}: not {language}: {message}"]


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
    "undefined-name": {
        "a file of a project has names of its own": (
            project("print(Order", "print(Line"),
            ["references/service.md:15: undefined name 'Line'"],
        ),
        "nothing made an engine": (
            page("python", "x = 1\nengine.dispose()\n"),
            [f"{TOTALS}:52: undefined name 'engine'"],
        ),
        "a letter is missing": (
            page("python", "orders = 1\nprint(oders)\n"),
            [f"{TOTALS}:52: undefined name 'oders'; did you mean 'orders'"],
        ),
        "a name was deleted": (
            page("python", "def f(x: int) -> int:\n    del x\n    return x\n"),
            [f"{TOTALS}:53: undefined name 'x'"],
        ),
        "a name is bound later": (
            page("python", "def f() -> int:\n    print(x)\n    x = 1\n    return x\n"),
            [f"{TOTALS}:52: undefined name 'x'"],
        ),
        "a global is bound later in a function": (
            page("python", "x = 1\n\n\ndef f() -> int:\n    print(x)\n    x = 2\n    return x\n"),
            [f"{TOTALS}:55: local variable 'x' referenced before assignment"],
        ),
        "a stranger's slip": (
            block("python", "orders = f()\nprint(ordres)\n"),
            ["SKILL.md:7: undefined name 'ordres'; did you mean 'orders'"],
        ),
        "a stranger's program that starts itself": (
            block("python", "import os\n\nif __name__ == '__main__':\n    os.remove(path)\n"),
            ["SKILL.md:9: undefined name 'path'"],
        ),
        "a stranger's block, where all other blocks are programs": (
            programs("def total(lines):\n    return math.fsum(lines)\n"),
            ["SKILL.md:15: undefined name 'math'"],
        ),
        "a page's Setup lacks a name": (
            package({TOTALS: (SETUP, 'PRICES = {"tea": Money("0.10")}\n')}),
            [f"{TOTALS}:17: undefined name 'Money'"],
        ),
        "one line of a Setup lacks two names": (
            package({TOTALS: (SETUP, 'PRICES = {"tea": Money(CENTS)}\n')}),
            [f"{TOTALS}:17: undefined name 'CENTS'", f"{TOTALS}:17: undefined name 'Money'"],
        ),
        "an example beside a Setup": (
            package({TOTALS: ("/ 2", "/ TWO")}),
            [f"{TOTALS}:47: undefined name 'TWO'"],
        ),
        "a Setup that nothing shares": (
            package(add={"README.md": "**Setup:**\n\n```python\nx = y\n```\n"}),
            ["README.md:4: undefined name 'y'"],
        ),
        "noqa does not silence it": (page("python", "x = y  # noqa: F821\n"), [f"{TOTALS}:51: undefined name 'y'"]),
    },
    "unused-import": {
        "a file of a project imports too much": (
            project("print(Order, app)", "print(app)"),
            ["references/service.md:13: 'app.models.Order' imported but unused"],
        ),
        "an example imports too much": (
            block("python", "import os\nx = 1\n"),
            ["SKILL.md:6: 'os' imported but unused"],
        ),
        "a Setup imports what no example uses": (
            package({TOTALS: ("from decimal import Decimal\n", "import os\nfrom decimal import Decimal\n")}),
            [f"{TOTALS}:15: 'os' imported but unused"],
        ),
    },
    "undeclared-package": {
        "a package is not among the targets": (
            package({TOTALS: ("    return PRICES[item] / 2", "    import requests.api\n\n    return requests.api")}),
            [f"{TOTALS}:47: requests.api is neither in the standard library nor in the manifest's targets"],
        ),
        "a name is imported from it": (
            package({TOTALS: ("from decimal import Decimal\n", "from money import Decimal\n")}),
            [f"{TOTALS}:15: money is neither in the standard library nor in the manifest's targets"],
        ),
        "a file of a project imports one that is missing": (
            project("from app.models import", "from app.orders import"),
            ["references/service.md:13: app.orders is no file of this project"],
        ),
        "a file of a project imports a package": (
            project("import app.models\n", "import requests\n"),
            ["references/service.md:12: requests is neither in the standard library nor in the manifest's targets"],
        ),
        "a label that is no path makes no file": (
            project("**`app/models.py`**", "**The models**"),
            [
                "references/service.md:12: app.models is no file of this project",
                "references/service.md:13: app.models is no file of this project",
            ],
        ),
        "a path out of the project makes no file": (
            project("`app/models.py`", "`../app/models.py`"),
            [
                "references/service.md:12: app.models is no file of this project",
                "references/service.md:13: app.models is no file of this project",
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
    "undefined-name": {
        "a module that a stranger's sketch does not import": block("python", "def timer():\n    return time.time()\n"),
        "a Setup whose language is misspelt": package({TOTALS: ("```python\nfrom decimal", "```pyhton\nfrom decimal")}),
        "what its page says is there": lone(
            f"{HEAD}Replace `mcp.run()`:\n"
            "```python\nimport os\n\nif __name__ == '__main__':\n    mcp.run(os.name)\n```\n"
        ),
        "the package is sound": package(),
        "the files of a project": project(),
        "a skill without Python": block("text", "x\n"),
        "Python's own names": block("python", "print(__name__, __file__)\n"),
        "a syntax error has its own check": block("python", "x = (\n"),
        "a stranger's part of a program": block("python", "x = 1\nengine.dispose()\n"),
        "a stranger's plural": block("python", "for order in orders:\n    order.pay()\n"),
        "a stranger's class": block("python", "order = Order()\n"),
        "a stranger's sketch": programs("import os\nprint(<order>, os, x)\nprint(...)\n"),
        "a stranger's name from another block": programs("import os\norder = os\n", "import os\nprint(order, os)\n"),
        "a stranger's numbered placeholder": programs("import os\nprint(arg1, os)\n"),
        "a stranger whose blocks are parts": programs("import os\nprint(a1x, os)\n", "import os\nprint(b1x, os)\n"),
        "a page's Setup defines the name": package(
            {
                LIMITS: ("## Limitless", "**Setup:**\n\n```python\nCAP = 1\n```\n\n## Limitless"),
                TOTALS: ("/ 2", "/ len(PRICES)"),
            }
        ),
    },
    "unused-import": {
        "the package is sound": package(),
        "one example of many uses what the Setup imports": package(
            {TOTALS: [("import Decimal\n", "import ROUND_UP, Decimal\n"), ("/ 2", "/ len(ROUND_UP)")]}
        ),
        "a syntax error has its own check": block("python", "import os\nx = (\n"),
        "a stranger's list of imports": block("python", "import os\nfrom orders import total\n"),
        "a stranger's sketch": block("python", "import os\nprint(...)\n"),
    },
    "undeclared-package": {
        "the package is sound": package(),
        "the files of a project import each other": project(),
        "a package of the project": project("import app.models\n", "import app\n"),
        "a target": package({TOTALS: ("from decimal import Decimal\n", "from anyio import Decimal\n")}),
        "a module of the skill's own": package(
            {TOTALS: ("from decimal import Decimal\n", "from ledger import Decimal\n")},
            add={"scripts/ledger.py": "from decimal import Decimal\n"},
        ),
        "a relative import": package({TOTALS: ("from decimal import Decimal\n", "from . import Decimal\n")}),
        "a distribution is imported under another name": package(
            {
                "manifest.json": ('"anyio": ">=4.16"', '"python-multipart": "", "pydantic-settings": ""'),
                TOTALS: ("from decimal import Decimal\n", "import multipart, pydantic_settings as Decimal\n"),
            }
        ),
        "a syntax error has its own check": package({TOTALS: ("from decimal import Decimal\n", "import money (\n")}),
        "a skill without a manifest": block("python", "import requests\n"),
        "targets of the wrong type have their own check": package(
            {"manifest.json": ('"targets": {', '"targets": [], "t": {')}
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
