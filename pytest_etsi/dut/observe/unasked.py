"""Logins that nothing asks for: the password of a documented web login, sent by HTTP Basic (RFC 7617)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import httpx

from pytest_etsi.dut.reach.auth.http import http_client, is_verdict
from pytest_etsi.probes.http.client import origin_port, same_origin
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.dut.core import Core
    from pytest_etsi.profile.entries import AuthMechEntry

__all__ = ["UnaskedLogin", "observe_unasked"]

_WEB_PAGES = ("https-form", "http-json", "http-steps")
_WRONG = "Wr0ng-0000-guess"
_MOST_PLACES = 6
_NAME_ONE = "state access.protected_url, an address that only this login opens"


@dataclass(frozen=True, slots=True)
class UnaskedLogin:
    """A protected address that opens by HTTP Basic, which no document lists there, or may do so.

    Attributes:
        entry: ID of the entry of 1-AuthMech whose password was sent.
        url: what was asked for with it; empty: nothing was.
        answers: what was answered to nobody, to that password and to a wrong one, in words; or why nobody was asked.
        opens: it opened to that password alone; False: the answers do not tell.
        settle: what the profile has to give before it can be asked; empty: it was asked.
    """

    entry: str
    url: str
    answers: str
    opens: bool
    settle: str = ""


def observe_unasked(dut: Core) -> tuple[UnaskedLogin, ...]:
    """Ask for what each web login protects, with its password by HTTP Basic.

    Where an entry names no such address, one is looked for among those that the documents say are fetched by this login
    and those that a browser opens by itself: whatever opens to who is logged in, and to nobody else. Links are not
    followed, for some of them do something. A wrong password is sent only where the right one opens what nobody gets:
    one for each entry at most.
    """
    return tuple(found for entry in dut.profile.ixit.auth_mech for found in _of(dut, entry))


def _of(dut: Core, entry: AuthMechEntry) -> Iterator[UnaskedLogin]:
    stated = entry.access.protected_url
    if not _is_of_the_web(entry) or _is_listed(dut, stated or urljoin(_start(entry), "/")):
        return
    try:
        username, password = dut.credentials(entry)
        url = stated or _protected(dut, entry)
    except Inconclusive as error:
        yield _not_asked(entry, error.reason, error.settle)
        return
    if not stated and url and _is_listed(dut, url):
        return
    if not url:
        yield _not_asked(entry, "no address is known that it alone opens", _NAME_ONE)
        return
    asked = (
        ("nobody", None),
        ("the right password", (username, password)),
        ("a wrong one", (username, _WRONG)),
    )
    told, opened = [], []
    for whom, auth in asked:
        try:
            answer = _ask(dut, url, auth)
        except (Inconclusive, httpx.HTTPError, httpx.InvalidURL) as error:
            yield UnaskedLogin(entry.id, url, f"no answer to {whom} ({type(error).__name__})", opens=False)
            return
        told.append(f"{answer.status_code} to {whom}")
        if not is_verdict(answer):
            yield UnaskedLogin(entry.id, url, f"HTTP {', '.join(told)}", opens=False)
            return
        opened.append(answer.is_success)
        if opened == [True]:
            yield _not_asked(entry, f"{url} opens without a login too, so that it shows nothing", _NAME_ONE)
            return
        if opened not in ([False], [False, True], [False, True, False]):
            return  # closed to the right one, or open to any
    yield UnaskedLogin(entry.id, url, f"HTTP {', '.join(told[:2])} and {told[2]}", opens=True)


def _not_asked(entry: AuthMechEntry, why: str, settle: str) -> UnaskedLogin:
    return UnaskedLogin(entry.id, "", f"it was not asked for: {why}", opens=False, settle=settle or _NAME_ONE)


def _is_of_the_web(entry: AuthMechEntry) -> bool:
    """Whether it is a web login of another kind than HTTP Basic, whose password may be sent.

    One by HTTP Digest keeps its password from the wire, where somebody may be recording: it is sent over TLS only.
    """
    access = entry.access
    if access.driver == "http-digest":
        return urlsplit(access.protected_url or access.url or "").scheme == "https"
    return access.driver in _WEB_PAGES


def _protected(dut: Core, entry: AuthMechEntry) -> str:
    """An address that opens to who is logged in by an entry, and to nobody; empty: none is known.

    Raises:
        Inconclusive: the login does not let in.
    """
    session = dut.login(entry.id)
    try:
        holder = http_client(session)
        for url in _places(dut, entry):
            try:
                answers = [_ask(dut, url, None), holder.get(url)]
            except (Inconclusive, httpx.HTTPError, httpx.InvalidURL):
                continue
            if all(map(is_verdict, answers)) and [one.is_success for one in answers] == [False, True]:
                return url
    finally:
        session.close()
    return ""


def _start(entry: AuthMechEntry) -> str:
    """Where a web login is sent to; empty: it is not stated."""
    return entry.access.url or next((step.url for step in reversed(entry.access.steps)), "")


def _places(dut: Core, entry: AuthMechEntry) -> list[str]:
    """What may be protected by a login on its origin: what is documented so, then what browsers open by themselves."""
    start = _start(entry)
    documented = [
        request.url
        for service in dut.profile.ixit.soft_serv
        for request in service.access.requests
        if request.method == "GET" and request.login == entry.id
    ]
    others = [other.access.protected_url or "" for other in dut.profile.ixit.auth_mech]
    opened = [urljoin(start, "/"), entry.access.page or "", start]
    known = dict.fromkeys(url for url in (*documented, *others, *opened) if url and same_origin(url, start))
    return list(known)[:_MOST_PLACES]


def _ask(dut: Core, url: str, auth: tuple[str, str] | None) -> httpx.Response:
    """Each in a session of its own, so that no cookie of one answer opens the next."""
    with dut.network.http() as client:
        return client.get(url, auth=auth)


def _is_listed(dut: Core, url: str) -> bool:
    """Whether a login by HTTP Basic is documented for an address, or for one that it lies below."""
    port, path = _place(url)
    documented = (
        _place(other.access.url or "")
        for other in dut.profile.ixit.auth_mech
        if other.access.driver == "http-basic"
    )
    return any(port == its_port and f"{path}/".startswith(f"{above}/") for its_port, above in documented)


def _place(url: str) -> tuple[int | None, str]:
    """Port and path of an address, the path without a slash at its end."""
    parts = urlsplit(url)
    return origin_port(parts.scheme, parts.port), parts.path.rstrip("/")
