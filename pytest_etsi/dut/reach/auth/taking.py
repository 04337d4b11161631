"""Taking values out of answers over HTTP: tokens of a login, by where the profile says that they stand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_etsi.probes.charset import charset_of, decoded
from pytest_etsi.probes.http.forms import read_forms
from pytest_etsi.probes.json_text import read_json

if TYPE_CHECKING:
    import httpx

    from pytest_etsi.profile.facts import Taken

__all__ = ["at_path", "json_at", "take", "text_of"]

_LONGEST = 8192
_READ = 512 * 1024
"""Characters of a body in which a pattern is looked for."""


def take(taken: Taken, response: httpx.Response, client: httpx.Client) -> str | None:
    """The value that stands where `taken` says; None: it does not, or cannot be sent on.

    Args:
        taken: the place.
        response: the answer.
        client: has the cookies that were set so far.
    """
    found: Any = None
    if taken.json_path is not None:
        found = json_at(response, taken.json_path)
    elif taken.field is not None:
        fields = (field for form in read_forms(text_of(response)) for field in form.hidden)
        found = next((value for name, value in fields if name == taken.field), None)
    elif taken.header is not None:
        found = response.headers.get(taken.header)
    elif taken.cookie is not None:
        found = next((one.value for one in client.cookies.jar if one.name == taken.cookie), None)
    elif taken.pattern is not None:
        match = re.search(taken.pattern, text_of(response)[:_READ])
        found = None if match is None else match[1] if match.re.groups else match[0]
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found)
    usable = isinstance(found, str) and 0 < len(found) <= _LONGEST and found.isascii() and found.isprintable()
    return found if usable else None


def json_at(response: httpx.Response, path: str) -> Any:
    """What stands at a path of a JSON answer, see `at_path`; None where there is no JSON either."""
    try:
        return at_path(read_json(response.content), path)
    except ValueError:
        return None


def at_path(content: Any, path: str) -> Any:
    """What stands at a path of JSON: keys, and numbers of list elements from 0, joined by dots; or None.

    A key that itself has dots is found too.
    """
    found, rest = content, path
    while rest:
        if isinstance(found, dict) and rest in found:
            return found[rest]
        key, _, rest = rest.partition(".")
        if isinstance(found, dict):
            found = found.get(key)
        elif isinstance(found, list) and key.isdecimal() and int(key) < len(found):
            found = found[int(key)]
        else:
            return None
    return found


def text_of(response: httpx.Response) -> str:
    """The body as text, whatever character set the device claims."""
    return decoded(response.content, charset_of(response.headers.get("content-type", "")))
