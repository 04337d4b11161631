"""How requests to the web interface are read, and how its answers are put together."""

from __future__ import annotations

import base64
import binascii
import json
import time
from typing import TYPE_CHECKING, Any

from aiohttp import web

from pytest_etsi.virtual.device import errors
from pytest_etsi.virtual.device.passwords import REALM
from pytest_etsi.virtual.device.snapshot import png

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "basic_credentials",
    "challenge",
    "form_texts",
    "html",
    "in_words",
    "json_object",
    "picture",
    "see_other",
    "text_of",
]


async def json_object(request: web.Request) -> dict[str, Any]:
    """The body of a request as a JSON object.

    Raises:
        errors.MalformedError: it is none.
    """
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError):
        raise errors.MalformedError("expected JSON") from None
    if not isinstance(body, dict):
        raise errors.MalformedError("expected a JSON object")
    return body


def text_of(body: Mapping[str, Any], name: str) -> str:
    """The text called `name` in a JSON object.

    Raises:
        errors.MalformedError: there is none.
    """
    value = body.get(name)
    if not isinstance(value, str):
        raise errors.MalformedError(f"expected a text as {name!r}")
    return value


async def form_texts(request: web.Request, *names: str) -> list[str]:
    """The texts of a form's fields; empty for a field that is not there.

    Raises:
        errors.MalformedError: it is no form, or a field holds a file.
    """
    try:
        form = await request.post()
    except ValueError:
        raise errors.MalformedError("expected a form") from None
    found = [form.get(name, "") for name in names]
    texts = [item for item in found if isinstance(item, str)]
    if len(texts) != len(names):
        raise errors.MalformedError("expected texts, not files")
    return texts


def basic_credentials(request: web.Request) -> tuple[str, str] | None:
    """User name and password of an ``Authorization: Basic`` header (RFC 7617); None without one."""
    kind, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        username, colon, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (username, password) if colon else None


def challenge() -> web.Response:
    """Ask for user name and password of the stream."""
    return web.Response(
        status=401,
        text="401 Unauthorized\n",
        headers={"WWW-Authenticate": f'Basic realm="{REALM}", charset="UTF-8"'},
    )


def picture() -> web.Response:
    """The picture that the camera sees now."""
    return web.Response(body=png(time.time()), content_type="image/png")


def html(text: str, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """A page."""
    return web.Response(text=text, content_type="text/html", status=status, headers=headers)


def see_other(path: str) -> web.Response:
    """Send the browser to another page."""
    return web.Response(status=303, headers={"Location": path})


def in_words(refusal: errors.CameraError) -> str:
    """A refusal as a sentence for a page."""
    if isinstance(refusal, errors.LockedError):
        seconds = refusal.headers()["Retry-After"]
        return f"Too many wrong passwords. Try again in {seconds} s."
    return (
        f"{refusal.text[0].upper()}{refusal.text[1:]}"
        + (f": {refusal.detail}" if refusal.detail else "")
        + "."
    )
