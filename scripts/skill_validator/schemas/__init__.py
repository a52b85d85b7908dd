"""What frontmatter and manifest may contain, as data (JSON Schema 2020-12), and how it is compared."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, KeysView
from importlib import resources
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from ..model import Keys, Mapped, Place


def breaches(mapped: Mapped, schema: str) -> Iterator[tuple[Place, str]]:
    """Every way in which a mapping breaks a schema, at the line of the key that does."""
    for error in _validator(schema).iter_errors(mapped.values):
        keys = tuple(error.absolute_path)
        if error.validator == "additionalProperties":
            unknown = sorted(error.instance.keys() - error.schema["properties"].keys())
            yield from ((mapped.at(*keys, key), _after(keys, f"unknown field {key!r}")) for key in unknown)
        else:
            yield mapped.at(*keys), _after(keys, _sentence(error))


def properties(schema: str) -> KeysView[str]:
    """The names of the fields that a schema knows."""
    fields: dict[str, Any] = _schema(schema)["properties"]
    return fields.keys()


@functools.cache
def _schema(name: str) -> dict[str, Any]:
    text = resources.files(__package__).joinpath(f"{name}.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    base = _schema(schema.pop("extends")) if "extends" in schema else {}
    merged = base.get("properties", {}) | schema["properties"]
    return base | schema | {"properties": merged}


@functools.cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(_schema(name))


def _sentence(error: ValidationError) -> str:
    """The schema's own words for the breach (`$comment`), else jsonschema's."""
    said = error.schema.get("$comment") if isinstance(error.schema, dict) and error.validator == "pattern" else None
    return f"{error.instance!r} is not {said}" if said else error.message


def _after(keys: Keys, sentence: str) -> str:
    """The sentence after the path of the field that it is about."""
    return f"{'.'.join(map(str, keys))}: {sentence}" if keys else sentence
