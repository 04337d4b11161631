"""Request forgery: whether a page of somebody else can make the browser of a logged-in user change something.

A browser sends cookies along unless SameSite forbids it, and the credentials of Basic and Digest always; a form can
make a POST without anybody's leave, a script anything for which the service allows the origin in advance (CORS).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

    from pytest_etsi.profile.facts import Request

__all__ = ["ORIGIN", "forged"]

ORIGIN = "https://forger.invalid"
_SAFE = {"GET", "HEAD", "OPTIONS"}


def forged(client: httpx.Client, request: Request, json_body: Any, form: Any) -> str:
    """Make a change as a page of another origin would have it made.

    Args:
        client: in the session of a user.
        request: that changes something; its own headers are left out, since a page cannot know them.
        json_body: to send as JSON; None: none.
        form: to send as a form; None: none.

    Returns:
        What shows that it went through; empty: it did not, or a browser would not have made it.

    Raises:
        httpx.HTTPError: there was no answer, so that nothing is known.
    """
    if request.method in _SAFE or not _sent_along(client):
        return ""
    headers = {"Origin": ORIGIN, "Referer": f"{ORIGIN}/", "Sec-Fetch-Site": "cross-site"}
    content: dict[str, Any] = {}
    if request.method != "POST":
        if not _allowed(client, request, headers):
            return ""
        content = {"json": json_body} if json_body is not None else {"data": form}
    elif json_body is not None:
        # What a form with enctype text/plain can send.
        headers["Content-Type"] = "text/plain"
        content = {"content": json.dumps(json_body).encode()}
    elif form is not None:
        content = {"data": form}
    answer = client.request(request.method, request.url, headers=headers, **content)
    if answer.status_code not in request.expect:
        return ""
    return f"HTTP {answer.status_code} to Origin {ORIGIN}"


def _sent_along(client: httpx.Client) -> bool:
    """Whether a browser sends what shows the session along with requests from elsewhere."""
    if client.headers.get("authorization", "").lower().startswith(("basic", "digest")) or client.auth:
        return True
    cookies = list(client.cookies.jar)
    # Without SameSite it depends on the browser, and some send it.
    kept = [
        str(cookie.get_nonstandard_attr("SameSite", "")).lower() in {"strict", "lax"} for cookie in cookies
    ]
    return bool(cookies) and not all(kept)


def _allowed(client: httpx.Client, request: Request, headers: dict[str, str]) -> bool:
    """Whether the service allows scripts of the origin to make it with the user's credentials (CORS)."""
    asked = {
        **headers,
        "Access-Control-Request-Method": request.method,
        "Access-Control-Request-Headers": "content-type",
    }
    told = client.request("OPTIONS", request.url, headers=asked).headers
    methods = {name.strip().upper() for name in told.get("access-control-allow-methods", "").split(",")}
    return (
        told.get("access-control-allow-origin") == ORIGIN
        and told.get("access-control-allow-credentials", "").lower() == "true"
        and request.method in methods
    )
