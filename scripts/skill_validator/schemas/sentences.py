"""A breach of a schema -> a sentence in the house's words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from jsonschema.exceptions import ValidationError

from .similar import hint

WANTED = {
    "string": "text",
    "object": "a mapping",
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
}
FEW = 7  # values that a sentence can name
SHOWN = 60  # characters of a long value
LONGEST_NUMBER = 256  # bits of a number that can be written out


def sentence(error: ValidationError, plain: str | None = None) -> str:
    """What is wrong with a value; `plain` is how it stands in YAML, if without quotes."""
    wanted = error.schema.get("$comment") if isinstance(error.schema, dict) else None
    value: Any = error.instance
    limit: Any = error.validator_value
    match error.validator:
        case "type" | "anyOf":
            return _mistyped(value, WANTED[limit] if error.validator == "type" else str(wanted), plain)
        case "enum":
            among = f"one of {', '.join(limit)}" if len(limit) <= FEW else wanted
            return f"{_shown(value)} is not {among}{hint(value, limit) if isinstance(value, str) else ''}"
        case "pattern":
            return "blank" if not value.strip() else f"{_shown(value)} is not {wanted}"
        case "uniqueItems":
            return f"{_shown(value[repeated(value)])} is given twice"
    return _measured(str(error.validator), value, limit) or error.message


def _measured(law: str, value: Any, limit: int) -> str:  # noqa: ANN401 - whatever YAML or JSON held
    said = {
        "minLength": "blank",
        "maxLength": f"{len(value):,} characters, over {limit:,}" if isinstance(value, str) else "",
        "minItems": "empty",
        "minProperties": "empty",
        "minimum": f"{value} is below {limit}",
        "exclusiveMinimum": f"{value} is not above {limit}",
    }
    return said.get(law, "")


def _mistyped(value: object, wanted: str, plain: str | None) -> str:
    if value is None:
        return "blank"
    if plain is not None and "text" in wanted:
        return f"YAML reads {plain} as {read_as(value)}, not as text: quote it"
    return f"{_shown(value)} is not {wanted}"


def repeated(items: Sequence[object]) -> int:
    """The position of the first item that another one before it equals, of items among which there is one."""
    seen: set[str] = set()
    for position, item in enumerate(items):
        if repr(item) in seen:
            return position
        seen.add(repr(item))
    return len(items) - 1


def read_as(value: object) -> str:
    """What YAML made of a value that is meant as text."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and value.bit_length() > LONGEST_NUMBER:
        return f"a number of {value.bit_length():,} bits"
    return "a date" if isinstance(value, dt.date) else f"the number {value}"


def _shown(value: Any) -> str:  # noqa: ANN401 - whatever YAML or JSON held
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    if isinstance(value, int) and not isinstance(value, bool):
        return read_as(value).removeprefix("the number ")
    return shortened(str(value).lower() if isinstance(value, bool) else repr(value))


def shortened(text: str) -> str:
    """The text, or where it is long its beginning and its last character."""
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 4]}...{text[-1]}"
