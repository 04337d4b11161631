"""Who gets at the functions of a service over HTTP, by the requests that the documents give.

Harmless requests come first, and what a subject gets that it should not have ends the attempts of that subject.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit, urlunsplit

import httpx

from pytest_etsi.dut.observe.access.described import described
from pytest_etsi.dut.observe.access.model import Try
from pytest_etsi.dut.observe.access.request import SAFE, as_login, ask, name_of, ordered
from pytest_etsi.dut.observe.access.tampering import tamper
from pytest_etsi.dut.reach.auth.http import carried_headers, http_client
from pytest_etsi.dut.reach.handing_over import fill_in
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_etsi.dut.core import Core
    from pytest_etsi.profile.entries import SoftServEntry
    from pytest_etsi.profile.facts import Request

__all__ = ["observe_requests", "requests_of", "try_as_nobody"]

_REFUSALS = {"HTTP 401", "HTTP 403", "HTTP 407"}


def requests_of(
    dut: Core, entry: SoftServEntry, gaps: list[str]
) -> tuple[tuple[Request, ...], tuple[Request, ...]]:
    """The requests by which an entry of 13-SoftServ is tried, those that only ask first.

    Args:
        dut: the device.
        entry: of 13-SoftServ.
        gaps: gets what cannot be tried, one sentence each.

    Returns:
        Those that the profile and an OpenAPI document give, and those whose values are made up from that document.
    """
    changes = entry.access.changes if "change-credentials" in dut.permissions else ()
    if len(changes) < len(entry.access.changes):
        gaps.append(
            "requests that change settings are not sent: the permission change-credentials is missing"
        )
    documented, made_up = described(dut, entry, gaps)
    return ordered((*entry.access.requests, *changes, *documented)), made_up


def observe_requests(
    dut: Core,
    entry: SoftServEntry,
    requests: tuple[Request, ...],
    made_up: tuple[Request, ...],
    gaps: list[str],
) -> Iterator[Try]:
    """Try the requests of an entry of 13-SoftServ as every kind of subject, first as who has the right.

    Args:
        dut: the device.
        entry: of 13-SoftServ.
        requests: see `requests_of`.
        made_up: likewise.
        gaps: gets what could not be tried, one sentence each.
    """
    usual: dict[int, httpx.Response] = {}
    for number, request in enumerate(requests):
        try:
            done, answer = as_login(dut, request, "with the right")
        except Inconclusive as error:
            gaps.append(f"{name_of(request)} with the right: {error.reason}")
            continue
        yield done
        if answer is not None:
            usual[number] = answer
    for attempts in (
        _nobody(dut, requests, usual),
        _nobody(dut, entry.access.never, {}, around=False),
        _made_up(dut, made_up, gaps),
        _wrong_identity(dut, requests, usual),
        _wrong_user(dut, requests, gaps),
        _tampered(dut, requests, usual, gaps),
        _ended(dut, requests, usual, gaps),
        _without_the_right(dut, entry, gaps),
    ):
        yield from _until_granted(attempts)


def _until_granted(attempts: Iterator[Try]) -> Iterator[Try]:
    for one in attempts:
        yield one
        if one.granted:
            return


def try_as_nobody(dut: Core, requests: Iterable[Request]) -> tuple[Try, ...]:
    """The requests without any credential; for a device in factory default, where nobody has one yet."""
    return tuple(_until_granted(_nobody(dut, ordered(tuple(requests)), {})))


def _nobody(
    dut: Core, requests: tuple[Request, ...], usual: dict[int, httpx.Response], *, around: bool = True
) -> Iterator[Try]:
    """Without any credential: the request as it is, and what sometimes gets past a check."""
    with dut.network.http() as client:
        for number, request in enumerate(requests):
            yield ask(client, "nobody", request, usual.get(number), strict=around)
        for number, request in enumerate(requests if around else ()):
            for how, options in _ways_around(request):
                # Another way to write a request may lead nowhere, which gives nothing to anybody.
                yield ask(client, "nobody", request, usual.get(number), how, strict=False, **options)


def _made_up(dut: Core, requests: tuple[Request, ...], gaps: list[str]) -> Iterator[Try]:
    """Requests whose values were made from a document, without any credential.

    What they ask for may not be there, so that only a refusal of access says that nobody gets in.
    """
    for one in _nobody(dut, requests, {}, around=False):
        if not one.granted and one.status not in _REFUSALS:
            gaps.append(
                f"{one.request} was answered by {one.status}, which is neither a success nor a refusal of access"
            )
            continue
        yield one


def _ways_around(request: Request) -> Iterator[tuple[str, dict[str, Any]]]:
    """Other ways to write a request, which a check may not see and the function behind it may."""
    parts = urlsplit(request.url)
    paths = {
        "with a doubled slash": f"/{parts.path}",
        "with a slash at the end": f"{parts.path}/",
        "with a path parameter": f"{parts.path};.css",
        "with an encoded letter": f"{parts.path[:-1]}%{ord(parts.path[-1]):02x}"
        if parts.path[-1:].isalnum()
        else "",
    }
    for how, path in paths.items():
        if path and request.method in SAFE:
            yield how, {"url": urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))}
    if request.method in SAFE:
        query = f"?{parts.query}" if parts.query else ""
        yield "with a dot segment", {"target": f"/.{parts.path or '/'}{query}"}
    yield (
        "said to come from the device itself",
        {"headers": {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1"}},
    )
    if request.method not in SAFE:
        yield (
            "as POST with another method in a header",
            {
                "method": "POST",
                "headers": {"X-HTTP-Method-Override": request.method},
            },
        )
        if request.json_body is not None and isinstance(request.json_body, dict):
            query = "&".join(
                f"{quote(key)}={quote(_as_query(value))}"
                for key, value in fill_in(request.json_body, {}).items()
            )
            yield "as GET with the values in the address", {"method": "GET", "url": f"{request.url}?{query}"}


def _as_query(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _wrong_identity(
    dut: Core, requests: tuple[Request, ...], usual: dict[int, httpx.Response]
) -> Iterator[Try]:
    """Credentials and tokens of nobody that the device knows."""
    made_up = (
        ("Basic", "YWRtaW46V3IwbmctMDAwMC1ndWVzcw=="),
        ("Bearer", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        ("Bearer", "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiJhZG1pbiIsInJvbGUiOiJvd25lciJ9."),
    )
    with dut.network.http() as client:
        for number, request in enumerate(requests):
            for kind, value in made_up:
                headers = {"Authorization": f"{kind} {value}"}
                yield ask(
                    client,
                    "wrong identity",
                    request,
                    usual.get(number),
                    f"with made-up {kind}",
                    headers=headers,
                )
            cookies = {"Cookie": "session=admin; role=owner; auth=1; logged_in=true"}
            yield ask(
                client, "wrong identity", request, usual.get(number), "with made-up cookies", headers=cookies
            )


def _wrong_user(dut: Core, requests: tuple[Request, ...], gaps: list[str]) -> Iterator[Try]:
    """The secret of somebody who may, under a name that nobody has."""
    mechanisms = dut.profile.ixit.auth_mech
    for name in dict.fromkeys(request.login for request in requests if request.login):
        entry = mechanisms.get(name)
        if entry is None or not entry.access.username:
            continue
        try:
            _, password = dut.credentials(entry)
            session = dut.driver(entry).connect()
        except Inconclusive as error:
            gaps.append(f"{name} under a wrong name: {error.reason}")
            continue
        try:
            attempt = session.attempt("nobody-at-all", password).doubted()
        finally:
            session.close()
        what = f"login of {name} under a name that nobody has"
        answered = attempt.outcome != "no-answer"
        yield Try("wrong identity", what, attempt.outcome, attempt.accepted, answered)


def _ended(
    dut: Core, requests: tuple[Request, ...], usual: dict[int, httpx.Response], gaps: list[str]
) -> Iterator[Try]:
    """A session that was ended by its owner."""
    mechanisms = dut.profile.ixit.auth_mech
    for name in dict.fromkeys(request.login for request in requests if request.login):
        entry = mechanisms.get(name)
        leave = entry.access.logout if entry is not None else None
        if leave is None:
            continue
        number, request = next((number, one) for number, one in enumerate(requests) if one.login == name)
        try:
            session = dut.login(name)
        except Inconclusive as error:
            gaps.append(f"{name} with an ended session: {error.reason}")
            continue
        client = http_client(session)
        try:
            kept = dict(client.headers), list(client.cookies.jar)
            left = client.request(leave.method, leave.url)
            client.headers.update(kept[0])
            for cookie in kept[1]:
                client.cookies.jar.set_cookie(cookie)
            if left.is_error:
                gaps.append(
                    f"{leave.method} {leave.url}: the session could not be ended: HTTP {left.status_code}"
                )
                continue
            yield ask(client, "ended session", request, usual.get(number))
        except httpx.HTTPError as error:
            gaps.append(f"{leave.method} {leave.url}: {type(error).__name__}")
        finally:
            session.close()


def _tampered(
    dut: Core, requests: tuple[Request, ...], usual: dict[int, httpx.Response], gaps: list[str]
) -> Iterator[Try]:
    """The session of somebody who may, with its token changed in what counts."""
    for number, request in enumerate(requests):
        if not request.login:
            continue
        try:
            session = dut.login(request.login)
        except Inconclusive as error:
            gaps.append(f"{name_of(request)} with a tampered session: {error.reason}")
            continue
        try:
            if tamper(http_client(session), carried_headers(session)):
                yield ask(http_client(session), "tampered session", request, usual.get(number))
        finally:
            session.close()


def _without_the_right(dut: Core, entry: SoftServEntry, gaps: list[str]) -> Iterator[Try]:
    """Another account, for what only the first one may do."""
    if not entry.access.refused:
        if entry.access.says("refused"):
            return  # every account may do everything: there is nothing to be refused
        mechanisms = {
            request.login for request in (*entry.access.requests, *entry.access.changes) if request.login
        }
        known = dut.profile.ixit.auth_mech
        others = [
            name for name in mechanisms if (one := known.get(name)) is not None and one.access.second_account
        ]
        if others:
            gaps.append(
                f"{', '.join(sorted(others))} has a second account, and no request is given that it may not make "
                "(access.refused)"
            )
        return
    for request in ordered(entry.access.refused):
        try:
            session = dut.second_login(request.login or "")
        except Inconclusive as error:
            gaps.append(f"{name_of(request)} without the right: {error.reason}")
            continue
        try:
            yield ask(http_client(session), "without the right", request, None)
        finally:
            session.close()
