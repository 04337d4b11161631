"""Tokens against forged requests: offered with a refusal or by a cookie, and wanted in a header of the next request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import httpx

__all__ = ["asks_for_token", "with_token"]

_NAMED = re.compile(r"csrf|xsrf|anti-?forgery|request-?verification", re.IGNORECASE)
_OFFERED = re.compile(
    r"csrf|xsrf|anti-?forgery|request-?verification|session-id$|nonce$|[-_]token$", re.IGNORECASE
)
_WANTED_IN = ("X-CSRF-Token", "X-CSRFToken", "X-XSRF-TOKEN")
"""Headers in which a token of a cookie goes back: of Rails and OctoPrint, of Django, of Angular."""
_LONGEST = 4096


def with_token(client: httpx.Client, send: Callable[[Mapping[str, str]], httpx.Response]) -> httpx.Response:
    """Send a request; where the answer is no success and a token is at hand, once more with it.

    Args:
        client: has the cookies.
        send: sends the request with these further headers.

    Returns:
        The last answer.
    """
    answer = send({})
    if not answer.is_error:
        return answer
    offered = {
        name: value for name, value in answer.headers.items() if _OFFERED.search(name) and _usable(value)
    }
    cookies = [
        one.value for one in client.cookies.jar if _NAMED.search(one.name) and _usable(one.value or "")
    ]
    headers = {**{name: cookies[-1] or "" for name in _WANTED_IN if cookies}, **offered}
    return send(headers) if headers else answer


def asks_for_token(answer: httpx.Response) -> bool:
    """Whether a refusal speaks of such a token, so that it may be no refusal of access."""
    return answer.is_error and _NAMED.search(answer.text[:4000]) is not None


def _usable(value: str) -> bool:
    return 0 < len(value) <= _LONGEST and value.isascii() and value.isprintable()
