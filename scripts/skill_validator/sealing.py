"""Whether what judges an example is still the same code after the example has run.

A side shares its process with the machinery that runs it, and Python lets it write there. So that machinery is looked
at before and after: where something was replaced, what the side reports counts for nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType

JUDGES = {"_pytest", "builtins", "json", "os", "pluggy", "pytest", "pytest_asyncio", "skill_validator", "unittest"}
Seal = dict[str, dict[str, tuple[object, dict[str, object]]]]


def seal(*proofs: str) -> Seal:
    """Every function and class that has a part in judging, by module and name, each class with its own parts.

    `proofs` names the modules of proofs that judge too.
    """
    return {
        name: {key: (code, _parts(code, name)) for key, code in _code(module)}
        for name, module in list(sys.modules.items())
        if name.partition(".")[0] in JUDGES.union(proofs) and isinstance(module, ModuleType)
    }


def broken(before: Seal) -> Iterator[str]:
    """The full names that stand for something else now; what was added since does not count."""
    for name, codes in before.items():
        now = getattr(sys.modules.get(name), "__dict__", {})
        for key, (code, parts) in codes.items():
            if now.get(key) is not code:
                yield f"{name}.{key}"
            elif parts:
                inner = vars(code)
                yield from (f"{name}.{key}.{part}" for part, value in parts.items() if inner.get(part) is not value)


def tracers() -> tuple[object, object]:
    """What is told of every line and call of this thread."""
    return sys.gettrace(), sys.getprofile()


def _parts(code: object, module: str) -> dict[str, object]:
    return dict(_code(code)) if isinstance(code, type) and code.__module__ == module else {}


def _code(owner: ModuleType | type) -> Iterator[tuple[str, object]]:
    for key, value in list(vars(owner).items()):
        if callable(value) or isinstance(value, staticmethod | classmethod | property):
            yield key, value
