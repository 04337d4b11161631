"""Logins that nothing asks for: the password of a documented web login, sent by HTTP Basic (RFC 7617)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from pytest_etsi.dut.reach.auth.http import is_verdict
from pytest_etsi.probes.http.client import origin_port
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.dut.core import Core
    from pytest_etsi.profile.entries import AuthMechEntry

__all__ = ["UnaskedLogin", "observe_unasked"]

_WEB_PAGES = ("https-form", "http-json", "http-steps")
_WRONG = "Wr0ng-0000-guess"


@dataclass(frozen=True, slots=True)
class UnaskedLogin:
    """A protected address that opens by HTTP Basic, which no document lists there, or may do so.

    Attributes:
        entry: ID of the entry of 1-AuthMech whose password was sent.
        url: what was asked for with it.
        answers: what was answered to nobody, to that password and to a wrong one, in words.
        opens: it opened to that password alone; False: the answers do not tell.
    """

    entry: str
    url: str
    answers: str
    opens: bool


def observe_unasked(dut: Core) -> tuple[UnaskedLogin, ...]:
    """Ask for what each web login protects, with its password by HTTP Basic.

    A wrong password is sent only where the right one opens what nobody gets: one for each entry at most.
    """
    return tuple(found for entry in dut.profile.ixit.auth_mech for found in _of(dut, entry))


def _of(dut: Core, entry: AuthMechEntry) -> Iterator[UnaskedLogin]:
    url = entry.access.protected_url
    if entry.access.driver not in _WEB_PAGES or not url or _is_listed(dut, url):
        return
    try:
        username, password = dut.credentials(entry)
    except Inconclusive:
        return  # without the password nothing is asked, and nothing is said of it
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
        if opened not in ([False], [False, True], [False, True, False]):
            return  # open to everybody, closed to the right one, or open to any
    yield UnaskedLogin(entry.id, url, f"HTTP {', '.join(told[:2])} and {told[2]}", opens=True)


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
