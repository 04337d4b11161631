"""Logins over HTTP: form, JSON, Basic and Digest."""

from __future__ import annotations

import hashlib
import re
import time
from typing import TYPE_CHECKING, Any

import httpx

from pytest_etsi.dut.reach.auth._protocol import Attempt, AuthSession, Outcome
from pytest_etsi.probes.charset import charset_of, decoded
from pytest_etsi.probes.http.client import HostNotAllowed
from pytest_etsi.verdict import Cause, inconclusive

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_etsi.dut.reach.auth._protocol import Device
    from pytest_etsi.profile.entries import AuthMechEntry
    from pytest_etsi.profile.facts import ChangeAccess

__all__ = [
    "BasicDriver",
    "DigestDriver",
    "FormDriver",
    "JsonDriver",
    "fill_in",
    "http_client",
    "is_verdict",
    "same_answer_key",
]

_LOCKED = frozenset({423, 429})
_REFUSED = frozenset({400, 401, 403, 404, 405, 409, 410, 422})
_LONGEST_TOKEN = 8192
_READ = 64 * 1024
"""Bytes of an answer that are looked at for telling it from another."""


class _UnclearError(Exception):
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


def fill_in(template: Any, values: Mapping[str, str]) -> Any:
    """`template` (builtins) with every ``{name}`` of `values` in its texts replaced; other braces are left alone."""
    if isinstance(template, str):
        for name, value in values.items():
            template = template.replace(f"{{{name}}}", value)
        return template
    if isinstance(template, dict):
        return {key: fill_in(item, values) for key, item in template.items()}
    if isinstance(template, list | tuple):
        return [fill_in(item, values) for item in template]
    return template


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds of a Retry-After header (RFC 9110, 10.2.3); a date or nonsense counts as unsaid."""
    value = response.headers.get("retry-after", "").strip()
    return float(value) if re.fullmatch(r"[0-9]{1,9}", value) else None


def _phrase(response: httpx.Response) -> str:
    return f"HTTP {response.status_code}"


def _text(response: httpx.Response) -> str:
    """The body as text, whatever character set the device claims."""
    return decoded(response.content, charset_of(response.headers.get("content-type", "")))


def http_client(session: AuthSession) -> httpx.Client:
    """The client of a session over HTTP, which sends what the login gave.

    Raises:
        Inconclusive: the session is not one over HTTP.
    """
    return _http_session(session).client


def change_in_session_of(
    dut: Device, entry_id: str, change: ChangeAccess, values: Mapping[str, str]
) -> Attempt:
    """Change a password while logged in by another mechanism, e.g. as the owner in the web page."""
    session = _http_session(dut.login(entry_id))
    try:
        return session.request(change, values)
    finally:
        session.close()


def _http_session(session: AuthSession) -> _HttpSession:
    if not isinstance(session, _HttpSession):
        session.close()
        inconclusive(
            "a request is to be sent in the session of an entry whose driver does not speak HTTP",
            cause=Cause.INFORMATION,
            settle="name an entry of 1-AuthMech with an HTTP driver",
        )
    return session


class _HttpSession:
    """One keep-alive connection to the login; what differs between the four drivers is in `_send`."""

    def __init__(self, entry: AuthMechEntry, dut: Device, source_address: str | None) -> None:
        self._entry = entry
        self._access = entry.access
        self._dut = dut
        if not self._access.url:
            inconclusive(
                f"{entry.table}/{entry.id} gives no access.url for its login",
                cause=Cause.ACCESS,
                settle="state the URL of the login in the entry's access",
            )
        self._url: str = self._access.url
        for url in (self._url, self._access.protected_url):
            if url:
                dut.network.endpoint_of(url)  # raises for a host that is not the device's
        self._source = source_address
        self.client = dut.network.http(source_address=source_address)

    def close(self) -> None:
        self.client.close()

    def attempt(self, username: str, password: str) -> Attempt:
        # What an earlier login left behind must not make this one look accepted.
        self.client.cookies.clear()
        self.client.headers.pop("authorization", None)
        began = time.monotonic()
        try:
            response = self._send(username, password)
            latency = time.monotonic() - began
            outcome = self._classify(response)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Attempt("no-answer", type(error).__name__, time.monotonic() - began)
        except _UnclearError as error:
            return Attempt("no-answer", f"{_phrase(response)}; {error}", latency)
        return Attempt(
            outcome, _phrase(response), latency, _retry_after(response), answer=same_answer_key(response)
        )

    def change_password(self, old: str, new: str) -> Attempt:
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
        """Send a templated request in this session; ``accepted`` when the status is one that `change` expects."""
        began = time.monotonic()
        try:
            response = self.client.request(
                change.method,
                change.url,
                json=fill_in(change.json_body, values) if change.json_body is not None else None,
                data=fill_in(change.form, values) if change.form is not None else None,
                headers=fill_in(dict(change.headers), values),
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

    def still_authorized(self) -> bool | None:
        """Whether what the last login gave still opens the protected URL; None: it cannot be told."""
        if not self._protected():
            return None
        try:
            return self._opens()
        except (httpx.HTTPError, _UnclearError):
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
            if success.body and not re.search(success.body, _text(response)):
                return False
            if success.header and success.header not in response.headers:
                return False
            return not self._access.protected_url or self._opens()
        return self._looks_like_success(response)

    def _opens(self) -> bool:
        """Whether the protected URL opens with what this login gave.

        Raises:
            _UnclearError: the answer says neither.
        """
        response = self._get(self._protected() or self._url)
        if not is_verdict(response):
            raise _UnclearError(f"the protected URL answered {_phrase(response)}")
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
        with self._dut.network.http(source_address=self._source) as anybody:
            if anybody.get(self._access.protected_url).is_success:
                raise _UnclearError(
                    "access.protected_url opens without a login too, so that it shows nothing: name another, or state "
                    "access.success"
                )
        return True


class _FormSession(_HttpSession):
    def _send(self, username: str, password: str) -> httpx.Response:
        fields = self._access.fields
        return self.client.post(
            self._url, data={fields.username: username, fields.password: password}, follow_redirects=False
        )


class _JsonSession(_HttpSession):
    def _send(self, username: str, password: str) -> httpx.Response:
        fields = self._access.fields
        response = self.client.post(self._url, json={fields.username: username, fields.password: password})
        token = self._token(response)
        if token:
            self.client.headers["authorization"] = f"Bearer {token}"
        return response

    @staticmethod
    def _token(response: httpx.Response) -> str | None:
        if not response.is_success or "json" not in response.headers.get("content-type", ""):
            return None
        try:
            body = response.json()
        except (ValueError, RecursionError):
            return None
        found = next(
            (body.get(key) for key in ("token", "access_token") if isinstance(body, dict) and body.get(key)),
            None,
        )
        if not isinstance(found, str) or len(found) > _LONGEST_TOKEN:
            return None
        return found if found.isascii() and found.isprintable() else None


class _BasicSession(_HttpSession):
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
        """See `_HttpSession.still_authorized`; the credential is sent again with every request."""
        try:
            response = self._get(self._protected())
        except httpx.HTTPError:
            return None
        return response.is_success if is_verdict(response) else None


class _DigestSession(_BasicSession):
    def _auth(self, username: str, password: str) -> httpx.Auth:
        return httpx.DigestAuth(username, password)

    def _get(self, url: str) -> httpx.Response:
        try:
            return super()._get(url)
        except (LookupError, NotImplementedError, ValueError) as error:
            # httpx meets an algorithm, a quality of protection or a header that it does not know.
            raise httpx.RemoteProtocolError("the Digest challenge cannot be answered") from error


class _HttpDriver:
    session: type[_HttpSession]

    def __init__(self, entry: AuthMechEntry, dut: Device) -> None:
        self._entry = entry
        self._dut = dut

    def connect(self, *, source_address: str | None = None) -> _HttpSession:
        return self.session(self._entry, self._dut, source_address)


class FormDriver(_HttpDriver):
    """An HTML form sent to ``access.url``."""

    session = _FormSession


class JsonDriver(_HttpDriver):
    """A JSON request to ``access.url``; a ``token`` or ``access_token`` in the answer is sent as Bearer."""

    session = _JsonSession


class BasicDriver(_HttpDriver):
    """HTTP Basic authentication (RFC 7617) on ``access.url``."""

    session = _BasicSession


class DigestDriver(_HttpDriver):
    """HTTP Digest authentication (RFC 7616) on ``access.url``."""

    session = _DigestSession
