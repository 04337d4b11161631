"""Sending passwords to one login: every attempt is logged, and read by what the login's answers mean."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, Protocol

from pytest_etsi.dut.observe.brute_force._answers import Answers
from pytest_etsi.dut.observe.brute_force._log import LoggedAttempt

if TYPE_CHECKING:
    from pytest_etsi.dut.core import Core
    from pytest_etsi.dut.reach.auth import Attempt, AuthSession, Outcome
    from pytest_etsi.profile.entries import AuthMechEntry

__all__ = ["REAL_CLOCK", "Asking", "Clock"]


class Clock(Protocol):
    """What tells the time and lets it pass."""

    def monotonic(self) -> float:
        """Seconds since some moment."""

    def sleep(self, seconds: float, /) -> None:
        """Let so many seconds pass."""


REAL_CLOCK: Clock = time


class Asking:
    """The attempts of one attack on one account.

    Attributes:
        logged: every attempt, in order of sending.
        guesses: wrong passwords sent.
        in_a_row: wrong passwords that were refused since the right one got in.
        answers: what answers mean.
    """

    def __init__(self, dut: Core, entry: AuthMechEntry, clock: Clock) -> None:
        self._entry = entry
        self._clock = clock
        self.driver = dut.driver(entry)
        self.username, self._password = dut.credentials(entry)
        self.logged: list[LoggedAttempt] = []
        self.guesses = 0
        self.in_a_row = 0
        self.answers = Answers()
        self._connections = 0
        self._began = clock.monotonic()

    def connect(self, source: str | None = None) -> tuple[AuthSession, int]:
        """A new connection and its number."""
        self._connections += 1
        return self.driver.connect(source_address=source), self._connections

    def wrong(self, phase: str, session: AuthSession | None = None, number: int = 0) -> Attempt:
        """Send a wrong password, over a new connection if none is given; once more where nothing came back.

        A server may close a kept connection just when it is used again.
        """
        if session is not None:
            attempt = self._send_wrong(phase, session, number)
            if attempt.outcome != "no-answer" or attempt.answer:
                return attempt
        fresh, number = self.connect()
        try:
            return self._send_wrong(phase, fresh, number)
        finally:
            fresh.close()

    def right(
        self, phase: str, session: AuthSession | None = None, number: int = 0, *, source: str | None = None
    ) -> Attempt:
        """Send the right password, over a new connection if none is given, from `source` if given."""
        if session is not None:
            attempt = self._try(phase, session, number, self.username, self._password, "right")
            if attempt.outcome != "no-answer" or attempt.answer:
                return attempt
        fresh, number = self.connect(source)
        try:
            return self._try(phase, fresh, number, self.username, self._password, "right", source or "")
        finally:
            fresh.close()

    def claiming(self, phase: str, address: str) -> Attempt | None:
        """Send the right password, saying that it comes from elsewhere; None: the protocol has no way to."""
        session, number = self.connect()
        try:
            claim = getattr(session, "claim", None)
            if claim is None:
                return None
            claim(address)
            way = "by saying in a header that it comes from another address"
            return self._try_by(way, phase, session, number, self.username)
        finally:
            session.close()

    def spelled(self, phase: str, username: str) -> Attempt:
        """Send the right password over a new connection under another spelling of the account's name."""
        session, number = self.connect()
        try:
            return self._try_by("under another spelling of the user name", phase, session, number, username)
        finally:
            session.close()

    def _try_by(self, way: str, phase: str, session: AuthSession, number: int, username: str) -> Attempt:
        """Send the right password by a way that might avoid being counted; a refusal of it says nothing of a lock."""
        sent = self._clock.monotonic() - self._began
        attempt = self.answers.read(session.attempt(username, self._password), "right")
        self.logged.append(LoggedAttempt(sent, phase, self.username, "right", number, "", attempt, way))
        return attempt

    def other(self, phase: str, username: str, password: str) -> Attempt:
        """Send the right password of another account over a new connection."""
        session, number = self.connect()
        try:
            return self._try(phase, session, number, username, password, "right")
        finally:
            session.close()

    def wrong_at_once(self, phase: str, count: int) -> None:
        """Send wrong passwords at the same time, each over a connection of its own."""
        sessions = [self.connect() for _ in range(count)]
        words = [self._next_wrong() for _ in sessions]
        sent = self._clock.monotonic()

        def send(one: tuple[tuple[AuthSession, int], str]) -> Attempt:
            (session, _), word = one
            attempt = session.attempt(self.username, word)
            # Which of them the device saw first cannot be told: all count from the moment at which they set out.
            return replace(attempt, latency_s=self._clock.monotonic() - sent)

        try:
            with ThreadPoolExecutor(count) as pool:
                seen = list(pool.map(send, zip(sessions, words, strict=True)))
        finally:
            for session, _ in sessions:
                session.close()
        numbered = zip(seen, (number for _, number in sessions), strict=True)
        for attempt, number in sorted(numbered, key=lambda one: one[0].outcome == "locked"):
            self._log(sent - self._began, phase, number, self.username, "wrong", "", attempt)

    def reread(self, since: int = 0) -> None:
        """Read logged attempts again, from one on, after something was learned of the answers."""
        self.logged[since:] = [
            replace(one, attempt=self.answers.read(one.attempt, one.credential))
            for one in self.logged[since:]
        ]

    @property
    def let_in(self) -> bool:
        """Whether a wrong password was let in."""
        return any(one.credential == "wrong" and one.attempt.accepted for one in self.logged)

    def settle(self, place: int, outcome: Outcome) -> None:
        """Give a logged attempt the outcome that it turned out to have."""
        one = self.logged[place]
        self.logged[place] = replace(one, attempt=replace(one.attempt, outcome=outcome))

    def _send_wrong(self, phase: str, session: AuthSession, number: int) -> Attempt:
        return self._try(phase, session, number, self.username, self._next_wrong(), "wrong")

    def _next_wrong(self) -> str:
        self.guesses += 1
        # Different each time, and of a form that no user or factory would choose.
        return f"Wr0ng-{self.guesses:04d}-guess"

    def _try(
        self,
        phase: str,
        session: AuthSession,
        number: int,
        username: str,
        password: str,
        credential: Literal["right", "wrong"],
        source: str = "",
    ) -> Attempt:
        sent = self._clock.monotonic() - self._began
        return self._log(
            sent, phase, number, username, credential, source, session.attempt(username, password)
        )

    def _log(
        self,
        sent: float,
        phase: str,
        number: int,
        username: str,
        credential: Literal["right", "wrong"],
        source: str,
        attempt: Attempt,
    ) -> Attempt:
        own = username == self.username
        # What another account is answered says nothing of how this one is let in.
        attempt = self.answers.read(attempt, credential) if own else attempt
        if own:
            self.in_a_row = 0 if attempt.accepted else self.in_a_row + (attempt.outcome == "refused")
        self.logged.append(LoggedAttempt(sent, phase, username, credential, number, source, attempt))
        return attempt
