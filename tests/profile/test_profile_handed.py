"""What the profile hands to a device, a bench, a service or a program is secret by its position."""

from __future__ import annotations

import base64
import copy
import json
import pickle
from typing import TYPE_CHECKING, Any, get_args

import pytest
import yaml
from profile_documents import load, problems_of, write_profile
from pydantic import BaseModel

from pytest_etsi.profile import access, facts
from pytest_etsi.profile._handed import (
    Handed,
    HandedHeader,
    HandedLine,
    HandedNumber,
    HandedText,
    HandedUrl,
    SecretText,
    handed,
    reveal,
)
from pytest_etsi.redaction import Redactor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

OPERATIONS: dict[str, dict[str, Any]] = {
    "json": {"kind": "http", "url": "http://h/", "json": {"user": {"key": ["planted-1234"]}}},
    "number": {"kind": "http", "url": "http://h/", "json": {"pin": 48291375}},
    "form": {"kind": "http", "url": "http://h/", "form": {"anything": "planted-1234"}},
    "header": {"kind": "http", "url": "http://h/", "headers": {"X-Whatever": "planted-1234"}},
    "step": {"kind": "http", "steps": [{"url": "http://h/", "headers": {"Cookie": "a=1; s=planted-1234"}}]},
    "user info": {"kind": "http", "url": "http://admin:planted-1234@h/"},
    "only user info": {"kind": "http", "url": "http://planted-1234@h/"},
    "query": {"kind": "http", "url": "http://h/?x=1&y=planted-1234"},
    "coded query": {"kind": "http", "url": "http://h/?y=planted%2D1234"},
    "console": {"kind": "console", "steps": [{"send": "passwd root planted-1234"}]},
    "bench": {"kind": "bench", "driver": "d", "action": "on", "options": {"any": "planted-1234"}},
    "python": {"kind": "python", "call": "m:f", "options": {"deep": [{"er": "planted-1234"}]}},
    "program": {"kind": "shell", "program": "p", "arguments": ["-k", "planted-1234"]},
    "environment": {"kind": "shell", "program": "p", "env": {"KEY": "planted-1234"}},
    "command": {"kind": "ssh", "login": "web", "command": "passwd planted-1234"},
    "message": {"kind": "mqtt", "login": "web", "topic": "t", "payload": "planted-1234"},
    "service": {"kind": "cloud", "path": "/v1/x?key=planted-1234"},
    "basic": {
        "kind": "http",
        "url": "http://h/",
        "headers": {"Authorization": "Basic " + base64.b64encode(b"admin:planted-1234").decode()},
    },
}


@pytest.mark.parametrize("where", OPERATIONS)
def test_a_literal_that_an_operation_hands_over_is_a_secret(tmp_path: Path, where: str) -> None:
    operation = OPERATIONS[where]
    write_profile(
        tmp_path, extra=f"  operations: {json.dumps({'x': operation})}\n", ixit='"1-AuthMech":\n- {ID: web}\n'
    )
    profile = load(tmp_path)

    shown = Redactor(profile.redactions).text("the device said planted-1234 and 48291375")
    assert ("48291375" if where == "number" else "planted-1234") not in shown


def test_a_literal_header_of_the_service_and_of_the_gateway_is_a_secret(tmp_path: Path) -> None:
    write_profile(tmp_path, extra="  cloud: {url: 'https://h/', headers: {X-Key: planted-1234}}\n")

    assert "planted-1234" in load(tmp_path).redactions


@pytest.mark.parametrize(
    ("operation", "told"),
    [
        ("{kind: http, url: 'http://h/', json: {name: reset, seconds: 2, on: true}}", "reset"),
        ("{kind: http, url: 'http://h/', json: {name: '${public:garden-9}'}}", "garden-9"),
        ("{kind: http, url: 'http://h/', json: {port: '{port}'}}", "{port}"),
        ("{kind: http, url: 'http://h/', headers: {Content-Type: application/xml}}", "application/xml"),
        ("{kind: http, url: 'http://h/', headers: {Authorization: 'Bearer {token}'}}", "Bearer"),
        ("{kind: console, steps: [{send: x}]}", "x"),
    ],
)
def test_what_is_marked_or_cannot_be_a_secret_is_shown(tmp_path: Path, operation: str, told: str) -> None:
    write_profile(tmp_path, extra=f"  operations: {{x: {operation}}}\n")

    assert Redactor(load(tmp_path).redactions).text(f"a {told} b") == f"a {told} b"


def test_a_number_that_is_marked_as_no_secret_stays_a_number(tmp_path: Path) -> None:
    write_profile(
        tmp_path,
        extra="  operations:\n    x:\n      kind: http\n      url: http://h/\n      json:\n"
        "        wait: ${public:30000}\n        text: '${public:30000}'\n",
    )
    profile = load(tmp_path)

    assert reveal(profile.access.operations["x"].json_body) == {"wait": 30000, "text": "30000"}  # type: ignore[union-attr]
    assert "30000" not in profile.redactions


def test_the_user_of_a_login_is_named_in_reports_and_no_secret(tmp_path: Path) -> None:
    write_profile(
        tmp_path,
        extra="  operations: {x: {kind: http, url: 'http://h/', form: {u: somebody, p: planted-1234}}}\n",
        ixit='"1-AuthMech":\n- {ID: web, access: {username: somebody}}\n',
    )
    redactions = load(tmp_path).redactions

    assert "somebody" not in redactions
    assert "planted-1234" in redactions


@pytest.mark.parametrize(
    "value",
    [
        SecretText("hunter22"),
        HandedText("hunter22"),
        HandedHeader("Bearer hunter22"),
        HandedLine("login hunter22"),
        HandedNumber(48291375),
    ],
)
def test_what_is_handed_over_is_shown_as_a_mask_and_written_by_nothing(value: Handed) -> None:
    shown = f"{value} {value!s} {value!r} {value:>40} %s %r {[value]} { {'a': (value,)} }" % (value, value)

    assert "hunter22" not in shown
    assert "48291375" not in shown
    writers: tuple[Callable[[Any], Any], ...] = (
        json.dumps, pickle.dumps, bytes, int, lambda one: "".join([one]), lambda one: "a" + one,
    )  # fmt: skip
    for write in writers:
        with pytest.raises((TypeError, ValueError)):
            write(value)


def test_what_is_handed_over_is_let_out_as_it_is_wherever_it_is_nested() -> None:
    body = {"user": "x", "deep": [HandedText("hunter22"), {"pin": HandedNumber(482913)}, None, True]}

    assert reveal(body) == {"user": "x", "deep": ["hunter22", {"pin": 482913}, None, True]}


def test_equal_secrets_are_equal_and_a_text_is_no_secret() -> None:
    assert SecretText("hunter22") == SecretText("hunter22")
    assert len({SecretText("hunter22"), SecretText("hunter22"), SecretText("hunter23")}) == 2
    assert SecretText("hunter22") != "hunter22"
    assert copy.deepcopy([SecretText("hunter22")]) == [SecretText("hunter22")]
    assert not SecretText("")


def test_an_address_without_credentials_is_shown() -> None:
    assert repr(HandedUrl("https://h/login")) == "'https://h/login'"


@pytest.mark.parametrize(
    "broken",
    [
        "{x: {kind: http, url: 'htp://admin:planted-1234@h/'}}",
        "{x: {kind: http, url: 'htp://h/?k=planted-1234'}}",
        "{x: {kind: http, url: 'http://h/', headers: planted-1234}}",
        "{x: {kind: http, url: 'http://h/', form: planted-1234}}",
        "{x: {kind: python, call: 'm:f', options: planted-1234}}",
    ],
)
def test_a_problem_of_the_documents_does_not_quote_what_would_be_handed_over(
    tmp_path: Path, broken: str
) -> None:
    write_profile(tmp_path, extra=f"  operations: {broken}\n")
    problems = problems_of(tmp_path)

    assert problems
    assert "planted-1234" not in "\n".join(map(str, problems))


# Every field of the schema ----------------------------------------------------------------------------------

NAMED = {
    "json_body", "form", "headers", "send", "options", "constant", "password", "passphrase", "canary",
    "capture_headers", "url", "page", "protected_url", "pages", "capture", "arguments", "env", "command",
}  # fmt: skip
"""Fields whose values travel: bodies, forms, headers, console lines, options, credentials, and addresses."""


def models() -> Iterator[type[BaseModel]]:
    """Every model of access, with what is nested in it."""
    waiting: list[Any] = [access.Access]
    waiting += [model for name in facts.__all__ if (model := getattr(facts, name, None)) is not None]
    seen: set[Any] = set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, type) and issubclass(one, BaseModel):
            if one in seen:
                continue
            seen.add(one)
            if not one.__name__.endswith("Facts"):
                yield one
            waiting += [info.annotation for info in one.model_fields.values()]
        else:
            waiting += get_args(one)


def test_every_field_that_travels_holds_a_type_that_is_masked() -> None:
    unmasked = []
    for model in models():
        for name, info in model.model_fields.items():
            if name not in NAMED or model.__name__ == "FormFields":  # which holds the names of fields
                continue
            for sample in (
                "https://h/?q=planted-1234",
                {"a": "planted-1234"},
                ("https://h/?q=planted-1234",),
            ):
                try:
                    made = model.__pydantic_validator__.validate_assignment(
                        model.model_construct(), name, sample
                    )
                except ValueError:
                    continue
                value = made[0][name] if isinstance(made, tuple) else getattr(made, name)
                if not any("planted-1234" in "".join(one.kept_secret()) for one in handed(value)):
                    unmasked.append(f"{model.__name__}.{info.alias or name}")

    assert unmasked == []


def test_what_is_planted_in_every_travelling_position_of_a_profile_is_known(tmp_path: Path) -> None:
    planted = {f"planted-{number:04d}" for number in range(len(OPERATIONS))}
    texts = [
        json.dumps(operation).replace("planted-1234", value)
        for operation, value in zip(OPERATIONS.values(), sorted(planted), strict=True)
    ]
    write_profile(
        tmp_path,
        extra="  operations:\n" + "".join(f"    x{n}: {text}\n" for n, text in enumerate(texts)),
        ixit='"1-AuthMech":\n- {ID: web}\n',
    )
    there = {value for value in planted if any(value in text for text in texts)}
    shown = Redactor(load(tmp_path).redactions).text(" ".join(sorted(there)))

    assert not there & set(shown.split())
    assert yaml.safe_load(texts[0])
