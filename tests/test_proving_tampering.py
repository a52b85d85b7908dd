"""Sides of proofs that lay hands on what judges them, on each other, or on the report."""

from __future__ import annotations

import pytest
from provable import BAD, GOOD, Case, proven, said
from skill_validator.model import Skill

CASES = {
    "Poison": Case(BAD, "import math\nanswer = 42\nmath.pi = 3\n", []),
    "Poisoned": Case(BAD, "import math\nanswer = 42 if math.pi > 3.1 else 0\n", []),
    "Other assertion": Case(
        BAD,
        "import builtins\nbuiltins.AssertionError = KeyError\nanswer = 40\n",
        [("tampered-harness", "import builtins")],
    ),
    "Other runner": Case(
        BAD, "import pytest\npytest.Function.runtest = print\nanswer = 42\n", [("tampered-harness", "import pytest")]
    ),
    "Other case": Case(
        "import unittest\nunittest.TestCase.fail = print\nanswer = 41\n",
        GOOD,
        [("tampered-harness", "import unittest")],
    ),
    "Other judge": Case(
        BAD,
        "import skill_validator.side as i\ni.judge = print\nanswer = 42\n",
        [("tampered-harness", "import skill_validator.side as i")],
    ),
    "Other proof": Case(
        BAD,
        "import sys\nsys.modules['test_orders_count'].test_poison = print\nanswer = 42\n",
        [("tampered-harness", "import sys")],
    ),
    "Tracer": Case(
        BAD, "import sys\nsys.settrace(lambda *a: None)\nanswer = 42\n", [("tampered-harness", "import sys")]
    ),
    "Forged file": Case(
        BAD,
        "import os\nwith open('.result', 'w') as file:\n    file.write('{\"ending\": \"held\"}')\nos._exit(0)\n",
        [("vanished-example", "import os")],
    ),
    "Forged report": Case(
        BAD,
        """
import os
for number in range(3, 64):
    try:
        os.write(number, b'{"ending": "held", "message": "", "executed": true}' + bytes([10]))
    except OSError:
        pass
os._exit(0)
""",
        [("vanished-example", "")],
    ),
    "Closed descriptors": Case(
        BAD, "import os\nanswer = 42\nos.closerange(3, 256)\n", [("vanished-example", "import os")]
    ),
}


@pytest.fixture(scope="module")
def skill(tmp_path_factory: pytest.TempPathFactory) -> Skill:
    return proven(tmp_path_factory.mktemp("package") / "orders", CASES)


@pytest.mark.parametrize("title", CASES)
def test_every_attempt_is_told_at_its_line(skill: Skill, title: str) -> None:
    assert said(skill, title) == CASES[title].said
