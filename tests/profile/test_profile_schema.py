"""The JSON Schemas for editors, and the documents that `init` begins with."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from pytest_etsi.profile import load_profile
from pytest_etsi.profile._document import raw
from pytest_etsi.profile._shipped import shipped_directory, shipped_profiles
from pytest_etsi.profile._yaml import read_yaml
from pytest_etsi.profile.schema import KINDS, Kind, json_schema, schema_files
from pytest_etsi.profile.skeleton import Answers, skeleton
from pytest_etsi.standard import EDITIONS, edition
from pytest_etsi.unit import NEEDS

if TYPE_CHECKING:
    from pathlib import Path

REMARKABLE = Answers('He said "hi"', "Câmera ${x}: #1", "1", "0.10", host="2001:db8::7")


@cache
def validator(kind: Kind, edition_id: str | None = None) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json_schema(kind, edition_id))


@cache
def check_schema(text: str) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(text))


def test_a_definition_that_is_no_schema_is_found() -> None:
    with pytest.raises(jsonschema.SchemaError):
        check_schema('{"type": "object", "properties": {"a": {"type": "text"}}}')


def document(content: str | bytes) -> Any:
    root, problems = read_yaml(content if isinstance(content, bytes) else content.encode(), "a.yaml")
    assert problems == []
    return None if root is None else raw(root)


def kind_of(path: str) -> Kind | None:
    if path.startswith("ixit"):
        return "ixit"
    return next((kind for kind in KINDS if path == f"{kind}.yaml"), None)


def written(answers: Answers, directory: Path) -> Path:
    for name, content in skeleton(answers).items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(content, encoding="utf-8")
    return directory


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("edition_id", [None, *EDITIONS])
def test_a_schema_is_a_schema_of_draft_2020_12(kind: Kind, edition_id: str | None) -> None:
    schema = json_schema(kind, edition_id)

    # Each definition is a schema of its own, and most are those of the other editions.
    for part in ({**schema, "$defs": {}}, *schema.get("$defs", {}).values()):
        check_schema(json.dumps(part))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_shipped_schemas_are_up_to_date() -> None:
    directory = shipped_directory()
    assert directory is not None

    shipped = {path.name: path.read_text(encoding="utf-8") for path in (directory / "schema").iterdir()}
    assert shipped == schema_files(), "run: pytest-etsi schema --write device_profiles/schema"


@pytest.mark.parametrize("edition_id", EDITIONS)
def test_what_init_writes_fits_the_schemas(edition_id: str) -> None:
    files = skeleton(Answers("Example", "Cam", "1", "2", edition=edition_id))
    checked = {name: kind for name in files if (kind := kind_of(name))}

    assert len(checked) == 32
    for name, kind in checked.items():
        content = document(files[name])
        validator(kind).validate(content)
        validator(kind, edition_id).validate(content)


def test_what_init_writes_explains_every_permission() -> None:
    text = skeleton(Answers("Example", "Cam", "1", "2"))["profile.yaml"]

    assert {name for name in NEEDS if f"\n#   {name} " in text} == set(NEEDS)


@pytest.mark.parametrize("edition_id", EDITIONS)
def test_what_init_writes_is_valid(tmp_path: Path, edition_id: str) -> None:
    profile = load_profile(
        written(Answers("Example", "Cam 200", "1", "2", edition=edition_id), tmp_path), environ={}
    )

    assert (profile.name, profile.edition) == ("cam-200", edition_id)
    assert profile.access.network is None


def test_what_init_writes_keeps_any_answer(tmp_path: Path) -> None:
    profile = load_profile(written(REMARKABLE, tmp_path), environ={})

    assert (profile.dut.manufacturer, profile.dut.model, profile.dut.software) == (
        'He said "hi"',
        "Câmera ${x}: #1",
        "0.10",
    )
    assert profile.access.network is not None
    assert profile.access.network.hosts == ("2001:db8::7",)


@pytest.mark.parametrize("edition_id", EDITIONS)
def test_every_provision_condition_table_and_field_is_explained(edition_id: str) -> None:
    files = skeleton(Answers("Example", "Cam", "1", "2", edition=edition_id))
    standard = edition(edition_id)

    assert all(
        f'"{provision.id}"' in files["ics.yaml"] for provision in standard.provisions if provision.printed
    )
    assert all(condition.meaning in files["ics.yaml"] for condition in standard.conditions)
    for table in standard.tables:
        text = " ".join(files[f"ixit/{table.number:02d}-{table.name}.yaml"].replace("#", " ").split())
        for field in table.fields:
            assert " ".join(field.meaning.split()) in text
            assert " ".join(field.example.replace("#", " ").split()) in text


@pytest.mark.parametrize("edition_id", EDITIONS)
def test_taking_the_remark_sign_away_gives_a_valid_entry(tmp_path: Path, edition_id: str) -> None:
    written(Answers("Example", "Cam", "1", "2", edition=edition_id), tmp_path)
    for path in (tmp_path / "ixit").iterdir():
        text = path.read_text(encoding="utf-8")
        if ": []\n\n" in text:
            head, _, tail = text.partition(": []\n\n")
            uncommented = "".join(
                line.removeprefix("# ").removeprefix("#") for line in tail.splitlines(keepends=True)
            )
            path.write_text(f"{head}:\n{uncommented}", encoding="utf-8")
            validator("ixit").validate(document(path.read_bytes()))

    profile = load_profile(tmp_path, environ={})
    assert all(len(table) == 1 for table in profile.ixit)


@pytest.mark.parametrize(("edition_id", "rows"), [("1.1.1", 67), ("2.1.1", 78)])
def test_taking_the_remark_sign_away_gives_a_valid_ics(tmp_path: Path, edition_id: str, rows: int) -> None:
    written(Answers("Example", "Cam", "1", "2", edition=edition_id), tmp_path)
    path = tmp_path / "ics.yaml"
    lines = path.read_text().splitlines()
    path.write_text("\n".join(line.replace('# "', '"', 1) if '# "' in line else line for line in lines))

    profile = load_profile(tmp_path, environ={})
    assert len(profile.ics.rows) == rows
    validator("ics").validate(document(path.read_bytes()))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("profile", "format: 1\nedition: '1.1.1'\nics: x\nixit: y\ndut: {manufacturer: a}"),
        ("profile", "formt: 1"),
        ("ics", "'5.1-1': {support: X}"),
        ("ics", "'5.1-99': {support: Y}"),
        ("ixit", "'1-AuthMech': [{ID: a, facts: {subject: usr}}]"),
        ("ixit", "'1-AuthMech': [{ID: a, facts: {brute_force: {max_attempts: five}}}]"),
        ("ixit", "'1-AuthMech': [{ID: a, Descripton: b}]"),
        ("ixit", "'1-AuthMech': [{Description: b}]"),
        ("ixit", "'2-AuthMech': []"),
        ("judgements", "[{unit: 5.1-5-1/z}]"),
    ],
)
def test_the_schema_finds_what_the_loader_would(kind: Kind, text: str) -> None:
    assert not validator(kind).is_valid(document(text))


@pytest.mark.parametrize(
    "text",
    [
        "'1-AuthMech': [{ID: a, facts: {brute_force: {max_attempts: '${env:N}'}}}]",
        "'1-AuthMech': [{ID: a, facts: {password: null, endpoint: 443/tcp}}]",
        "'1-AuthMech': [{ID: a, facts: {endpoint: ['${virtual:https}/tcp']}, access: {port: '${virtual:https}'}}]",
        "'6-SoftComp': [{ID: a, Update Mechanism: [b], Cryptographic Usage: yes, facts: {version: 1.40}}]",
    ],
)
def test_the_schema_accepts_what_the_loader_does(text: str) -> None:
    validator("ixit").validate(document(text))


@pytest.mark.parametrize("name", sorted(shipped_profiles()))
def test_every_shipped_profile_fits_the_schemas_and_names_them(name: str) -> None:
    profile = load_profile(name)
    kinds = dict.fromkeys(KINDS, 0)
    for path in profile.sources:
        relative = str(path.relative_to(profile.path.parent))
        kind = kind_of(relative)
        if kind is None:
            continue
        kinds[kind] += 1
        validator(kind).validate(document(path.read_bytes()))
        first = path.read_text(encoding="utf-8").splitlines()[0]
        named = first.partition("$schema=")[2]
        assert first.startswith("# yaml-language-server: $schema="), path
        assert (
            path.parent / named
        ).resolve() == profile.path.parent.parent.resolve() / "schema" / f"{kind}.schema.json"
    assert kinds["profile"] == 1
