"""One package, handed over and waited for: what runs when the device has settled, and whether it is in order."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_etsi.dut.observe.power import can_cycle, cycle_power, start_anew
from pytest_etsi.dut.reach.operations import wait_until
from pytest_etsi.verdict import Cause, Inconclusive, inconclusive

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_etsi.dut.core import Core
    from pytest_etsi.dut.observe.updates.model import Outcome
    from pytest_etsi.probes.updates.met import Met
    from pytest_etsi.profile.facts import UpdMechAccess

    By = Callable[[Path, str], "Handed"]

__all__ = ["INSTALL", "VERSION", "Bench", "Handed", "Settled", "value_of", "version_of"]

INSTALL, VERSION = "install-update", "read-version"
_BROKEN_OFF = ("WriteError", "ReadError", "RemoteProtocolError", "CloseError")
"""How a request ends whose body somebody did not want to take to its end."""


def value_of(dut: Core, name: str | None) -> str | None:
    """The value of an operation; None: there is none."""
    if name is None:
        return None
    with contextlib.suppress(Inconclusive):
        result = dut.operations.look(name)
        return result.value if result.done else None
    return None


def version_of(dut: Core) -> str | None:
    """The version that the device tells; None: it tells none now."""
    return value_of(dut, VERSION) or None


@dataclass(frozen=True, slots=True)
class Handed:
    """How a package was handed over.

    Attributes:
        sent: whether that was done.
        answer: what was answered, in words.
        met: what the server has seen to which the device was led for it; None: it was led nowhere.
    """

    sent: bool
    answer: str
    met: Met | None = None

    @property
    def has_to_decide(self) -> bool:
        """Whether the device may have been given something that it can install."""
        return self.met is None or bool(self.met.manifests or self.met.packages)


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a version that was seen to run.

    Attributes:
        fell_back: when another one ran again: "by itself" or "after a cut of its power"; empty: it runs.
        version: the one that runs then; None: the device told none, or was not in order.
        untried: why it was not started anew, one sentence; empty: it was, or had fallen back before.
        cause: of that.
    """

    fell_back: str = ""
    version: str | None = None
    untried: str = ""
    cause: Cause = Cause.BENCH


@dataclass(slots=True)
class Bench:
    """What hands packages over, and brings the device back.

    Attributes:
        dut: the device.
        access: of the mechanism.
        home: the version that ran when it began.
        cut: its power was cut meanwhile.
    """

    dut: Core
    access: UpdMechAccess
    home: str
    cut: bool = False
    _handed_at: float = 0.0
    _decided: str | None = None

    def begins(self) -> None:
        """What follows makes the device install by itself."""
        self._handed_at, self._decided = time.monotonic(), value_of(self.dut, self.access.decided)

    def keeps(self, version: str) -> Settled:
        """See whether a version that was seen to run after `begins` still does when the device has settled.

        It gets its own time first, and is started anew then: a version may be on trial until it has shown that it
        works, and a cut of its power within that time would bring the former one back.
        """
        if self.access.decided is not None and self._decided is not None:
            left = self._handed_at + self.access.installs_within_s - time.monotonic()
            wait_until(
                lambda: value_of(self.dut, self.access.decided) not in (None, self._decided), within_s=left
            )
            seen = version_of(self.dut) if self._comes() else None
        else:
            seen = self.to_the_end()
        if seen != version:
            return Settled("by itself", seen)
        if "outage" not in self.dut.permissions:
            return Settled("", seen, "the power of the device may not be cut", Cause.PERMISSION)
        if not can_cycle(self.dut):
            return Settled(
                "", seen, "the profile does not say how its power is cut and given back", Cause.ACCESS
            )
        came = False

        def comes() -> bool:
            nonlocal came
            came = self._comes()
            return came

        try:
            untried = start_anew(self.dut, comes)
        except Inconclusive as error:
            return Settled("", seen, error.reason, error.cause)
        # One that has not come in all the time of a start is not waited for once more.
        seen = version_of(self.dut) if came else None
        if seen != version:
            return Settled("after a cut of its power", seen)
        return Settled("", seen, untried)

    def hand_over(self, package: Path, version: str, by: str | By | None = None) -> Handed:
        """Hand a package to the device, as its user does or by another way.

        Args:
            package: the file.
            version: under which.
            by: an operation, or what hands it over instead; None: the usual operation.
        """
        try:
            if callable(by):
                return by(package, version)
            name = by or self.access.operation or INSTALL
            return self.done_by(name, package=str(package), version=version)
        except Inconclusive as error:
            return Handed(sent=False, answer=error.reason)

    def done_by(self, name: str, **arguments: str) -> Handed:
        """What came of an operation that makes the device install; raises `Inconclusive` as operations do."""
        result = self.dut.operations.attempt(name, **arguments)
        sent = result.done or result.answered or result.detail.startswith(_BROKEN_OFF)
        return Handed(sent, result.detail or "done")

    def require_it(self) -> None:
        """Make sure that it is the device of the profile, be it with other software.

        Raises:
            Inconclusive: it is not seen to be (``bench``).
        """
        if not self._is_it():
            inconclusive(
                "nothing shows that it is the device of the profile whose connections would be led elsewhere",
                cause=Cause.BENCH,
                settle="see that the device answers, and is in order",
            )

    def settled(self, before: str | None) -> str | None:
        """The version when the device has decided on a package, or its time for that is over.

        A version may be shown before the restart with it, and be gone after that: where nothing tells that the device
        has done with a package, it gets all of its time.

        Args:
            before: the value of `decided` before the package was handed over.
        """
        self._handed_at = time.monotonic()
        if self.access.decided is None:
            time.sleep(self.access.installs_within_s)
        else:
            wait_until(
                lambda: value_of(self.dut, self.access.decided) not in (None, before),
                within_s=self.access.installs_within_s,
            )
        return version_of(self.dut)

    def to_the_end(self) -> str | None:
        """The version when all the time of an installation is over, on a device that is in order; None: it is not."""
        time.sleep(max(0.0, self._handed_at + self.access.installs_within_s - time.monotonic()))
        return version_of(self.dut) if self._comes() else None

    def in_order(self) -> bool:
        """Whether it is the device of the profile, be it with other software, and does what it is there for."""
        if not self._is_it():
            return False
        try:
            return all(self.dut.operations.look(name).done for name in self.access.functions)
        except Inconclusive:  # such as a login that nobody answers
            return False

    def _is_it(self) -> bool:
        seen = self.dut.observed_identity()
        if seen["verified"] is not False:
            return seen["verified"] is True
        identity, claims = self.dut.profile.access.identity, self.dut.profile.dut
        expected = {
            name: str(getattr(claims, name, "") or getattr(identity, name, "") or "").replace(":", "").lower()
            for name in seen["observed"]
        }
        wrong = {
            name
            for name, value in seen["observed"].items()
            if str(value).replace(":", "").lower() != expected[name]
        }
        return wrong == {"software"}

    def mended(self) -> Outcome | None:
        """Bring a device back that is not in order; None: it came by itself, within the time of an installation."""
        if wait_until(self.in_order, within_s=self.access.installs_within_s):
            return None
        cycled = "outage" in self.dut.permissions and self.power_cycled()
        if cycled and self._comes():
            return "hung"
        if self.access.restore is not None and self.restored():
            # Without a cut of the power it may have been the restart that did it.
            return "dead" if cycled else "hung"
        return "lost"

    def power_cycled(self) -> bool:
        """Cut the power and give it back; whether that could be done."""
        if not can_cycle(self.dut):
            return False
        with contextlib.suppress(Inconclusive):
            self.cut = True
            cycle_power(self.dut)
            return True
        return False

    def restored(self) -> bool:
        """Bring back the version that ran at the beginning; whether it runs, on a device that is in order."""
        if self.access.restore is None:
            return version_of(self.dut) == self.home
        with contextlib.suppress(Inconclusive):
            if not self.dut.operations.attempt(self.access.restore).done:
                return False
            return self._comes() and wait_until(
                lambda: version_of(self.dut) == self.home,
                within_s=self.dut.profile.access.power.starts_within_s,
            )
        return False

    def _comes(self) -> bool:
        return wait_until(self.in_order, within_s=self.dut.profile.access.power.starts_within_s)
