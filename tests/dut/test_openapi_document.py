"""An OpenAPI document as it is written elsewhere: by references, over several files, and in later versions."""

from __future__ import annotations

import json

import pytest
import yaml

from pytest_etsi.dut.observe.access.openapi import operations
from pytest_etsi.profile.facts import OpenApiAccess

BASE = "https://192.0.2.7/api"


@pytest.fixture
def described(tmp_path):
    """What becomes of the operations of `paths`, with more at the top of the document and files beside it."""

    def read(paths, beside=None, **top):
        document = {"openapi": "3.1.0", "security": [{"basic": []}], "paths": paths, **top}
        (tmp_path / "api.yaml").write_text(yaml.safe_dump(document))
        for name, content in (beside or {}).items():
            file = tmp_path / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(json.dumps(content))
        access = {"file": str(tmp_path / "api.yaml"), "url": BASE, "login": "web"}
        return operations(OpenApiAccess.model_validate(access))

    return read


def tried(found):
    return [request.url.removeprefix(BASE) for request in found.requests]


def test_a_path_by_reference_within_the_document_is_tried(described):
    found = described(
        {"/lamps": {"$ref": "#/components/pathItems/lamps"}},
        components={"pathItems": {"lamps": {"get": {}, "post": {}}}},
    )

    assert tried(found) == ["/lamps"]
    assert found.changing == (("POST", "/lamps"),)


def test_a_path_in_a_file_beside_the_document_is_tried_with_what_that_file_refers_to(described):
    item = {"parameters": [{"$ref": "shared.json#/id"}], "get": {"parameters": [{"$ref": "#/~1unit"}]}}
    unit = {"name": "unit", "in": "query", "required": True, "schema": {"const": "lm"}}
    found = described(
        {"/lamps/{id}": {"$ref": "./paths/lamps.json#/lamp"}},
        {
            "paths/lamps.json": {"lamp": item, "/unit": unit},
            "paths/shared.json": {"id": {"name": "id", "in": "path", "schema": {"type": "integer"}}},
        },
    )

    assert tried(found) == ["/lamps/1?unit=lm"]


@pytest.mark.parametrize(
    "reference",
    [
        *("#/nowhere", "absent.json", "http://192.0.2.1/x.json", "/etc/hostname", "#/paths/~1a"),
        *("#anchor", "api.yaml#anchor", "#", "#/openapi", "#/security/0"),
    ],
)
def test_a_reference_that_leads_nowhere_is_told(described, reference):
    assert described({"/a": {"$ref": reference}}).unread == ("path /a",)


def test_a_parameter_of_the_operation_overrides_that_of_its_path(described):
    shared = {"name": "id", "in": "path", "schema": {"enum": ["of the path"]}}
    own = {"name": "id", "in": "path", "schema": {"enum": ["own"]}}

    assert tried(described({"/{id}": {"parameters": [shared], "get": {"parameters": [own]}}})) == ["/own"]


def test_one_of_the_same_name_elsewhere_is_another_parameter(described):
    shared = {"name": "id", "in": "path", "schema": {"enum": ["7"]}}
    other = {"name": "id", "in": "query", "required": True, "schema": {"enum": ["8"]}}

    assert tried(described({"/{id}": {"parameters": [shared], "get": {"parameters": [other]}}})) == [
        "/7?id=8"
    ]


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": ["integer", "null"]}, "1"),
        ({"type": ["null", "string"]}, "1"),
        ({"examples": ["a1"], "type": "string"}, "a1"),
        ({"const": "b"}, "b"),
        ({"enum": [None, "c"]}, "c"),
        ({"$ref": "#/components/schemas/d"}, "d"),
    ],
)
def test_values_of_later_versions_are_understood(described, schema, value):
    paths = {"/{id}": {"parameters": [{"name": "id", "in": "path", "schema": schema}], "get": {}}}
    components = {"schemas": {"d": {"default": "d"}}}

    assert tried(described(paths, components=components)) == [f"/{value}"]


@pytest.mark.parametrize("schema", [{"type": ["null"]}, {"type": ["object"]}, {"$ref": "#/nowhere"}, {}])
def test_where_no_value_is_given_the_path_is_told(described, schema):
    paths = {"/{id}": {"parameters": [{"name": "id", "in": "path", "schema": schema}], "get": {}}}

    assert described(paths).without == ("/{id}",)


def test_a_parameter_that_cannot_be_read_leaves_its_operation_untried(described):
    assert described({"/a": {"get": {"parameters": [{"$ref": "#/nowhere"}]}}}).without == ("/a",)


def test_every_operation_has_an_outcome(described):
    found = described(
        {
            "/a": {
                "get": {}, "head": {}, "options": {"security": []}, "put": {}, "trace": {}, "patch": 7,
                "summary": "x", "servers": [], "parameters": [],
                "additionalOperations": {"COPY": {}},
            },
            "/b": {"get": {"security": "basic"}},
            "/c": 7,
            "x-more": {"get": {}},
        }
    )  # fmt: skip

    assert tried(found) == ["/a"]
    assert found.changing == (("PUT", "/a"),)
    assert set(found.others) == {"HEAD /a", "TRACE /a", "COPY /a"}
    assert found.public == ("OPTIONS /a",)
    assert set(found.unread) == {"PATCH /a", "security of GET /b", "path /c"}
