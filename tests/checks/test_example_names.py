"""Checks of the names that examples use, import and take from elsewhere."""

from __future__ import annotations

from fenced import HEAD, TOTALS, block, page, programs, project
from packages import lone, package
from tables import Faults, NearMisses, silent, told

LIMITS = "rules/refunds-limits.md"
SETUP = 'PRICES = {"tea": Decimal("0.10")}\n'


FAULTS: Faults = {
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
}

NEAR_MISSES: NearMisses = {
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
}


test_fault = told(FAULTS)
test_near_miss = silent(NEAR_MISSES)
