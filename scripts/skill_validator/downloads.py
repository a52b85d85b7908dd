"""A shell text -> the commands in it that run what the text has downloaded, and nobody has looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from .shell import Command, commands, text_of

if TYPE_CHECKING:
    from tree_sitter import Node

SHELLS = {"sh", "bash", "zsh", "dash", "ksh", "fish", "iex", "pwsh"}
INTERPRETERS = {"python", "python3", "node", "perl", "ruby", "php"}
READERS = {"less", "more", "cat", "bat", "head", "view"}  # by these somebody looks at a file
CHECKERS = {"sha256sum", "sha512sum", "shasum", "gpg", "cosign", "minisign"}


def runs_of_downloads(root: Node) -> Iterator[tuple[Command, str]]:
    """The commands, each with the name of the one that downloaded its program."""
    fetched: dict[str, str] = {}
    for command in commands(root):
        if command.name in {"curl", "wget"}:
            fetched |= dict.fromkeys(_saved(command), command.name)
            continue
        if command.name in READERS | CHECKERS:
            seen = {word.removeprefix("./") for word in command.words}
            fetched = {name: by for name, by in fetched.items() if name not in seen}
        program = text_of(command.node).split()[0]
        if command.name in {*SHELLS, *INTERPRETERS, "source", "."}:
            program = next((word for word in command.words if not word.startswith("-")), "")
        elif "/" not in program:
            continue
        if by := fetched.get(program.removeprefix("./")):
            yield command, by


def _saved(command: Command) -> Iterator[str]:
    """The files that a download is saved as."""
    words = command.words
    ends = "o" if command.name == "curl" else "O"
    named = [
        after
        for word, after in pairwise(words)
        if word in {"-o", "-O", "--output", "--output-document"} or re.fullmatch(f"-[a-zA-Z]*{ends}", word)
    ]
    yield from (name.removeprefix("./") for name in named if not name.startswith(("-", "http")))
    if (command.name == "wget" and not named) or re.search(r"(^|\s)-[a-zA-Z]*O\b|--remote-name", " ".join(words)):
        yield from (word.rpartition("/")[2] for word in words if "://" in word)
