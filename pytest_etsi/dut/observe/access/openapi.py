"""The operations of an OpenAPI document (2.0 to 3.1) that need a login, as requests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import yaml

from pytest_etsi.probes.observation import printable
from pytest_etsi.profile.facts import Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pytest_etsi.profile.facts import OpenApiAccess

__all__ = ["OpenApiError", "changing", "generated", "reading"]

_LARGEST = 8 * 1024 * 1024
_CHANGING = ("post", "put", "patch", "delete")
_BY_TYPE: dict[str, Any] = {"integer": 1, "number": 1, "boolean": "true", "string": "1"}


class OpenApiError(ValueError):
    """The file is no OpenAPI document; says what is wrong."""


def reading(access: OpenApiAccess) -> tuple[tuple[Request, ...], tuple[str, ...]]:
    """The GET operations that need a login, with values for their parameters from the document.

    Returns:
        The requests, and the paths of those for which the document gives no values.

    Args:
        access: the document, and where the API is on the device.

    Raises:
        OpenApiError: it cannot be read.
    """
    found: list[Request] = []
    without: list[str] = []
    for path, method, operation, shared, document in _protected(access.file):
        if method == "get":
            target = _filled(document, path, (*shared, *operation.get("parameters", ())))
            if target is None:
                without.append(path)
            else:
                url = access.url.rstrip("/") + target
                found.append(Request.model_validate({"method": "GET", "url": url, "login": access.login}))
    return tuple(found), tuple(without)


def changing(access: OpenApiAccess) -> tuple[tuple[str, str], ...]:
    """Method and path of the operations that need a login and change something; no values are made up for them.

    Raises:
        OpenApiError: as `reading`.
    """
    return tuple(
        (method.upper(), path) for path, method, *_ in _protected(access.file) if method in _CHANGING
    )


def generated(
    access: OpenApiAccess, wanted: Iterable[tuple[str, str]]
) -> tuple[tuple[Request, ...], tuple[str, ...]]:
    """Requests for operations, with values that fit their schemas, the same each time.

    Args:
        access: the document, and where the API is on the device.
        wanted: method and path of the operations.

    Returns:
        The requests, and method and path of the operations for which none could be made.

    Raises:
        OpenApiError: the document cannot be used for it, or schemathesis is not installed.
    """
    try:
        import schemathesis
    except ImportError:
        raise OpenApiError("schemathesis is not installed: install the extra pytest-etsi[openapi]") from None
    wanted = dict.fromkeys(wanted)
    found: dict[tuple[str, str], Request] = {}
    try:
        operations = [one.ok() for one in schemathesis.openapi.from_dict(_read(access.file)).get_all_operations()
                      if hasattr(one, "ok")]  # fmt: skip
    except Exception as error:
        raise OpenApiError(f"{access.file}: {type(error).__name__}: {printable(str(error), 200)}") from error
    for operation in operations:
        key = operation.method.upper(), operation.path
        if key in wanted and (request := _made(access, operation)) is not None:
            found[key] = request
    return tuple(found.values()), tuple(
        f"{method} {path}" for method, path in wanted if (method, path) not in found
    )


def _made(access: OpenApiAccess, operation: Any) -> Request | None:
    """The simplest request of an operation; None: its body is neither JSON nor a form."""
    from hypothesis import HealthCheck, Phase, given, settings

    cases: list[Any] = []

    @settings(
        max_examples=1, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(operation.as_strategy())
    def take(case: Any) -> None:
        cases.append(case)

    try:
        take()
        case = cases[0]
        query = f"?{urlencode(case.query)}" if case.query else ""
        made: dict[str, Any] = {
            "method": operation.method.upper(),
            "url": access.url.rstrip("/") + case.formatted_path + query,
            "login": access.login,
        }
        if case.media_type == "application/json":
            made["json"] = case.body
        elif case.media_type == "application/x-www-form-urlencoded" and isinstance(case.body, dict):
            made["form"] = {name: str(value) for name, value in case.body.items()}
        elif case.media_type:
            return None
        return Request.model_validate(made)
    except Exception:  # noqa: BLE001 - a schema from which nothing can be made is told by the caller
        return None


def _protected(file: Path) -> Iterator[tuple[str, str, dict[str, Any], tuple[Any, ...], dict[str, Any]]]:
    """Path, method, operation and shared parameters of what needs a login, with the whole document."""
    document = _read(file)
    usual = document.get("security", [])
    for path, item in document["paths"].items():
        if not isinstance(item, dict) or not isinstance(path, str):
            continue
        for method, operation in item.items():
            if method not in {"get", *_CHANGING} or not isinstance(operation, dict):
                continue
            wanted = operation.get("security", usual)
            # An empty requirement among them says that nobody has to log in.
            if isinstance(wanted, list) and wanted and all(wanted):
                yield path, method, operation, tuple(item.get("parameters", ())), document


def _read(file: Path) -> dict[str, Any]:
    if file.stat().st_size > _LARGEST:
        raise OpenApiError(f"{file}: larger than {_LARGEST} bytes")
    try:
        text = file.read_text(encoding="utf-8")
        document = json.loads(text) if text.lstrip().startswith("{") else yaml.load(text, _Loader)  # noqa: S506 - a safe one
    except (OSError, ValueError, yaml.YAMLError, RecursionError) as error:
        raise OpenApiError(f"{file}: not JSON or YAML: {error}") from error
    if not isinstance(document, dict) or not ({"openapi", "swagger"} & set(document)):
        raise OpenApiError(f"{file}: expected an OpenAPI document, with openapi or swagger at its top")
    if not isinstance(document.get("paths"), dict):
        raise OpenApiError(f"{file}: paths: expected a mapping of paths")
    return document


_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _filled(document: dict[str, Any], path: str, parameters: tuple[Any, ...]) -> str | None:
    """The path with a value for each parameter; None: one of them has none."""
    query: dict[str, Any] = {}
    for one in parameters:
        parameter = _resolved(document, one)
        name, place = parameter.get("name"), parameter.get("in")
        if not isinstance(name, str) or (place != "path" and not parameter.get("required")):
            continue
        value = _value(document, parameter)
        if value is None or place not in {"path", "query"}:
            return None
        if place == "path":
            path = path.replace("{" + name + "}", quote(str(value), safe=""))
        else:
            query[name] = value
    if "{" in path:
        return None
    return f"{path}?{urlencode(query)}" if query else path


def _value(document: dict[str, Any], parameter: dict[str, Any]) -> Any:
    schema = _resolved(document, parameter.get("schema", parameter))
    examples = parameter.get("examples")
    named: Any = next(iter(examples.values()), {}) if isinstance(examples, dict) else {}
    for value in (
        parameter.get("example"),
        named.get("value") if isinstance(named, dict) else None,
        schema.get("example"),
        schema.get("default"),
        next(iter(schema.get("enum", ())), None),
    ):
        if value is not None:
            return value
    kind = schema.get("type")
    return _BY_TYPE.get(kind) if isinstance(kind, str) else None


def _resolved(document: dict[str, Any], part: Any) -> dict[str, Any]:
    """A part, or what its reference within the document leads to."""
    for _ in range(10):
        if not isinstance(part, dict):
            return {}
        reference = part.get("$ref")
        if not isinstance(reference, str):
            return part
        part = document
        for step in reference.removeprefix("#/").split("/"):
            part = part.get(step.replace("~1", "/").replace("~0", "~"), {}) if isinstance(part, dict) else {}
    return {}
