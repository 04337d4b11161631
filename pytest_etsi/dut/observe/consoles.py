"""The serial console of an interface, surveyed in its default state, with the device started meanwhile."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_etsi.dut.observe.power import CYCLE, OFF, ON
from pytest_etsi.dut.reach.auth.keys import credential_of
from pytest_etsi.dut.reach.handing_over import let_out
from pytest_etsi.dut.reach.looks import Looks, answers
from pytest_etsi.dut.reach.operations import wait_until
from pytest_etsi.probes.serial.observation import Restart, Supply
from pytest_etsi.probes.serial.speeds import USUAL
from pytest_etsi.probes.serial.survey import Plan, survey
from pytest_etsi.profile.access import SerialAccess
from pytest_etsi.verdict import Cause, Inconclusive

if TYPE_CHECKING:
    from pytest_etsi.dut.core import Core
    from pytest_etsi.probes.serial.observation import ConsoleObservation
    from pytest_etsi.profile.entries import IntfEntry

__all__ = ["ConsoleSight", "known_secrets", "observe_console", "value_of"]

_BACK_S = 60.0
_WELL_S = 5.0
_QUIET_S = 2.0


@dataclass(frozen=True, slots=True)
class ConsoleSight:
    """What was seen of the console of one entry of 15-Intf.

    Attributes:
        seen: the survey; None: there was none.
        why: why there was none, in one sentence; empty: there was one.
        cause: of that.
    """

    seen: ConsoleObservation | None
    why: str = ""
    cause: Cause = Cause.ACCESS

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return {"seen": self.seen.to_json() if self.seen else None, "why": self.why, "cause": str(self.cause)}


def observe_console(dut: Core, entry: IntfEntry) -> ConsoleSight:
    """Survey the console of an interface; once in a run for each line."""
    url = entry.access.serial
    if not url:
        return ConsoleSight(None, "access.serial does not say at which line of the bench it is connected")
    try:
        if entry.access.disable:
            dut.operations.run(entry.access.disable)
        return dut.recorder.once(f"console-{url}", lambda: ConsoleSight(_surveyed(dut, str(url))))
    except Inconclusive as error:
        return ConsoleSight(None, error.reason, Cause(error.cause))


def _surveyed(dut: Core, url: str) -> ConsoleObservation:
    console = dut.consoles.at(url)
    access = dut.profile.access.serial or SerialAccess(url=url)
    plan = Plan(
        boot_s=access.boot_s,
        answer_s=access.answer_s,
        quiet_s=min(_QUIET_S, access.boot_s),
        speeds=tuple(dict.fromkeys((access.baudrate, *access.speeds, *USUAL))),
        starts=access.starts,
        on_s=access.on_s,
        intrusive="console" in dut.permissions,
        emulated=access.emulated,
        wired=access.wired or "",
        known=known_secrets(dut),
    )
    power = _Power(dut, access.boot_s)
    found, secrets = survey(
        console,
        plan,
        supply=Supply(power.cycle, power.seen) if power.is_there else None,
        health=power.health,
        progress=dut.progress,
    )
    dut.progress("")
    for secret in secrets:
        # What the device has told is nobody's to read in the evidence.
        dut.new_secret(secret)
    return found


def value_of(entry: str) -> str:
    """What the known value of an entry of 10-SecParam is called where it is found."""
    return f"the value of {entry}"


def known_secrets(dut: Core) -> dict[str, str]:
    """Secrets of this device that the profile knows, by name."""
    ixit = dut.profile.ixit
    known = {f"the password of {entry}": credential_of(entry.access) for entry in ixit.auth_mech}
    known |= {value_of(str(entry)): let_out(entry.access.canary) for entry in ixit.sec_param}
    return {name: value for name, value in known.items() if value}


def _is_the_one(dut: Core) -> bool:
    """Whether this is the device of the profile; without a way to ask it is left on, and its console is looked at.

    Raises:
        Inconclusive: it is another one, or does not answer.
    """
    try:
        dut.require_identity()
    except Inconclusive as error:
        if error.cause != Cause.ACCESS:
            raise
        return False
    return True


class _Power:
    """Switches the device off and on by the profile's operations, with the network as the witness."""

    def __init__(self, dut: Core, boot_s: float) -> None:
        self._dut = dut
        self._boot_s = boot_s
        self._apart = OFF in dut.operations and ON in dut.operations
        described = self._apart or CYCLE in dut.operations
        self.is_there = described and "outage" in dut.permissions and _is_the_one(dut)
        hosts = dut.network.hosts if dut.profile.access.network is not None else ()
        places = {
            (host, place.port)
            for entry in dut.profile.ixit.intf
            for place in entry.places()
            if place.transport == "tcp"
            for host in hosts
        }
        self._places = [place for place in sorted(places) if answers([place], 0.0)]
        self._off: list[str] = []

    def cycle(self) -> None:
        """Switch off and on; returns as soon as the operation does."""
        with Looks(self._places) as looks:
            if self._apart:
                self._off_until_it_is_gone(looks)
            else:
                self._dut.operations.run(CYCLE)
        self._off.append(looks.off)

    def _off_until_it_is_gone(self, looks: Looks) -> None:
        """One that goes on answering is switched on again, too; then it was not seen to be off."""
        access = self._dut.profile.access.power
        try:
            self._dut.operations.run(OFF)
            wait_until(lambda: bool(looks.off) or not self._places, within_s=access.dies_within_s)
            time.sleep(access.off_s)
        finally:
            self._dut.operations.run(ON)

    def seen(self) -> Restart:
        """By what the start was seen, once the device is back."""
        off = self._off.pop(0) if self._off else ""
        began = time.monotonic()
        back = wait_until(
            lambda: self._dut.observed_identity()["verified"] is True, within_s=self._boot_s + _BACK_S
        )
        on = f"answers as itself {time.monotonic() - began:.1f} s later" if back else ""
        return Restart(off, on)

    def health(self) -> str:
        """Whether what answered before still does; empty: nothing did."""
        if not self._places:
            return ""
        within_s = max(_WELL_S, self._boot_s)
        return "well" if answers(self._places, within_s) else "not answering on the network any more"
