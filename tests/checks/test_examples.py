"""Checks of fenced blocks, which execute none of them."""

from __future__ import annotations

from packages import found, lone, package
from skill_validator.model import Skill
from tables import Faults, NearMisses, each_fault, each_near_miss

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
    "unclosed-fence": {
        "the page ends inside a block": (lone(f"{HEAD}```text\na\n"), ["SKILL.md:5: fence is never closed"]),
        "the last line is not indented as a fence may be": (
            lone(f"{HEAD}```text\na\n    ```\n"),
            ["SKILL.md:5: fence is never closed"],
        ),
        "fewer backticks close it": (lone(f"{HEAD}````text\na\n```\n"), ["SKILL.md:5: fence is never closed"]),
        "the fence is the last line": (lone(f"{HEAD}\n```text"), ["SKILL.md:6: fence is never closed"]),
        "a list ends before its block": (lone(f"{HEAD}- ```text\n  a\n\nb\n"), ["SKILL.md:5: fence is never closed"]),
    },
    "unknown-language": {
        "a bare fence": (block("", "a\n"), [f"SKILL.md:5: no language; known are {KNOWN}"]),
        "a misspelt language": (block("pyhton", "a\n"), [f"SKILL.md:5: unknown language 'pyhton'; known are {KNOWN}"]),
    },
    "syntax-error": {
        "a bracket is never closed": (
            block("python", "x = 1\ny = (\n"),
            ["SKILL.md:7: not Python: '(' was never closed"],
        ),
        "await outside a function": (
            block("python", "await f()\n"),
            ["SKILL.md:6: not Python: 'await' outside function"],
        ),
        "a prompt was pasted in": (block("python", ">>> x\n"), ["SKILL.md:6: not Python: invalid syntax"]),
        "an expression nested too deep": (
            block("python", "x = " + "-" * 100_000 + "1\n"),
            ["SKILL.md:6: not Python: nested too deep"],
        ),
    },
    "undefined-name": {
        "a file of a project has names of its own": (
            project("print(Order", "print(Line"),
            ["references/service.md:15: undefined name 'Line'"],
        ),
        "nothing made an engine": (
            block("python", "x = 1\nengine.dispose()\n"),
            ["SKILL.md:7: undefined name 'engine'"],
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
            lone(f"{HEAD}**Setup:**\n\n```python\nx = y\n```\n"),
            ["SKILL.md:8: undefined name 'y'"],
        ),
        "noqa does not silence it": (block("python", "x = y  # noqa: F821\n"), ["SKILL.md:6: undefined name 'y'"]),
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
    "unparsable-block": {
        "JSON with a comma too many": unparsable(
            "json", '{\n"a": 1,\n}\n', 8, "expecting property name enclosed in double quotes"
        ),
        "YAML with an open list": unparsable(
            "yaml", "a: [\n", 6, "expected the node content, but found '<stream end>'"
        ),
        "TOML without a value": unparsable("toml", "a = 1\nb =\n", 7, "invalid value"),
        "INI without a section": unparsable("ini", "a = 1\n", 6, "file contains no section headers"),
        "SQL with a misspelt word": unparsable("sql", "SELECT 1;\nSELEC 2;\n", 7, 'syntax error at or near "SELEC"'),
        "a shell loop that does not end": unparsable("bash", "ls\nfor i in; do\n", 7, "syntax error"),
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
    "unclosed-fence": {
        "the package is sound": package(),
        "a fence in a fence": lone(f"{HEAD}````markdown\n```\n````\n"),
        "more backticks close it": lone(f"{HEAD}```text\na\n  `````  \n"),
        "tildes": lone(f"{HEAD}~~~text\n```\n~~~\n"),
        "in a list and in a quotation": lone(f"{HEAD}- ```text\n  a\n  ```\n\n> ```text\n> a\n> ```\n"),
        "an empty block": block("text", ""),
        "odd spaces before it count no lines": lone(f"{HEAD}a\x0cb\u2028c\n\n```text\nd\n```\n"),
    },
    "unknown-language": {
        "the package is sound": package(),
        "a language in capitals, with a title": block('Python title="a.py"', "x = 1\n"),
        "what is none is text": block("text", "a\n"),
    },
    "syntax-error": {
        "the package is sound": package(),
        "an odd escape is no error": block("python", 'x = "\\d"\n'),
        "another language": block("text", "(\n"),
        "an empty block": block("python", ""),
    },
    "undefined-name": {
        "the package is sound": package(),
        "the files of a project": project(),
        "a skill without Python": block("text", "x\n"),
        "Python's own names": block("python", "print(__name__, __file__)\n"),
        "a syntax error has its own check": block("python", "x = (\n"),
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
    },
    "undeclared-package": {
        "the package is sound": package(),
        "the files of a project import each other": project(),
        "a package of the project": project("import app.models\n", "import app\n"),
        "a target": package({TOTALS: ("from decimal import Decimal\n", "from anyio import Decimal\n")}),
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
    "unparsable-block": {
        "the package is sound": package(),
        "every language, correct": lone(
            HEAD
            + "".join(
                f"```{language}\n{code}\n```\n"
                for language, code in {
                    "json": '{"a": 1}',
                    "yaml": "a: [1]",
                    "toml": "a = 1",
                    "ini": "[a]\nb = 1",
                    "sql": "SELECT 1;",
                    "bash": "ls | wc",
                    "sh": "ls",
                    "text": "(",
                }.items()
            )
        ),
    },
    "idle-lint": {
        "the package is sound": package(),
        "a Lint line outside traps": package({TOTALS: ("Where cents", "Lint: `F401`\n\nWhere cents")}),
    },
}


@each_fault(FAULTS)
def test_fault(check: str, skill: Skill, expected: list[str]) -> None:
    assert found(skill, check) == expected


@each_near_miss(NEAR_MISSES)
def test_near_miss(check: str, skill: Skill) -> None:
    assert found(skill, check) == []
