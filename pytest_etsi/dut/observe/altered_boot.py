"""Starts of altered software, between starts of the genuine one by the same way: whether it starts, and the alert.

A device that does not start shows nothing by itself: a write that went wrong does the same. That the genuine software,
written by the same way, starts before and after it, and that something else lies there meanwhile, tells the two apart.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from pytest_etsi.bounds import changed
from pytest_etsi.dut.observe.power import Witness
from pytest_etsi.dut.reach.operations import wait_until
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from pytest_etsi.dut.core import Core
    from pytest_etsi.profile.entries import SecBootEntry

__all__ = ["ALTER", "RESTORE", "AlteredBoot", "AlteredStart", "observe_altered_boot"]

ALTER, RESTORE = "boot-altered-image", "boot-genuine-image"
_LEAST_S = 1.0
_TIMES = 3
"""So many times as long as the genuine software takes, the altered one is waited for."""
_PAUSE_S = 0.1


@dataclass(frozen=True, slots=True)
class AlteredStart:
    """One start of altered software.

    Attributes:
        operation: what altered it.
        written: something else lies where the device starts from; None: that is not told.
        started: it answers as itself all the same.
        anew: what shows that it had started anew, in words.
        alert_after_s: seconds until the alert; None: there was none, or nobody looked.
        waited_s: seconds for which it was waited for.
    """

    operation: str
    written: bool | None
    started: bool
    anew: tuple[str, ...] = ()
    alert_after_s: float | None = None
    waited_s: float = 0.0


@dataclass(frozen=True, slots=True)
class AlteredBoot:
    """The starts of one entry of 20-SecBoot.

    Attributes:
        starts: those of altered software.
        genuine_s: seconds in which the genuine software, written by the same way, started before; None: it did not.
        back: the genuine software started after each of them.
        looked_for: how the alert is noticed; empty: the profile does not say.
        sensor: the sensor showed that all was well before; None: nothing tells whether it works.
        alert_before: the alert was there before anything was altered.
        gaps: why it shows nothing, one sentence each.
    """

    starts: tuple[AlteredStart, ...] = ()
    genuine_s: float | None = None
    back: bool = False
    looked_for: str = ""
    sensor: bool | None = None
    alert_before: bool = False
    gaps: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return asdict(self)


def observe_altered_boot(dut: Core, entry: SecBootEntry) -> AlteredBoot:
    """Have the device start altered software, and look whether it does and what it says; done once in a run.

    Raises:
        Inconclusive: it is another device than the profile describes (``bench``).
    """
    return dut.recorder.once(f"altered-boot-{entry.id}", lambda: _observe(dut, entry))


def _observe(dut: Core, entry: SecBootEntry) -> AlteredBoot:
    boot = _Boot(dut, entry)
    gap = boot.unprepared()
    if gap:
        return AlteredBoot(looked_for=boot.alert.looked_for, gaps=(gap,))
    dut.require_identity()
    sensor, alert_before = boot.alert.sensor(), boot.alert.there()
    gaps: list[str] = []
    starts: list[AlteredStart] = []
    genuine_s, back = None, False
    try:
        genuine_s = boot.genuine()
        if genuine_s is None:
            gaps.append(f"the genuine software did not start when {boot.restore} had written it")
        else:
            starts.extend(boot.altered(operation, genuine_s) for operation in boot.alterations)
            back = not boot.stayed_away
    except Inconclusive as error:
        gaps.append(error.reason)
    seen = AlteredBoot(
        tuple(starts), genuine_s, back, boot.alert.looked_for, sensor, alert_before, tuple(gaps)
    )
    dut.recorder.observed("altered-boot", seen)
    return seen


class _Boot:
    def __init__(self, dut: Core, entry: SecBootEntry) -> None:
        self._dut, self._access = dut, entry.access
        self.alert = _Alert(dut, entry)
        alter = entry.access.alter or (ALTER if ALTER in dut.operations else "")
        self.restore = entry.access.restore or (RESTORE if RESTORE in dut.operations else "")
        self.alterations = tuple(name for name in (alter, *entry.access.alterations) if name)
        self.stayed_away = False
        self._genuine_value = ""

    def unprepared(self) -> str:
        """What is missing, in one sentence; empty: nothing."""
        if not self.alterations:
            return f"neither access.alter nor an operation {ALTER} says how altered software is started"
        if not self.restore:
            return f"neither access.restore nor an operation {RESTORE} says how the genuine software is brought back"
        if "update" not in self._dut.permissions:
            return "its software may not be altered: the permission update is not given"
        return ""

    def genuine(self) -> float | None:
        """Seconds in which the genuine software starts that was written by the same way; None: it does not."""
        began = time.monotonic()
        self._dut.operations.run(self.restore)
        if not self._is_back():
            return None
        self._genuine_value = self._lies_there()
        return time.monotonic() - began

    def altered(self, operation: str, genuine_s: float) -> AlteredStart:
        """One start of altered software; the genuine one is brought back, whatever happens."""
        witness = Witness(self._dut)
        try:
            with changed(lambda: self._alter(operation), self._bring_back):
                on_at = time.monotonic()
                written = self._lies_there() != self._genuine_value if self._genuine_value else None
                least_s = max(_LEAST_S, _TIMES * genuine_s)
                started, alert_after_s = self._watch(on_at, least_s)
                anew = witness.proofs(on_at) if started else ()
                waited_s = time.monotonic() - on_at
        finally:
            witness.close()
        return AlteredStart(operation, written, started, anew, alert_after_s, round(waited_s, 2))

    def _alter(self, operation: str) -> None:
        self.alert.begin()
        self._dut.operations.run(operation)

    def _watch(self, on_at: float, least_s: float) -> tuple[bool, float | None]:
        """Whether it starts, and after how many seconds the alert shows; both are waited for."""
        alert_after_s: float | None = None
        alert_until = self._access.alert_within_s if self.alert.looked_for else 0.0
        while True:
            elapsed = time.monotonic() - on_at
            if alert_after_s is None and elapsed <= max(alert_until, least_s) and self.alert.there():
                alert_after_s = round(time.monotonic() - on_at, 2)
            if self._dut.life.answering() and self._dut.observed_identity()["verified"] is True:
                return True, alert_after_s
            if elapsed >= least_s and (alert_after_s is not None or elapsed >= alert_until):
                return False, alert_after_s
            time.sleep(_PAUSE_S)

    def _bring_back(self) -> None:
        recover = self._dut.operations.recovery(self.alterations[0]) or "restore its software by hand"
        try:
            self._dut.operations.run(self.restore)
        except Inconclusive as error:
            self._dut.is_lost(f"its software was altered, and not restored: {error.reason}", recover)
            raise
        if not self._is_back():
            self.stayed_away = True
            self._dut.is_lost(
                f"after {self.restore} the device did not come back",
                recover,
                back=lambda: self._dut.observed_identity()["verified"] is True,
            )

    def _is_back(self) -> bool:
        within_s = self._dut.profile.access.power.starts_within_s
        return wait_until(lambda: self._dut.observed_identity()["verified"] is True, within_s=within_s)

    def _lies_there(self) -> str:
        if self._access.written is None:
            return ""
        try:
            return self._dut.operations.attempt(self._access.written).value or ""
        except Inconclusive:
            return ""


class _Alert:
    """How the alert of an entry is noticed: by an operation, or on the console."""

    def __init__(self, dut: Core, entry: SecBootEntry) -> None:
        self._dut, self._access = dut, entry.access
        self._on_console = bool(entry.access.alert_pattern) and dut.profile.access.serial is not None
        self._mark = 0
        self.looked_for = ""
        if entry.access.alerted:
            self.looked_for = f"the operation {entry.access.alerted}"
        elif self._on_console:
            self.looked_for = f"{entry.access.alert_pattern!r} on the serial console"

    def begin(self) -> None:
        """What the console has said so far is no alert."""
        if self._on_console:
            self._mark = self._dut.console.mark()

    def there(self) -> bool:
        """Whether it is there now."""
        if self._access.alerted:
            return self._done(self._access.alerted)
        if not self._on_console or not self._mark:
            return False
        from pytest_etsi.probes.serial import ConsoleError

        try:
            self._dut.console.expect(self._access.alert_pattern or "", timeout_s=_PAUSE_S, since=self._mark)
        except ConsoleError:
            return False
        return True

    def sensor(self) -> bool | None:
        """Whether what would show the alert shows that all is well; None: nothing tells."""
        return self._done(self._access.sound) if self._access.sound else None

    def _done(self, operation: str) -> bool:
        try:
            return self._dut.operations.attempt(operation).done
        except Inconclusive:
            return False
