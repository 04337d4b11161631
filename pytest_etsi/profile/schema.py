"""JSON Schemas (draft 2020-12) of the documents, for editors that complete and check while one writes.

They are made from the same models and catalogue that the loader uses, and are a little more lenient: what a schema
cannot say (references between tables, files that exist) only the loader checks.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, get_args

from pydantic.json_schema import models_json_schema

from pytest_etsi.profile._documents import (
    EntryAnswerDocument,
    IcsRowDocument,
    JudgementDocument,
    ProfileDocument,
)
from pytest_etsi.profile._tables import models_for
from pytest_etsi.profile.drafts import MARK
from pytest_etsi.profile.entry_questions import questions_of
from pytest_etsi.standard import EDITIONS, edition

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic import BaseModel

    from pytest_etsi.standard import Edition, Field, Table

__all__ = ["KINDS", "Kind", "json_schema", "schema_files"]

Kind = Literal["profile", "ics", "ixit", "judgements"]
KINDS: tuple[Kind, ...] = get_args(Kind)

Schema = dict[str, Any]
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PLACEHOLDER = {"$ref": "#/$defs/placeholder"}
_LOOSE_TEXT = ["string", "number", "boolean"]


def json_schema(kind: Kind, edition_id: str | None = None) -> Schema:
    """The JSON Schema of a document.

    Args:
        kind: which document.
        edition_id: "1.1.1" or "2.1.1"; None: a schema that fits both.

    Raises:
        pytest_etsi.standard.UnknownIdError: there is no such edition.
    """
    editions = [edition(edition_id)] if edition_id else [edition(known) for known in EDITIONS]
    makers = {"profile": _profile, "ics": _ics, "ixit": _ixit, "judgements": _judgements}
    made = makers[kind](editions)
    definitions = made.pop("$defs", {})
    definitions["placeholder"] = {
        "type": "string",
        "description": "A value that is filled in: ${env:NAME}, ${secret:NAME} or ${virtual:KEY}; "
        "${public:TEXT} is no secret.",
        "pattern": r"\$\{(env|secret|virtual|public):[^{}]+\}",
    }
    return {"$schema": _DIALECT, **made, "$defs": dict(sorted(definitions.items()))}


def schema_files() -> dict[str, str]:
    """The schemas that fit both editions: file name -> content."""
    return {f"{kind}.schema.json": _content(kind) for kind in KINDS}


@cache
def _content(kind: Kind) -> str:
    return json.dumps(json_schema(kind), indent=1, ensure_ascii=False) + "\n"


def _profile(editions: list[Edition]) -> Schema:
    made = _of_models([ProfileDocument])["ProfileDocument"]
    properties = made["properties"]
    properties["edition"] = {**properties["edition"], "enum": [known.id for known in editions]}
    properties["edition"].pop("anyOf", None)
    for part, kind in (("ics", "object"), ("ixit", "object"), ("judgements", "array")):
        properties[part] = {
            "description": properties[part].get("description", ""),
            "type": ["string", kind] if part != "judgements" else ["string", kind, "null"],
        }
    return {"title": "Device profile", **made}


def _ics(editions: list[Edition]) -> Schema:
    row = _of_models([IcsRowDocument])["IcsRowDocument"]
    definitions = row.pop("$defs", {})
    rows: Schema = {}
    conditions: Schema = {}
    for known in editions:
        for provision in known.provisions:
            text = f"{provision.title} ({provision.printed or provision.status})"
            rows[provision.id] = {"$ref": "#/$defs/row", "description": text}
        for condition in known.conditions:
            conditions[condition.id] = {"type": ["boolean", "null"], "description": condition.meaning}
    return {
        "title": "ICS",
        "description": "Implementation conformance statement: per provision whether it is met, and how or why not.",
        "type": ["object", "null"],
        "properties": {
            "conditions": {
                "description": "Whether each condition of the provisions holds for the device.",
                "type": ["object", "null"],
                "properties": conditions,
                "additionalProperties": False,
            },
            **rows,
        },
        "additionalProperties": False,
        "$defs": {**definitions, "row": row},
    }


def _judgements(editions: list[Edition]) -> Schema:
    made = _of_models([JudgementDocument, EntryAnswerDocument])
    judgement, answer = made["JudgementDocument"], made["EntryAnswerDocument"]
    definitions: Schema = {}
    for item in made.values():
        definitions |= item.pop("$defs", {})
    units = {unit.id: None for known in editions for unit in known.units}
    judgement["properties"]["unit"] = {"description": "The unit that was judged.", "enum": list(units)}
    asked = {name: one for known in editions for name, one in questions_of(known).items()}
    answer["properties"]["question"] = {"description": "The question about an entry.", "enum": list(asked)}
    answers = dict.fromkeys(word for one in asked.values() for word in one.answers)
    answer["properties"]["answer"] = {"description": "The answer to it.", "enum": list(answers)}
    return {
        "title": "Judgements",
        "description": "A competent person's recorded answers to units, and to questions about entries.",
        "type": ["array", "null"],
        # Which of the two is meant is told by its key, so that an editor names what is wrong with it.
        "items": {"if": {"required": ["question"]}, "then": answer, "else": judgement},
        "$defs": definitions,
    }


def _ixit(editions: list[Edition]) -> Schema:
    tables: dict[str, list[Table]] = {}
    for known in editions:
        for table in known.tables:
            tables.setdefault(table.id, []).append(table)
    models = {model for versions in tables.values() for model in models_for(versions[0].id)}
    made = _of_models(sorted(models, key=lambda model: model.__name__))
    definitions: Schema = {}
    for schema in made.values():
        definitions |= schema.pop("$defs", {})
    definitions |= made
    return {
        "title": "IXIT",
        "description": "Implementation extra information for testing: tables of answers by the manufacturer.",
        "type": ["object", "null"],
        "properties": {
            MARK: {
                "description": "Tables of which nobody has checked whether they have further entries.",
                **_marks(tables),
            },
            **{table_id: _table(versions) for table_id, versions in tables.items()},
        },
        "additionalProperties": False,
        "$defs": definitions,
    }


def _table(versions: list[Table]) -> Schema:
    table = versions[0]
    facts, access = models_for(table.id)
    record: Schema = {
        "type": "object",
        "properties": {
            **{field.name: _field(field) for version in reversed(versions) for field in version.fields},
            "facts": {"anyOf": [{"$ref": f"#/$defs/{facts.__name__}"}, {"type": "null"}]},
            "access": {"anyOf": [{"$ref": f"#/$defs/{access.__name__}"}, {"type": "null"}]},
            MARK: {"description": _MARK, **_marks()},
        },
        "additionalProperties": False,
    }
    if table.single:
        return {"description": table.title, **record, "type": ["object", "null"]}
    record["required"] = ["ID"]
    about = f"{table.title}; one entry is {table.one_entry_is}." if table.one_entry_is else table.title
    return {"description": about, "type": "array", "items": record}


_MARK = (
    "What was drafted and nobody has checked: ID (the entry as such), fields, facts.tls ..., each with what was looked "
    "at. Take away what you have checked."
)


def _marks(names: Iterable[str] = ()) -> Schema:
    """Marks on what was drafted, see `pytest_etsi.profile.drafts`; on `names` only where there are some."""
    text: Schema = {"type": [*_LOOSE_TEXT, "null"]}
    each: Schema = {"type": "object", "additionalProperties": text}
    if known := dict.fromkeys(names, text):
        each = {"type": "object", "properties": known, "additionalProperties": False}
    return {"anyOf": [text, each, {"type": "array", "items": {"type": "string"}}]}


def _field(field: Field) -> Schema:
    made: Schema = {"description": field.meaning, "examples": [field.example]}
    several: Schema = {"type": "array", "items": {"type": _LOOSE_TEXT}}
    if field.name == "ID":
        return {**made, "type": ["string", "number"]}
    if field.type in ("reference", "list", "enum"):
        if field.values:
            made["description"] += f" One{' or more' if field.many else ''} of: {', '.join(field.values)}."
        return {**made, "anyOf": [{"type": [*_LOOSE_TEXT, "null"]}, several]}
    return {**made, "type": [*_LOOSE_TEXT, "null"]}


def _of_models(models: Iterable[type[BaseModel]]) -> dict[str, Schema]:
    """Model name -> its schema with `$defs`, adapted to what the loader takes."""
    chosen = list(models)
    _, together = models_json_schema([(model, "validation") for model in chosen])
    definitions: Schema = {name: _adapt(schema) for name, schema in together.get("$defs", {}).items()}
    made = {model.__name__: definitions.pop(model.__name__) for model in chosen}
    for schema in made.values():
        needed = {name: definitions[name] for name in _needed(schema, definitions)}
        if needed:
            schema["$defs"] = needed
    return made


def _needed(schema: Any, definitions: Schema) -> set[str]:
    found: set[str] = set()
    waiting = list(_references(schema))
    while waiting:
        name = waiting.pop()
        if name in definitions and name not in found:
            found.add(name)
            waiting += _references(definitions[name])
    return found


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"].rpartition("/")[2]
        for part in schema.values():
            yield from _references(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _references(part)


def _adapt(schema: Any) -> Any:
    """Drop what editors do not need; let every value be a placeholder, and every optional one be left empty."""
    if isinstance(schema, list):
        return [_adapt(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {
        key: {name: _adapt(part) for name, part in value.items()}
        if key in ("properties", "$defs")
        else _adapt(value)
        for key, value in schema.items()
        if key not in ("title", "discriminator", "x-expected", "default")
    }
    required = made.get("required", [])
    for name, part in made.get("properties", {}).items():
        if name not in required:
            made["properties"][name] = _or(part, {"type": "null"})
    return _leaf(made)


def _leaf(schema: Schema) -> Schema:
    kind = schema.get("type")
    if (
        kind in ("integer", "number", "boolean")
        or "enum" in schema
        or "const" in schema
        or "pattern" in schema
    ):
        return _or(schema, _PLACEHOLDER)
    if kind == "string":
        return {**schema, "type": _LOOSE_TEXT} if not schema.get("format") else schema
    return schema


def _or(schema: Schema, other: Schema) -> Schema:
    """A schema or another, with the description outside."""
    outside = {key: schema[key] for key in ("description",) if key in schema}
    inside = {key: value for key, value in schema.items() if key not in outside}
    options = inside["anyOf"] if set(inside) == {"anyOf"} else [inside]
    return {**outside, "anyOf": [*options, *([other] if other not in options else [])]}


def describe_model(model: type[BaseModel]) -> list[str]:
    """The keys of a model as lines of YAML in comments: name, what is expected, what it means."""
    root = model.model_json_schema()
    return list(_described(root, root.get("$defs", {}), ""))


def _described(schema: Schema, definitions: Schema, indent: str) -> Iterator[str]:
    for name, part in schema.get("properties", {}).items():
        options = [_resolve(option, definitions) for option in part.get("anyOf", [part])]
        options = [option for option in options if option.get("type") != "null"]
        inner, dash = options[0], ""
        if inner.get("type") == "array":
            inner, dash = _resolve(inner.get("items", {}), definitions), "- "
        about = part.get("description") or options[0].get("description", "")
        about = f"  # {about}" if about else ""
        if inner.get("properties"):
            yield f"{indent}{name}:{about}"
            lines = list(_described(inner, definitions, ""))
            yield from (
                f"{indent}  {dash if i == 0 else ' ' * len(dash)}{line}" for i, line in enumerate(lines)
            )
            continue
        words = _expected_words(inner)
        yield f"{indent}{name}: {f'[{words}]' if dash else words}{about}"


def _resolve(schema: Schema, definitions: Schema) -> Schema:
    while "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    return schema


def _expected_words(schema: Schema) -> str:
    values = schema.get("enum") or ([schema["const"]] if "const" in schema else [])
    if values:
        return " | ".join(map(str, values))
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_expected_words(option) for option in schema["anyOf"]))
    words = {"integer": "0", "number": "0", "boolean": "true | false", "object": "{}", "array": "[]"}
    return words.get(str(schema.get("type")), str(schema.get("x-expected") or "text"))
