"""Guessing passwords within bounds: the procedure of an attack, and a log of every attempt that it made.

What the log means (when it locked, for whom, what escaped) is read from it by `pytest_etsi.assessment.guessing`.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from pytest_etsi.verdict import Cause, inconclusive

if TYPE_CHECKING:
    from pytest_etsi.dut.auth import Attempt, AuthSession
    from pytest_etsi.dut.device import Dut
    from pytest_etsi.profile import Entry
    from pytest_etsi.profile.facts import BruteForceFacts

__all__ = ["GuessingLog", "LoggedAttempt", "observe_guessing"]

_DEFAULT_BUDGET = 60
_LONGEST_WAIT_S = 180.0
_LATE_S = 0.3
"""Seconds after the stated lock time at which a lock should be over."""


@dataclass(frozen=True, slots=True)
class LoggedAttempt:
    """One attempt, with what distinguishes it from the others.

    Attributes:
        t_s: seconds since the attack began.
        connection: number of the connection, from 1.
        source: local address it came from; "" is the usual one.
        credential: whether the right password was sent.
        phase: part of the procedure.
    """

    t_s: float
    phase: str
    account: str
    credential: Literal["right", "wrong"]
    connection: int
    source: str
    attempt: Attempt

    def to_json(self) -> dict[str, Any]:
        """Builtins only; no password is among them."""
        return {**asdict(self), "t_s": round(self.t_s, 3), "attempt": self.attempt.to_json()}


@dataclass(frozen=True, slots=True)
class GuessingLog:
    """Every attempt of a bounded guessing attack on one account, in order.

    Attributes:
        budget: most wrong passwords that were to be sent until a first lock.
        not_tried: parts of the procedure that were left out, and why.
    """

    entry: str
    attempts: tuple[LoggedAttempt, ...]
    budget: int
    not_tried: tuple[str, ...] = ()

    @property
    def guesses(self) -> int:
        """Wrong passwords sent."""
        return sum(logged.credential == "wrong" for logged in self.attempts)

    @property
    def summary(self) -> str:
        """What was tried and what was left out, for the record."""
        first = next((logged for logged in self.attempts if logged.attempt.outcome == "locked"), None)
        lock = (
            f", first seen locked after {first.t_s:.1f} s ({first.attempt.status})"
            if first is not None
            else ""
        )
        left_out = f"; not tried: {'; '.join(self.not_tried)}" if self.not_tried else ""
        return f"{self.guesses} wrong passwords over {self.connections} connections{lock}{left_out}"

    @property
    def connections(self) -> int:
        """Connections used."""
        return len({logged.connection for logged in self.attempts})

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return {
            "entry": self.entry,
            "budget": self.budget,
            "not_tried": list(self.not_tried),
            "attempts": [logged.to_json() for logged in self.attempts],
        }


def observe_guessing(dut: Dut, entry: Entry) -> GuessingLog:
    """Send wrong passwords until the account locks or the budget is used up, then look for ways around the lock.

    Just below the stated limit another account of the mechanism logs in, to see whether that resets the count. While
    locked, the right password is tried over a new connection, from another source address and half-way through the
    stated time. Then the account is locked a second time, to see the lock grow, and waited for.

    Raises:
        Inconclusive: the right password is not accepted to begin with (``access``), or the device stops
            answering (``bench``).
    """
    dut.login(entry.id).close()  # before the credential is read: a login finds out which one counts
    attack = _Attack(dut, entry)
    if attack.guess_until_locked() and attack.try_to_escape():
        attack.wait_and_lock_again()
    return attack.log()


class _Attack:
    """The steps of one attack and the log they write."""

    def __init__(self, dut: Dut, entry: Entry) -> None:
        self._dut = dut
        self._entry = entry
        self._driver = dut.driver(entry)
        self._username, self._password = dut.credentials(entry)
        self._declared: BruteForceFacts | None = entry.facts.brute_force
        self._limit = self._declared.max_attempts if self._declared is not None else None
        self._lock_s = float(self._declared.lockout_s or 0.0) if self._declared is not None else 0.0
        self._budget = _budget(entry, self._limit)
        self._began = time.monotonic()
        self._logged: list[LoggedAttempt] = []
        self._not_tried: list[str] = []
        self._connections = 0
        self._guesses = 0
        self._locked_at = 0.0

    def log(self) -> GuessingLog:
        return GuessingLog(self._entry.id, tuple(self._logged), self._budget, tuple(self._not_tried))

    def guess_until_locked(self) -> bool:
        """Wrong passwords over one connection; True as soon as the account is seen to be locked."""
        session, number = self._connect()
        silent_asked = False
        try:
            while self._guesses < self._budget:
                if self._limit is not None and self._limit > 1 and self._guesses == self._limit - 1:
                    self._other_account_logs_in()
                if self._guess("guess", session, number).outcome == "locked":
                    return self._is_locked()
                # A lock may be silent: only the right password shows it, and its success restarts the count. Asked one
                # wrong password late, because "five attempts" may mean that the sixth one locks.
                at_limit = self._limit is not None and self._guesses == self._limit + 1 and not silent_asked
                if at_limit or self._guesses == self._budget:
                    silent_asked = True
                    if not self._right("limit", session, number).accepted:
                        return self._is_locked()
        finally:
            session.close()
        return False

    def try_to_escape(self) -> bool:
        """The right password while locked, by ways that could avoid the lock; False as soon as one does."""
        if self._right("new connection").accepted:
            return False
        source = self._dut.network.other_source()
        if source is None:
            self._not_tried.append("another source address: this machine has only one towards the device")
        elif self._right("other source", source=source).accepted:
            return False
        if not self._lock_s:
            self._not_tried.append("the length of the lock: the entry's facts do not state it")
            return False
        if self._lock_s > _LONGEST_WAIT_S:
            self._not_tried.append(
                f"the length of the lock: {self._lock_s:g} s is longer than this unit waits"
            )
            return False
        self._sleep_until(self._locked_at + self._lock_s / 2)
        return not self._right("half-way through the lock").accepted

    def wait_and_lock_again(self) -> None:
        """Let the lock pass, lock a second time where locks grow, and leave the account usable."""
        assert self._declared is not None
        self._sleep_until(self._locked_at + self._lock_s + _LATE_S)
        grown = self._lock_s * self._declared.growth
        if self._declared.max_lockout_s is not None:
            grown = min(grown, self._declared.max_lockout_s)
        if grown <= self._lock_s or grown > _LONGEST_WAIT_S:
            if grown > _LONGEST_WAIT_S:
                self._not_tried.append(f"a second lock: {grown:g} s is longer than this unit waits")
            self._recover(self._lock_s)
            return
        if self._lock_a_second_time():
            self._sleep_until(self._locked_at + (self._lock_s + grown) / 2)
            if self._right("second lock, after the time of the first").accepted:
                return
            self._sleep_until(self._locked_at + grown + _LATE_S)
        self._recover(grown)

    def _lock_a_second_time(self) -> bool:
        session, number = self._connect()
        try:
            for count in range(1, self._budget + 1):
                outcome = self._guess("second lock", session, number).outcome
                if outcome == "locked" or count == self._limit:
                    return self._is_locked()
        finally:
            session.close()
        return False

    def _recover(self, lock_s: float) -> None:
        """The right password until it is accepted again, for somewhat longer than the lock should last."""
        end = time.monotonic() + min(lock_s + 2.0, _LONGEST_WAIT_S)
        while not self._right("after the lock").accepted:
            if time.monotonic() >= end:
                self._not_tried.append("the account was still locked well after the stated time")
                return
            time.sleep(0.5)

    def _other_account_logs_in(self) -> None:
        other = self._entry.access.second_account
        if other is None:
            self._not_tried.append(
                "whether a success of another account resets the count: no second_account is given"
            )
            return
        session, number = self._connect()
        try:
            attempt = self._try("other account", session, number, other.username, other.password, "right")
        finally:
            session.close()
        if not attempt.accepted:
            self._not_tried.append(
                f"whether a success of another account resets the count: it cannot log in ({attempt})"
            )

    def _is_locked(self) -> bool:
        self._locked_at = time.monotonic()
        return True

    def _connect(self, source: str | None = None) -> tuple[AuthSession, int]:
        self._connections += 1
        return self._driver.connect(source_address=source), self._connections

    def _guess(self, phase: str, session: AuthSession, number: int) -> Attempt:
        self._guesses += 1
        # Different each time, and of a form that no user or factory would choose.
        attempt = self._try(
            phase, session, number, self._username, f"Wr0ng-{self._guesses:04d}-guess", "wrong"
        )
        if attempt.outcome == "no-answer":
            self._dut.recorder.observed("guessing", self.log())
            inconclusive(
                f"the device stopped answering after {self._guesses} wrong passwords: {attempt.status}",
                cause=Cause.BENCH,
                settle="find out whether it blocks this address, crashed, or lost its link",
            )
        return attempt

    def _right(
        self, phase: str, session: AuthSession | None = None, number: int = 0, *, source: str | None = None
    ) -> Attempt:
        if session is not None:
            return self._try(phase, session, number, self._username, self._password, "right", source)
        fresh, number = self._connect(source)
        try:
            return self._try(phase, fresh, number, self._username, self._password, "right", source)
        finally:
            fresh.close()

    def _try(
        self,
        phase: str,
        session: AuthSession,
        number: int,
        username: str,
        password: str,
        credential: Literal["right", "wrong"],
        source: str | None = None,
    ) -> Attempt:
        sent = time.monotonic() - self._began
        attempt = session.attempt(username, password)
        self._logged.append(LoggedAttempt(sent, phase, username, credential, number, source or "", attempt))
        return attempt

    @staticmethod
    def _sleep_until(moment: float) -> None:
        time.sleep(max(0.0, min(moment - time.monotonic(), _LONGEST_WAIT_S)))


def _budget(entry: Entry, limit: int | None) -> int:
    """Most wrong passwords in a row: what the profile allows, or enough to exceed what is stated by a good margin."""
    if entry.access.guess_budget is not None:
        return int(entry.access.guess_budget)
    return _DEFAULT_BUDGET if limit is None else min(max(3 * limit, limit + 10), 4 * _DEFAULT_BUDGET)
