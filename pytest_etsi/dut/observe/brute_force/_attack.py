"""The procedure of a guessing attack: until something locks, around the lock, and once more from many connections."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from pytest_etsi.dut.observe.brute_force._answers import key_of
from pytest_etsi.dut.observe.brute_force._asking import REAL_CLOCK, Asking, Clock
from pytest_etsi.dut.observe.brute_force._lock import LATE_S, LONGEST_WAIT_S, Held, LockWatch
from pytest_etsi.dut.observe.brute_force._log import GuessingLog
from pytest_etsi.dut.observe.brute_force._windows import WindowWatch
from pytest_etsi.dut.reach.handing_over import let_out
from pytest_etsi.verdict import Cause, inconclusive

if TYPE_CHECKING:
    from pytest_etsi.dut.core import Core
    from pytest_etsi.dut.reach.auth import Attempt, AuthSession
    from pytest_etsi.profile.entries import AuthMechEntry

__all__ = ["observe_guessing"]

_DEFAULT_BUDGET = 60
_LONGEST_GUESSING_S = 900.0
"""Seconds until a first lock has to be reached, however slowly the device answers."""
_UNSTATED_LOCK_S = 30.0
_LONGEST_DOUBT_S = 60.0
_MOST_AT_ONCE = 16
_SILENCES_OF_A_LOCK = 2
"""Times that a device falls silent and comes back, by which that is no hitch."""


def observe_guessing(dut: Core, entry: AuthMechEntry, *, clock: Clock = REAL_CLOCK) -> GuessingLog:
    """Send wrong passwords until the account locks or the budget is used up, then look for ways around the lock.

    Just below the stated limit another account of the mechanism logs in, to see whether that resets the count. While
    locked, the right password is tried over a new connection, from another source address and again and again until
    shortly before the stated time. Once it has passed, wrong passwords are sent over many connections at once, to see
    the lock come again, and grow where it should; and it is waited for.

    A wrong password that is accepted ends the attack: nothing more is to be found out.

    Args:
        dut: the device.
        entry: of 1-AuthMech.
        clock: for tests.

    Raises:
        Inconclusive: the right password is not accepted to begin with (``access``), or the device stops
            answering (``bench``).
    """
    dut.login(entry.id).close()  # before the credential is read: a login finds out which one counts
    attack = _Attack(dut, entry, clock)
    if attack.guess_until_locked():
        if attack.has_only_windows():
            attack.watch_the_windows()
            return attack.log()
        held = attack.watch_the_lock()
        if held is Held.SO_LONG:
            attack.guess_over_many_connections(locks=True)
        elif held is Held.ENDED:
            attack.leave_the_rest_open()
    elif attack.has_only_a_delay():
        attack.guess_over_many_connections(locks=False)
    return attack.log()


class _Attack:
    """The steps of one attack and the log they write."""

    def __init__(self, dut: Core, entry: AuthMechEntry, clock: Clock) -> None:
        self._dut = dut
        self._entry = entry
        self._clock = clock
        self._declared = entry.facts.brute_force
        self._limit = self._declared.max_attempts if self._declared is not None else None
        self._lock_s = float(self._declared.lockout_s or 0.0) if self._declared is not None else 0.0
        self._rates = self._declared.rates if self._declared is not None else ()
        if self.has_only_windows():
            self._limit = min(rate.permits(0.0) for rate in self._rates)
            self._lock_s = min(rate.per_s for rate in self._rates)
        most = max((rate.permits(0.0) for rate in self._rates), default=0)
        self._budget = _budget(entry, max(self._limit or 0, most) or None)
        self._not_tried: list[str] = []
        self._unseen: list[str] = []
        self._silences = 0
        self._held: Held | None = None
        self._asking = Asking(dut, entry, clock)
        self._watch = LockWatch(dut, entry, self._asking, clock, self._not_tried, self._unseen)
        self._locked_at = 0.0
        self._began = clock.monotonic()

    def log(self) -> GuessingLog:
        return GuessingLog(
            self._entry.id,
            tuple(self._asking.logged),
            self._budget,
            tuple(self._not_tried),
            tuple(dict.fromkeys(self._unseen)),
        )

    def has_only_a_delay(self) -> bool:
        """Whether a delay is all that is stated, and no wrong password was let in."""
        delays = self._declared is not None and bool(self._declared.delay_s)
        return delays and self._limit is None and not self._asking.let_in and not self._unseen

    def has_only_windows(self) -> bool:
        """Whether limits per time are stated, and no lock beside them."""
        return bool(self._rates) and (self._declared is None or self._declared.max_attempts is None)

    def guess_until_locked(self) -> bool:
        """Wrong passwords over one connection; True as soon as the account is seen to be locked."""
        session, number = self._asking.connect()
        end = self._clock.monotonic() + _LONGEST_GUESSING_S
        right_asked = False
        try:
            self._asking.right("before", session, number)
            while self._asking.guesses < self._budget:
                if self._clock.monotonic() >= end:
                    self._unseen.append(
                        f"a lock: the time was up after {self._asking.guesses} wrong passwords"
                    )
                    self._watch.recover(self._lock_s)
                    return False
                if self._limit is not None and self._limit > 1 and self._asking.in_a_row == self._limit - 1:
                    self._other_account_logs_in()
                wrong = self._asking.wrong("guess", session, number)
                if wrong.accepted:
                    self._doubt(wrong)
                    return False
                if wrong.outcome == "locked":
                    if self._asking.guesses == 1 and self._rest():
                        continue
                    return self._is_locked()
                # A lock may be silent: only the right password shows it, and its success restarts the count. Asked one
                # wrong password late, because "five attempts" may mean that the sixth one locks.
                at_limit = (
                    self._limit is not None and self._asking.in_a_row == self._limit + 1 and not right_asked
                )
                last = self._asking.guesses >= self._budget
                if at_limit or last or self._asking.answers.is_odd(wrong):
                    right_asked = right_asked or at_limit
                    if self._locks_the_right_one(wrong, session, number):
                        return self._is_locked()
                    if self._asking.let_in:
                        return False
                else:
                    self._asking.answers.refuses(wrong)
        finally:
            session.close()
        return False

    def _locks_the_right_one(self, wrong: Attempt, session: AuthSession, number: int) -> bool:
        """Ask the right password beside an answer to a wrong one; whether it is locked out."""
        answers, since = self._asking.answers, len(self._asking.logged) - 1
        right = self._asking.right("limit", session, number)
        if right.accepted:
            self._beside_an_entrance(wrong, since)
            return False
        same = bool(right.answer) and key_of(right) == key_of(wrong) and key_of(wrong) not in answers.refusals
        if right.outcome in ("locked", "refused") or (same and not _is_trouble(right)):
            if same:
                answers.lock = key_of(wrong)
                self._asking.reread(since)
            return True
        return self._falls_silent(since, right)

    def _beside_an_entrance(self, wrong: Attempt, since: int) -> None:
        """What an unusual answer to a wrong password means while the right one gets in."""
        answers = self._asking.answers
        if wrong.outcome == "no-answer" and wrong.answer:
            if answers.vary and wrong.exclusive:
                self._asking.settle(since, "accepted")
                return
            self._unseen.append(
                f"whether a wrong password is let in by an answer of its own: {wrong.status}, while the right one is "
                "answered as usual"
            )
            if answers.vary:
                return
        answers.vary = answers.vary or (answers.is_odd(wrong) and wrong.outcome == "refused")
        answers.refuses(wrong)
        self._asking.reread(since)

    def _falls_silent(self, since: int, right: Attempt) -> bool:
        """Nothing usable comes back any more, to the right password neither: a lock, or a device in trouble.

        A silence that ends when a lock should end is taken for one. After a shorter one, which may be a hitch of the
        network, the guessing goes on; if it comes again, it is what the device does.
        """
        self._silences += 1
        if not self._lock_s and not self._watch.until_restart:
            self._give_up(right)
        self._locked_at = self._clock.monotonic()
        if self.has_only_windows():
            held = Held.ENDED if self._watch.recover(self._lock_s) else Held.WATCHED
        else:
            held = self._watch.hold(self._locked_at, silent=True)
        if held is Held.ENDED:
            if not self._asking.logged[-1].attempt.accepted:
                self._give_up(right)
            if self._silences < _SILENCES_OF_A_LOCK:
                return False
            since = 0
        self._asking.answers.lock = key_of(right)
        self._asking.reread(since)
        if not right.answer:
            # No answer at all is a lock only where it lasts as long as one.
            self._asking.answers.lock = ""
        self._held = held
        return True

    def watch_the_lock(self) -> Held:
        """See the lock hold, unless a silence has shown that already."""
        return self._held or self._watch.hold(self._locked_at)

    def watch_the_windows(self) -> None:
        """See the limits per time hold, where what was met is one."""
        WindowWatch(
            self._rates,
            self._asking,
            self._watch,
            self._clock,
            self._unseen,
            budget=self._budget,
            most=self._entry.access.guess_budget,
        ).see(self._began)

    def leave_the_rest_open(self) -> None:
        """Say what a lock does not show that was over before it had been looked at for all of its time.

        That is a violation where it ended too early for certain; where the device answers slowly, or counts the time
        from an earlier attempt, it may have held for as long as stated.
        """
        self._unseen.append(
            "the length of the lock, and guessing over many connections at once: the right password got in before the "
            "stated time had passed since the lock was seen"
        )

    def _rest(self) -> bool:
        """Where the first wrong password already meets a lock, let pass what the run's own logins may have used up.

        Otherwise nothing would be seen of how many wrong passwords get through. False: it cannot be waited for, since
        locks grow, or it would take too long.
        """
        growing = self._declared is not None and self._declared.growth > 1
        rest_s = self._lock_s * (1 if self.has_only_windows() else self._limit or 0)
        if growing or not 0 < rest_s <= LONGEST_WAIT_S:
            self._unseen.append("wrong passwords without a lock: the very first one already met it")
            return False
        self._clock.sleep(rest_s + LATE_S)
        return True

    def guess_over_many_connections(self, *, locks: bool) -> None:
        """Wrong passwords at once, each over a connection of its own, after the lock; then leave the account usable.

        Args:
            locks: a lock is expected, and one was seen before.
        """
        grown_s = self._watch.grown_s
        growing = locks and grown_s > self._lock_s
        if locks:
            self._watch.sleep_until(self._locked_at + self._lock_s + LATE_S)
        if growing and grown_s > LONGEST_WAIT_S:
            self._unseen.append(f"a second lock: {grown_s:g} s is longer than this unit waits")
        if (growing and grown_s > LONGEST_WAIT_S) or (not growing and not self._watch.recover(self._lock_s)):
            if growing:
                self._watch.recover(self._lock_s)
            return
        wanted = (self._limit or 3) + 2
        if self._entry.access.guess_budget is not None:
            wanted = min(wanted, self._budget - self._asking.guesses)
        if wanted <= (self._limit or 1):
            self._unseen.append(
                "guessing over many connections at once: access.guess_budget leaves too few wrong passwords"
            )
            self._watch.recover(self._lock_s)
            return
        locked = self._send_over_many(wanted, after_first=growing)
        if growing and locked:
            self._watch.see_grown(self._clock.monotonic(), grown_s)
        elif growing:
            self._unseen.append("a second lock, which should be longer: none was reached")
        if not (growing and self._watch.escaped):
            self._watch.recover(grown_s if growing else self._lock_s)

    def _send_over_many(self, wanted: int, *, after_first: bool) -> bool:
        """Send them; whether a lock is seen."""
        phase = "over many connections"
        before = len(self._asking.logged)
        sent = 0
        first_over = self._locked_at + 1.02 * self._lock_s + 1.5
        while after_first and not sent:
            # A first lock that lasts a little longer than stated would look like the second one.
            outcome = self._asking.wrong(phase).outcome
            if outcome == "locked" and self._clock.monotonic() < first_over:
                before = len(self._asking.logged)
                self._clock.sleep(0.5)
                continue
            sent = 1
        at_once = min(wanted - sent, _MOST_AT_ONCE)
        self._asking.wrong_at_once(phase, at_once)
        sent += at_once
        seen = {one.outcome for one in self._asking.logged[before:]}
        while sent < wanted and "locked" not in seen and "accepted" not in seen:
            seen.add(self._asking.wrong(phase).outcome)
            sent += 1
        unanswered = sum(one.outcome == "no-answer" for one in self._asking.logged[before:])
        if unanswered and "locked" not in seen:
            self._not_tried.append(f"{unanswered} of {sent} wrong passwords at once: they were not answered")
        if "locked" in seen:
            return True
        # A success would end what is to be seen of a lock that grows, and show one that is silent otherwise.
        return not self._asking.right(f"after {phase}").accepted

    def _doubt(self, wrong: Attempt) -> None:
        """Take an entrance of a wrong password back where it may be none: what it opened opens to anybody.

        That is a login which takes every password, unless it opens at this address only, since somebody has logged in
        here, or all that anybody gets is a lock that was on from the beginning.
        """
        if wrong.exclusive is not False:
            return
        place = len(self._asking.logged) - 1
        source = self._dut.network.other_source()
        opens = getattr(self._asking.driver, "opens_to_anybody", None)
        if source is None or not callable(opens) or not opens(source):
            why = "what is protected opens to anybody at this address"
            if source is None:
                why += ", and this machine has only one (access.network.source_addresses)"
        elif 0 < self._lock_s <= _LONGEST_DOUBT_S and self._changes_after(self._lock_s + LATE_S):
            why = "the login was locked from the beginning"
        else:
            return
        self._asking.settle(place, "no-answer")
        self._unseen.append(f"whether wrong passwords are let in: {why}")

    def _changes_after(self, wait_s: float) -> bool:
        """Whether the right password is answered otherwise after some time."""
        known = set(self._asking.answers.holder)
        self._clock.sleep(wait_s)
        return key_of(self._asking.right("later")) not in known

    def _other_account_logs_in(self) -> None:
        other = self._entry.access.second_account
        if other is None:
            self._not_tried.append(
                "whether a success of another account resets the count: no second_account is given"
            )
            return
        attempt = self._asking.other("other account", other.username, let_out(other.password))
        if not attempt.accepted:
            self._unseen.append(
                f"whether a success of another account resets the count: it cannot log in ({attempt})"
            )

    def _is_locked(self) -> bool:
        if self._held is None:
            self._locked_at = self._clock.monotonic()
        return True

    def _give_up(self, attempt: Attempt) -> NoReturn:
        """Give the device time to come back, so that later units find it usable, and end the evaluation."""
        self._watch.recover(min(self._lock_s, _UNSTATED_LOCK_S))
        self._dut.recorder.observed("guessing", self.log())
        inconclusive(
            f"the device stopped answering after {self._asking.guesses} wrong passwords: {attempt.status}",
            cause=Cause.BENCH,
            settle="find out whether it blocks this address, crashed, or lost its link",
        )


def _is_trouble(attempt: Attempt) -> bool:
    """Whether an answer is one that a server in trouble gives as well."""
    return attempt.status.startswith("HTTP 5")


def _budget(entry: AuthMechEntry, limit: int | None) -> int:
    """Most wrong passwords in a row: what the profile allows, or enough to exceed what is stated by a good margin."""
    if entry.access.guess_budget is not None:
        return int(entry.access.guess_budget)
    return _DEFAULT_BUDGET if limit is None else min(max(3 * limit, limit + 10), 4 * _DEFAULT_BUDGET)
