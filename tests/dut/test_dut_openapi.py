"""Operations of an OpenAPI document, tried on a service that guards them, or forgets one."""

from __future__ import annotations

import copy
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import yaml
from login_device import LoginDevice, profile_of

from pytest_etsi.assessment import criteria
from pytest_etsi.dut import Dut
from pytest_etsi.dut.observe.access.openapi import OpenApiError, operations
from pytest_etsi.profile.facts import OpenApiAccess
from pytest_etsi.standard import edition

SECRET = "Basic aG9tZTpLYWZmZWV0YXNzZS03Nw=="  # home:Kaffeetasse-77
DOCUMENT = {
    "openapi": "3.0.3",
    "security": [{"basic": []}],
    "paths": {
        "/state": {"get": {}},
        "/public": {"get": {"security": []}},
        "/maybe": {"get": {"security": [{}, {"basic": []}]}},
        "/lamps/{id}": {
            "parameters": [{"$ref": "#/components/parameters/id"}],
            "get": {
                "parameters": [{"name": "unit", "in": "query", "required": True, "schema": {"enum": ["lm"]}}]
            },
            "delete": {},
        },
        "/rooms/{room}": {
            "get": {"parameters": [{"name": "room", "in": "path", "schema": {"type": "object"}}]}
        },
        "/lamps": {"post": {}},
    },
    "components": {"parameters": {"id": {"name": "id", "in": "path", "schema": {"type": "integer"}}}},
}


class Service:
    """Guards everything below /api; `forgets` is a path that it does not."""

    def __init__(self, forgets=""):
        service = self
        self.forgets = forgets
        self.asked = []
        self.changed = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                path = self.path.partition("?")[0]
                service.asked.append(self.path)
                known = path in {"/api/state", "/api/lamps/1", "/api/private"}
                open_ = self.headers.get("Authorization") == SECRET or (known and path == service.forgets)
                status = 401 if not open_ else 200 if known else 404
                body = b'{"on": true}' if status == 200 else b"{}"
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_HEAD = do_OPTIONS = do_GET  # noqa: N815 - the library's names

            def do_PUT(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                service.changed.append((self.command, self.path, body))
                open_ = self.headers.get("Authorization") == SECRET or service.forgets == self.path
                self.send_response(204 if open_ else 404 if "lamps/" in self.path else 401)
                self.end_headers()

            do_POST = do_DELETE = do_PUT  # noqa: N815 - the library's names

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/api"

    def __enter__(self):
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def found(device: LoginDevice, tmp_path):
    def observe(service, document=None, generate=False, permissions=("change-credentials",), **more):
        path = tmp_path / "api.yaml"
        path.write_text(yaml.safe_dump(document or DOCUMENT))
        tables = {table.id: {} if table.single else [] for table in edition("1.1.1").tables}
        login = {
            "ID": "web",
            "access": {
                "driver": "http-basic",
                "url": f"{service.url}/private",
                "username": "home",
                "password": "Kaffeetasse-77",
            },
        }
        openapi = {"file": str(path), "url": service.url, "login": "web", "generate": generate}
        entry = {"ID": "api", "access": {"openapi": openapi, **more}}
        profile = profile_of(tmp_path, device, ixit=tables | {"1-AuthMech": [login], "13-SoftServ": [entry]})
        entry = profile.ixit.table("13-SoftServ")[0]
        observed = Dut(profile, permissions=permissions).access(entry)
        return criteria.access.kept_out(entry, observed), criteria.access.let_in(entry, observed)

    return observe


def test_what_needs_a_login_is_asked_with_values_of_the_document(tmp_path):
    path = tmp_path / "api.yaml"
    path.write_text(yaml.safe_dump(DOCUMENT))
    access = OpenApiAccess.model_validate(
        {"file": str(path), "url": "https://192.0.2.7/api/", "login": "web"}
    )

    found = operations(access)
    assert {request.url for request in found.requests} == {
        "https://192.0.2.7/api/state",
        "https://192.0.2.7/api/lamps/1?unit=lm",
    }
    assert found.without == ("/rooms/{room}",)
    assert set(found.public) == {"GET /public", "GET /maybe"}
    assert set(found.changing) == {("DELETE", "/lamps/{id}"), ("POST", "/lamps")}


def test_an_operation_that_is_not_guarded_is_a_violation(found):
    with Service(forgets="/api/lamps/1") as service:
        kept_out, let_in = found(service)

    assert "GET" in str(kept_out.violations)
    assert "/api/lamps/1" in str(kept_out.violations)
    assert not let_in.violations


def test_operations_that_are_guarded_pass_and_those_that_change_something_want_a_request(found):
    with Service() as service:
        kept_out, let_in = found(service)

    assert not kept_out.violations
    assert "2 operations of api.yaml that change something" in str(kept_out.unknowns)
    told = str(kept_out.unknowns)
    assert all(operation in told for operation in ("DELETE /lamps/{id}", "POST /lamps"))
    assert "1 GET operations of api.yaml could not be tried" in told
    assert not let_in.violations
    # What is not there is not taken for something that is refused.
    assert not any("/rooms/" in path or path == "/api/public" for path in service.asked)


def test_an_operation_behind_a_reference_that_is_not_guarded_is_a_violation(found):
    document = {
        "openapi": "3.1.0",
        "security": [{"basic": []}],
        "paths": {"/lamps/{id}": {"$ref": "#/components/pathItems/lamp"}},
        "components": {
            "pathItems": {
                "lamp": {
                    "parameters": [
                        {
                            "name": "id",
                            "in": "path",
                            "required": True,
                            "schema": {"type": ["integer", "null"]},
                        }
                    ],
                    "get": {},
                }
            }
        },
    }
    with Service(forgets="/api/lamps/1") as service:
        kept_out, _ = found(service, document)

    assert "/api/lamps/1" in str(kept_out.violations)


@pytest.mark.parametrize(
    ("paths", "words"),
    [
        ({"/state": {"get": {}}, "/lamps": {"$ref": "absent.yaml"}}, "1 parts of api.yaml could not be read"),
        ({"/state": {"get": {}, "head": {}}}, "1 operations of api.yaml by other methods were not tried"),
        ({"/state": {"get": {"security": []}}}, "says of none of its operations that they need a login"),
    ],
)
def test_what_of_a_document_is_not_tried_leaves_it_open(found, paths, words):
    with Service() as service:
        kept_out, _ = found(service, {"openapi": "3.1.0", "security": [{"basic": []}], "paths": paths})

    assert not kept_out.violations
    assert words in str(kept_out.unknowns)


def test_a_declared_request_stands_for_its_operation(found):
    reads = {
        "openapi": "3.1.0",
        "security": [{"basic": []}],
        "paths": {"/state": {"get": {}}, "/x/{a}": {"put": {}}},
    }
    with Service() as service:
        put = {
            "method": "PUT",
            "url": f"{service.url}/x/7",
            "json": {"on": True},
            "expect": [200],
            "login": "web",
        }
        kept_out, _ = found(service, reads, never=[put])

    assert not [one for one in kept_out.unknowns if "operations of" in one.message]


SETTINGS = {
    "openapi": "3.0.3",
    "info": {"title": "lamp", "version": "1"},
    "security": [{"basic": []}],
    "paths": {
        "/settings": {
            "put": {
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["level"],
                                "properties": {"level": {"type": "integer", "minimum": 3, "maximum": 9}},
                                "additionalProperties": False,
                            }
                        }
                    },
                },
                "responses": {"204": {"description": "taken over"}},
            }
        },
        "/picture": {
            "put": {
                "requestBody": {
                    "required": True,
                    "content": {"image/png": {"schema": {"type": "string", "format": "binary"}}},
                },
                "responses": {"204": {"description": "taken over"}},
            }
        },
    },
    "components": {"securitySchemes": {"basic": {"type": "http", "scheme": "basic"}}},
}


def test_operations_that_change_something_are_tried_with_values_of_their_schema(found):
    with Service() as good:
        kept_out, _ = found(good, SETTINGS, generate=True)
    with Service(forgets="/api/settings") as bad:
        taken, _ = found(bad, SETTINGS, generate=True)

    ((method, path, body),) = good.changed
    assert (method, path, sorted(json.loads(body))) == ("PUT", "/api/settings", ["level"])
    assert 3 <= json.loads(body)["level"] <= 9
    assert not kept_out.violations
    assert "1 operations of api.yaml" in str(kept_out.unknowns)  # a picture is not made up
    assert "PUT /picture" in str(kept_out.unknowns)
    assert "/api/settings" in str(taken.violations)


def test_an_operation_in_a_file_beside_the_document_is_tried_with_made_up_values(found, tmp_path):
    (tmp_path / "paths.yaml").write_text(yaml.safe_dump({"settings": SETTINGS["paths"]["/settings"]}))
    document = {**SETTINGS, "paths": {"/settings": {"$ref": "paths.yaml#/settings"}}}
    with Service(forgets="/api/settings") as service:
        taken, _ = found(service, document, generate=True)

    assert "/api/settings" in str(taken.violations)


def test_an_answer_that_is_no_refusal_of_access_leaves_it_open(found):
    document = copy.deepcopy(SETTINGS)
    parameter = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 7}}
    delete = {"parameters": [parameter], "responses": {"204": {"description": "gone"}}}
    document["paths"] = {"/lamps/{id}": {"delete": delete}}
    with Service() as service:
        kept_out, _ = found(service, document, generate=True)

    assert [path for _, path, _ in service.changed] == ["/api/lamps/7"]
    assert not kept_out.violations
    assert "HTTP 404" in str(kept_out.unknowns)


def test_nothing_is_changed_without_the_permission(found):
    with Service() as service:
        kept_out, _ = found(service, SETTINGS, generate=True, permissions=())

    assert service.changed == []
    assert "the permission change-credentials is missing" in str(kept_out.unknowns)


def test_what_has_to_be_installed_is_named(found, monkeypatch):
    monkeypatch.setitem(sys.modules, "schemathesis", None)
    with Service() as service:
        kept_out, _ = found(service, SETTINGS, generate=True)

    assert "install the extra pytest-etsi[openapi]" in str(kept_out.unknowns)


def test_a_document_that_schemathesis_cannot_use_is_named(found):
    with Service() as service:
        kept_out, _ = found(service, {**SETTINGS, "openapi": "9.9"}, generate=True)

    assert "api.yaml" in str(kept_out.unknowns)
    assert service.changed == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON or YAML"),
        ("a: [", "not JSON or YAML"),
        ("a: 1", "expected an OpenAPI document"),
        ("openapi: 3.0.0\npaths: []", "expected a mapping of paths"),
    ],
)
def test_a_file_that_is_no_openapi_document_is_named(tmp_path, text, words):
    path = tmp_path / "api.yaml"
    path.write_text(text)
    access = OpenApiAccess.model_validate({"file": str(path), "url": "https://192.0.2.7/", "login": "web"})

    with pytest.raises(OpenApiError, match=words):
        operations(access)
