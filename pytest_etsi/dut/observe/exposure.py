"""What the device exposes at the bench: what responds at its cables, and when radios and connectors are on."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import httpx

from pytest_etsi.dut.observe.interfaces import heard
from pytest_etsi.dut.observe.power import CYCLE
from pytest_etsi.probes.http.client import HostNotAllowed
from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.serial import ConsoleError
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from pytest_etsi.dut.core import Core
    from pytest_etsi.profile.entries import IntfEntry

__all__ = [
    "Attached",
    "Periods",
    "Phase",
    "observe_attached",
    "observe_connector",
    "observe_radio",
    "radios_now",
]

_MOST_LINES = 200
_PAUSE_S = 0.05
_HEARING_S = 0.5
_ANSWER_S = 5.0
_AS_LONG = 5.0


@dataclass(frozen=True, slots=True)
class Attached:
    """What responds at the cables and receivers of the bench.

    Attributes:
        lines: one a thing.
        gap: why nothing is known of it; empty: it is.
    """

    lines: tuple[str, ...] = ()
    gap: str = ""

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Phase:
    """Whether an interface was on at a time.

    Attributes:
        when: in words.
        on: it was; None: that was not seen.
        expected: it may be on then.
        detail: what was seen.
    """

    when: str
    on: bool | None
    expected: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Periods:
    """When an interface of 15-Intf was on.

    Attributes:
        phases: in the order in which they were looked at.
        beacon: the receiver heard the transmitter of the laboratory each time; None: there is none, or it is no radio.
        gaps: what could not be looked at, one sentence each.
    """

    phases: tuple[Phase, ...] = ()
    beacon: bool | None = None
    gaps: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return asdict(self)


def observe_attached(dut: Core) -> Attached:
    """What responds at the bench, as the operation of the profile tells."""
    name = dut.profile.access.attached
    if name is None:
        return Attached(gap="access.attached names no operation that tells what responds at the bench")
    try:
        result = dut.operations.attempt(name)
    except Inconclusive as error:
        return Attached(gap=error.reason)
    if not result.done:
        return Attached(gap=f"the operation {name} failed: {result.detail}")
    lines = [printable(line.strip(), 200) for line in (result.value or "").splitlines() if line.strip()]
    return Attached(
        tuple(lines[:_MOST_LINES]), "" if lines else f"the operation {name} tells of nothing at all"
    )


def radios_now(dut: Core) -> dict[str, tuple[str, bool | None]]:
    """What the receiver of the bench hears of each radio that can be looked for, and whether it hears the beacon."""
    heard: dict[str, tuple[str, bool | None]] = {}
    for entry in dut.profile.ixit.intf:
        if entry.access.scan is not None:
            try:
                heard[entry.id] = _heard(dut, entry)
            except (httpx.HTTPError, HostNotAllowed, OSError):
                continue
    return heard


def observe_radio(dut: Core, entry: IntfEntry, by_default: tuple[str, bool | None] | None) -> Periods:
    """When a radio is on the air: now, while the device starts, and in factory default.

    Args:
        dut: the device.
        entry: of 15-Intf.
        by_default: what was heard of it in factory default; None: nobody has listened then.
    """
    if entry.access.scan is None:
        return Periods(gaps=("access.scan does not say how the bench listens for it",))
    enabled = bool(entry.facts.enabled)
    phases: list[Phase] = []
    gaps: list[str] = []
    beacons: list[bool | None] = []

    def listen(when: str) -> None:
        said, beacon = _heard(dut, entry)
        beacons.append(beacon)
        phases.append(Phase(when, bool(said), enabled, said))

    try:
        listen("in the initialized state, idle")
        if CYCLE in dut.operations and "outage" in dut.permissions:
            dut.require_identity()
            dut.operations.run(CYCLE)
            until = time.monotonic() + dut.profile.access.power.starts_within_s
            while True:
                listen("while it starts")
                back = dut.observed_identity()["verified"] is True
                if back or time.monotonic() > until:
                    break
                time.sleep(_PAUSE_S)
            listen("after its start")
            if not back:
                gaps.append("it did not come back after its start")
        else:
            gaps.append("it was not listened to while it starts: describe power-cycle, and permit outage")
    except Inconclusive as error:
        gaps.append(error.reason)
    except (httpx.HTTPError, HostNotAllowed, OSError) as error:
        gaps.append(f"the receiver did not answer: {type(error).__name__}: {error}")
    if by_default is not None:
        beacons.append(by_default[1])
        phases.append(Phase("in factory default", bool(by_default[0]), expected=True, detail=by_default[0]))
    told = dict.fromkeys(phases)
    return Periods(tuple(told), None if None in beacons or not beacons else all(beacons), tuple(gaps))


def observe_connector(dut: Core, entry: IntfEntry) -> Periods:
    """When a serial connector takes what is typed: while it is enabled, and after it was disabled again."""
    access = entry.access
    if not access.serial:
        return Periods(gaps=("access.serial does not say at which line of the bench it is connected",))
    if not access.enable or not access.disable:
        return Periods(
            gaps=("access.enable and access.disable do not say how it is enabled, and disabled again",)
        )
    phases: list[Phase] = []
    gaps: list[str] = []
    try:
        dut.require_identity()
        try:
            dut.operations.run(access.enable)
            phase, took_s = _typed(
                dut, access.serial, "while it is enabled", expected=True, within_s=_ANSWER_S
            )
            phases.append(phase)
        finally:
            dut.operations.run(access.disable)
        # Silence is that of a line that has had the time in which it answered before, several times over.
        usual_s = dut.profile.access.serial.answer_s if dut.profile.access.serial else 0.0
        within_s = max(_HEARING_S, usual_s, _AS_LONG * took_s)
        phases.append(
            _typed(dut, access.serial, "after it was disabled again", expected=False, within_s=within_s)[0]
        )
    except Inconclusive as error:
        gaps.append(error.reason)
    except ConsoleError as error:
        gaps.append(f"the line failed: {error}")
    return Periods(tuple(phases), None, tuple(gaps))


def _typed(dut: Core, url: str, when: str, *, expected: bool, within_s: float) -> tuple[Phase, float]:
    """Whether something comes back for Enter, and after how many seconds."""
    console = dut.consoles.at(url)
    console.read_for(_PAUSE_S)
    began, mark = time.monotonic(), console.mark()
    console.send_line()
    said, took_s = "", 0.0
    while not said.strip() and took_s < within_s:
        console.read_for(min(_PAUSE_S, within_s - took_s))
        said, took_s = console.text(mark), time.monotonic() - began
    return Phase(when, bool(said.strip()), expected, printable(said.strip(), 80)), took_s


def _heard(dut: Core, entry: IntfEntry) -> tuple[str, bool | None]:
    assert entry.access.scan is not None  # noqa: S101 - those who ask have looked
    return heard(dut, entry.access.scan, entry.access.seen or "")
