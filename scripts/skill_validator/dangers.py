"""Skill -> the dangers in its examples, code spans and scripts, but those that are shown as faults."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from .counterexamples import is_counterexample, lead, warns
from .hazards import Danger, hazards
from .javascript import pitfalls as script_pitfalls
from .markdown import CODE
from .model import Document, Skill
from .parts import Located, Place, Row
from .pitfalls import pitfalls
from .remembering import once_a_skill

SHELL = {"bash", "sh", "shell", "zsh", "console", "shell-session", "terminal", "powershell", "pwsh", "ps1"}
SHELL_FILES = {".sh", ".bash", ".zsh"}
LOADED = re.compile(r"(?<![`\w])!`([^`\n]{1,300})`(?!`)")
QUOTED = re.compile(r"``[^\n]{1,200}?``(?!`)")
FINDERS: dict[str, Callable[[str], Sequence[Danger]]] = {
    **dict.fromkeys(SHELL, hazards),
    **dict.fromkeys(("python", "py"), pitfalls),
    **dict.fromkeys(("js", "javascript", "ts", "typescript", "jsx", "tsx"), script_pitfalls),
}
OF_SCRIPTS = {
    "fetched",
    "installer",
    "destructive",
    "leaking",
    "tls",
}  # what else a script does with its input is its own affair


def dangers(skill: Skill, kind: str) -> Iterator[tuple[Located, str]]:
    """The hazards and pitfalls of one kind in examples, code spans and scripts, but those shown as faults."""
    return ((place, danger.message) for place, danger in _shown(skill) if danger.kind == kind)


@once_a_skill
def _shown(skill: Skill) -> list[tuple[Located, Danger]]:
    return [*(found for document in skill.documents for found in _in_document(document)), *_in_scripts(skill)]


def _in_document(document: Document) -> Iterator[tuple[Located, Danger]]:
    for example in document.examples:
        for found in FINDERS.get(example.language, _nothing)(example.code):
            line = example.line + found.line - 1
            if not is_counterexample(document, example, line):
                yield Place(document.path, line), found
    yield from _in_spans(document)


def _in_scripts(skill: Skill) -> Iterator[tuple[Located, Danger]]:
    for path, text in skill.scripts.items():
        is_shell = path.suffix in SHELL_FILES or (path.suffix != ".py" and text.startswith("#!/"))
        for found in hazards(text) if is_shell else pitfalls(text, is_script=True) if path.suffix == ".py" else ():
            if found.kind in OF_SCRIPTS:
                yield Place(path, found.line), found


def _nothing(code: str) -> Sequence[Danger]:  # noqa: ARG001 - the finder of languages that are not looked at
    return ()


def _in_spans(document: Document) -> Iterator[tuple[Row, Danger]]:
    """Commands in code spans, in sentences that do not warn of them."""
    above = ""
    for row in document.prose:
        text = " ".join(row.cells)
        found = [h for span in CODE.findall(text) if " " in span for h in hazards(span)] if "`" in text else []
        if found and not warns(f"{above} {text} {lead(document, row.line)}"):
            yield from ((row, danger) for danger in found)
        above = text


def load_commands(document: Document) -> Iterator[tuple[Located, str]]:
    """The commands that the client runs when it loads a document, with the place of each."""
    for row in document.prose:
        shown = (QUOTED.sub("", cell) for cell in row.cells if "!`" in cell)
        yield from ((row, command) for cell in shown for command in LOADED.findall(cell))
    for example in document.examples:
        if example.language == "!":
            yield example, example.code.strip().replace("\n", "; ")
