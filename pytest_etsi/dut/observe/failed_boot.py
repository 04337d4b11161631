"""What a device sends after it found its software altered: the bench alters it, watches, and restores it."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_etsi.bounds import undisturbed
from pytest_etsi.dut.observe.capture import live_capture
from pytest_etsi.dut.reach.operations import wait_until
from pytest_etsi.probes.capture import NotACaptureError
from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.serial import ConsoleError
from pytest_etsi.verdict import Cause, Inconclusive, inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.dut.core import Core
    from pytest_etsi.probes.capture import CaptureObservation
    from pytest_etsi.profile.entries import SecBootEntry

__all__ = ["FailedBootObservation", "observe_failed_boot"]

_BACK_WITHIN_S = 120.0
_PAUSE_S = 0.5


@dataclass(frozen=True, slots=True)
class FailedBootObservation:
    """What was seen of one entry of 20-SecBoot.

    Attributes:
        before: capture of the sound device, until it spoke; None: it was not watched.
        after: capture from the alert on; None: there was none.
        alert: by what the alert was noticed; empty: it was not.
        at_gateway: recorded where only traffic to wider networks goes, whatever the addresses are.
        open: what could not be observed, one sentence each.
    """

    before: CaptureObservation | None = None
    after: CaptureObservation | None = None
    alert: str = ""
    at_gateway: bool = False
    open: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Builtins only; the captures are evidence of their own."""
        return {
            "before": self.before.file if self.before else None,
            "after": self.after.file if self.after else None,
            "alert": self.alert,
            "at_gateway": self.at_gateway,
            "open": list(self.open),
        }


def observe_failed_boot(dut: Core, entry: SecBootEntry) -> FailedBootObservation:
    """Alter the software of the device, wait for its alert, record what it sends then, and restore it.

    The sound device is recorded before, so that silence afterwards is not the recorder's.

    Args:
        dut: the device.
        entry: of 20-SecBoot.

    Raises:
        Inconclusive: it is another device than the profile describes (``bench``).
    """
    gap = _unprepared(dut, entry)
    if gap:
        return FailedBootObservation(open=(gap,))
    dut.require_identity()
    network = dut.profile.access.network
    at_gateway = network is None or network.capture is None
    before = after = None
    alert = ""
    mark = 0
    gaps: list[str] = []
    try:
        before = _until_it_speaks(dut, entry)
        if not entry.access.alerted:
            mark = dut.console.mark()  # what it said before is no alert
        with _altered(dut, entry, gaps):
            alert = _alert(dut, entry, mark)
            with live_capture(dut, f"failed-boot-{entry.id}") as recording:
                recording.wait(entry.access.watch_s)
                after = recording.end()
            if entry.access.alerted:
                dut.operations.run(entry.access.alerted)
    except Inconclusive as error:
        gaps.append(error.reason)
    observation = FailedBootObservation(before, after, alert, at_gateway, tuple(gaps))
    dut.recorder.observed("failed-boot", observation)
    return observation


def _unprepared(dut: Core, entry: SecBootEntry) -> str:
    """What is missing for it, in one sentence; empty: nothing."""
    access = entry.access
    if not access.alter:
        return "access.alter does not say how the software is altered, so that no failed boot can be brought about"
    if not access.alerted and not access.alert_pattern:
        return "neither access.alerted nor access.alert_pattern says by what a program notices the alert"
    if access.alert_pattern and not access.alerted and dut.profile.access.serial is None:
        return (
            "access.alert_pattern is to be seen on the serial console, and the profile gives no access.serial"
        )
    if "update" not in dut.permissions:
        return "its software may not be altered: the permission update is not given"
    return ""


def _until_it_speaks(dut: Core, entry: SecBootEntry) -> CaptureObservation:
    with live_capture(dut, f"before-failed-boot-{entry.id}") as recording:
        until = time.monotonic() + entry.access.watch_s
        while (left := until - time.monotonic()) > 0:
            recording.wait(min(_PAUSE_S, left))
            with contextlib.suppress(NotACaptureError):
                if recording.look().outgoing:
                    break
        return recording.end()


@contextlib.contextmanager
def _altered(dut: Core, entry: SecBootEntry, gaps: list[str]) -> Iterator[None]:
    """The device with altered software; whatever happens, it is restored, and waited for."""
    restore = entry.access.restore or ""
    recover = dut.operations.recovery(entry.access.alter or "") or "restore its software by hand"
    with undisturbed() as disturbed:
        try:
            dut.operations.run(entry.access.alter or "")
            with disturbed():
                yield
        finally:
            try:
                dut.operations.run(restore)
            except Inconclusive as error:
                dut.is_lost(f"its software was altered, and not restored: {error.reason}", recover)
                raise
            if not wait_until(lambda: bool(dut.observed_identity()["verified"]), within_s=_BACK_WITHIN_S):
                gap = f"after {restore} the device did not come back within {_BACK_WITHIN_S:g} s"
                gaps.append(gap)
                dut.is_lost(gap, recover, back=lambda: bool(dut.observed_identity()["verified"]))


def _alert(dut: Core, entry: SecBootEntry, since: int) -> str:
    """Wait for the alert, and say by what it was noticed.

    Args:
        dut: the device.
        entry: of 20-SecBoot.
        since: mark of the console before the software was altered.

    Raises:
        Inconclusive: it was not (``bench``).
    """
    access = entry.access
    if access.alert_pattern and not access.alerted:
        try:
            said = dut.console.expect(access.alert_pattern, timeout_s=access.alert_within_s, since=since)
        except ConsoleError as error:
            inconclusive(
                f"the console does not tell of the alert: {error}",
                cause=Cause.BENCH,
                settle="make access.alter alter what is checked at start, or correct access.alert_pattern",
            )
        return f"the console says {printable(said.text, 80)}"
    until = time.monotonic() + access.alert_within_s
    while True:
        try:
            dut.operations.run(access.alerted or "")
        except Inconclusive:
            if time.monotonic() >= until:
                raise
            time.sleep(_PAUSE_S)
        else:
            return f"the operation {access.alerted} succeeds"
