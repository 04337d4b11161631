"""The way back after an outage: the device is itself, and connected again; what its service said before is no proof."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pytest_etsi.dut.reach.operations import wait_until
from pytest_etsi.profile.operations import HttpOperation
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_etsi.dut.core import Core
    from pytest_etsi.profile.facts import ResMechAccess
    from pytest_etsi.profile.operations import Condition

__all__ = ["Recovery", "at_the_bench", "is_back", "stranger_of"]


def is_back(dut: Core, conditions: Sequence[Condition]) -> bool:
    """Whether the device is itself, and these conditions hold."""
    if dut.observed_identity()["verified"] is not True:
        return False
    return all(dut.operations.holds(one, within_s=0.0) for one in conditions)


class Recovery:
    """The recovery from one outage.

    Services show a device as connected for a while after it has gone. That it has connected again shows in something
    new that it told (``reports``), or in a state at the service that was lost meanwhile.

    Attributes:
        lost: the conditions were seen not to hold meanwhile.
        gap: why it cannot be told whether it connected again; empty: it can.

    Args:
        dut: the device.
        access: says what shows it.
        limit_s: seconds for which it is waited.
        reconnects: it is claimed that it connects again by itself; otherwise its state alone is looked at.
    """

    def __init__(self, dut: Core, access: ResMechAccess, limit_s: float, *, reconnects: bool = True) -> None:
        self._dut = dut
        self._access = access
        self._limit_s = limit_s
        self._reconnects = reconnects
        self.lost = False
        self.gap = ""

    def look(self) -> None:
        """Look whether the conditions have ceased to hold, while the outage lasts or just after it."""
        held = all(self._dut.operations.holds(one, within_s=0.0) for one in self._access.recovered)
        self.lost = self.lost or not held

    def wait(self, ended: float) -> float | None:
        """Wait for it; gives the seconds since the end of the outage, or nothing where it did not come."""
        if not wait_until(lambda: is_back(self._dut, self._access.recovered), within_s=self._limit_s):
            return None
        if self._access.recovered and not self._anew():
            return None
        return round(time.monotonic() - ended, 1)

    def _anew(self) -> bool:
        if not self._reconnects:
            return True
        if self._access.reports is not None:
            before = self._report()
            return wait_until(lambda: self._report() not in (None, before), within_s=self._limit_s)
        if not self.lost:
            self.gap = (
                "that it connected again does not show: its state at the service never changed, and access.reports "
                "names nothing that changes with each report"
            )
        return True

    def _report(self) -> str | None:
        try:
            return self._dut.operations.attempt(self._access.reports or "").value
        except Inconclusive:
            return None


def stranger_of(dut: Core) -> str:
    """Whether another device answers in the place of this one, in a sentence; it is not touched any further."""
    seen = dut.observed_identity()
    if seen["verified"] is not False:
        return ""
    return f"another device answers in its place: {seen['detail']}"


def at_the_bench(dut: Core, name: str) -> bool:
    """Whether an operation looks at the device itself: what answers at its address may be another one."""
    declared = dut.profile.access.operations.get(name)
    if not isinstance(declared, HttpOperation):
        return declared is not None and declared.kind in ("bench", "console", "manual")
    places = {urlsplit(step.url).netloc.rpartition("@")[2] for step in declared.requests()}
    bench = set(dut.profile.access.bench_hosts)
    return all(place in bench or place.rpartition(":")[0] in bench for place in places)
