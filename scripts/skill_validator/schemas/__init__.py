"""What frontmatter and manifest may contain, as data (JSON Schema 2020-12), and how it is compared."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, KeysView, Mapping
from importlib import resources
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from ..model import Keys, Mapped
from ..parts import Place
from .sentences import repeated, sentence
from .similar import hint, similar

BOTH = {"additionalProperties", "required"}  # what a misspelt field breaks: told once
COMMENT = "//"  # the member of a JSON object that holds a comment: no fault where nothing else may stand


def breaches(mapped: Mapped, schema: str) -> Iterator[tuple[Place, str]]:
    """Every way in which a mapping breaks a schema, at the line of the key that does."""
    for error in _validator(schema).iter_errors(mapped.values):
        keys = tuple(error.absolute_path)
        misspelt = _misspellings(error.instance, error.schema) if error.validator in BOTH else {}
        if error.validator == "additionalProperties":
            known = error.schema["properties"].keys()
            for key in sorted(error.instance.keys() - known - misspelt.keys() - {COMMENT}):
                yield mapped.at(*keys, key), _after(keys, f"unknown field {key!r}{hint(key, known)}")
        elif "propertyNames" in error.absolute_schema_path:
            yield mapped.at(*keys, str(error.instance)), _after(keys, sentence(error))
        elif error.validator == "required":
            missing = next(
                key for key in error.validator_value if key not in error.instance and repr(key) in error.message
            )
            near = next((key for key, meant in misspelt.items() if meant == missing), None)
            said = f": {near!r} is not it" if near else ""
            yield mapped.at(*keys, *([near] if near else [])), _after(keys, f"field {missing!r} is missing{said}")
        else:
            yield _place(mapped, keys, error), _after(keys, sentence(error, mapped.plains.get(keys)))


def misspellings(mapped: Mapped, schema: str) -> Mapping[str, str]:
    """Unknown fields, each with the required field that is missing and that it must be meant for."""
    return _misspellings(mapped.values, _schema(schema))


def _misspellings(values: Mapping[str, object], schema: Mapping[str, Any]) -> Mapping[str, str]:
    missing = [key for key in schema.get("required", ()) if key not in values]
    unknown = [key for key in values if key not in schema.get("properties", ())]
    return {key: meant for key in unknown if missing and (meant := similar(key, missing))}


def properties(schema: str) -> KeysView[str]:
    """The names of the fields that a schema knows."""
    fields: dict[str, Any] = _schema(schema)["properties"]
    return fields.keys()


def tools() -> frozenset[str]:
    """The names of the tools that Claude Code has, or had."""
    return frozenset(_data("tools")["enum"])


@functools.cache
def _data(name: str) -> dict[str, Any]:
    text = resources.files(__package__).joinpath(f"{name}.json").read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text)
    return data


@functools.cache
def _schema(name: str) -> dict[str, Any]:
    schema = _data(name)
    base = _schema(schema["extends"]) if "extends" in schema else {}
    merged = base.get("properties", {}) | schema["properties"]
    return {k: v for k, v in (base | schema).items() if k != "extends"} | {"properties": merged}


@functools.cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(_schema(name))


def _place(mapped: Mapped, keys: Keys, error: ValidationError) -> Place:
    """The key that breaks the schema; of a list that holds an item twice, the second of the two."""
    if error.validator == "uniqueItems":
        items: Any = error.instance
        return mapped.at(*keys, repeated(items))
    return mapped.at(*keys)


def _after(keys: Keys, said: str) -> str:
    """The sentence after the path of the field that it is about."""
    return f"{'.'.join(map(str, keys))}: {said}" if keys else said
