"""Checks that ask the type checker; they execute nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from packages import diagnostics, found, lone, package
from skill_validator import pyrefly
from skill_validator.checks import CHECKS
from skill_validator.model import Skill
from skill_validator.outcomes import Ending, Outcome, Run
from skill_validator.parts import Place
from tables import Faults, NearMisses, each_fault, silent

HEAD = "---\nname: orders\ndescription: Orders.\ncompatibility: Python 3.11 or newer\n---\n"
TOTALS = "rules/orders-totals.md"


def page(code: str) -> Skill:
    """The package with one more block, whose code begins in line 51 of a rule."""
    return package({TOTALS: ("## When not", f"```python\n{code}```\n\n## When not")})


def programs(code: str) -> Skill:
    """A stranger's skill whose blocks are programs: two sound ones, and this, which begins in line 15."""
    return lone(HEAD + "```python\nimport os\nprint(os)\n```\n" * 2 + f"```python\n{code}```\n")


def never(call: str) -> Skill:
    """The package with a call, in line 55, in a function that nothing calls."""
    return page(f"import asyncio\n\n\nasync def never_called() -> None:\n    {call}\n")


def said(message: str, line: int = 55) -> list[str]:
    """One diagnostic in the block that was added."""
    return [f"{TOTALS}:{line}: {message}"]


def too_new(skill: Skill) -> Skill:
    """The skill after a run in which its last block was for newer versions than the installed ones."""
    block = max(
        (e for d in skill.documents for e in d.examples if e.path.name == Path(TOTALS).name), key=lambda e: e.line
    )
    outcome = Outcome(block, Ending.UNSUPPORTED, "needs redis>=99", Place(block.path, block.line), False, 0.0)
    return replace(skill, run=Run((outcome,), {}))


FAULTS: Faults = {
    "wrong-call": {
        "an argument is missing": (
            never("await asyncio.wait_for(asyncio.sleep(1))"),
            said("missing argument 'timeout' in function 'asyncio.tasks.wait_for'"),
        ),
        "a keyword is misspelt": (
            never("asyncio.Queue(maxsiz=1)"),
            said("unexpected keyword argument 'maxsiz' in function 'asyncio.queues.Queue.__init__'"),
        ),
        "an argument too many": (
            never("asyncio.timeout(1, 2)"),
            said("expected 1 positional argument, got 2 in function 'asyncio.timeouts.timeout'"),
        ),
        "a value of the wrong type": (
            page("def pay(cents: int) -> int:\n    return cents\n\n\nx = pay('3')\n"),
            said("argument 'Literal['3']' is not assignable to parameter 'cents' with type 'int' in function 'pay'"),
        ),
        "a coroutine function that is not called": (
            page("import asyncio\n\n\nasync def f() -> None:\n    return None\n\n\nasyncio.run(f)\n"),
            said(
                "argument '() -> Coroutine[Unknown, Unknown, None]' is not assignable to parameter 'main' with type "
                "'Coroutine[Any, Any, @_]' in function 'asyncio.runners.run'",
                58,
            ),
        ),
        "a field is missing": (
            page("from dataclasses import dataclass\n\n\n@dataclass\nclass Order:\n    cents: int\n\n\nx = Order()\n"),
            said("missing argument 'cents' in function 'Order.__init__'", 59),
        ),
        "in a stranger's program": (
            programs("import asyncio\nasyncio.Event(1)\n"),
            ["SKILL.md:16: expected 0 positional arguments, got 1 in function 'asyncio.locks.Event.__init__'"],
        ),
    },
    "missing-attribute": {
        "an abstract class that has moved": (
            page("import collections\n\nx = collections.Mapping\n"),
            said("no attribute 'Mapping' in module 'collections': since Python 3.10 only in 'collections.abc'", 53),
        ),
        "an import of one": (
            page("from collections import Mapping, OrderedDict\n\nx = OrderedDict[str, Mapping[str, str]]()\n"),
            said("no attribute 'Mapping' in module 'collections': since Python 3.10 only in 'collections.abc'", 51),
        ),
        "a method is misspelt": (
            page("def f(text: str) -> str:\n    return text.uper()\n"),
            said("object of class 'str' has no attribute 'uper'", 52),
        ),
        "a module has no such function": (
            never("asyncio.TaskGrup()"),
            said("no attribute 'TaskGrup' in module 'asyncio'"),
        ),
        "a name that cannot be imported": (
            page("from asyncio import coroutine\n\nx = coroutine\n"),
            said("could not import 'coroutine' from 'asyncio'", 51),
        ),
        "a module that a newer Python has lost": (
            page("import imp\n\nx = imp\n"),
            said("cannot find module 'imp'", 51),
        ),
        "a function that the oldest Python has not": (
            programs("import itertools\nx = itertools.batched([1], 1)\n"),
            ["SKILL.md:16: no attribute 'batched' in module 'itertools'"],
        ),
        "a library's object": (
            page("import anyio\n\n\nasync def f() -> None:\n    anyio.Event().sett()\n"),
            said("object of class 'Event' has no attribute 'sett'"),
        ),
    },
    "unbound-name": {
        "one branch binds it": (
            page("def f(paid: bool) -> int:\n    if paid:\n        x = 1\n    return x\n"),
            said("'x' may be uninitialized", 54),
        ),
    },
    "unchecked-types": {
        "there is no type checker": (
            package(),
            ["SKILL.md:1: calls and attributes in the examples were not checked: pip install pyrefly"],
        ),
    },
    "deprecated-api": {
        "a function of the standard library": (
            page("from datetime import datetime\n\nx = datetime.utcnow()\n"),
            said("'datetime.datetime.utcnow' is deprecated", 53),
        ),
    },
}

NEAR_MISSES: NearMisses = {
    "wrong-call": {
        "what the installed version does not know yet": too_new(never("asyncio.Queue(maxsiz=1)")),
        "the package is sound": package(),
        "a type that is wider than the parameter's": page(
            "def f(x: int) -> int:\n    return x\n\n\ndef g(x: int | None) -> int:\n    return f(x)\n"
        ),
        "a stranger's part of a program": lone(f"{HEAD}```python\nasyncio.sleep()\n```\n"),
        "a syntax error has its own check": page("import asyncio\nasyncio.sleep(\n"),
    },
    "missing-attribute": {
        "an abstract class where it is": page("from collections.abc import Mapping\n\nx: Mapping[str, str] = {}\n"),
        "the package is sound": package(),
        "a value that may be None": page("def f(x: str | None) -> str:\n    return x.upper()\n"),
        "an exception of a library": page(
            "def f() -> str:\n    try:\n        return ''\n    except Exception as error:\n        return error.code\n"
        ),
        "a variable that holds an object of a subclass": page(
            "from concurrent.futures import Executor\n\n\ndef f(x: Executor) -> object:\n    return x._max_workers\n"
        ),
        "a package that is not installed": programs("from crawl4ai.web import Crawler\nimport wrl\nCrawler(wrl)\n"),
    },
    "unbound-name": {
        "the package is sound": package(),
        "every branch binds it": page(
            "def f(paid: bool) -> int:\n    if paid:\n        x = 1\n    else:\n        x = 2\n    return x\n"
        ),
    },
    "deprecated-api": {
        "what is gone from a newer Python is told as that": page("import ssl\n\nx = ssl.wrap_socket\n"),
        "the package is sound": package(),
        "it is what the trap is about": package(
            {
                "rules/refunds-limits.md": (
                    "    return asked\n",
                    "    from datetime import datetime\n\n    return asked + datetime.utcnow().year\n",
                )
            }
        ),
        "one way of many to annotate": page(
            "from collections.abc import AsyncIterator\nfrom contextlib import asynccontextmanager\n\n\n"
            "@asynccontextmanager\nasync def f() -> AsyncIterator[None]:\n    yield\n"
        ),
    },
    "unchecked-types": {"the package is sound": package()},
}


@each_fault(FAULTS)
def test_fault(check: str, skill: Skill, expected: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    if check == "unchecked-types":
        monkeypatch.setattr(pyrefly, "is_installed", lambda: False)
    assert found(skill, check) == expected


test_near_miss = silent(NEAR_MISSES)


def test_without_the_checker_nothing_else_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyrefly, "is_installed", lambda: False)
    types = [c for c in CHECKS if c.group == "types"]

    assert [d.check for d in diagnostics(never("asyncio.TaskGrup()"), types)] == ["unchecked-types"]
    assert diagnostics(lone("# Orders\n"), types) == []


def test_a_checker_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyrefly, "find", lambda *_: None)
    types = [c for c in CHECKS if c.group == "types"]

    assert [d.message for d in diagnostics(package(), types)] == [
        "calls and attributes in the examples were not checked: pyrefly gave no answer"
    ]
