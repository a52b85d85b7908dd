"""What a type checker says of Python blocks, called by an example or not. Not part of `--static`: it takes a second."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator

from .. import pyrefly
from ..claims import is_held
from ..diagnostics import Faults, check, warning
from ..floor import floor
from ..model import Skill
from ..moved import moved
from ..outcomes import Ending
from ..parts import Example, Place, Verdict
from ..python import parse, parses
from ..sources import covers, located, plain, python_blocks, ruffed, shared_setups, source

OLDEST = 11
CALLS = {"missing-argument", "unexpected-keyword", "bad-argument-count", "no-matching-overload"}
# A value written in the call cannot turn out to be of another type than the checker thinks.
LITERAL = re.compile(r"argument '(Literal\[|\(.*\) -> Coroutine\[)")
ATTRIBUTES = {"missing-attribute", "missing-module-attribute", "missing-import"}
# Types that stand for others: what is caught, what may be None, what nothing is known of.
VAGUE = re.compile(r"Exception|Error|None(Type)?\b|`object`|`type\b|Unknown|Protocol")
MODULE = re.compile(r"Cannot find module `(\w+)")
NAME = re.compile(r"[`'](\w+)[`']")
OF_CLASS = re.compile(r"Object of class `(\w+)` has no attribute `(\w+)`")


@check
def wrong_call(skill: Skill) -> Faults:
    """A call gives a function the arguments that it takes, also where no example ever calls it.

    Breach: `asyncio.wait_for(work())`, `ClientSession(tmeout=5)`. Found by the type checker pyrefly with the
    installed libraries; an argument's type is judged only where the value stands in the call. Mend it: give the
    arguments that the message names.
    """
    told: set[Place] = set()
    for place, code, message in _told(skill):
        is_wrong = code in CALLS or (code == "bad-argument-type" and LITERAL.match(message))
        if is_wrong and place not in told:
            told.add(place)
            yield place, message


@check
def missing_attribute(skill: Skill) -> Faults:
    """A module or object has the attribute that is asked of it, in the oldest Python promised and in the newest.

    Breach: `session.comit()`, `itertools.batched` where the skill promises Python 3.11. Found by the type checker
    pyrefly with the installed libraries; exceptions and values that may be None are left alone. Mend it: correct the
    name, or promise the newer Python.
    """
    for place, code, message in _told(skill):
        if code in ATTRIBUTES:
            yield place, message
    for example in _held(skill):
        yield from ((Place(example.path, example.line + line - 1), said) for line, said in moved(example.code))


@check
def unbound_name(skill: Skill) -> Faults:
    """A name that is read was bound on every way that leads there.

    Breach: a variable that only one branch of an `if` binds, or the body of a `try`. Found by the type checker
    pyrefly. Mend it: bind the name on every way.
    """
    undefined = {(e.path, e.line, NAME.findall(f.message)[0]) for e, _, f in ruffed(skill) if f.code == "F821"}
    for place, code, message in _told(skill):
        if code == "unbound-name" and "may be" in message:
            around = next(e for e in python_blocks(skill) if e.path == place.path and covers(e, place.line))
            if (around.path, around.line, NAME.findall(message)[0]) not in undefined:
                yield place, message


@warning
def deprecated_api(skill: Skill) -> Faults:
    """An example calls nothing that its library has marked as deprecated; in an Incorrect one it may be the point.

    Breach: `datetime.utcnow()`, a pydantic model's `.dict()`. Found by the type checker pyrefly (PEP 702). Mend it:
    use what the library names instead.
    """
    gone = {place for place, code, _ in _told(skill) if code in ATTRIBUTES}  # from a newer Python
    for place, code, message in _told(skill):
        if code == "deprecated" and place not in gone and "overload" not in message and not _is_incorrect(skill, place):
            yield place, message


@warning
def unchecked_types(skill: Skill) -> Faults:
    """There is a type checker to ask about the examples, and it answers.

    Breach: the extra is not installed. Mend it: `pip install pyrefly`, which `pip install '.[examples]'` brings.
    """
    asked = _held(skill)
    if asked and not pyrefly.is_installed():
        yield skill, "calls and attributes in the examples were not checked: pip install pyrefly"
    elif asked and any(pyrefly.find(tuple(map(source, asked)), version) is None for version in _versions(skill)):
        yield skill, "calls and attributes in the examples were not checked: pyrefly gave no answer"


def _held(skill: Skill) -> list[Example]:
    setups = shared_setups(skill)
    outcomes = skill.run.outcomes if skill.run else ()
    newer = {(o.example.path, o.example.line) for o in outcomes if o.ending is Ending.UNSUPPORTED}
    blocks = [e for e in python_blocks(skill) if (not e.is_setup or e not in setups) and parses(source(e))]
    return [e for e in blocks if is_held(skill, e) and (e.path, e.line) not in newer]


def _told(skill: Skill) -> Iterator[tuple[Place, str, str]]:
    """What the checker says, once a line: as the oldest Python that the skill promises, and as the newest."""
    examples = _held(skill) if pyrefly.is_installed() else []
    told = set()
    for version in _versions(skill):
        for finding in pyrefly.find(tuple(map(source, examples)), version) or ():
            example = examples[finding.source]
            fault = (located(example, finding.line), finding.code)
            if fault not in told and not _is_vague(example, finding.message):
                told.add(fault)
                yield *fault, plain(finding.message)


def _is_incorrect(skill: Skill, place: Place) -> bool:
    blocks = (e for e in python_blocks(skill) if e.path == place.path and covers(e, place.line))
    return any(e.verdict is Verdict.INCORRECT for e in blocks)


def _versions(skill: Skill) -> tuple[int, ...]:
    minor = floor(skill)
    return tuple(dict.fromkeys((OLDEST if minor is None else minor, pyrefly.NEWEST)))


def _is_vague(example: Example, message: str) -> bool:
    """Whether what the checker misses may be there after all."""
    if message.startswith("Object of") and VAGUE.search(message.partition("has no")[0]):
        return True
    if lost := MODULE.match(message):
        return lost[1] not in sys.stdlib_module_names and not pyrefly.is_importable(lost[1])
    asked = OF_CLASS.match(message)
    return asked is not None and pyrefly.is_in_a_subclass(_packages(example), asked[1], asked[2])


def _packages(example: Example) -> tuple[str, ...]:
    """The top-level packages that an example imports."""
    nodes = list(ast.walk(parse(source(example))))
    found = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    found |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level}
    return tuple(sorted({name.partition(".")[0] for name in found}))
