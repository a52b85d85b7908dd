"""Fenced blocks that are not Python parse, or have a fault at a line."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from skill_validator.blocks import PARSERS, PLAIN, fault

FAULTS = {
    "json: a comma too many": ("json", "[1,\n]\n", (1, "a comma before the closing bracket")),
    "json: nested too deep": ("json", "[" * 100_000, (1, "nested too deep")),
    "yaml: a colon and a space in a value": ("yaml", "a: 1\nb: c: d\n", (2, "mapping values are not allowed here")),
    "yaml: brackets, each in the one before": ("yaml", "a: 1\nb: " + "[" * 5000, (2, "nested deeper than 50 levels")),
    "yaml: a key is given twice": ("yaml", "a: 1\nb: 2\na: 3\n", (3, "key 'a' is given twice")),
    "yaml: a key is given twice in an item": (
        "yaml",
        "- a: {b: 1}\n- a: 1\n  'a': 2\n",
        (3, "key 'a' is given twice"),
    ),
    "yaml: two keys are given twice": ("yaml", "a:\n  b: 1\n  b: 2\na: 1\n", (3, "key 'b' is given twice")),
    "json: a key that is a value too": ("json", '{"a": 1,\n\t"a": 2,\n"b": "a"}', (2, "key 'a' is given twice")),
    "json: a key that YAML does not read": (
        "json",
        f'{{"{"a" * 1100}": 1,\n"a": 2,\n"a": 3}}',
        (1, "key 'a' is given twice"),
    ),
    "yaml: a control character": ("yaml", "a: 1\nb: \x07\n", (2, "special characters are not allowed")),
    "toml: a table is not closed": ("toml", "a = 1\n[b\n", (2, "expected ']' at the end of a table declaration")),
    "toml: nothing follows": ("toml", "a", (1, "expected '=' after a key in a key/value pair")),
    "toml: a key is given twice": ("toml", "a = 1\na = 2\nb = 3\n", (2, "cannot overwrite a value")),
    "toml: nested too deep": ("toml", "a = " + "[" * 100_000, (1, "nested too deep")),
    "ini: no section": ("ini", "# a\na = 1\n", (2, "file contains no section headers")),
    "ini: a section is given twice": ("ini", "[a]\n[a]\n", (2, "section 'a' already exists")),
    "ini: a key is given twice": ("ini", "[a]\nb = 1\nb = 2\n", (3, "option 'b' in section 'a' already exists")),
    "ini: a line is no key": ("ini", "[a]\nb = 1\nc\n", (3, "source contains parsing errors")),
    "sql: a misspelt word after letters beyond ASCII": (
        "sql",
        "SELECT 'é';\nSELEC 'é';\n",
        (2, 'syntax error at or near "SELEC"'),
    ),
    "sql: a quote is never closed": ("sql", "SELECT\n'a", (2, 'unterminated quoted string at or near "\'a"')),
    "bash: a quote is never closed": ("bash", "ls\necho 'a\n", (2, "syntax error")),
    "bash: a loop does not end": ("bash", "for i in a; do\nls\n", (2, "syntax error")),
    "bash: deep inside": ("bash", "if true; then\n  ls\n  echo $(ls | )\nfi\n", (3, "syntax error")),
    "sh: a pipe too many": ("sh", "ls\nls | | wc\n", (2, "syntax error")),
}


@pytest.mark.parametrize(("language", "code", "expected"), FAULTS.values(), ids=FAULTS)
def test_fault(language: str, code: str, expected: tuple[int, str]) -> None:
    assert fault(language, code) == expected


SOUND = {
    "json": '{"a": [1, null]}\n',
    "yaml": "a: [a, a]\nb: &c {d: e}\nf: {<<: *c, <<: *c, *c : a, *c : a}\n---\na: {a: b}\n",
    "toml": "[a]\nb = 2026-11-22\n",
    "ini": "[a]\nb = 1\n  continued\n",
    "sql": "CREATE INDEX CONCURRENTLY i ON orders (id);\nSELECT $1::int;\n",
    "bash": "pip install 'a>=1' && python -m b <<EOF\nc\nEOF\n",
    "sh": "if [ -f a ]; then\n  ls\nfi\n",
}


@pytest.mark.parametrize(("language", "code"), SOUND.items(), ids=SOUND)
def test_sound(language: str, code: str) -> None:
    assert fault(language, code) is None
    assert fault(language, "") == (None if language != "json" else (1, "expecting value"))


def test_every_parsed_language_is_shown_sound_and_others_are_not_parsed() -> None:
    assert SOUND.keys() == PARSERS.keys()
    assert [fault(language, "(") for language in (*PLAIN, "python", "", "zoo")] == [None] * (len(PLAIN) + 3)


def test_a_number_too_long_to_read() -> None:
    line, message = fault("json", "9" * 5000) or (0, "")
    assert (line, message.partition(" for ")[0]) == (1, "Exceeds the limit (4300 digits)")


STRANGE = 'exec 3<<< "data"\n'


def test_what_the_grammar_of_bash_does_not_know_bash_decides() -> None:
    assert fault("bash", STRANGE) is None


def test_without_bash_the_grammar_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert fault("bash", STRANGE) == (1, "syntax error")


def test_a_bash_that_does_not_end_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: object, **__: object) -> object:
        raise subprocess.TimeoutExpired("bash", 5)

    monkeypatch.setattr(subprocess, "run", run)
    assert fault("bash", STRANGE) == (1, "syntax error")
