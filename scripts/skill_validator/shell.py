"""Shell text -> its commands. Parsed by tree-sitter, never executed."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Parser, QueryCursor

WRAPPERS = {"sudo", "env", "nohup", "exec", "command", "doas", "time"}


class Command(NamedTuple):
    """A simple command, without what only wraps it."""

    name: str
    words: tuple[str, ...]
    node: Node


def parsed(code: str) -> Node:
    """The root of a shell text's tree; what is no shell is in it as errors."""
    return _parser().parse(code.encode()).root_node


@functools.cache
def _parser() -> Parser:
    from tree_sitter import Parser  # noqa: PLC0415 - needed only where a skill has suspect shell

    return Parser(_language())


@functools.cache
def _language() -> Language:
    import tree_sitter_bash  # noqa: PLC0415 - see _parser
    from tree_sitter import Language  # noqa: PLC0415

    return Language(tree_sitter_bash.language())


@functools.cache
def _query(kind: str) -> QueryCursor:
    from tree_sitter import Query, QueryCursor  # noqa: PLC0415 - see _parser

    return QueryCursor(Query(_language(), f"({kind}) @found"))


def nodes(root: Node, kind: str) -> list[Node]:
    """The nodes of a kind in `root`, in the order of the text."""
    return sorted(_query(kind).captures(root).get("found", []), key=lambda node: node.start_byte)


def text_of(node: Node) -> str:
    """The source of a node."""
    return (node.text or b"").decode(errors="replace")


def commands(root: Node) -> Iterator[Command]:
    """The simple commands in `root`, in the order of the text."""
    yield from (_command(node) for node in nodes(root, "command"))


def _command(node: Node) -> Command:
    words = [text_of(child).strip("\"'") for child in node.children if child.type != "variable_assignment"]
    while words and words[0].rpartition("/")[2] in WRAPPERS:
        words = words[1:]
        while words and (words[0].startswith("-") or "=" in words[0]):
            words = words[1:]
    return Command(words[0].rpartition("/")[2].lower() if words else "", tuple(words[1:]), node)


def line_of(node: Node) -> int:
    """The line, from 1 on, that a node begins in."""
    return int(node.start_point[0]) + 1
