"""Parsers for the fenced blocks that are not Python: text -> None, or the line (from 1) and the fault."""

from __future__ import annotations

import configparser
import json
import re
import shutil
import subprocess
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import yaml

from .mapped import DEPTH, TOO_DEEP, json_fault

Fault = tuple[int, str] | None

SECONDS = 5
INI_PLACE = re.compile(r"^While reading from .*?: |: '<string>'$|\.$")
PLAIN = ("text", "markdown", "console", "diff", "http")


def _json(code: str) -> Fault:
    twice: list[str] = []

    def pairs(items: list[tuple[str, object]]) -> None:
        counted = Counter(key for key, _ in items)
        twice.extend(key for key, number in counted.items() if number > 1)

    try:
        json.loads(code, object_pairs_hook=pairs, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        return json_fault(error)
    return _repeated_in_json(code, twice[0]) if twice else None


def _repeated_in_json(code: str, key: str) -> Fault:
    """The fault, and its line as YAML's parser knows it, which reads nearly all JSON."""
    found, message = _yaml(code.replace("\t", " ")), f"key {key!r} is given twice"
    return found if found and found[1].endswith(" is given twice") else (1, message)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def _yaml(code: str) -> Fault:
    try:
        inside: list[list[yaml.Event]] = [[]]  # the nodes of each collection that is open, and of the stream
        twice: list[tuple[int, str]] = []
        for event in yaml.parse(code, yaml.SafeLoader):
            if isinstance(event, yaml.NodeEvent):
                inside[-1].append(event)
            if isinstance(event, yaml.CollectionStartEvent):
                inside.append([])
            elif isinstance(event, yaml.CollectionEndEvent):
                nodes = inside.pop()
                twice += _repeated(nodes[::2]) if isinstance(event, yaml.MappingEndEvent) else ()
            if len(inside) - 1 > DEPTH:  # the time that a parser takes grows with the square of the depth
                return (event.start_mark.line + 1 if event.start_mark else 1), TOO_DEEP
    except yaml.MarkedYAMLError as error:
        return (error.problem_mark.line + 1 if error.problem_mark else 1), error.problem or "unreadable"
    except yaml.reader.ReaderError as error:
        return code.count("\n", 0, error.position) + 1, error.reason
    return min(twice, default=None)


def _repeated(keys: Sequence[yaml.Event]) -> Iterator[tuple[int, str]]:
    """The keys of a mapping that it has already, but that of a merge: the line from 1 on, and the fault."""
    seen: set[str] = set()
    for key in keys:
        if isinstance(key, yaml.ScalarEvent) and key.value != "<<":
            if key.value in seen:
                yield (key.start_mark.line + 1 if key.start_mark else 1), f"key {key.value!r} is given twice"
            seen.add(key.value)


def _toml(code: str) -> Fault:
    try:
        tomllib.loads(code)
    except tomllib.TOMLDecodeError as error:
        message, _, place = str(error).partition(" (at ")
        line = re.match(r"line (\d+)", place)
        return int(line[1]) if line else max(code.count("\n"), 1), message.lower()
    return None


def _ini(code: str) -> Fault:
    try:
        configparser.RawConfigParser().read_string(code)
    except configparser.Error as error:
        errors = getattr(error, "errors", None)
        return errors[0][0] if errors else getattr(error, "lineno", 1), INI_PLACE.sub(
            "", error.message.splitlines()[0]
        ).lower()
    return None


def _sql(code: str) -> Fault:
    import pglast  # noqa: PLC0415 - slow to import, and few skills have SQL

    try:
        pglast.parse_sql(code)
    except pglast.parser.ParseError as error:
        offset = error.args[1] if len(error.args) > 1 and isinstance(error.args[1], int) else 0
        return code.count("\n", 0, offset) + 1, str(error.args[0])
    return None


def _bash(code: str) -> Fault:
    import tree_sitter_bash  # noqa: PLC0415 - needed only where a skill has shell
    from tree_sitter import Language, Parser  # noqa: PLC0415

    tree = Parser(Language(tree_sitter_bash.language())).parse(code.encode())
    nodes = [tree.root_node]
    while nodes:
        node = nodes.pop()
        if node.is_error or node.is_missing:
            return None if _bash_takes(code) else (node.start_point[0] + 1, "syntax error")
        nodes += [child for child in reversed(node.children) if child.has_error or child.is_missing]
    return None


def _bash_takes(code: str) -> bool:
    """Whether bash itself, if there is one, parses what the grammar does not know; `-n` runs nothing."""
    bash = shutil.which("bash")
    if bash is None:
        return False
    command = [bash, "--noprofile", "--norc", "-O", "extglob", "-n"]
    try:
        done = subprocess.run(command, input=code.encode(), capture_output=True, check=False, timeout=SECONDS, env={})
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


PARSERS: dict[str, Callable[[str], Fault]] = {
    "json": _json,
    "yaml": _yaml,
    "toml": _toml,
    "ini": _ini,
    "sql": _sql,
    "bash": _bash,
    "sh": _bash,
}


def fault(language: str, code: str) -> Fault:
    """What keeps a block from being what it says it is; None for languages that are not parsed. Never raises."""
    last = code.rstrip("\n").count("\n") + 1
    try:
        found = PARSERS[language](code) if language in PARSERS else None
        return (min(found[0], last), found[1]) if found else None
    except RecursionError:
        return 1, "nested too deep"
    except ValueError as error:
        return 1, str(error)
