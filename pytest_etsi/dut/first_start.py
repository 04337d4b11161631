"""The first start: can the device be used before the user has set a password?"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

from pytest_etsi.dut.auth import Attempt
from pytest_etsi.dut.auth.http import fill_in
from pytest_etsi.dut.operations import wait_until
from pytest_etsi.verdict import Cause, Inconclusive, inconclusive

if TYPE_CHECKING:
    from pytest_etsi.dut.device import Dut
    from pytest_etsi.profile import Entry
    from pytest_etsi.profile.facts import FirstStartAccess

__all__ = ["FirstStart", "observe_first_start"]

RESET = "factory-reset"
INITIALIZE = "initialize"
_READY_WITHIN_S = 120.0
_USUAL = ("", "admin", "password", "12345", "123456", "default", "root", "user", "1234")
"""Passwords that people and scripts try first on a new device; the empty one before all."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the device said to one request of the first start."""

    what: str
    status: str
    accepted: bool

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return {"what": self.what, "status": self.status, "accepted": self.accepted}


@dataclass(frozen=True, slots=True)
class FirstStart:
    """What a device in factory default let us do before a password was set.

    Attributes:
        early_logins: usual passwords tried before set-up -> what came back.
        protected: a request for a protected resource without any login; None: the profile names none.
        empty: set-up attempts with an empty or skipped password, each with a login by an empty password after it.
        set: setting a proper password, which has to work, or the unit shows nothing.
        login: login with it.
        restored: the initialized state is back.
    """

    entry: str
    early_logins: tuple[tuple[str, Attempt], ...]
    protected: Answer | None
    empty: tuple[Answer, ...]
    set: Answer
    login: Attempt
    restored: bool
    notes: tuple[str, ...] = field(default=())

    @property
    def ways_in(self) -> tuple[str, ...]:
        """Every way in which the device could be used without a password of the user, in words."""
        found = [
            f"login with the password {password!r} before set-up: {attempt}"
            for password, attempt in self.early_logins
            if attempt.accepted
        ]
        if self.protected is not None and self.protected.accepted:
            found.append(f"{self.protected.what} before set-up: {self.protected.status}")
        found.extend(f"{answer.what}: {answer.status}" for answer in self.empty if answer.accepted)
        return tuple(found)

    def require_shown(self) -> None:
        """Make sure that the procedure showed something: a device that refuses everything shows nothing.

        Raises:
            Inconclusive: no proper password could be set, or it did not open the login (``bench``); or the initialized
                state could not be restored.
        """
        if not self.set.accepted or not self.login.accepted:
            inconclusive(
                f"{self.set.what}: {self.set.status}; login with it: {self.login}. "
                "A device that cannot be set up does not show that a password must be set first",
                cause=Cause.BENCH,
                settle="correct access.first_start, or find out why the device cannot be set up",
            )
        if not self.restored:
            inconclusive(
                f"the initialized state could not be restored: {'; '.join(self.notes)}",
                cause=Cause.BENCH,
                settle="set the device up again as the profile describes",
            )

    @property
    def searched(self) -> str:
        """What was tried, for the record."""
        protected = "a protected resource without login, " if self.protected is not None else ""
        return (
            f"in factory default: {len(self.early_logins)} usual passwords, {protected}"
            f"{len(self.empty)} ways to skip the password; none opened the device before one was set"
        )

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return {
            "entry": self.entry,
            "early_logins": [
                {"password": password, **attempt.to_json()} for password, attempt in self.early_logins
            ],
            "protected": self.protected.to_json() if self.protected else None,
            "empty": [answer.to_json() for answer in self.empty],
            "set": self.set.to_json(),
            "login": self.login.to_json(),
            "restored": self.restored,
            "notes": list(self.notes),
        }


def observe_first_start(dut: Dut, entry: Entry) -> FirstStart:
    """Reset the device to factory default, try ways around the first password, set it, and restore the device.

    Raises:
        Inconclusive: the profile does not say how to reset the device or to set the first password (``access``), or
            the reset did not take effect (``bench``).
    """
    first = entry.access.first_start
    if first is None:
        inconclusive(
            f"{entry.table}/{entry.id} does not say how the first password is set",
            cause=Cause.ACCESS,
            settle="describe the request in the entry's access.first_start",
        )
    username, password = dut.credentials(entry)
    _reset(dut, entry, username, password)
    try:
        early = tuple((tried, _login(dut, entry, username, tried)) for tried in _USUAL)
        protected = _without_login(dut, entry)
        empty = _skip_the_password(dut, entry, first, username)
        if any(answer.accepted for answer in empty):
            _reset(dut, entry, username, password)
        done = _set_up(dut, first, password, "setting a proper password")
        login = _login(dut, entry, username, password)
    finally:
        restored, notes = _restore(dut, entry)
    return FirstStart(entry.id, early, protected, empty, done, login, restored, notes)


def _reset(dut: Dut, entry: Entry, username: str, password: str) -> None:
    dut.operations.run(RESET)
    dut.state = "factory-default"
    dut.password_is_back()

    def refused() -> bool:
        return _login(dut, entry, username, password).outcome in ("refused", "locked")

    if not wait_until(refused, within_s=_READY_WITHIN_S):
        inconclusive(
            f"after the operation {RESET!r} the user's old password still works, or the login does not answer",
            cause=Cause.BENCH,
            settle=dut.operations.recovery(RESET) or f"make the operation {RESET!r} reset the device",
        )


def _login(dut: Dut, entry: Entry, username: str, password: str) -> Attempt:
    session = dut.driver(entry).connect()
    try:
        return session.attempt(username, password)
    finally:
        session.close()


def _without_login(dut: Dut, entry: Entry) -> Answer | None:
    url = entry.access.protected_url
    if not url:
        return None
    with dut.network.http() as client:
        try:
            response = client.get(url)
        except httpx.HTTPError as error:
            return Answer(f"GET {url} without a login", type(error).__name__, accepted=False)
    return Answer(f"GET {url} without a login", f"HTTP {response.status_code}", accepted=response.is_success)


def _skip_the_password(dut: Dut, entry: Entry, first: FirstStartAccess, username: str) -> tuple[Answer, ...]:
    """An empty password, and the request without its body; a success has to open the login to count."""
    answers = []
    for what, body in (
        ("set-up with an empty password", fill_in(first.json_body or first.form or {}, {"password": ""})),
        ("set-up that asks to skip the password", {"skip": True}),
        ("set-up without a password", {}),
    ):
        answer = _send(dut, first, body, what)
        if answer.accepted:
            entered = _login(dut, entry, username, "")
            protected = _without_login(dut, entry)
            usable = entered.accepted or (protected is not None and protected.accepted)
            status = f"{answer.status}; then login with an empty password: {entered}"
            answer = Answer(what, status, accepted=usable)
        answers.append(answer)
        if answer.accepted:
            break
    return tuple(answers)


def _set_up(dut: Dut, first: FirstStartAccess, password: str, what: str) -> Answer:
    return _send(dut, first, fill_in(first.json_body or first.form or {}, {"password": password}), what)


def _send(dut: Dut, first: FirstStartAccess, body: Any, what: str) -> Answer:
    as_json = first.json_body is not None
    with dut.network.http() as client:
        try:
            response = client.request(
                first.method,
                first.url,
                json=body if as_json else None,
                data=None if as_json else body,
                headers=dict(first.headers),
            )
        except httpx.HTTPError as error:
            return Answer(what, type(error).__name__, accepted=False)
    return Answer(what, f"HTTP {response.status_code}", accepted=response.status_code in first.expect)


def _restore(dut: Dut, entry: Entry) -> tuple[bool, tuple[str, ...]]:
    """Bring back the initialized state that the profile describes: reset, then the profile's own way to set up."""
    began = time.monotonic()
    try:
        if INITIALIZE in dut.operations:
            dut.operations.run(RESET)
            dut.operations.run(INITIALIZE)
        dut.login(entry.id).close()
    except Inconclusive as error:
        recovery = dut.operations.recovery(RESET) or "set the device up by hand as the profile describes"
        return False, (f"not restored: {error.reason}; recover: {recovery}",)
    dut.state = "initialized"
    return True, (f"restored in {time.monotonic() - began:.1f} s",)
