"""The operations of an OpenAPI document (2.0 to 3.1) that need a login, as requests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from pytest_etsi.dut.observe.access.openapi_document import Document, OpenApiError
from pytest_etsi.probes.observation import printable
from pytest_etsi.profile.facts import Request

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_etsi.dut.observe.access.openapi_document import Operation, Part
    from pytest_etsi.profile.facts import OpenApiAccess

__all__ = ["Described", "OpenApiError", "generated", "operations"]

_CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_BY_TYPE: dict[str, Any] = {"integer": 1, "number": 1, "boolean": "true", "string": "1"}


@dataclass(frozen=True, slots=True)
class Described:
    """What becomes of each operation of a document.

    Attributes:
        requests: GET operations that need a login, with values for their parameters from the document.
        without: the paths of those for which the document gives no values.
        changing: method and path of those that need a login and change something; no values are made up for them.
        others: method and path of those that need a login, by methods that are not tried.
        public: method and path of those that the document gives to everybody.
        unread: what cannot be read, in a few words each.
    """

    requests: tuple[Request, ...]
    without: tuple[str, ...]
    changing: tuple[tuple[str, str], ...]
    others: tuple[str, ...]
    public: tuple[str, ...]
    unread: tuple[str, ...]


def operations(access: OpenApiAccess) -> Described:
    """The operations of a document, each as what can be done with it.

    Args:
        access: the document, and where the API is on the device.

    Raises:
        OpenApiError: it cannot be read.
    """
    document = Document(access.file)
    requests: list[Request] = []
    without: list[str] = []
    changing: list[tuple[str, str]] = []
    others: list[str] = []
    public: list[str] = []
    unread = list(document.unread)
    for one in document.operations:
        name = f"{one.method} {one.path}"
        if one.guarded is None:
            unread.append(f"security of {name}")
        elif not one.guarded:
            public.append(name)
        elif one.method in _CHANGING:
            changing.append((one.method, one.path))
        elif one.method != "GET":
            others.append(name)
        elif (target := _filled(document, one)) is None:
            without.append(one.path)
        else:
            url = access.url.rstrip("/") + target
            requests.append(Request.model_validate({"method": "GET", "url": url, "login": access.login}))
    return Described(
        tuple(requests), tuple(without), tuple(changing), tuple(others), tuple(public), tuple(unread)
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
        operations = [one.ok() for one in schemathesis.openapi.from_path(access.file).get_all_operations()
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


def _filled(document: Document, operation: Operation) -> str | None:
    """The path of an operation with a value for each parameter; None: one of them has none."""
    path, query = operation.path, dict[str, Any]()
    for part in operation.parameters:
        parameter = part.mapping
        name, place = parameter.get("name"), parameter.get("in")
        if not isinstance(name, str):
            return None  # a parameter that cannot be read, or a reference that leads nowhere
        if place != "path" and not parameter.get("required"):
            continue
        value = _value(document, part)
        if value is None or place not in {"path", "query"}:
            return None
        if place == "path":
            path = path.replace("{" + name + "}", quote(str(value), safe=""))
        else:
            query[name] = value
    if "{" in path:
        return None
    return f"{path}?{urlencode(query)}" if query else path


def _value(document: Document, part: Part) -> Any:
    parameter = part.mapping
    schema = document.resolved(replace(part, content=parameter.get("schema", parameter))).mapping
    examples, listed = parameter.get("examples"), schema.get("examples")
    named = next(iter(examples.values()), None) if isinstance(examples, dict) else None
    example = document.resolved(replace(part, content=named)).mapping
    allowed = schema.get("enum")
    for value in (
        parameter.get("example"),
        example.get("value"),
        schema.get("example"),
        next(iter(listed), None) if isinstance(listed, list) else None,
        schema.get("const"),
        schema.get("default"),
        next((one for one in allowed if one is not None), None) if isinstance(allowed, list) else None,
    ):
        if value is not None:
            return value
    kinds = schema.get("type")
    # Since 3.1 it may be several: "null" among them is no value.
    for kind in kinds if isinstance(kinds, list) else (kinds,):
        if isinstance(kind, str) and kind in _BY_TYPE:
            return _BY_TYPE[kind]
    return None
