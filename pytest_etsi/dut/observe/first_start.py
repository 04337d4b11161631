"""The first start: can the device be used before the user has set a password?"""

from __future__ import annotations

import secrets
import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

from pytest_etsi.bounds import undisturbed
from pytest_etsi.dut.reach.auth.http import http_client, is_verdict, same_answer_key
from pytest_etsi.dut.reach.handing_over import fill_in, handed_over, let_out
from pytest_etsi.dut.reach.operations import wait_until
from pytest_etsi.verdict import Cause, Inconclusive, inconclusive

if TYPE_CHECKING:
    from pytest_etsi.dut.core import Core
    from pytest_etsi.dut.reach.auth import Attempt
    from pytest_etsi.profile.entries import AuthMechEntry
    from pytest_etsi.profile.facts import FirstStartAccess

__all__ = ["FirstStart", "observe_first_start"]

RESET = "factory-reset"
INITIALIZE = "initialize"
_READY_WITHIN_S = 120.0
_LONGEST_LOCK_S = 60.0
_ANY = "a random one"
_USUAL = ("", _ANY, "admin", "password", "12345", "123456", "default", "root", "user", "1234")
"""Passwords that people and scripts try first on a new device; the empty one before all.

`_ANY` stands for one made up at random, which only a device accepts that accepts every password.
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the device said to one request of the first start.

    Attributes:
        accepted: the device could be used, or took the password that was to be set.
        answered: the device said yes or no; a request without an answer shows nothing.
    """

    what: str
    status: str
    accepted: bool
    answered: bool = True

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return asdict(self)


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

    @property
    def silent(self) -> tuple[str, ...]:
        """What was tried and neither accepted nor refused, in words."""
        logins = (
            f"login with the password {password!r}: {attempt}"
            for password, attempt in self.early_logins
            if attempt.outcome == "no-answer"
        )
        answers = (*([self.protected] if self.protected is not None else []), *self.empty)
        return (*logins, *(f"{one.what}: {one.status}" for one in answers if not one.answered))

    def require_shown(self) -> None:
        """Make sure that the procedure showed something: a device that refuses everything shows nothing.

        Raises:
            Inconclusive: something was not answered, no proper password could be set, or it did not open the login
                (``bench``); or the initialized state could not be restored.
        """
        if self.silent:
            inconclusive(
                f"not everything was answered: {'; '.join(self.silent)}",
                cause=Cause.BENCH,
                settle="find out whether the device was still starting, crashed, or lost its link",
            )
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
        tried = sum(attempt.outcome != "locked" for _, attempt in self.early_logins)
        protected = "a protected resource without login, " if self.protected is not None else ""
        return (
            f"in factory default: {tried} usual passwords, {protected}"
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


def observe_first_start(dut: Core, entry: AuthMechEntry) -> FirstStart:
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
    if RESET not in dut.operations:
        dut.operations.run(RESET)  # raises, and says what is missing
    usual = _protected_page(dut, entry)
    with undisturbed() as disturbed:
        try:
            username, password = _reset(dut, entry)
            with disturbed():
                early = _early_logins(dut, entry, username)
                protected = _without_login(dut, entry, usual)
                empty, touched = _skip_the_password(dut, entry, first, username, usual)
            if touched:
                _reset(dut, entry)
            done = _set_up(dut, first, password)
            with disturbed():
                login = _login_patiently(dut, entry, username, password)
        finally:
            restored, notes = _restore(dut, entry, first)
    return FirstStart(entry.id, early, protected, empty, done, login, restored, notes)


def _reset(dut: Core, entry: AuthMechEntry) -> tuple[str, str]:
    """Reset the device and wait until it has forgotten the password; gives the account that the profile describes."""
    username, current = dut.credentials(entry)
    dut.operations.run(RESET)
    dut.state = "factory-default"

    def refused() -> bool:
        return _login(dut, entry, username, current).outcome in ("refused", "locked")

    # A device that takes every password forgets none: that is a way in, and found as such.
    if not wait_until(refused, within_s=_READY_WITHIN_S) and not (
        _login(dut, entry, username, secrets.token_urlsafe(12)).accepted
    ):
        inconclusive(
            f"after the operation {RESET!r} the user's old password still works, or the login does not answer",
            cause=Cause.BENCH,
            settle=dut.operations.recovery(RESET) or f"make the operation {RESET!r} reset the device",
        )
    return username, let_out(entry.access.password) or current


def _login(dut: Core, entry: AuthMechEntry, username: str, password: str) -> Attempt:
    session = dut.driver(entry).connect()
    try:
        return session.attempt(username, password)
    finally:
        session.close()


def _login_patiently(dut: Core, entry: AuthMechEntry, username: str, password: str) -> Attempt:
    """As `_login`; where the usual passwords have locked it, once more after the lock."""
    from pytest_etsi.dut.core import lock_of

    attempt = _login(dut, entry, username, password)
    if attempt.outcome == "locked" and 0 < (wait_s := lock_of(entry, attempt)) <= _LONGEST_LOCK_S:
        time.sleep(wait_s + 0.5)
        attempt = _login(dut, entry, username, password)
    return attempt


def _early_logins(dut: Core, entry: AuthMechEntry, username: str) -> tuple[tuple[str, Attempt], ...]:
    """Usual passwords until one is accepted or the login locks."""
    tried = []
    for shown in _USUAL:
        password = secrets.token_urlsafe(12) if shown == _ANY else shown
        attempt = _login(dut, entry, username, password)
        tried.append((shown, attempt))
        if attempt.outcome in ("accepted", "locked"):
            break
    return tuple(tried)


def _protected_page(dut: Core, entry: AuthMechEntry) -> httpx.Response | None:
    """The protected resource as a login shows it; None: it cannot be had, so that nothing can be compared with it."""
    url = entry.access.protected_url
    if not url:
        return None
    try:
        session = dut.login(entry.id)
        try:
            response = http_client(session).get(url)
        finally:
            session.close()
    except (Inconclusive, httpx.HTTPError):
        return None
    return response if response.is_success else None


def _without_login(dut: Core, entry: AuthMechEntry, usual: httpx.Response | None) -> Answer | None:
    """Ask for the protected resource. Some devices answer every request with the page of their wizard."""
    url = entry.access.protected_url
    if not url:
        return None
    what = f"GET {url} without a login"
    with dut.network.http() as client:
        try:
            response = client.get(url)
        except httpx.HTTPError as error:
            return Answer(what, type(error).__name__, accepted=False, answered=False)
    status = f"HTTP {response.status_code}"
    if not response.is_success or usual is None:
        return Answer(what, status, accepted=response.is_success, answered=is_verdict(response))
    if _media_type(response) != "text/html":
        return Answer(what, status, accepted=True)
    if _media_type(usual) != "text/html":
        return Answer(what, f"{status}, but a page and not the resource", accepted=False)
    if same_answer_key(response) == same_answer_key(usual):
        return Answer(what, status, accepted=True)
    return Answer(what, f"{status}, but another page than with a login", accepted=False, answered=False)


def _media_type(response: httpx.Response) -> str:
    return str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()


def _skip_the_password(
    dut: Core, entry: AuthMechEntry, first: FirstStartAccess, username: str, usual: httpx.Response | None
) -> tuple[tuple[Answer, ...], bool]:
    """An empty password, and the request without its body; whatever is answered, what counts is whether it opens.

    Returns:
        What was seen, and whether the device has taken any of it, so that it has to be reset.
    """
    answers = []
    touched = False
    for what, body in (
        ("set-up with an empty password", fill_in(first.json_body or first.form or {}, {"password": ""})),
        ("set-up that asks to skip the password", {"skip": True}),
        ("set-up without a password", {}),
    ):
        answer = _send(dut, first, body, what)
        entered = _login(dut, entry, username, "")
        protected = _without_login(dut, entry, usual)
        usable = entered.accepted or (protected is not None and protected.accepted)
        status = f"{answer.status}; then login with an empty password: {entered}"
        touched = touched or answer.accepted or usable
        answers.append(Answer(what, status, accepted=usable, answered=answer.answered))
        if usable:
            break
    return tuple(answers), touched


def _set_up(dut: Core, first: FirstStartAccess, password: str) -> Answer:
    body = fill_in(first.json_body or first.form or {}, {"password": password})
    return _send(dut, first, body, "setting a proper password")


def _send(dut: Core, first: FirstStartAccess, body: Any, what: str) -> Answer:
    as_json = first.json_body is not None
    with dut.network.http() as client:
        try:
            response = client.request(
                first.method,
                first.url,
                **(
                    handed_over(first)
                    | {"json": body if as_json else None, "data": None if as_json else body}
                ),
            )
        except httpx.HTTPError as error:
            return Answer(what, type(error).__name__, accepted=False, answered=False)
    return Answer(what, f"HTTP {response.status_code}", accepted=response.status_code in first.expect)


def _restore(dut: Core, entry: AuthMechEntry, first: FirstStartAccess) -> tuple[bool, tuple[str, ...]]:
    """Bring back the initialized state that the profile describes: reset, then the profile's own way to set up."""
    began = time.monotonic()
    try:
        if INITIALIZE in dut.operations:
            _reset(dut, entry)
            dut.operations.run(INITIALIZE)
        elif not _login(dut, entry, *dut.credentials(entry)).accepted:
            _set_up(dut, first, let_out(entry.access.password) or dut.credentials(entry)[1])
        dut.login(entry.id).close()
    except Inconclusive as error:
        recovery = dut.operations.recovery(RESET) or "set the device up by hand as the profile describes"
        dut.is_lost(f"after its first start was tried: {error.reason}", recovery)
        return False, (f"not restored: {error.reason}; recover: {recovery}",)
    dut.state = "initialized"
    return True, (f"restored in {time.monotonic() - began:.1f} s",)
