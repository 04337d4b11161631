"""Looking at a lock while it should hold: by the right password, from everywhere, until shortly before its time."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from pytest_etsi.dut.observe.power import CYCLE, OFF, ON, can_cycle, cycle_power
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.dut.core import Core
    from pytest_etsi.dut.observe.brute_force._asking import Asking, Clock
    from pytest_etsi.profile.entries import AuthMechEntry

__all__ = ["LATE_S", "LONGEST_WAIT_S", "Held", "LockWatch"]

LONGEST_WAIT_S = 900.0
"""Seconds of a lock that are waited for."""
LATE_S = 0.3
"""Seconds after the stated lock time at which a lock should be over."""
_CLAIMED = "192.0.2.77"
"""An address of nobody (RFC 5737)."""
_INTO_A_LONG_LOCK_S = 60.0
_UNSTATED_LOCK_S = 30.0
_EARLY_LOOKS_S = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0)
"""Seconds into a lock at which it is looked at, far enough apart that looks do not keep a short one alive."""


class Held(Enum):
    """What was seen of a lock."""

    ENDED = "it ended, or was escaped, before its time"
    SO_LONG = "it held until shortly before its stated time"
    WATCHED = "it held for as long as it was watched, which is not all of its time"


class LockWatch:
    """What watches the locks of one attack.

    Attributes:
        until_restart: a lock has no time; it lasts until the device restarts.
        escaped: the right password got in before the second lock was over.
    """

    def __init__(
        self,
        dut: Core,
        entry: AuthMechEntry,
        asking: Asking,
        clock: Clock,
        not_tried: list[str],
        unseen: list[str],
    ) -> None:
        self._dut = dut
        self._entry = entry
        self._asking = asking
        self._clock = clock
        self._not_tried = not_tried
        self._unseen = unseen
        self._declared = entry.facts.brute_force
        self._scope = self._declared.scope if self._declared is not None else None
        self._lock_s = float(self._declared.lockout_s or 0.0) if self._declared is not None else 0.0
        self.until_restart = self._declared is not None and self._declared.until == "restart"
        self.escaped = False

    @property
    def grown_s(self) -> float:
        """Seconds that the second lock should last, by the documents."""
        if self._declared is None:
            return self._lock_s
        most = self._declared.max_lockout_s
        grown = self._lock_s * self._declared.growth
        return grown if most is None else min(grown, most)

    def hold(self, began: float, *, silent: bool = False) -> Held:
        """Try the right password while it should be locked out, by ways that could avoid the lock, and again and again.

        That another source address or connection gets in does not end the looking: whether the first one stays locked
        for its time is a question of its own.

        Args:
            began: when the lock was first seen, by the clock.
            silent: the device answers nothing, so that it is not known whether there is a lock.
        """
        if self._asking.right("new connection").accepted:
            return Held.ENDED
        claimed = self._asking.claiming("other source, as headers say", _CLAIMED)
        if claimed is not None and claimed.accepted:
            return Held.ENDED
        other = self._asking.username.swapcase()
        if other != self._asking.username and self._asking.spelled("other spelling", other).accepted:
            return Held.ENDED
        elsewhere = self.from_elsewhere()
        if not self._lock_s and not self.until_restart:
            self._not_tried.append("the length of the lock: the entry's facts do not state it")
            self.recover(_UNSTATED_LOCK_S)
            return Held.WATCHED
        for moment in self._looks():
            self.sleep_until(began + moment)
            if self._asking.right("into the lock").accepted:
                return Held.ENDED
        if self.until_restart:
            if silent and not elsewhere and not self._is_alive():
                return Held.ENDED
            self._restart()
            return Held.WATCHED
        if self._lock_s > LONGEST_WAIT_S:
            self._unseen.append(
                f"the length of the lock: {self._lock_s:g} s is longer than this unit waits; the account "
                "stays locked"
            )
            return Held.WATCHED
        if silent:
            self.sleep_until(began + self._lock_s + LATE_S)
            return Held.SO_LONG if self.recover(self._lock_s) else Held.ENDED
        return Held.SO_LONG

    def _looks(self) -> Iterator[float]:
        """Seconds into the lock at which it is looked at."""
        whole = _INTO_A_LONG_LOCK_S if self.until_restart or self._lock_s > LONGEST_WAIT_S else self._lock_s
        # As the comparison allows for coarse clocks, the last look comes before what it allows.
        last = (
            whole
            if whole != self._lock_s
            else self._lock_s - min(1.0, self._lock_s / 2) - 0.03 * self._lock_s
        )
        # A lock that is short altogether is looked at well before that: an answer takes its time as well.
        half = min(whole / 2, 0.8 * last)
        yield from (moment for moment in _EARLY_LOOKS_S if moment < 0.8 * half)
        yield half
        if last > 1.2 * half:
            yield last

    def from_elsewhere(self) -> bool:
        """Whether another source address gets in, where this machine has one."""
        source = self._dut.network.other_source()
        if source is not None:
            return self._asking.right("other source", source=source).accepted
        if self._scope in ("account", "global"):
            self._unseen.append(
                "whether the lock holds for other source addresses: this machine has only one towards the device "
                "(access.network.source_addresses)"
            )
        else:
            self._not_tried.append("another source address: this machine has only one towards the device")
        return False

    def _is_alive(self) -> bool:
        """Whether the device answers besides: it says who it is, without a login of the locked account."""
        return bool(self._dut.observed_identity()["verified"])

    def _restart(self) -> None:
        """End a lock that lasts until a restart, where the profile allows and knows how."""
        if not can_cycle(self._dut) or "outage" not in self._dut.permissions:
            self._not_tried.append(
                f"the end of the lock: it was watched for {_INTO_A_LONG_LOCK_S:g} s, and the account stays locked "
                f"until the device restarts (operations {OFF!r} and {ON!r}, or {CYCLE!r}, with the permission outage)"
            )
            return
        try:
            cycle_power(self._dut)
        except Inconclusive as error:
            self._unseen.append(f"the end of the lock by a restart: {error.reason}")
            return
        for pause_s in (2.0, 5.0, 10.0, 20.0, 30.0):
            self._clock.sleep(pause_s)
            session = self._dut.driver(self._entry).connect()
            try:
                # Not logged: before a restart nothing may get in, after it everything may.
                if session.attempt(*self._dut.credentials(self._entry)).accepted:
                    return
            finally:
                session.close()
        self._unseen.append("the end of the lock: the right password is not accepted after a restart")

    def see_grown(self, began: float, grown_s: float) -> None:
        """See a second lock hold for longer than the first one did."""
        self.sleep_until(began + (self._lock_s + grown_s) / 2)
        self.escaped = self._asking.right("second lock, after the time of the first").accepted
        if not self.escaped:
            self.sleep_until(began + grown_s + LATE_S)

    def recover(self, lock_s: float) -> bool:
        """The right password until it is accepted again, for somewhat longer than the lock should last."""
        # Not at short intervals: where attempts make a lock begin anew, they would keep it alive.
        for pause_s in (0.0, 0.5, 1.5, min(lock_s, LONGEST_WAIT_S) + 1.0):
            self._clock.sleep(pause_s)
            attempt = self._asking.right("after the lock")
            if attempt.accepted:
                return True
        self._unseen.append(
            f"the end of the lock: the right password is not accepted well after the stated time ({attempt})"
        )
        return False

    def sleep_until(self, moment: float) -> None:
        """Sleep until a moment of the clock, but no longer than `LONGEST_WAIT_S`."""
        self._clock.sleep(max(0.0, min(moment - self._clock.monotonic(), LONGEST_WAIT_S)))
