"""YAML and JSON become values that know their lines, or flaws."""

from __future__ import annotations

from pathlib import Path

import pytest
from skill_validator.mapped import empty, read_json, read_yaml
from skill_validator.model import Mapped
from skill_validator.parts import Flaw, Place

PATH = Path("/skills/orders/SKILL.md")

BROKEN_YAML = {
    "a list": ("- a\n", 3, "not a mapping of keys to values"),
    "a text": ("a\n", 3, "not a mapping of keys to values"),
    "nothing": ("", 3, "no field at all"),
    "a comment only": ("# a\n", 3, "no field at all"),
    "an open bracket": ("a: 1\nb: [\n", 4, "not YAML: the '[' in the value of 'b' is never closed"),
    "a colon and a space in a value": (
        "a: b: c\n",
        3,
        "not YAML: the value of 'a' holds a colon and a space: quote it",
    ),
    "a control character": ("a: \x07\n", 3, "not YAML: control characters are not allowed"),
    "a date that never was": ("a: 2026-02-30\n", 3, "not YAML: day is out of range for month"),
    "a list as a key": ("b: 1\n? [a]\n: 1\n", 4, "not YAML: found unhashable key"),
    "two documents": ("a: 1\n---\nb: 1\n", 4, "not YAML: but found another document"),
    "an alias": ("a: &x 1\nb: *x\n", 4, "alias *x: write the value out"),
    "a tag": (
        "a: !!python/name:os.system x\n",
        3,
        "tag tag:yaml.org,2002:python/name:os.system: only plain values are read",
    ),
    "a tag of one's own": ("b: 1\na: !x [1]\n", 4, "tag !x: only plain values are read"),
    "lists nested deeper than any text needs": ("a: " + "[" * 60, 3, "nested deeper than 50 levels"),
    "lists nested so deep that the C loader would crash": (
        "[" * 50_000 + "]" * 50_000,
        3,
        "nested deeper than 50 levels",
    ),
    "keys nested deeper than any text needs": (
        "".join(f"{' ' * n}a:\n" for n in range(60)),
        53,
        "nested deeper than 50 levels",
    ),
}


@pytest.mark.parametrize(("text", "line", "message"), BROKEN_YAML.values(), ids=BROKEN_YAML)
def test_broken_yaml_is_an_empty_mapping_and_a_flaw(text: str, line: int, message: str) -> None:
    assert read_yaml(PATH, text, 3) == (empty(PATH), (Flaw(PATH, line, message),))


def test_every_yaml_key_knows_its_line() -> None:
    mapped, flaws = read_yaml(PATH, "a: 1\nb:\n  c: x\n  d:\n    - e\n    - f: g\n", 2)
    lines = {
        ("a",): 2,
        ("b",): 3,
        ("b", "c"): 4,
        ("b", "d"): 5,
        ("b", "d", 0): 6,
        ("b", "d", 1): 7,
        ("b", "d", 1, "f"): 7,
    }
    plains = {("a",): "1", ("b", "c"): "x", ("b", "d", 0): "e", ("b", "d", 1, "f"): "g"}
    assert mapped == Mapped(PATH, 2, {"a": 1, "b": {"c": "x", "d": ["e", {"f": "g"}]}}, lines, plains)
    assert flaws == ()


def test_only_line_breaks_of_markdown_count_as_lines() -> None:
    mapped, _ = read_yaml(PATH, 'a: "x\u2028y\x85z"\nb: 1\r\nc: 1\n', 1)
    assert [mapped.at(key).line for key in "abc"] == [1, 2, 3]
    assert mapped.text("a") == "x\u2028y z"


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("a: 1\nb: 2\na: 3\n", 5, "a"),
        ("a:\n  b: 1\n  b: 2\n", 5, "b"),
        ("a:\n- {b: 1, b: 2}\n", 4, "b"),
        ("1: a\n'1': b\n", 4, "1"),
        ("a:\n  b: 1\nc: 2\na:\n  b: 1\n", 6, "a"),
    ],
    ids=["at the top", "below", "in a list", "once as a number", "with keys below it"],
)
def test_a_key_given_twice_is_a_flaw_at_the_second(text: str, line: int, key: str) -> None:
    mapped, flaws = read_yaml(PATH, text, 3)
    assert flaws == (Flaw(PATH, line, f"key {key!r} is given twice"),)
    assert mapped.values != {}


BROKEN_JSON = {
    "nothing": ("", 1, "not JSON: expecting value"),
    "a list": ("[]", 1, "not an object"),
    "a comma too many": ('{\n"a": 1,\n}', 2, "not JSON: a comma before the closing bracket"),
    "a byte order mark": ("\ufeff{}", 1, "not JSON: unexpected utf-8 bom (decode using utf-8-sig)"),
    "nested too deep for Python": ('{"a":' * 50_000, 1, "not JSON: nested too deep"),
    "nested deeper than any manifest": ('{"a":\n' * 60 + "1" + "}" * 60, 51, "nested deeper than 50 levels"),
    "half a character": ('{"a": "\\ud800"}', 1, "not JSON: surrogates not allowed"),
}


@pytest.mark.parametrize(("text", "line", "message"), BROKEN_JSON.values(), ids=BROKEN_JSON)
def test_broken_json_is_an_empty_mapping_and_a_flaw(text: str, line: int, message: str) -> None:
    assert read_json(PATH, text) == (empty(PATH), (Flaw(PATH, line, message),))


def test_every_json_key_knows_its_line_in_any_layout() -> None:
    mapped, flaws = read_json(PATH, '{\n\t"a": "\u2028",\r\n\t"b": [\n1, {"c#": "\\/"}]}')
    lines = {("a",): 2, ("b",): 3, ("b", 0): 4, ("b", 1): 4, ("b", 1, "c#"): 4}
    assert mapped == Mapped(PATH, 1, {"a": "\u2028", "b": [1, {"c#": "/"}]}, lines)
    assert flaws == ()


def test_a_json_key_given_twice_is_a_flaw_at_the_second() -> None:
    assert read_json(PATH, '{"a": 1,\n"a": 2}')[1] == (Flaw(PATH, 2, "key 'a' is given twice"),)


def test_json_that_is_no_yaml_is_read_without_lines() -> None:
    text = '{"a": "\x7f",\n"b": 1,\n"b": 2}'
    assert read_json(PATH, text) == (
        Mapped(PATH, 1, {"a": "\x7f", "b": 2}, {}),
        (Flaw(PATH, 1, "key 'b' is given twice"),),
    )


def test_a_place_is_that_of_the_nearest_parent_when_the_key_is_missing() -> None:
    mapped, _ = read_yaml(PATH, "a: 1\nb:\n  c: x\n", 2)
    places = [mapped.at("b", "c"), mapped.at("b", "z"), mapped.at("z", 3), mapped.at()]
    assert places == [Place(PATH, line) for line in (4, 3, 2, 2)]


def test_texts_are_asked_for_by_type() -> None:
    mapped, _ = read_yaml(PATH, "a: x\nb: 1\nc: [y, 2, z]\n", 2)
    assert [mapped.text(key) for key in "abcd"] == ["x", "", "", ""]
    assert [mapped.texts(key) for key in "abcd"] == [(), (), ("y", "z"), ()]


def test_what_yaml_alone_takes_for_a_line_break_breaks_no_line() -> None:
    mapped, flaws = read_yaml(PATH, "name: \u2028__", 1)
    assert (mapped.values, mapped.lines, flaws) == ({"name": "__"}, {("name",): 1}, ())
    _, flaws = read_yaml(PATH, "name: \u2028__\n]", 1)
    assert [f.line for f in flaws] == [2]


def test_what_is_wrong_at_the_end_of_a_text_is_told_at_its_last_line() -> None:
    _, flaws = read_yaml(PATH, "{\n a", 1)
    assert flaws == (Flaw(PATH, 2, "not YAML: did not find expected ',' or '}'"),)


def test_a_number_that_python_refuses_to_read() -> None:
    _, flaws = read_yaml(PATH, "name: a\nversion: " + "1" * 5000, 1)
    assert flaws == (Flaw(PATH, 2, "not YAML: a number of more than 4,300 digits"),)
    _, flaws = read_json(PATH, '{"a": ' + "1" * 5000 + "}")
    assert flaws == (Flaw(PATH, 1, "not JSON: a number of more than 4,300 digits"),)
