"""Whether what judges an example is still the same code after the example has run.

A side shares its process with the machinery that runs it, and Python lets it write there. So that machinery is looked
at before and after: where something was replaced, what the side reports counts for nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType

JUDGES = {"_pytest", "builtins", "json", "os", "pluggy", "pytest", "pytest_asyncio", "skill_validator", "unittest"}
Seal = dict[str, object]


def seal(*proofs: str) -> Seal:
    """Every function and class that has a part in judging, by its full name, and the tracer of this thread.

    `proofs` names the modules of proofs that judge too.
    """
    found: Seal = {"sys.settrace": sys.gettrace(), "sys.setprofile": sys.getprofile()}
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] not in JUDGES.union(proofs) or not isinstance(module, ModuleType):
            continue
        for key, value in _code(module):
            found[f"{name}.{key}"] = value
            if isinstance(value, type) and value.__module__ == name:
                found |= {f"{name}.{key}.{inner}": part for inner, part in _code(value)}
    return found


def broken(before: Seal, *proofs: str) -> tuple[str, ...]:
    """The names that stand for something else now; what was added since does not count."""
    after = seal(*proofs)
    return tuple(sorted(name for name, value in before.items() if after.get(name) is not value))


def _code(owner: ModuleType | type) -> Iterator[tuple[str, object]]:
    for key, value in list(vars(owner).items()):
        if callable(value) or isinstance(value, staticmethod | classmethod | property):
            yield key, value
