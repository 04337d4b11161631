"""What a model expects at a place, in words for who writes the document; read from its JSON Schema."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from pytest_etsi.text import listed

if TYPE_CHECKING:
    from pytest_etsi.profile._types import Strict

__all__ = ["choices", "expected", "known_keys"]

Location = tuple[int | str, ...]
Schema = dict[str, Any]


def expected(model: type[Strict], location: Location) -> str:
    """What `model` expects at `location`: "a positive integer", "one of a, b"; "" where it does not say."""
    texts: dict[str, None] = {}
    for schema in _at(model, location):
        text = _words(schema)
        if text:
            texts[text] = None
    return listed(texts, last="or")


def known_keys(model: type[Strict], location: Location) -> list[str]:
    """The keys that `model` knows at `location`."""
    keys: dict[str, None] = {}
    for schema in _at(model, location):
        keys.update(dict.fromkeys(schema.get("properties", {})))
    return list(keys)


def choices(model: type[Strict], location: Location) -> list[str]:
    """The values that `model` allows at `location`, where it names them."""
    return [str(choice) for schema in _at(model, location) for choice in _enumerated(schema)]


@functools.lru_cache(maxsize=64)
def _schema(model: type[Strict]) -> Schema:
    return model.model_json_schema()


def _at(model: type[Strict], location: Location) -> list[Schema]:
    root = _schema(model)
    definitions = root.get("$defs", {})
    found = _alternatives(root, definitions)
    for part in location:
        if part == "[key]":
            found = [a for s in found for a in _alternatives(s.get("propertyNames", {}), definitions)]
            continue
        steps = [step for schema in found for step in _step(schema, part)]
        if not steps and isinstance(part, str):
            steps_by_kind = [s for s in found if s.get("properties", {}).get("kind", {}).get("const") == part]
            found = steps_by_kind or found
            continue
        found = [alternative for step in steps for alternative in _alternatives(step, definitions)]
    return found


def _step(schema: Schema, part: int | str) -> list[Schema]:
    if isinstance(part, int):
        return [schema["items"]] if isinstance(schema.get("items"), dict) else []
    if part in schema.get("properties", {}):
        return [schema["properties"][part]]
    if "properties" in schema:
        return []
    patterns = list(schema.get("patternProperties", {}).values())
    more = schema.get("additionalProperties")
    return patterns + ([more] if isinstance(more, dict) else [])


def _alternatives(schema: Schema, definitions: Schema) -> list[Schema]:
    if "$ref" in schema:
        return _alternatives(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    several = schema.get("anyOf") or schema.get("oneOf")
    if several and "x-expected" not in schema:
        return [
            a for option in several for a in _alternatives(option, definitions) if a.get("type") != "null"
        ]
    return [schema]


def _enumerated(schema: Schema) -> list[Any]:
    return [schema["const"]] if "const" in schema else list(schema.get("enum", ()))


def _words(schema: Schema) -> str:
    if "x-expected" in schema:
        return str(schema["x-expected"])
    values = _enumerated(schema)
    if values:
        return str(values[0]) if len(values) == 1 else f"one of {', '.join(map(str, values))}"
    kind = schema.get("type")
    if kind in ("integer", "number"):
        return _number(schema, "integer" if kind == "integer" else "number")
    words = {"boolean": "true or false", "string": "text", "array": "a list", "object": "a mapping"}
    return words.get(str(kind), "")


def _number(schema: Schema, noun: str) -> str:
    article = "an" if noun == "integer" else "a"
    low, high = schema.get("minimum"), schema.get("maximum")
    if schema.get("exclusiveMinimum") == 0:
        return f"a positive {noun}"
    if low is not None and high is not None:
        return f"{article} {noun} from {low:g} to {high:g}"
    if low is not None:
        return f"{article} {noun} of at least {low:g}"
    return f"{article} {noun}"
