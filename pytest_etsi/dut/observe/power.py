"""Cutting the power of the device: off is seen dead, on is seen alive, and a new start is proved at the device.

A relay says what it was told. That the power really was away shows the silence of everything that answered before, that
lasts until power is asked for again; that the device started, an uptime that began anew, a session that is no longer
known, or the boot log. Where the device goes on answering, or nothing proves a start, nothing was cut that is known of.
"""

from __future__ import annotations

import math
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from pytest_etsi.dut.reach.operations import wait_until
from pytest_etsi.verdict import Cause, Inconclusive, inconclusive

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_etsi.dut.core import Core
    from pytest_etsi.dut.reach.auth import AuthSession

__all__ = [
    "CYCLE",
    "OFF",
    "ON",
    "UPTIME",
    "PowerCut",
    "Witness",
    "can_cycle",
    "cut_power",
    "cycle_power",
    "goes_on",
    "has_ended",
    "session_of",
    "start_anew",
    "uptime_of",
]

OFF, ON, CYCLE, UPTIME = "power-off", "power-on", "power-cycle", "read-uptime"
_TELLING_S = 2.0
"""Seconds by which an uptime may be told too long: it is asked for, and rounded."""
_PROOF_WITHIN_S = 15.0
_APART_S = 2 * _TELLING_S
"""Seconds between two starts, by which an uptime tells them apart."""
_LOOK_S = 0.5
_SURE = 2
"""Looks in a row at which nothing answers, before a device counts as dead."""


@dataclass(frozen=True, slots=True)
class PowerCut:
    """One cut of the power, as the device showed it.

    Attributes:
        dead_after_s: seconds after which nothing answered any more; None: that was not looked for, or never so.
        answered: what answered while it should have been off.
        back_after_s: seconds from power on until it answered as the device of the profile; None: it did not.
        proofs: what shows that it started anew, in words.
        gaps: why it shows nothing, in words; none: power was away, and where it came back, it started anew.
    """

    dead_after_s: float | None
    answered: tuple[str, ...]
    back_after_s: float | None
    proofs: tuple[str, ...]
    gaps: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return {
            name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()
        }


def cut_power(
    dut: Core, *, meanwhile: Callable[[], None] | None = None, again_after_s: float | None = None
) -> PowerCut:
    """Take the device's power away until it is gone, give it back, and wait until it is itself again.

    Args:
        dut: the device.
        meanwhile: called just before the power is cut, such as to begin what the cut is to hit.
        again_after_s: power is cut once more when it has been back for so many seconds.

    Raises:
        Inconclusive: not permitted (``permission``), the profile does not say how (``access``), it is another device,
            or an operation failed (``bench``).
    """
    if "outage" not in dut.permissions:
        inconclusive(
            "the power of the device may not be cut",
            cause=Cause.PERMISSION,
            settle="allow it by the permission outage",
        )
    apart = OFF in dut.operations and ON in dut.operations
    if not apart and CYCLE not in dut.operations:
        # Raises, and says what is missing: what could not be given back is not taken away.
        dut.operations.run(ON if OFF in dut.operations else OFF)
    dut.require_identity()
    access = dut.profile.access.power
    # The first of two cuts has ended any session: nothing would show that there was a second.
    witness = Witness(dut, by_session=again_after_s is None)
    gaps: list[str] = []
    dead_after_s: float | None = None
    answered: tuple[str, ...] = ()
    dut.progress("power off, until it is gone")
    try:
        witness.ready()
        if apart:
            dead_after_s, answered = _off_and_on(dut, gaps, meanwhile)
        else:
            if meanwhile is not None:
                meanwhile()
            dut.operations.run(CYCLE)
        if again_after_s is not None and not gaps:
            _again(dut, gaps, witness, again_after_s, apart=apart)
        on_at = time.monotonic()
        dut.progress("power on, until it is itself again")
        back = wait_until(
            lambda: dut.observed_identity()["verified"] is True, within_s=access.starts_within_s
        )
        back_after_s = round(time.monotonic() - on_at, 2) if back else None
        if not back and dead_after_s is None:
            gaps.append(
                f"it did not answer as itself within {access.starts_within_s:g} s after power was back"
            )
        asked_at = dut.operations.cuts.asked_at
        proofs = witness.proofs(on_at, took_s=on_at - asked_at if asked_at else 0.0) if back else ()
        if back and not proofs:
            gaps.append("nothing shows that it started anew: " + witness.looked_for())
    finally:
        dut.progress("")
        witness.close()
    seen = PowerCut(dead_after_s, answered, back_after_s, proofs, tuple(gaps))
    dut.recorder.observed("power-cut", seen)
    return seen


def can_cycle(dut: Core) -> bool:
    """Whether the profile says how its power is cut and given back, in two operations or in one."""
    return (OFF in dut.operations and ON in dut.operations) or CYCLE in dut.operations


def cycle_power(dut: Core) -> None:
    """Cut the power and give it back, whatever the device makes of it: the aim is that it starts anew.

    Raises:
        Inconclusive: the profile does not say how (``access``), or an operation failed (``bench``).
    """
    if not (OFF in dut.operations and ON in dut.operations):
        dut.operations.run(CYCLE)
        return
    try:
        dut.operations.run(OFF)
        wait_until(_dead(dut), within_s=dut.profile.access.power.dies_within_s)
        time.sleep(dut.profile.access.power.off_s)
    finally:
        dut.operations.run(ON)


def start_anew(dut: Core, comes: Callable[[], bool]) -> str:
    """Cut the power and give it back, whatever software runs.

    Args:
        dut: the device.
        comes: waits until it is there again, and says whether it is.

    Returns:
        Why nothing shows that it started anew; empty: something does, or it did not come back.

    Raises:
        Inconclusive: as `cycle_power`.
    """
    witness = Witness(dut)
    try:
        witness.ready()
        cycle_power(dut)
        on_at, asked_at = time.monotonic(), dut.operations.cuts.asked_at
        if not comes() or witness.proofs(on_at, took_s=on_at - asked_at if asked_at else 0.0):
            return ""
        return "nothing shows that it started anew: " + witness.looked_for()
    finally:
        witness.close()


def _again(dut: Core, gaps: list[str], witness: Witness, after_s: float, *, apart: bool) -> None:
    """Cut the power while the device starts: what shows that it was cut is that it starts anew later on."""
    access = dut.profile.access.power
    began = time.monotonic()
    time.sleep(after_s)
    witness.again()
    dut.operations.cuts.soon()
    if not apart:
        dut.operations.run(CYCLE)
        if time.monotonic() - began < _APART_S and not witness.hears:
            gaps.append("two starts follow each other so soon that no uptime tells them apart")
        return
    try:
        dut.operations.run(OFF)
        if not wait_until(_dead(dut), within_s=access.dies_within_s):
            gaps.append(f"it went on answering for {access.dies_within_s:g} s after its power was cut again")
            return
        with dut.life.watch() as watch:
            time.sleep(max(access.off_s, began + _APART_S - time.monotonic()))
        if watch.seen:
            gaps.append(f"it answered while its power was off again: {', '.join(watch.seen)}")
    finally:
        dut.operations.run(ON)


def _off_and_on(
    dut: Core, gaps: list[str], meanwhile: Callable[[], None] | None
) -> tuple[float | None, tuple[str, ...]]:
    """Power off until the device is seen dead, watched until power is asked for again."""
    access = dut.profile.access.power
    alive_before = dut.life.answering()
    answered: tuple[str, ...] = ()
    dead_after_s = None
    try:
        if meanwhile is not None:
            meanwhile()
        dut.operations.run(OFF)
        off_at = time.monotonic()
        if not alive_before:
            gaps.append("nothing of it answered before, so that its silence without power shows nothing")
        elif not wait_until(_dead(dut), within_s=access.dies_within_s):
            gaps.append(
                f"it went on answering for {access.dies_within_s:g} s after its power was switched off: power was "
                "not cut"
            )
        else:
            dead_after_s = round(time.monotonic() - off_at, 2)
            with dut.life.watch() as watch:
                time.sleep(access.off_s)
            answered = tuple(f"{name} after {after_s:g} s" for name, after_s in watch.seen.items())
            if answered:
                gaps.append(f"it answered while its power was off: {', '.join(answered)}")
    finally:
        dut.operations.run(ON)
    return dead_after_s, answered


def _dead(dut: Core) -> Any:
    looks = 0

    def dead() -> bool:
        nonlocal looks
        looks = 0 if dut.life.answering() else looks + 1
        return looks >= _SURE

    return dead


class Witness:
    """What can show that the device started anew; it is prepared before the power is cut.

    Args:
        dut: the device.
        by_session: a session that has ended shows it.
    """

    def __init__(self, dut: Core, *, by_session: bool = True) -> None:
        self._dut = dut
        self._session = session_of(dut) if by_session else None
        self._pattern = dut.profile.access.power.started if dut.profile.access.serial is not None else None
        self._uptime = uptime_of(dut)
        self._at = time.monotonic()
        if self._pattern is not None:
            dut.line.hush()

    def ready(self) -> None:
        """Wait until the uptime is long enough for a shorter one to tell of a start, if nothing else tells of one."""
        if self._session is not None or self._pattern is not None:
            return
        until = time.monotonic() + _PROOF_WITHIN_S
        while self._uptime is not None and self._uptime < _APART_S and time.monotonic() < until:
            time.sleep(max(_LOOK_S, _APART_S - self._uptime))
            self._uptime, self._at = uptime_of(self._dut), time.monotonic()

    @property
    def hears(self) -> bool:
        """Whether the console tells of each start."""
        return self._pattern is not None

    def again(self) -> None:
        """What was told of a start so far is not of the one that counts."""
        if self._pattern is not None:
            self._dut.line.hush()

    def looked_for(self) -> str:
        """What was looked for, in words."""
        ways = {
            f"no {UPTIME} gives an uptime": self._uptime is None,
            "its uptime did not begin anew": self._uptime is not None,
            "no login of access.identity has a session that could end": self._session is None,
            "the session from before is still known": self._session is not None,
            "access.power.started says of no console line that it tells a start": self._pattern is None,
            "the console did not tell of a start": self._pattern is not None,
        }
        return "; ".join(words for words, so in ways.items() if so)

    def proofs(self, on_at: float, *, took_s: float = 0.0) -> tuple[str, ...]:
        """What shows it, once it is back; what takes time is waited for as long as nothing else does.

        Args:
            on_at: when the bench had said that power is on.
            took_s: seconds that it had taken to, at any moment of which power may have come.
        """
        found: list[str] = []
        if self._went_on():
            return ()
        if self._session is not None and has_ended(self._session):
            found.append("the session from before is no longer known, and a new login is")
        if self._pattern is not None and self._dut.line.says(
            self._pattern, 0.0 if found else _PROOF_WITHIN_S
        ):
            found.append(f"the console says {self._pattern!r}")
        if self._uptime is not None and not found:
            before, unsure_s = self._uptime, _TELLING_S + took_s

            first = uptime_of(self._dut) if self._is_relayed else None

            def anew() -> bool:
                now = uptime_of(self._dut)
                if now is None or now > time.monotonic() - on_at + unsure_s:
                    return False
                # A clock that only stood still meanwhile tells as much more than before as has passed since: more than
                # is allowed here, unless it had hardly begun; and one that never goes tells the same as before. What a
                # service tells may be from before the cut, until it changes.
                return now < before or (before > unsure_s and now not in (first, before))

            if wait_until(anew, within_s=_PROOF_WITHIN_S):
                found.append("its uptime began anew")
        return tuple(found)

    @property
    def _is_relayed(self) -> bool:
        """Whether a service tells the uptime: what it was told last, which may have been before the cut."""
        declared = self._dut.profile.access.operations.get(UPTIME)
        return declared is not None and declared.kind == "cloud"

    def _went_on(self) -> bool:
        """Whether its uptime went on as if nothing had happened, whatever else there is to be seen."""
        if self._is_relayed:
            return False
        now = uptime_of(self._dut)
        if self._uptime is None or now is None:
            return False
        return now >= self._uptime + (time.monotonic() - self._at) - _TELLING_S

    def close(self) -> None:
        """Let go of the session."""
        if self._session is not None:
            self._session.close()


def uptime_of(dut: Core) -> float | None:
    """Seconds since the device has started, as the operation `UPTIME` tells; None: that cannot be told."""
    if UPTIME not in dut.operations:
        return None
    try:
        told = float(dut.operations.attempt(UPTIME).value or "")
    except (ValueError, Inconclusive):
        return None
    # What is no time, or one before it started, as where a clock was set back, tells nothing.
    return told if math.isfinite(told) and told >= 0.0 else None


def session_of(dut: Core) -> AuthSession | None:
    """A session that opens something now, and whose end could be seen; None: there is none."""
    identity = dut.profile.access.identity
    if identity is None or identity.session_of is None:
        return None
    try:
        session = dut.login(identity.session_of)
    except Inconclusive:
        return None
    if not getattr(session, "resends_credential", False) and goes_on(session) is True:
        return session
    session.close()
    return None


def goes_on(session: AuthSession) -> bool | None:
    """Whether a session of `session_of` still opens something; None: nothing tells."""
    look = getattr(session, "still_authorized", None)
    seen: bool | None = look() if callable(look) else None
    return seen


def has_ended(session: AuthSession) -> bool:
    """Whether a session of `session_of` opens nothing any more."""
    return goes_on(session) is False
