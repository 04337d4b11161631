"""Logins over HTTP: what they have in common, Basic and Digest; those of web pages are in `web`."""

from __future__ import annotations

import contextlib
import hashlib
import re
import time
from typing import TYPE_CHECKING

import httpx

from pytest_etsi.dut.reach.anti_forgery import with_token
from pytest_etsi.dut.reach.auth._protocol import Attempt, AuthSession, Outcome
from pytest_etsi.dut.reach.auth.taking import text_of
from pytest_etsi.dut.reach.handing_over import fill_in, handed_over
from pytest_etsi.probes.http.client import HostNotAllowed
from pytest_etsi.probes.http.digest import DigestAuth
from pytest_etsi.verdict import Cause, inconclusive

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_etsi.dut.reach.auth._protocol import Device
    from pytest_etsi.profile import Handed
    from pytest_etsi.profile.entries import AuthMechEntry
    from pytest_etsi.profile.facts import ChangeAccess

__all__ = [
    "BasicDriver",
    "DigestDriver",
    "HttpDriver",
    "HttpSession",
    "UnclearError",
    "carried_headers",
    "http_client",
    "is_verdict",
    "same_answer_key",
]

_LOCKED = frozenset({423, 429})
_REFUSED = frozenset({400, 401, 403, 404, 405, 409, 410, 422})
_READ = 64 * 1024
"""Bytes of an answer that are looked at for telling it from another."""


class UnclearError(Exception):
    """An answer from which neither a success nor a refusal can be read."""


def is_verdict(response: httpx.Response) -> bool:
    """Whether an answer says anything about a right to enter: an overloaded or crashed server does not."""
    return response.status_code < 500 and response.status_code not in (408, 425, 429)


def same_answer_key(response: httpx.Response) -> str:
    """A short text that is equal for answers that say the same to a reader.

    What differs from answer to answer (numbers, tokens, times) is left out: only the status, the target of a redirect
    and the words count.
    """
    text = re.sub(r"<[^<>]*>", " ", response.content[:_READ].decode("latin-1"))
    words = [word for word in re.split(r"[\s\"'(){}\[\],;:.!?]+", text) if word.isalpha() and len(word) <= 20]
    target = re.sub(r"[0-9]+", "", response.headers.get("location", ""))
    said = "\n".join((str(response.status_code), target, *words))
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:16]


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds of a Retry-After header (RFC 9110, 10.2.3); a date or nonsense counts as unsaid."""
    value = response.headers.get("retry-after", "").strip()
    return float(value) if re.fullmatch(r"[0-9]{1,9}", value) else None


def _phrase(response: httpx.Response) -> str:
    return f"HTTP {response.status_code}"


def http_client(session: AuthSession) -> httpx.Client:
    """The client of a session over HTTP, which sends what the login gave.

    Raises:
        Inconclusive: the session is not one over HTTP.
    """
    return _http_session(session).client


def carried_headers(session: AuthSession) -> frozenset[str]:
    """The headers by which a session over HTTP shows that it is logged in, beside cookies."""
    return frozenset({"authorization"}) | _http_session(session).carried


def opens_to_anybody(dut: Device, url: str, source_address: str | None) -> bool | None:
    """Whether a URL opens without any credential, from a local address if given; None: it cannot be told."""
    with dut.network.http(source_address=source_address) as anybody:
        try:
            response = anybody.get(url)
        except httpx.HTTPError:
            return None
    return response.is_success if is_verdict(response) else None


def change_in_session_of(
    dut: Device, entry_id: str, change: ChangeAccess, values: Mapping[str, str]
) -> Attempt:
    """Change a password while logged in by another mechanism, e.g. as the owner in the web page."""
    session = _http_session(dut.login(entry_id))
    try:
        return session.request(change, values)
    finally:
        session.close()


def _http_session(session: AuthSession) -> HttpSession:
    if not isinstance(session, HttpSession):
        session.close()
        inconclusive(
            "a request is to be sent in the session of an entry whose driver does not speak HTTP",
            cause=Cause.INFORMATION,
            settle="name an entry of 1-AuthMech with an HTTP driver",
        )
    return session


_CLAIMS = ("X-Forwarded-For", "X-Real-IP", "X-Client-IP", "Client-IP", "True-Client-IP")
"""Headers in which proxies say for whom they ask; whoever is no proxy can say anything there."""


class HttpSession:
    """One keep-alive connection to the login; what differs between the four drivers is in `_send`.

    Attributes:
        client: sends what the login gave.
        carried: names of further headers that the login gave, beside Authorization.
    """

    carried: frozenset[str] = frozenset()

    def __init__(self, entry: AuthMechEntry, dut: Device, source_address: str | None) -> None:
        self._entry = entry
        self._access = entry.access
        self._dut = dut
        steps = [step.url for step in self._access.steps]
        url = self._access.url or next(reversed(steps), None)
        if not url:
            inconclusive(
                f"{entry.table}/{entry.id} gives no access.url for its login",
                cause=Cause.ACCESS,
                settle="state the URL of the login in the entry's access",
            )
        self._url: str = url
        for one in (url, self._access.protected_url, self._access.page, *steps):
            if one:
                dut.network.endpoint_of(one)  # raises for a host that is not the device's
        self._source = source_address
        self._opened = ""
        self._refused_to_anybody = False
        self.client = dut.network.http(source_address=source_address)

    def close(self) -> None:
        """Release the connection."""
        self.client.close()

    def attempt(self, username: str, password: str) -> Attempt:
        """See `AuthSession.attempt`."""
        # What an earlier login left behind must not make this one look accepted.
        self.client.cookies.clear()
        for name in carried_headers(self):
            self.client.headers.pop(name, None)
        self.carried = frozenset()
        self._opened = ""
        self._refused_to_anybody = False
        began = time.monotonic()
        try:
            response = self._send(username, password)
            latency = time.monotonic() - began
            outcome = self._classify(response)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Attempt("no-answer", type(error).__name__, time.monotonic() - began)
        except UnclearError as error:
            said = same_answer_key(response)
            return Attempt("no-answer", f"{_phrase(response)}; {error}", latency, answer=said)
        return Attempt(
            outcome,
            _phrase(response),
            latency,
            _retry_after(response),
            answer=same_answer_key(response) + self._opened,
            exclusive=self._exclusive() if outcome == "accepted" else None,
        )

    def claim(self, address: str) -> None:
        """Say with every request from now on that it comes from another address, as proxies do for their clients."""
        self.client.headers.update(dict.fromkeys(_CLAIMS, address) | {"Forwarded": f"for={address}"})

    def _carry(self, values: Mapping[str, str], headers: Mapping[str, str | Handed]) -> None:
        """Send what a login gave with every request from now on."""
        filled = fill_in(headers, values)
        self.client.headers.update(filled)
        self.carried = frozenset(name.lower() for name in filled)

    def _exclusive(self) -> bool | None:
        """Whether what an accepted login opened is refused to a stranger at this address; None: it cannot be told."""
        if not self._protected():
            return None
        if self._refused_to_anybody:
            return True
        opens = opens_to_anybody(self._dut, self._protected() or self._url, self._source)
        return None if opens is None else not opens

    def _told_a_stranger(self, url: str) -> httpx.Response:
        """What a URL answers to whom carries nothing of the login: on its connection, which spares a handshake.

        Where that opens, the login may have let in the connection itself, so that another one tells.
        """
        with contextlib.suppress(httpx.HTTPError):
            beside = self.client.get_as_stranger(url)
            if not beside.is_success:
                return beside
        with self._dut.network.http(source_address=self._source) as anybody:
            return anybody.get(url)

    def change_password(self, old: str, new: str) -> Attempt:
        """See `AuthSession.change_password`.

        Raises:
            Inconclusive: the profile does not say how, or the host is not the device's.
        """
        change = self._access.change
        if change is None:
            inconclusive(
                f"{self._entry.table}/{self._entry.id} does not say how a program can change its password",
                cause=Cause.ACCESS,
                settle="describe the request in the entry's access.change",
            )
        values = {"old": old, "new": new, "username": self._access.username or ""}
        if change.session_of:
            return change_in_session_of(self._dut, change.session_of, change, values)
        return self.request(change, values)

    def request(self, change: ChangeAccess, values: Mapping[str, str]) -> Attempt:
        """Send a templated request in this session; ``accepted`` when the status is one that `change` expects.

        Raises:
            Inconclusive: the host is not the device's.
        """
        began = time.monotonic()
        try:
            response = with_token(
                self.client,
                lambda further: self.client.request(
                    change.method,
                    change.url,
                    **handed_over(change, values, further),
                ),
            )
        except HostNotAllowed as error:
            inconclusive(
                f"{self._entry.table}/{self._entry.id}: access.change is sent elsewhere than to the device: {error}",
                cause=Cause.INFORMATION,
                settle="correct access.change.url, or add the host to access.network.hosts",
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Attempt("no-answer", type(error).__name__, time.monotonic() - began)
        outcome: Outcome = "accepted" if response.status_code in change.expect else "refused"
        return Attempt(outcome, _phrase(response), time.monotonic() - began, _retry_after(response))

    resends_credential = False
    """Each request carries the credential: the device remembers no session that could end."""

    def still_authorized(self) -> bool | None:
        """Whether what the last login gave still opens the protected URL; None: it cannot be told."""
        if not self._protected():
            return None
        try:
            return self._opens()
        except (httpx.HTTPError, UnclearError):
            return None

    def _protected(self) -> str | None:
        url: str | None = self._access.protected_url
        return url

    def _get(self, url: str) -> httpx.Response:
        return self.client.get(url)

    def _send(self, username: str, password: str) -> httpx.Response:
        raise NotImplementedError

    def _classify(self, response: httpx.Response) -> Outcome:
        """Read an answer; a changed refusal without a word of waiting is left to `observe_guessing` to explain."""
        status = response.status_code
        waits = (_retry_after(response) or 0) > 0
        if status in _LOCKED or (status == 503 and waits):
            return "locked"
        if self._is_success(response):
            return "accepted"
        if status in _REFUSED or response.is_success or response.is_redirect:
            return "locked" if waits else "refused"
        return "no-answer"

    def _is_success(self, response: httpx.Response) -> bool:
        success = self._access.success
        stated = success.status or success.body or success.header
        if stated:
            if success.status and response.status_code not in success.status:
                return False
            if success.body and not re.search(success.body, text_of(response)):
                return False
            if success.header and success.header not in response.headers:
                return False
            return not self._access.protected_url or self._opens()
        return self._looks_like_success(response)

    def _opens(self) -> bool:
        """Whether the protected URL opens with what this login gave.

        Raises:
            UnclearError: the answer says neither.
        """
        response = self._get(self._protected() or self._url)
        if not is_verdict(response):
            raise UnclearError(f"the protected URL answered {_phrase(response)}")
        self._opened = same_answer_key(response)
        return response.is_success

    def _looks_like_success(self, response: httpx.Response) -> bool:
        """Without stated signs, only a protected resource that opens, and not for everybody, shows a success."""
        if not self._access.protected_url:
            inconclusive(
                f"{self._entry.table}/{self._entry.id}: nothing tells an accepted login from a refused one",
                cause=Cause.ACCESS,
                settle="state access.success or access.protected_url in the entry",
            )
        if response.is_error or not self._opens():
            return False
        strange = self._told_a_stranger(self._access.protected_url)
        if strange.is_success:
            raise UnclearError(
                "access.protected_url opens without a login too, so that it shows nothing: name another, or state "
                "access.success"
            )
        # It need not be asked again at once, unless that answer says nothing.
        self._refused_to_anybody = is_verdict(strange)
        return True


class _BasicSession(HttpSession):
    resends_credential = True

    def _auth(self, username: str, password: str) -> httpx.Auth:
        return httpx.BasicAuth(username, password)

    def _send(self, username: str, password: str) -> httpx.Response:
        # There is no session but this: the client sends the credential with every request from now on.
        self.client.auth = self._auth(username, password)
        return self._get(self._url)

    def _protected(self) -> str:
        return super()._protected() or self._url

    def _opens(self) -> bool:
        # The request that carried the credential may itself have been the one for the protected resource.
        return self._protected() == self._url or super()._opens()

    def _looks_like_success(self, response: httpx.Response) -> bool:
        # A resource that opens for everybody takes every password: here that is no accident of the profile.
        return response.is_success and self._opens()

    def still_authorized(self) -> bool | None:
        """See `HttpSession.still_authorized`; the credential is sent again with every request."""
        try:
            response = self._get(self._protected())
        except httpx.HTTPError:
            return None
        return response.is_success if is_verdict(response) else None


class _DigestSession(_BasicSession):
    def _auth(self, username: str, password: str) -> httpx.Auth:
        return DigestAuth(username, password)


class HttpDriver:
    """What the drivers over HTTP have in common; each has a session of its own kind."""

    session: type[HttpSession]

    def __init__(self, entry: AuthMechEntry, dut: Device) -> None:
        self._entry = entry
        self._dut = dut

    def connect(self, *, source_address: str | None = None) -> HttpSession:
        """See `AuthDriver.connect`."""
        return self.session(self._entry, self._dut, source_address)

    def opens_to_anybody(self, source_address: str) -> bool:
        """Whether what the login protects opens without a credential from a local address."""
        access = self._entry.access
        url = access.protected_url or access.url
        return url is not None and bool(opens_to_anybody(self._dut, url, source_address))


class BasicDriver(HttpDriver):
    """HTTP Basic authentication (RFC 7617) on ``access.url``."""

    session = _BasicSession


class DigestDriver(HttpDriver):
    """HTTP Digest authentication (RFC 7616) on ``access.url``."""

    session = _DigestSession
