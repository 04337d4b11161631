"""Tokens against forged requests: offered by a refusal, a cookie or a page, wanted in a header of the next request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.probes.http.markup import MarkupReader

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import httpx

__all__ = ["asks_for_token", "page_token_headers", "token_headers", "with_token"]

_NAMED = re.compile(r"csrf|xsrf|anti-?forgery|request-?verification", re.IGNORECASE)
_OFFERED = re.compile(
    r"csrf|xsrf|anti-?forgery|request-?verification|session-id$|nonce$|[-_]token$", re.IGNORECASE
)
_WANTED_IN = ("X-CSRF-Token", "X-CSRFToken", "X-XSRF-TOKEN")
"""Headers in which a token of a cookie goes back: of Rails and OctoPrint, of Django, of Angular."""
_UNMET = (409, 412, 419, 428)
_LONGEST = 4096


def with_token(
    client: httpx.Client,
    send: Callable[[Mapping[str, str]], httpx.Response],
    *,
    offered_only: bool = False,
) -> httpx.Response:
    """Send a request; where the answer is no success and a token is at hand, once more with it.

    Args:
        client: has the cookies.
        send: sends the request with these further headers.
        offered_only: only where the answer is a conflict or an unmet condition, which no wrong password gets: the
            request is a login, of which a second one would be counted.

    Returns:
        The last answer.
    """
    answer = send({})
    if not answer.is_error or (offered_only and answer.status_code not in _UNMET):
        return answer
    offered = {
        name: value for name, value in answer.headers.items() if _OFFERED.search(name) and _usable(value)
    }
    headers = {**token_headers(client), **offered}
    return send(headers) if headers else answer


def token_headers(client: httpx.Client) -> dict[str, str]:
    """The headers in which a token that has come by a cookie goes back."""
    cookies = [
        one.value or "" for one in client.cookies.jar if _NAMED.search(one.name) and _usable(one.value or "")
    ]
    return {name: cookies[-1] for name in _WANTED_IN if cookies}


class _MetaReader(MarkupReader):
    """Names and contents of the elements ``meta`` of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "meta":
            given = {name: value or "" for name, value in attrs}
            self.found.setdefault(given.get("name", ""), given.get("content", ""))


def page_token_headers(page: str) -> dict[str, str]:
    """The headers in which a token goes back that stands in a ``meta`` of a page, as scripts of it send them."""
    reader = _MetaReader()
    reader.read(page)
    named = {name: value for name, value in reader.found.items() if _NAMED.search(name) and _usable(value)}
    # Spring names the header and the field beside the token.
    told = next((value for name, value in named.items() if name.lower().endswith("header")), "")
    tokens = [value for name, value in named.items() if not re.search(r"(?i)(?:header|param\w*)$", name)]
    headers = _WANTED_IN if not re.fullmatch(r"[A-Za-z0-9-]{1,64}", told) else (told,)
    return {name: tokens[0] for name in headers if tokens}


def asks_for_token(answer: httpx.Response) -> bool:
    """Whether a refusal speaks of such a token, so that it may be no refusal of access."""
    return answer.is_error and _NAMED.search(answer.text[:4000]) is not None


def _usable(value: str) -> bool:
    return 0 < len(value) <= _LONGEST and value.isascii() and value.isprintable()
