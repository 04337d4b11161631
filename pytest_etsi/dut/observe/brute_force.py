"""Guessing passwords within bounds: the procedure of an attack, and a log of every attempt that it made.

What the log means (when it locked, for whom, what escaped) is read from it by `pytest_etsi.assessment.brute_force`.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from pytest_etsi.verdict import Cause, inconclusive

if TYPE_CHECKING:
    from pytest_etsi.dut.core import Core
    from pytest_etsi.dut.reach.auth import Attempt, AuthSession, Outcome
    from pytest_etsi.profile.entries import AuthMechEntry
    from pytest_etsi.profile.facts import BruteForceFacts

__all__ = ["GuessingLog", "LoggedAttempt", "observe_guessing"]

_DEFAULT_BUDGET = 60
_LONGEST_GUESSING_S = 900.0
"""Seconds until a first lock has to be reached, however slowly the device answers."""
_LONGEST_WAIT_S = 900.0
"""Seconds of a lock that are waited for."""
_INTO_A_LONG_LOCK_S = 60.0
_UNSTATED_LOCK_S = 30.0
_LATE_S = 0.3
"""Seconds after the stated lock time at which a lock should be over."""


@dataclass(frozen=True, slots=True)
class LoggedAttempt:
    """One attempt, with what distinguishes it from the others.

    Attributes:
        t_s: when it was sent, in seconds since the attack began.
        connection: number of the connection, from 1.
        source: local address it came from; "" is the usual one.
        credential: whether the right password was sent. A right one that is refused proves a silent lock.
        phase: part of the procedure.
    """

    t_s: float
    phase: str
    account: str
    credential: Literal["right", "wrong"]
    connection: int
    source: str
    attempt: Attempt

    @property
    def outcome(self) -> Outcome:
        """What came of it."""
        return self.attempt.outcome

    @property
    def end_s(self) -> float:
        """When the answer was there, in seconds since the attack began."""
        return self.t_s + self.attempt.latency_s

    @property
    def through(self) -> bool:
        """Whether the value was examined."""
        return self.outcome in {"refused", "accepted"}

    def to_json(self) -> dict[str, Any]:
        """Builtins only; no password is among them."""
        return {**asdict(self), "t_s": round(self.t_s, 3), "attempt": self.attempt.to_json()}


@dataclass(frozen=True, slots=True)
class GuessingLog:
    """Every attempt of a bounded guessing attack on one account, in order.

    Attributes:
        budget: most wrong passwords that were to be sent until a first lock.
        not_tried: parts of the procedure that were left out, and why.
        unseen: what the documents state and this attack could not observe, and why.
    """

    entry: str
    attempts: tuple[LoggedAttempt, ...]
    budget: int
    not_tried: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()

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
        without = (*self.not_tried, *self.unseen)
        left_out = f"; not tried: {'; '.join(without)}" if without else ""
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
            "unseen": list(self.unseen),
            "attempts": [logged.to_json() for logged in self.attempts],
        }


def observe_guessing(dut: Core, entry: AuthMechEntry) -> GuessingLog:
    """Send wrong passwords until the account locks or the budget is used up, then look for ways around the lock.

    Just below the stated limit another account of the mechanism logs in, to see whether that resets the count. While
    locked, the right password is tried over a new connection, from another source address and half-way through the
    stated time. Then the account is locked a second time, to see the lock grow, and waited for.

    A wrong password that is accepted ends the attack: nothing more is to be found out.

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

    def __init__(self, dut: Core, entry: AuthMechEntry) -> None:
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
        self._unseen: list[str] = []
        self._in_a_row = 0
        self._usual_answer = ""
        self._lock_answer = ""
        self._answers_vary = False
        self._connections = 0
        self._guesses = 0
        self._locked_at = 0.0

    def log(self) -> GuessingLog:
        return GuessingLog(
            self._entry.id, tuple(self._logged), self._budget, tuple(self._not_tried), tuple(self._unseen)
        )

    def guess_until_locked(self) -> bool:
        """Wrong passwords over one connection; True as soon as the account is seen to be locked."""
        session, number = self._connect()
        end = time.monotonic() + _LONGEST_GUESSING_S
        silent_asked = False
        try:
            while self._guesses < self._budget:
                if time.monotonic() >= end:
                    self._unseen.append(f"a lock: the time was up after {self._guesses} wrong passwords")
                    self._recover(self._lock_s)
                    return False
                if self._limit is not None and self._limit > 1 and self._in_a_row == self._limit - 1:
                    self._other_account_logs_in()
                attempt = self._guess("guess", session, number)
                if attempt.accepted:
                    return False
                if attempt.outcome == "locked":
                    if self._guesses == 1 and self._rest():
                        continue
                    return self._is_locked()
                # A lock may be silent: only the right password shows it, and its success restarts the count. Asked one
                # wrong password late, because "five attempts" may mean that the sixth one locks.
                at_limit = self._limit is not None and self._in_a_row == self._limit + 1 and not silent_asked
                changed = self._answers_otherwise(attempt)
                if changed or at_limit or self._guesses == self._budget:
                    silent_asked = silent_asked or at_limit
                    right = self._right("limit", session, number)
                    if not right.accepted:
                        self._learn_the_lock(right)
                        return self._is_locked()
                    self._answers_vary = self._answers_vary or changed
        finally:
            session.close()
        return False

    def _answers_otherwise(self, attempt: Attempt) -> bool:
        """Whether a refusal differs from the first one, which may be how the device says that it is locked."""
        self._usual_answer = self._usual_answer or attempt.answer
        return bool(attempt.answer) and attempt.answer != self._usual_answer and not self._answers_vary

    def _learn_the_lock(self, right: Attempt) -> None:
        """Where the right password gets the same unusual refusal as the wrong one before it, that is the lock."""
        wrong = self._logged[-2].attempt
        if right.answer and right.answer == wrong.answer != self._usual_answer:
            self._lock_answer = right.answer
            self._logged[-2:] = [
                replace(logged, attempt=self._read(logged.attempt)) for logged in self._logged[-2:]
            ]

    def _read(self, attempt: Attempt) -> Attempt:
        says_locked = (
            attempt.outcome == "refused" and self._lock_answer and attempt.answer == self._lock_answer
        )
        return replace(attempt, outcome="locked") if says_locked else attempt

    def _rest(self) -> bool:
        """Where the first wrong password already meets a lock, let pass what the run's own logins may have used up.

        Otherwise nothing would be seen of how many wrong passwords get through. False: it cannot be waited for, since
        locks grow, or it would take too long.
        """
        growing = self._declared is not None and self._declared.growth > 1
        rest_s = self._lock_s * (self._limit or 0)
        if growing or not 0 < rest_s <= _LONGEST_WAIT_S:
            self._unseen.append("wrong passwords without a lock: the very first one already met it")
            return False
        time.sleep(rest_s + _LATE_S)
        return True

    def try_to_escape(self) -> bool:
        """The right password while locked, by ways that could avoid the lock; False as soon as one does."""
        if self._right("new connection").accepted:
            return False
        source = self._dut.network.other_source()
        if source is not None:
            if self._right("other source", source=source).accepted:
                return False
        elif self._declared is not None and self._declared.scope in ("account", "global"):
            self._unseen.append(
                "whether the lock holds for other source addresses: this machine has only one towards the device "
                "(access.network.source_addresses)"
            )
        else:
            self._not_tried.append("another source address: this machine has only one towards the device")
        if not self._lock_s:
            self._not_tried.append("the length of the lock: the entry's facts do not state it")
            self._recover(_UNSTATED_LOCK_S)
            return False
        if self._lock_s > _LONGEST_WAIT_S:
            self._sleep_until(self._locked_at + _INTO_A_LONG_LOCK_S)
            if not self._right("a minute into the lock").accepted:
                self._unseen.append(
                    f"the length of the lock: {self._lock_s:g} s is longer than this unit waits; the account "
                    "stays locked"
                )
            return False
        self._sleep_until(self._locked_at + self._lock_s / 2)
        return not self._right("half-way through the lock").accepted

    def wait_and_lock_again(self) -> None:
        """Let the lock pass, lock a second time where locks grow, and leave the account usable."""
        self._sleep_until(self._locked_at + self._lock_s + _LATE_S)
        grown = self._grown()
        if grown <= self._lock_s or grown > _LONGEST_WAIT_S:
            if grown > _LONGEST_WAIT_S:
                self._unseen.append(f"a second lock: {grown:g} s is longer than this unit waits")
            self._recover(self._lock_s)
            return
        if self._lock_a_second_time():
            self._sleep_until(self._locked_at + (self._lock_s + grown) / 2)
            if self._right("second lock, after the time of the first").accepted:
                return
            self._sleep_until(self._locked_at + grown + _LATE_S)
        else:
            self._unseen.append("a second lock, which should be longer: none was reached")
        self._recover(grown)

    def _grown(self) -> float:
        """Seconds that the second lock should last, by the documents."""
        if self._declared is None:
            return self._lock_s
        most = self._declared.max_lockout_s
        grown = self._lock_s * self._declared.growth
        return grown if most is None else min(grown, most)

    def _lock_a_second_time(self) -> bool:
        """As many wrong passwords as lock; those that still meet the first lock are not among them."""
        first_over = self._locked_at + 1.02 * self._lock_s + 1.5
        loud = any(logged.attempt.outcome == "locked" for logged in self._logged)
        most = min((self._limit or self._budget) + loud, self._budget)
        session, number = self._connect()
        refused = 0
        try:
            while refused < most:
                outcome = self._guess("second lock", session, number).outcome
                if outcome == "accepted":
                    return False
                if outcome == "refused":
                    refused += 1
                elif refused:
                    return self._is_locked()
                elif time.monotonic() >= first_over:
                    return False
                else:
                    time.sleep(0.5)
        finally:
            session.close()
        return not loud and self._is_locked()

    def _recover(self, lock_s: float) -> None:
        """The right password until it is accepted again, for somewhat longer than the lock should last."""
        # Not at short intervals: where attempts make a lock begin anew, they would keep it alive.
        for pause_s in (0.0, 0.5, 1.5, min(lock_s, _LONGEST_WAIT_S) + 1.0):
            time.sleep(pause_s)
            attempt = self._right("after the lock", patient=True)
            if attempt.accepted:
                return
        self._unseen.append(
            f"the end of the lock: the right password is not accepted well after the stated time ({attempt})"
        )

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
            self._unseen.append(
                f"whether a success of another account resets the count: it cannot log in ({attempt})"
            )

    def _is_locked(self) -> bool:
        self._locked_at = time.monotonic()
        return True

    def _connect(self, source: str | None = None) -> tuple[AuthSession, int]:
        self._connections += 1
        return self._driver.connect(source_address=source), self._connections

    def _guess(self, phase: str, session: AuthSession, number: int) -> Attempt:
        attempt = self._send_wrong(phase, session, number)
        if attempt.outcome == "no-answer":
            # A server may close a kept connection just when it is used again: once more on a new one.
            fresh, number = self._connect()
            try:
                attempt = self._send_wrong(phase, fresh, number)
            finally:
                fresh.close()
        if attempt.outcome == "no-answer":
            self._end_unanswered(attempt)
        return attempt

    def _send_wrong(self, phase: str, session: AuthSession, number: int) -> Attempt:
        self._guesses += 1
        # Different each time, and of a form that no user or factory would choose.
        return self._try(phase, session, number, self._username, f"Wr0ng-{self._guesses:04d}-guess", "wrong")

    def _end_unanswered(self, attempt: Attempt) -> NoReturn:
        """Give the device time to come back, so that later units find it usable, and end the evaluation."""
        self._recover(min(self._lock_s, _UNSTATED_LOCK_S))
        self._dut.recorder.observed("guessing", self.log())
        inconclusive(
            f"the device stopped answering after {self._guesses} wrong passwords: {attempt.status}",
            cause=Cause.BENCH,
            settle="find out whether it blocks this address, crashed, or lost its link",
        )

    def _right(
        self,
        phase: str,
        session: AuthSession | None = None,
        number: int = 0,
        *,
        source: str | None = None,
        patient: bool = False,
    ) -> Attempt:
        """Send the right password, over a new connection if none is given.

        Args:
            phase: for the log.
            session: connection to use.
            number: of the connection.
            source: local address of a new connection.
            patient: no answer is no reason to end the evaluation.
        """
        if session is not None:
            attempt = self._try(phase, session, number, self._username, self._password, "right")
            if attempt.outcome != "no-answer":
                return attempt
        fresh, number = self._connect(source)
        try:
            attempt = self._try(phase, fresh, number, self._username, self._password, "right", source)
        finally:
            fresh.close()
        if attempt.outcome == "no-answer" and source is None and not patient:
            self._end_unanswered(attempt)
        return attempt

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
        attempt = self._read(session.attempt(username, password))
        if username == self._username:
            self._in_a_row = 0 if attempt.accepted else self._in_a_row + (attempt.outcome == "refused")
        self._logged.append(LoggedAttempt(sent, phase, username, credential, number, source or "", attempt))
        return attempt

    @staticmethod
    def _sleep_until(moment: float) -> None:
        time.sleep(max(0.0, min(moment - time.monotonic(), _LONGEST_WAIT_S)))


def _budget(entry: AuthMechEntry, limit: int | None) -> int:
    """Most wrong passwords in a row: what the profile allows, or enough to exceed what is stated by a good margin."""
    if entry.access.guess_budget is not None:
        return int(entry.access.guess_budget)
    return _DEFAULT_BUDGET if limit is None else min(max(3 * limit, limit + 10), 4 * _DEFAULT_BUDGET)
