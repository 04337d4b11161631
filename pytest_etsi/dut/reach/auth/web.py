"""Logins of web pages and interfaces: a form, a JSON request, or requests in steps, with what has to be sent along."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from pytest_etsi.dut.reach.anti_forgery import page_token_headers, token_headers, with_token
from pytest_etsi.dut.reach.auth.http import HttpDriver, HttpSession, UnclearError
from pytest_etsi.dut.reach.auth.taking import json_at, take, text_of
from pytest_etsi.dut.reach.handing_over import fill_in, handed_over
from pytest_etsi.probes.http.forms import read_forms
from pytest_etsi.probes.observation import printable
from pytest_etsi.verdict import Cause, inconclusive

if TYPE_CHECKING:
    from pytest_etsi.dut.reach.auth._protocol import Outcome
    from pytest_etsi.profile.facts import LoginStep

__all__ = ["FormDriver", "JsonDriver", "StepsDriver"]

_TOKENS = ("token", "access_token")
"""Keys at which a token stands where the profile says nothing."""


class _PageSession(HttpSession):
    """A login beside a page that may hold one-time fields and set cookies.

    Attributes:
        lacks: what the last page or answer wants and was not sent, for a person; empty: nothing was noticed.
    """

    lacks = ""

    def _page(self) -> httpx.Response | None:
        """The page before the login, in the state that it gives the session; None: there is none."""
        url = self._access.page or (self._url if self._reads_own_page else None)
        if url is None:
            return None
        try:
            page = self.client.get(url)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            if self._access.page:
                raise
            self.lacks = f"{url} could not be read before: {type(error).__name__}"
            return None
        return page if page.is_success else None

    _reads_own_page = False

    def _tokens(self, page: httpx.Response | None) -> dict[str, str]:
        """Headers with the tokens against forged requests that cookies and the page gave."""
        return token_headers(self.client) | ({} if page is None else page_token_headers(text_of(page)))

    def wants(self) -> str:
        """See `lacks`."""
        return self.lacks


class _FormSession(_PageSession):
    _reads_own_page = True

    def _send(self, username: str, password: str) -> httpx.Response:
        fields = self._access.fields
        self.lacks = ""
        page = self._page()
        entered = {fields.username: username, fields.password: password}
        sent = {**self._hidden(page), **fill_in(fields.constant, {}), **entered}
        headers = self._tokens(page)
        return with_token(
            self.client,
            lambda further: self.client.post(
                self._url, data=sent, headers={**headers, **further}, follow_redirects=False
            ),
            offered_only=True,
        )

    def _hidden(self, page: httpx.Response | None) -> dict[str, str]:
        """The hidden fields of the login's form, with their values of this time."""
        if page is None:
            return {}
        fields = self._access.fields
        forms = read_forms(text_of(page))
        form = next((one for one in forms if one.has(fields.password)), None)
        if form is None:
            asking = next((one for one in forms if one.passwords), None)
            if asking is not None:
                names = ", ".join(repr(printable(name, 40)) for name in asking.shown[:8])
                self.lacks = f"the form in the page has the fields {names}, and access.fields names others"
            return {}
        known = {fields.username, fields.password, *fields.constant}
        others = [name for name in form.shown if name not in known]
        if fields.username not in form.shown:
            self.lacks = f"the form in the page has no field {fields.username!r} (access.fields)"
        if others:
            names = ", ".join(repr(printable(name, 40)) for name in others[:8])
            self.lacks = f"the form in the page has further fields {names} (access.fields.constant)"
        return dict(form.hidden)


class _JsonSession(_PageSession):
    def _send(self, username: str, password: str) -> httpx.Response:
        fields = self._access.fields
        page = self._page()
        body = {**fill_in(fields.constant, {}), fields.username: username, fields.password: password}
        headers = self._tokens(page)
        response = with_token(
            self.client,
            lambda further: self.client.post(self._url, json=body, headers={**headers, **further}),
            offered_only=True,
        )
        self.lacks = "" if response.is_success else f"it answered {_said(response, username, password)!r}"
        token = self._token(response)
        if token is not None:
            self._carry({"token": token}, self._access.send or {"Authorization": "Bearer {token}"})
        elif response.is_success and (self._access.token or self._access.send):
            self.lacks = "the answer has no token where access.token says"
        return response

    def _token(self, response: httpx.Response) -> str | None:
        if not response.is_success:
            return None
        if self._access.token is not None:
            return take(self._access.token, response, self.client)
        found = next((value for key in _TOKENS if (value := json_at(response, key))), None)
        usable = isinstance(found, str) and len(found) <= 8192 and found.isascii() and found.isprintable()
        return found if usable else None


class _StepsSession(_PageSession):
    """Requests in order; what one gives is sent in the next."""

    def _send(self, username: str, password: str) -> httpx.Response:
        values = {"username": username, "password": password}
        self.lacks, self._incomplete = "", False
        given = False
        for number, step in enumerate(self._access.steps, 1):
            given = given or _gives_password(step)
            response = self._step(step, values)
            for name, taken in step.take.items():
                value = take(taken, response, self.client)
                if value is None:
                    self.lacks = (
                        f"the answer to step {number} (HTTP {response.status_code}) has no {name!r} where it says; it "
                        f"answered {_said(response, username, password)!r}"
                    )
                    if not given:
                        raise httpx.RemoteProtocolError(self.lacks)
                    # What is given to those who log in is not given: that is what a refusal looks like here.
                    self._incomplete = True
                    return response
                values[name] = value
        taken_values = {name: value for name, value in values.items() if name not in ("username", "password")}
        self._carry(taken_values, self._access.send)
        return response

    def _step(self, step: LoginStep, values: dict[str, str]) -> httpx.Response:
        headers = token_headers(self.client)
        return with_token(
            self.client,
            lambda further: self.client.request(
                step.method,
                fill_in(step.url, values),
                **handed_over(step, values, {**headers, **further}),
            ),
            offered_only=True,
        )

    def _classify(self, response: httpx.Response) -> Outcome:
        outcome = super()._classify(response)
        if self._incomplete and outcome == "accepted":
            raise UnclearError(self.lacks)
        return outcome

    def _is_success(self, response: httpx.Response) -> bool:
        return not self._incomplete and super()._is_success(response)


def _gives_password(step: LoginStep) -> bool:
    parts = [step.url, step.json_body, step.form, step.headers]
    return bool(fill_in(parts, {"password": ""}) != fill_in(parts, {}))


def _said(response: httpx.Response, username: str, password: str) -> str:
    """The beginning of an answer without what was sent, which some devices echo."""
    said = printable(" ".join(text_of(response)[:2000].split()), 160)
    for secret in (password, username):
        said = said.replace(secret, "***") if secret else said
    return said or "nothing"


class FormDriver(HttpDriver):
    """An HTML form sent to ``access.url``, with the hidden fields of the page that holds it."""

    session = _FormSession


class JsonDriver(HttpDriver):
    """A JSON request to ``access.url``; the token in the answer is sent as Bearer, or as ``access.send`` says."""

    session = _JsonSession


class StepsDriver(HttpDriver):
    """The requests of ``access.steps`` in order; what they give is sent as ``access.send`` says."""

    session = _StepsSession

    def connect(self, *, source_address: str | None = None) -> HttpSession:
        """A fresh connection.

        Raises:
            Inconclusive: the entry has no steps.
        """
        if not self._entry.access.steps:
            inconclusive(
                f"{self._entry.table}/{self._entry.id} gives no access.steps for the driver http-steps",
                cause=Cause.ACCESS,
                settle="state the requests of the login under access.steps",
            )
        return super().connect(source_address=source_address)
