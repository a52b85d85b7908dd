"""YAML and JSON text -> Mapped: values, and the line of every key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import yaml

from .model import Keys, Mapped
from .parts import Flaw
from .yaml_faults import diagnose, problem

Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DEPTH = 50  # the C loader composes by recursion and would end the interpreter
TOO_DEEP = f"nested deeper than {DEPTH} levels"
NOT_BREAKS = {0x85: " ", 0x2028: " ", 0x2029: " "}  # YAML counts lines at these, editors and Markdown do not


def empty(path: Path) -> Mapped:
    """A mapping without keys, for a file that has none."""
    return Mapped(path, 1, {}, {})


def read_yaml(path: Path, text: str, first: int) -> tuple[Mapped, tuple[Flaw, ...]]:
    """Parse YAML that stands in `path` from line `first` on; what is wrong with it comes back as flaws."""
    depth = 0
    plain = text.translate(NOT_BREAKS)
    try:
        for event in yaml.parse(plain, Loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if flaw := _forbidden(event, depth):
                return empty(path), (Flaw(path, first + (event.start_mark.line if event.start_mark else 0), flaw),)
        node = yaml.compose(plain, Loader)
        values = _values(text, plain)
    except (yaml.MarkedYAMLError, yaml.reader.ReaderError, ValueError, RecursionError) as error:
        line, sentence = diagnose(plain, error)
        last = text.count("\n") + text.count("\r") - text.count("\r\n")
        line = min(line, last)  # to YAML the end of a text is a line below it
        return empty(path), (Flaw(path, first + line, f"not YAML: {sentence}"),)
    if not isinstance(node, yaml.MappingNode) or not isinstance(values, dict):
        return empty(path), (Flaw(path, first, "not a mapping of keys to values" if node else "no field at all"),)
    lines: dict[Keys, int] = {}
    plains: dict[Keys, str] = {}
    flaws = tuple(
        Flaw(path, first + line, f"key {key!r} is given twice") for key, line in _index(node, (), first, lines, plains)
    )
    return Mapped(path, first, {str(k): v for k, v in values.items()}, lines, plains), flaws


def json_fault(error: json.JSONDecodeError) -> tuple[int, str]:
    """The line and the sentence for what is no JSON: a comma's fault is told where the comma is, or should be."""
    before = error.doc[: error.pos].rstrip()
    after = error.doc[error.pos :].lstrip(", \t\r\n")[:1]
    if error.msg.startswith("Illegal trailing comma") or (before.endswith(",") and after in {"}", "]"}):
        return before.count("\n") + 1, "a comma before the closing bracket"
    if error.msg.startswith("Expecting ',' delimiter"):
        return before.count("\n") + 1, "expecting ',' delimiter"
    return error.lineno, error.msg.lower()


def read_json(path: Path, text: str) -> tuple[Mapped, tuple[Flaw, ...]]:
    """Parse a JSON object; the lines of its keys come from reading it once more as YAML, of which JSON is a part."""
    twice: list[str] = []

    def pairs(items: list[tuple[str, object]]) -> dict[str, object]:
        keys = [key for key, _ in items]
        twice.extend(key for key in keys if keys.count(key) > 1)
        return dict(items)

    try:
        values = json.loads(text, object_pairs_hook=pairs)
        json.dumps(values, ensure_ascii=False).encode()  # a lone surrogate could not be written again
    except json.JSONDecodeError as error:
        return empty(path), (Flaw(path, json_fault(error)[0], f"not JSON: {json_fault(error)[1]}"),)
    except (ValueError, RecursionError) as error:
        return empty(path), (Flaw(path, 1, f"not JSON: {problem(error)}"),)
    if not isinstance(values, dict):
        return empty(path), (Flaw(path, 1, "not an object"),)
    mapped, flaws = read_yaml(path, text.replace("\t", " "), 1)  # between JSON's tokens, where YAML forbids it
    if any(f.message == TOO_DEEP for f in flaws):
        return empty(path), flaws
    flaws = tuple(f for f in flaws if not f.message.startswith("not YAML"))
    if twice and not flaws:
        flaws = (Flaw(path, 1, f"key {twice[0]!r} is given twice"),)
    return Mapped(path, 1, values, mapped.lines), flaws


def _values(text: str, plain: str) -> object:
    """The values of YAML with their characters as they are written, or with `plain`'s where YAML would break a line."""
    try:
        return yaml.load(text, Loader)  # noqa: S506 - Loader is a safe one
    except yaml.MarkedYAMLError:
        if plain == text:
            raise
        return yaml.load(plain, Loader)  # noqa: S506 - the same


def _forbidden(event: yaml.Event, depth: int) -> str | None:
    if depth > DEPTH:
        return TOO_DEEP
    if isinstance(event, yaml.AliasEvent):
        return f"alias *{event.anchor}: write the value out"
    tag = getattr(event, "tag", None)
    return f"tag {tag}: only plain values are read" if tag else None


def _index(
    node: yaml.Node, keys: Keys, first: int, lines: dict[Keys, int], plains: dict[Keys, str]
) -> Iterator[tuple[str, int]]:
    """Note the line of every key below `node`, and every value written without quotes; yield the keys given twice."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*keys, str(key.value))
            is_again = here in lines
            lines[here] = first + key.start_mark.line
            below = tuple(_index(value, here, first, lines, plains))  # keys of the first, where this is a second one
            yield from [(str(key.value), key.start_mark.line)] if is_again else below
    elif isinstance(node, yaml.SequenceNode):
        for position, item in enumerate(node.value):
            lines[*keys, position] = first + item.start_mark.line
            yield from _index(item, (*keys, position), first, lines, plains)
    elif isinstance(node, yaml.ScalarNode) and not node.style:
        plains[keys] = node.value
