"""One request over HTTP by one subject, and whether its answer gives the function."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import httpx

from pytest_etsi.dut.observe.access.model import Subject, Try
from pytest_etsi.dut.observe.access.refusals import compare_json
from pytest_etsi.dut.reach.anti_forgery import asks_for_token, token_headers, with_token
from pytest_etsi.dut.reach.auth.http import http_client, is_verdict, same_answer_key
from pytest_etsi.dut.reach.handing_over import handed_over

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_etsi.dut.core import Core
    from pytest_etsi.profile.facts import Request

__all__ = ["SAFE", "as_login", "ask", "judge", "name_of", "ordered"]

SAFE = ("GET", "HEAD", "OPTIONS")
"""Methods that only ask (RFC 9110, 9.2.1)."""
_REFUSALS = (401, 403, 407)
_GONE = (404, 410)
"""What devices answer in place of a refusal, so as not to tell what is there."""

_PASSWORD = re.compile(rb"<input\b[^<>]*\btype\s*=\s*[\"']?password\b", re.IGNORECASE)


def ordered(requests: tuple[Request, ...]) -> tuple[Request, ...]:
    """Those that only ask before those that change something."""
    return tuple(sorted(requests, key=lambda request: request.method not in SAFE))


def name_of(request: Request, url: str | None = None, how: str = "") -> str:
    """A request in words: method and address, with what was done to it."""
    return f"{request.method} {url or request.url}" + (f" {how}" if how else "")


def _send(
    client: httpx.Client, request: Request, *, url: str | None = None, headers: dict[str, str] | None = None,
    method: str | None = None, target: str = "",
) -> httpx.Response:  # fmt: skip
    # A path as it is written: by itself a client takes segments of dots out of it.
    as_written: dict[str, Any] = (
        {"extensions": {"target": target.encode()}, "follow_redirects": False} if target else {}
    )

    def sent(further: Mapping[str, str]) -> httpx.Response:
        return client.request(
            method or request.method,
            url or request.url,
            **handed_over(request, headers={**(headers or {}), **further}),
            **as_written,
        )

    answer = with_token(client, sent)
    if asks_for_token(answer) and not token_headers(client):
        # The token keeps other sites out, and nobody else: whoever opens the first page is given one.
        client.get(urljoin(request.url, "/"))
        if token_headers(client):
            return with_token(client, sent)
    return answer


def judge(
    subject: Subject,
    what: str,
    request: Request,
    answer: httpx.Response,
    usual: httpx.Response | None,
    *,
    strict: bool = True,
) -> Try:
    """Whether an answer gives the function: as a success does, and not as a page that only asks for a login.

    Args:
        subject: who asked.
        what: the request in words.
        request: as the documents give it.
        answer: what came back.
        usual: the answer to a subject with the right; None: not known.
        strict: only a refusal of access refuses; otherwise whatever a server in order answers.
    """
    granted = success = answer.status_code in request.expect
    if granted and usual is not None and usual.content:
        # A page that everybody gets in place of the function gives nothing of it.
        granted = _kind(answer) == _kind(usual) and (
            _kind(answer) != "text/html" or same_answer_key(answer) == same_answer_key(usual)
        )
    elif granted and usual is None and request.method in SAFE:
        granted = _kind(answer) != "text/html"
    # A success that is no page in place of the function may be the function in other clothes: that is for a person.
    strange = success and not granted and not _is_in_place(answer, usual)
    # Where the documents call another status than 2xx a success, the status alone says it.
    if granted and answer.is_success and (told := compare_json(answer, usual)):
        granted, strange = False, told == "other"
    refused = _refuses(answer, subject, usual) if strict else is_verdict(answer)
    return Try(subject, what, f"HTTP {answer.status_code}", granted, (success or refused) and not strange)


def _refuses(answer: httpx.Response, subject: Subject, usual: httpx.Response | None) -> bool:
    """Whether an answer that is none of those expected refuses access, and not the request for some other reason.

    A conflict, a value that is not taken, or a server that is busy would say the same to somebody who is let in.
    """
    status = answer.status_code
    if status in _REFUSALS or (subject != "with the right" and answer.is_redirect):
        return True
    known = usual is not None and usual.is_success
    if subject in ("wrong identity", "tampered session") and status == 400 and known:
        return True  # only the credential differs from what was taken (RFC 6750, 3.1)
    return status in _GONE and known


def _is_in_place(answer: httpx.Response, usual: httpx.Response | None) -> bool:
    """Whether a success is a page that stands in place of a function: one for what is no page, or one to log in.

    A page whose words differ from those that a subject with the right got may be the same one a moment later. What asks
    for more than one password is no page to log in, but to change one.
    """
    if _kind(answer) != "text/html":
        return False
    if usual is not None and _kind(usual) != "text/html":
        return True
    return _passwords(answer) == 1 and (usual is None or _passwords(usual) == 0)


def _passwords(page: httpx.Response) -> int:
    return len(_PASSWORD.findall(page.content))


def _kind(response: httpx.Response) -> str:
    return str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()


def ask(
    client: httpx.Client,
    subject: Subject,
    request: Request,
    usual: httpx.Response | None,
    how: str = "",
    *,
    strict: bool = True,
    **options: Any,
) -> Try:
    """Send a request and judge its answer; never raises for what the device does.

    Args:
        client: has what the subject has.
        subject: who asks.
        request: as the documents give it.
        usual: the answer to a subject with the right; None: not known.
        how: what is done to the request, in words.
        strict: see `judge`.
        options: what is done to the request: ``url``, ``headers``, ``method``, ``target`` (the path as written).
    """
    what = name_of(request, options.get("url"), how)
    try:
        return judge(subject, what, request, _send(client, request, **options), usual, strict=strict)
    except httpx.HTTPError as error:
        return Try(subject, what, type(error).__name__, granted=False, answered=False)


def as_login(dut: Core, request: Request, subject: Subject) -> tuple[Try, httpx.Response | None]:
    """The request in the session of its login; without one, as anybody may make it."""
    session = dut.login(request.login) if request.login else None
    client = http_client(session) if session is not None else dut.network.http()
    try:
        answer = _send(client, request)
    except httpx.HTTPError as error:
        return Try(subject, name_of(request), type(error).__name__, granted=False, answered=False), None
    finally:
        (session or client).close()
    granted = answer.status_code in request.expect
    # Who is let in may still be told that the request lacks something.
    refused = answer.status_code in _REFUSALS and not asks_for_token(answer)
    return Try(subject, name_of(request), f"HTTP {answer.status_code}", granted, granted or refused), answer
