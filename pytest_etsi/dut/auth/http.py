"""Logins over HTTP: form, JSON, Basic and Digest."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

import httpx

from pytest_etsi.dut.auth._protocol import Attempt, AuthSession, Outcome
from pytest_etsi.verdict import Cause, inconclusive

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_etsi.dut.device import Dut
    from pytest_etsi.profile import Entry
    from pytest_etsi.profile.facts import ChangeAccess

__all__ = ["BasicDriver", "DigestDriver", "FormDriver", "JsonDriver", "fill_in", "http_client"]

_LOCKED = frozenset({423, 429, 503})
_REFUSED = frozenset({400, 401, 403, 404, 405, 422})


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


def http_client(session: AuthSession) -> httpx.Client:
    """The client of a session over HTTP, which sends what the login gave.

    Raises:
        Inconclusive: the session is not one over HTTP.
    """
    if not isinstance(session, _HttpSession):
        inconclusive(
            "a request is to be sent in the session of an entry whose driver does not speak HTTP",
            cause=Cause.INFORMATION,
            settle="name an entry of 1-AuthMech with an HTTP driver",
        )
    return session.client


class _HttpSession:
    """One keep-alive connection to the login; what differs between the four drivers is in `_send`."""

    def __init__(self, entry: Entry, dut: Dut, source_address: str | None) -> None:
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
        self.client = dut.network.http(source_address=source_address)
        self._refusal: tuple[int, str] | None = None

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
        except httpx.HTTPError as error:
            return Attempt("no-answer", type(error).__name__, time.monotonic() - began)
        return Attempt(outcome, _phrase(response), latency, _retry_after(response))

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
            return self._in_session_of(change.session_of, change, values)
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
        except httpx.HTTPError as error:
            return Attempt("no-answer", type(error).__name__, time.monotonic() - began)
        outcome: Outcome = "accepted" if response.status_code in change.expect else "refused"
        return Attempt(outcome, _phrase(response), time.monotonic() - began, _retry_after(response))

    def _in_session_of(self, entry_id: str, change: ChangeAccess, values: Mapping[str, str]) -> Attempt:
        """Send the request while logged in by another mechanism, e.g. as the owner in the web page."""
        session = self._dut.login(entry_id)
        try:
            http_client(session)
            return session.request(change, values)  # type: ignore[attr-defined]  # http_client made sure of it
        finally:
            session.close()

    def still_authorized(self) -> bool | None:
        """Whether what the last login gave still opens the protected URL; None: the profile names none."""
        if not self._access.protected_url:
            return None
        try:
            return self.client.get(self._access.protected_url).is_success
        except httpx.HTTPError:
            return False

    def _send(self, username: str, password: str) -> httpx.Response:
        raise NotImplementedError

    def _classify(self, response: httpx.Response) -> Outcome:
        status = response.status_code
        if status in _LOCKED:
            return "locked"
        if self._is_success(response):
            return "accepted"
        if status in _REFUSED or response.is_success or response.is_redirect:
            return self._refused_or_locked(response)
        return "no-answer"

    def _refused_or_locked(self, response: httpx.Response) -> Outcome:
        """A refusal that differs in status from the first one, and asks to wait, is a lock."""
        if _retry_after(response) is not None:
            return "locked"
        signature = (response.status_code, response.headers.get("location", ""))
        if self._refusal is None:
            self._refusal = signature
        return (
            "refused" if signature == self._refusal or response.status_code in (401, 400, 422) else "locked"
        )

    def _is_success(self, response: httpx.Response) -> bool:
        success = self._access.success
        stated = success.status or success.body or success.header
        if stated:
            if success.status and response.status_code not in success.status:
                return False
            if success.body and not re.search(success.body, response.text):
                return False
            if success.header and success.header not in response.headers:
                return False
            return not self._access.protected_url or self._opens()
        return self._looks_like_success(response)

    def _opens(self) -> bool:
        return bool(self.still_authorized())

    def _looks_like_success(self, response: httpx.Response) -> bool:
        """Without stated signs, only a protected resource that opens shows a success."""
        if not self._access.protected_url:
            inconclusive(
                f"{self._entry.table}/{self._entry.id}: nothing tells an accepted login from a refused one",
                cause=Cause.ACCESS,
                settle="state access.success or access.protected_url in the entry",
            )
        return not response.is_error and self._opens()


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
        except ValueError:
            return None
        found = next(
            (body.get(key) for key in ("token", "access_token") if isinstance(body, dict) and body.get(key)),
            None,
        )
        return found if isinstance(found, str) else None


class _BasicSession(_HttpSession):
    def _auth(self, username: str, password: str) -> httpx.Auth:
        return httpx.BasicAuth(username, password)

    def attempt(self, username: str, password: str) -> Attempt:
        self._credentials = self._auth(username, password)
        return super().attempt(username, password)

    def _send(self, username: str, password: str) -> httpx.Response:
        return self.client.get(self._url, auth=self._credentials)

    def still_authorized(self) -> bool | None:
        try:
            return self.client.get(self._access.protected_url or self._url, auth=self._credentials).is_success
        except httpx.HTTPError:
            return False

    def _opens(self) -> bool:
        # The request that carried the credential was itself the one for the protected resource.
        return self._access.protected_url in (None, self._url) or bool(self.still_authorized())

    def _looks_like_success(self, response: httpx.Response) -> bool:
        return response.is_success and self._opens()


class _DigestSession(_BasicSession):
    def _auth(self, username: str, password: str) -> httpx.Auth:
        return httpx.DigestAuth(username, password)


class _HttpDriver:
    session: type[_HttpSession]

    def __init__(self, entry: Entry, dut: Dut) -> None:
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
