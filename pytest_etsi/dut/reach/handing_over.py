"""What the profile holds, handed to the device, the bench or the service for which it is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, overload

from pytest_etsi.profile import Handed, reveal

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Requested", "fill_in", "handed_over", "let_out"]


class Requested(Protocol):
    """A request as the profile gives it."""

    @property
    def json_body(self) -> Any:
        """Its JSON body; None: it has none."""

    @property
    def form(self) -> Mapping[str, Handed] | None:
        """Its form; None: it has none."""

    @property
    def headers(self) -> Mapping[str, Handed]:
        """Its headers."""


def fill_in(template: Any, values: Mapping[str, str]) -> Any:
    """`template` let out, with every ``{name}`` of `values` in its texts replaced; other braces are left alone."""
    return _filled(reveal(template), values)


def _filled(template: Any, values: Mapping[str, str]) -> Any:
    if isinstance(template, str):
        for name, value in values.items():
            template = template.replace(f"{{{name}}}", value)
        return template
    if isinstance(template, dict):
        return {key: _filled(item, values) for key, item in template.items()}
    return [_filled(item, values) for item in template] if isinstance(template, list) else template


def handed_over(
    request: Requested, values: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Body and headers of a request, as arguments of the client that sends it.

    Args:
        request: as the profile gives it.
        values: what is filled in.
        headers: further ones, which come before its own of the same name.
    """
    known = values or {}
    return {
        "json": None if request.json_body is None else fill_in(request.json_body, known),
        "data": None if request.form is None else fill_in(request.form, known),
        "headers": {**fill_in(request.headers, known), **(headers or {})},
    }


@overload
def let_out(secret: Handed) -> str: ...
@overload
def let_out(secret: Handed | None) -> str | None: ...
def let_out(secret: Handed | None) -> str | None:
    """A password or a planted value, for what logs in with it or looks for it; None: there is none."""
    return None if secret is None else str(reveal(secret))
