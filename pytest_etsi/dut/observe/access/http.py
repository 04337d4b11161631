"""Who gets at the functions of a service: nobody, impostors, subjects without the right, and those with it.

For functions over HTTP, by the requests that the documents give. Harmless requests come first, and what a subject gets
that it should not have ends the attempts of that subject.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote, urlsplit, urlunsplit

import httpx

from pytest_etsi.dut.observe.access.refusals import compare_json
from pytest_etsi.dut.reach.auth.http import fill_in, http_client, is_verdict, same_answer_key
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_etsi.dut.device import Dut
    from pytest_etsi.profile.entries import SoftServEntry
    from pytest_etsi.profile.facts import OpenApiAccess, Request

__all__ = ["AccessObservation", "Subject", "Try", "observe_access", "try_as_nobody"]

Subject = Literal[
    "nobody", "wrong identity", "tampered session", "ended session", "without the right", "with the right"
]
_REFUSALS = {"HTTP 401", "HTTP 403", "HTTP 407"}
_MOST_OPERATIONS = 60
_SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt at a function.

    Attributes:
        subject: who tried.
        request: method and address, with what was done to it.
        status: what came back: an HTTP status, or why nothing did.
        granted: the function was given.
        answered: there was an answer from which that can be told.
    """

    subject: Subject
    request: str
    status: str
    granted: bool
    answered: bool = True


@dataclass(frozen=True, slots=True)
class AccessObservation:
    """The attempts at the functions of one entry of 13-SoftServ.

    Attributes:
        tries: in the order in which they were made.
        gaps: what could not be tried, one sentence each.
    """

    tries: tuple[Try, ...]
    gaps: tuple[str, ...]

    def by(self, *subjects: Subject) -> tuple[Try, ...]:
        """The attempts of some subjects."""
        return tuple(one for one in self.tries if one.subject in subjects)

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return {"tries": [asdict(one) for one in self.tries], "gaps": list(self.gaps)}


def observe_access(dut: Dut, entry: SoftServEntry) -> AccessObservation:
    """Try the functions of an entry as every kind of subject, in the initialized state.

    Args:
        dut: the device.
        entry: of 13-SoftServ.
    """
    gaps: list[str] = []
    changes = entry.access.changes if "change-credentials" in dut.permissions else ()
    if len(changes) < len(entry.access.changes):
        gaps.append(
            "requests that change settings are not sent: the permission change-credentials is missing"
        )
    documented, generated = _by_openapi(dut, entry, gaps)
    requests = _ordered((*entry.access.requests, *changes, *documented))
    access = entry.access
    if not (requests or access.topics or access.streams or access.shells):
        gaps.append(
            "no request is given by which it could be tried (access.requests, topics, streams, shells)"
        )
    usual: dict[int, httpx.Response] = {}
    tries: list[Try] = []
    with_right: list[Try] = []
    for number, request in enumerate(requests):
        try:
            done, answer = _as_login(dut, request, "with the right")
        except Inconclusive as error:
            gaps.append(f"{_name(request)} with the right: {error.reason}")
            continue
        with_right.append(done)
        if answer is not None:
            usual[number] = answer
    for attempts in (
        _nobody(dut, requests, usual),
        _nobody(dut, entry.access.never, {}, around=False),
        _made_up(dut, generated, gaps),
        _wrong_identity(dut, requests, usual),
        _wrong_user(dut, requests, gaps),
        _tampered(dut, requests, usual, gaps),
        _ended(dut, requests, usual, gaps),
        _without_the_right(dut, entry, gaps),
    ):
        for one in attempts:
            tries.append(one)
            if one.granted:
                break
    if access.topics or access.streams or access.shells:
        from pytest_etsi.dut.observe.access.shells import observe_shells
        from pytest_etsi.dut.observe.access.streams import observe_streams
        from pytest_etsi.dut.observe.access.topics import observe_topics

        others = (
            *observe_topics(dut, entry, gaps),
            *observe_streams(dut, entry, gaps),
            *observe_shells(dut, entry, gaps),
        )
        tries += [one for one in others if one.subject != "with the right"]
        with_right += [one for one in others if one.subject == "with the right"]
    return AccessObservation((*tries, *with_right), tuple(dict.fromkeys(gaps)))


def _by_openapi(
    dut: Dut, entry: SoftServEntry, gaps: list[str]
) -> tuple[tuple[Request, ...], tuple[Request, ...]]:
    """What an OpenAPI document adds: GET operations that give something to who holds the right, and other ones."""
    access = entry.access.openapi
    if access is None:
        return (), ()
    from pytest_etsi.dut.observe.access.openapi import OpenApiError, changing, reading

    known = {(one.method, urlsplit(one.url).path) for one in _all_requests(entry)}
    try:
        requests, without = reading(access)
        wanted = [one for one in requests if (one.method, urlsplit(one.url).path) not in known]
        untried = [
            path
            for path in without
            if not any(one == "GET" and _fits(access.url, path, given) for one, given in known)
        ]
        others = [
            (method, path)
            for method, path in changing(access)
            if not any(method == one and _fits(access.url, path, given) for one, given in known)
        ]
        made, missing = _generated(dut, access, others, gaps)
    except OpenApiError as error:
        gaps.append(str(error))
        return (), ()
    if missing:
        gaps.append(
            f"{len(missing)} operations of {access.file.name} that change something have no request by which they "
            f"could be tried: {', '.join(missing[:5])}"
        )
    found: list[Request] = []
    for request in wanted[:_MOST_OPERATIONS]:
        try:
            done, _ = _as_login(dut, request, "with the right")
        except Inconclusive as error:
            gaps.append(f"{_name(request)}: {error.reason}")
            break
        if done.granted:
            found.append(request)
        else:
            untried.append(urlsplit(request.url).path)
    if len(wanted) > _MOST_OPERATIONS:
        gaps.append(f"{access.file.name} has more than {_MOST_OPERATIONS} operations; the rest was not tried")
    if untried:
        gaps.append(
            f"{len(untried)} GET operations of {access.file.name} could not be tried with the values that it gives; "
            f"name them under access.requests: {', '.join(untried[:5])}"
        )
    return tuple(found), made


def _generated(
    dut: Dut, access: OpenApiAccess, wanted: list[tuple[str, str]], gaps: list[str]
) -> tuple[tuple[Request, ...], tuple[str, ...]]:
    """Requests for operations that change something, where that is wished and permitted, and what is left."""
    from pytest_etsi.dut.observe.access.openapi import OpenApiError, generated

    untouched = (), tuple(f"{method} {path}" for method, path in wanted)
    if not (wanted and access.generate):
        return untouched
    if "change-credentials" not in dut.permissions:
        gaps.append(
            "operations that change something are not tried: the permission change-credentials is missing"
        )
        return untouched
    try:
        made, left = generated(access, wanted[:_MOST_OPERATIONS])
        return made, (*left, *untouched[1][_MOST_OPERATIONS:])
    except OpenApiError as error:
        gaps.append(str(error))
        return untouched


def _all_requests(entry: SoftServEntry) -> tuple[Request, ...]:
    access = entry.access
    return (*access.requests, *access.changes, *access.refused, *access.never)


def _fits(base: str, path: str, given: str) -> bool:
    """Whether the path of a request is one of a path template below a base address."""
    template = urlsplit(base).path.rstrip("/") + path
    pattern = re.sub(r"\\\{[^/{}]*\\\}", "[^/]+", re.escape(template))
    return re.fullmatch(pattern, given) is not None


def try_as_nobody(dut: Dut, requests: Iterable[Request]) -> tuple[Try, ...]:
    """The requests without any credential; for a device in factory default, where nobody has one yet."""
    found: list[Try] = []
    for one in _nobody(dut, _ordered(tuple(requests)), {}):
        found.append(one)
        if one.granted:
            break
    return tuple(found)


def _ordered(requests: tuple[Request, ...]) -> tuple[Request, ...]:
    """Those that only ask before those that change something."""
    return tuple(sorted(requests, key=lambda request: request.method not in _SAFE))


def _name(request: Request, url: str | None = None, how: str = "") -> str:
    return f"{request.method} {url or request.url}" + (f" {how}" if how else "")


def _send(
    client: httpx.Client, request: Request, *, url: str | None = None, headers: dict[str, str] | None = None,
    method: str | None = None,
) -> httpx.Response:  # fmt: skip
    return client.request(
        method or request.method,
        url or request.url,
        json=fill_in(request.json_body, {}) if request.json_body is not None else None,
        data=fill_in(request.form, {}) if request.form is not None else None,
        headers={**request.headers, **(headers or {})},
    )


def _judge(
    subject: Subject, what: str, request: Request, answer: httpx.Response, usual: httpx.Response | None
) -> Try:
    """Whether an answer gives the function: as a success does, and not as a page that only asks for a login."""
    granted = success = answer.status_code in request.expect
    if granted and usual is not None and usual.content:
        # A page that everybody gets in place of the function gives nothing of it.
        granted = _kind(answer) == _kind(usual) and (
            _kind(answer) != "text/html" or same_answer_key(answer) == same_answer_key(usual)
        )
    elif granted and usual is None and request.method in _SAFE:
        granted = _kind(answer) != "text/html"
    # A success of another kind, and no page, may be the function in other clothes: that is for a person.
    strange = success and not granted and _kind(answer) != "text/html"
    # Where the documents call another status than 2xx a success, the status alone says it.
    if granted and answer.is_success and (told := compare_json(answer, usual)):
        granted, strange = False, told == "other"
    return Try(subject, what, f"HTTP {answer.status_code}", granted, is_verdict(answer) and not strange)


def _kind(response: httpx.Response) -> str:
    return str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()


def _attempt(
    client: httpx.Client,
    subject: Subject,
    request: Request,
    usual: httpx.Response | None,
    how: str = "",
    **options: Any,
) -> Try:
    what = _name(request, options.get("url"), how)
    try:
        return _judge(subject, what, request, _send(client, request, **options), usual)
    except httpx.HTTPError as error:
        return Try(subject, what, type(error).__name__, granted=False, answered=False)


def _nobody(
    dut: Dut, requests: tuple[Request, ...], usual: dict[int, httpx.Response], *, around: bool = True
) -> Iterator[Try]:
    """Without any credential: the request as it is, and what sometimes gets past a check."""
    with dut.network.http() as client:
        for number, request in enumerate(requests):
            yield _attempt(client, "nobody", request, usual.get(number))
        for number, request in enumerate(requests if around else ()):
            for how, options in _ways_around(request):
                yield _attempt(client, "nobody", request, usual.get(number), how, **options)


def _made_up(dut: Dut, requests: tuple[Request, ...], gaps: list[str]) -> Iterator[Try]:
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
        "with a dot segment": f"/.{parts.path}",
        "with a slash at the end": f"{parts.path}/",
        "with a path parameter": f"{parts.path};.css",
        "with an encoded letter": f"{parts.path[:-1]}%{ord(parts.path[-1]):02x}"
        if parts.path[-1:].isalnum()
        else "",
    }
    for how, path in paths.items():
        if path and request.method in _SAFE:
            yield how, {"url": urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))}
    yield (
        "said to come from the device itself",
        {"headers": {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1"}},
    )
    if request.method not in _SAFE:
        yield (
            "as POST with another method in a header",
            {
                "method": "POST",
                "headers": {"X-HTTP-Method-Override": request.method},
            },
        )
        if request.json_body is not None and isinstance(request.json_body, dict):
            query = "&".join(
                f"{quote(key)}={quote(_as_query(value))}" for key, value in request.json_body.items()
            )
            yield "as GET with the values in the address", {"method": "GET", "url": f"{request.url}?{query}"}


def _as_query(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _wrong_identity(
    dut: Dut, requests: tuple[Request, ...], usual: dict[int, httpx.Response]
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
                yield _attempt(
                    client,
                    "wrong identity",
                    request,
                    usual.get(number),
                    f"with made-up {kind}",
                    headers=headers,
                )
            cookies = {"Cookie": "session=admin; role=owner; auth=1; logged_in=true"}
            yield _attempt(
                client, "wrong identity", request, usual.get(number), "with made-up cookies", headers=cookies
            )


def _wrong_user(dut: Dut, requests: tuple[Request, ...], gaps: list[str]) -> Iterator[Try]:
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
            attempt = session.attempt("nobody-at-all", password)
        finally:
            session.close()
        what = f"login of {name} under a name that nobody has"
        answered = attempt.outcome != "no-answer"
        yield Try("wrong identity", what, attempt.outcome, attempt.accepted, answered)


def _ended(
    dut: Dut, requests: tuple[Request, ...], usual: dict[int, httpx.Response], gaps: list[str]
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
            yield _attempt(client, "ended session", request, usual.get(number))
        except httpx.HTTPError as error:
            gaps.append(f"{leave.method} {leave.url}: {type(error).__name__}")
        finally:
            session.close()


def _tampered(
    dut: Dut, requests: tuple[Request, ...], usual: dict[int, httpx.Response], gaps: list[str]
) -> Iterator[Try]:
    """The session of somebody who may, with one character of its token changed."""
    for number, request in enumerate(requests):
        if not request.login:
            continue
        try:
            session = dut.login(request.login)
        except Inconclusive as error:
            gaps.append(f"{_name(request)} with a tampered session: {error.reason}")
            continue
        try:
            if _tamper(http_client(session)):
                yield _attempt(http_client(session), "tampered session", request, usual.get(number))
        finally:
            session.close()


def _tamper(client: httpx.Client) -> bool:
    """Change what the login gave; False: it gave nothing that is sent along."""
    token = client.headers.get("authorization", "")
    if token and not token.lower().startswith(("basic", "digest")):
        client.headers["authorization"] = _other(token)
        return True
    cookies = list(client.cookies.jar)
    for cookie in cookies:
        cookie.value = _other(cookie.value or "")
    return bool(cookies)


def _other(text: str) -> str:
    """A text with its last character changed."""
    return text[:-1] + ("A" if text[-1:] != "A" else "B")


def _without_the_right(dut: Dut, entry: SoftServEntry, gaps: list[str]) -> Iterator[Try]:
    """Another account, for what only the first one may do."""
    if not entry.access.refused:
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
    for request in _ordered(entry.access.refused):
        try:
            session = dut.second_login(request.login or "")
        except Inconclusive as error:
            gaps.append(f"{_name(request)} without the right: {error.reason}")
            continue
        try:
            yield _attempt(http_client(session), "without the right", request, None)
        finally:
            session.close()


def _as_login(dut: Dut, request: Request, subject: Subject) -> tuple[Try, httpx.Response | None]:
    """The request in the session of its login; without one, as anybody may make it."""
    session = dut.login(request.login) if request.login else None
    client = http_client(session) if session is not None else dut.network.http()
    try:
        answer = _send(client, request)
    except httpx.HTTPError as error:
        return Try(subject, _name(request), type(error).__name__, granted=False, answered=False), None
    finally:
        (session or client).close()
    granted = answer.status_code in request.expect
    return Try(subject, _name(request), f"HTTP {answer.status_code}", granted, is_verdict(answer)), answer
