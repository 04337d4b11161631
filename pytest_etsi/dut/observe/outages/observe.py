"""Outages of network and power: caused, seen at the device, and ended; what works before, meanwhile and after."""

from __future__ import annotations

import contextlib
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.dut.observe.outages.events import Events
from pytest_etsi.dut.observe.outages.interrupted import interrupt
from pytest_etsi.dut.observe.outages.model import Interruption, OutageObservation, WaySeen
from pytest_etsi.dut.observe.outages.recovery import Recovery, at_the_bench, stranger_of
from pytest_etsi.dut.observe.outages.trying import changed, functions_of, values_of
from pytest_etsi.dut.observe.power import CYCLE, OFF, cut_power, uptime_of
from pytest_etsi.dut.observe.states import bring_back
from pytest_etsi.dut.reach.documented import documented_ports
from pytest_etsi.dut.reach.operations import wait_until
from pytest_etsi.profile.facts.outages import ways_of
from pytest_etsi.profile.operations import Condition
from pytest_etsi.verdict import Cause, Inconclusive, inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.dut.core import Core
    from pytest_etsi.dut.observe.outages.model import FunctionTry
    from pytest_etsi.profile.entries import ResMechEntry
    from pytest_etsi.profile.facts import OutageAccess

__all__ = ["cut_network", "observe_outages"]

_LINK_DOWN = "link-down"
_SILENT = Condition(answers=False, within_s=30.0)
_RECOVERS_S = 120.0
"""Seconds for which a recovery is waited for, where the documents say nothing longer."""
_AND_MORE_S = 5.0
"""Seconds beyond what the documents say and a quarter of it, after which a recovery that was promised has failed."""
_TOLD_S = 3.0
"""Seconds by which an uptime may be told too short."""
_UPTIME_WITHIN_S = 15.0
"""Seconds for which a new uptime is waited for: a service tells the last one that it was told."""


def observe_outages(dut: Core, kind: str) -> OutageObservation:
    """Cause every outage of a kind that 23-ResMech describes, one after the other; done once in a run.

    Args:
        dut: the device.
        kind: "network" or "power".

    Raises:
        Inconclusive: not permitted (``permission``).
    """
    if "outage" not in dut.permissions:
        inconclusive(
            "neither network nor power of the device may be cut",
            cause=Cause.PERMISSION,
            settle="allow it by the permission outage",
        )
    return dut.recorder.once(f"outages-{kind}", lambda: _observe(dut, kind))


def _observe(dut: Core, kind: str) -> OutageObservation:
    seen: list[WaySeen] = []
    gaps: list[str] = []
    cuts: list[tuple[str, Interruption]] = []
    missed: list[tuple[str, str]] = []
    for entry in dut.profile.ixit.res_mech:
        if kind not in entry.facts.covers:
            continue
        ways = ways_of(entry.access)
        if not ways:
            gaps.append(f"{entry.id} does not say under access.outages how the outage is caused")
        for way in ways:
            try:
                with _prepared(dut, entry):
                    seen.append(_one(dut, entry, way, kind))
            except Inconclusive as error:
                seen.append(WaySeen(entry.id, way.cut, kind, gaps=(error.reason,)))
        if kind == "power" and ways and _wants_more(entry):
            _interrupt(dut, entry, seen, cuts, missed)
    observation = OutageObservation(tuple(seen), tuple(gaps), tuple(cuts), tuple(missed))
    dut.recorder.observed(f"outages-{kind}", observation)
    return observation


def _wants_more(entry: ResMechEntry) -> bool:
    """Whether power is to be cut in the midst of something, too."""
    wanted = entry.access.interrupted
    return wanted.writing is not None or wanted.starting is not None


def _interrupt(
    dut: Core,
    entry: ResMechEntry,
    seen: list[WaySeen],
    cuts: list[tuple[str, Interruption]],
    missed: list[tuple[str, str]],
) -> None:
    """Cut the power in the midst of something, on a device that has come back from plain cuts."""
    if any(way.recovered_s is None or way.gaps for way in seen if way.entry == entry.id):
        missed.append(
            (entry.id, "power was not cut in the midst of anything, as a plain cut did not go well")
        )
        return
    try:
        with _prepared(dut, entry):
            made, gaps = interrupt(dut, entry, lambda: _recovery(dut, entry, _limit_s(entry)))
    except Inconclusive as error:
        missed.append((entry.id, error.reason))
        return
    cuts += [(entry.id, one) for one in made]
    missed += [(entry.id, gap) for gap in gaps]


def _limit_s(entry: ResMechEntry) -> float:
    """Seconds for which the recovery is waited for."""
    stated = entry.facts.recovers_within_s
    return _RECOVERS_S if stated is None else stated * 1.25 + _AND_MORE_S


@contextlib.contextmanager
def _prepared(dut: Core, entry: ResMechEntry) -> Iterator[None]:
    if entry.access.prepare is not None:
        dut.operations.run(entry.access.prepare)
    try:
        yield
    finally:
        if entry.access.tidy is not None:
            dut.operations.run(entry.access.tidy)


def _recovery(dut: Core, entry: ResMechEntry, limit_s: float) -> Recovery:
    effects = entry.facts.effects
    return Recovery(dut, entry.access, limit_s, reconnects=not effects or "reconnects" in effects)


def _one(dut: Core, entry: ResMechEntry, way: OutageAccess, kind: str) -> WaySeen:
    access = entry.access
    names = (*access.functions, *way.functions)
    dut.require_identity()
    seen = WaySeen(entry.id, way.cut, kind, functions=functions_of(dut, names, "before"))
    broken = [one for one in seen.functions if not one.works]
    if broken:
        gap = f"{broken[0].operation} does not work before the outage: {broken[0].detail}"
        return replace(seen, gaps=(gap,))
    early = [str(one) for one in access.recovered if not dut.operations.holds(one)]
    if early:
        return replace(seen, gaps=(f"before the outage it does not hold that {early[0]}",))
    state = values_of(dut, access.state)
    told = uptime_of(dut)
    uptime = None if told is None else (told, time.monotonic())
    limit_s = _limit_s(entry)
    events, recovery = Events(dut, access, way.event), _recovery(dut, entry, limit_s)
    if kind == "power":
        seen, ended = _power(dut, seen, access.cycles, recovery)
    else:
        seen, ended = _network(dut, seen, way, events, recovery)
    recovered_s = None if seen.hopeless else recovery.wait(ended)
    stranger = "" if recovered_s is not None else stranger_of(dut)
    after = () if stranger else functions_of(dut, names, "after")
    seen = replace(
        seen,
        recovered_s=recovered_s,
        functions=(*seen.functions, *after),
        alive=recovered_s is not None or any(one.works and at_the_bench(dut, one.operation) for one in after),
        gaps=(*seen.gaps, *(gap for gap in (recovery.gap, stranger) if gap)),
    )
    if recovered_s is None:
        reason = f"after {way.cut} the device was not as before within {limit_s:g} s"
        mended = bring_back(dut, reason, lambda: _recovery(dut, entry, limit_s).wait(0.0) is not None)
        return replace(seen, mended=mended)
    now = values_of(dut, access.state)
    unread = tuple(
        f"{name} gave no value {'before' if state[name] is None else 'after'} the outage"
        for name in state
        if None in (state[name], now[name])
    )
    return replace(
        seen,
        changed=changed(state, now),
        event=events.after(limit_s),
        restarted=_restarted(dut, uptime, ended) if kind == "network" else None,
        gaps=(*seen.gaps, *unread),
    )


def _restarted(dut: Core, before: tuple[float, float] | None, ended: float) -> bool | None:
    """Whether it started anew between the moment at which an uptime was told and the end of the outage.

    Args:
        dut: the device.
        before: that uptime, and when it was told; None: there was none.
        ended: end of the outage.

    Returns:
        None: that cannot be told.
    """
    if before is None:
        return None
    told, at = before
    if not wait_until(lambda: uptime_of(dut) not in (None, told), within_s=_UPTIME_WITHIN_S):
        return None
    first = after = uptime_of(dut)
    # One that is seen to change was told just now; otherwise all that is known is that it was told after the outage.
    fresh = wait_until(lambda: uptime_of(dut) not in (None, first), within_s=_UPTIME_WITHIN_S)
    if fresh:
        after, ended = uptime_of(dut), time.monotonic()
    # A device that went on running tells no less than that.
    return None if after is None else after < told + (ended - at) - _TOLD_S


def _network(
    dut: Core, seen: WaySeen, way: OutageAccess, events: Events, recovery: Recovery
) -> tuple[WaySeen, float]:
    """The device without its network: gives what was seen, and when it had it back."""
    gaps: list[str] = []
    if events.wanted and (gap := events.prepare()):
        gaps.append(gap)
    conditions = way.seen or ((_SILENT,) if way.cut == _LINK_DOWN else ())
    if any(dut.operations.holds(one, within_s=0.0) for one in conditions):
        # What is so without the outage cannot show it.
        conditions = ()
    with cut_network(dut, way):
        took_place = bool(conditions) and all(dut.operations.holds(one) for one in conditions)
        if not took_place:
            gaps.append(
                f"that {way.cut} has cut the device off did not show"
                + ("" if conditions else ": what shows it (outages.seen) is not told, or was so before")
            )
        during: tuple[FunctionTry, ...] = ()
        if took_place:
            if events.wanted and not gaps and (gap := events.cause()):
                gaps.append(gap)
            during = functions_of(dut, way.functions, "during")
            events.before_the_end()
            recovery.look()
    ended = time.monotonic()
    functions = (*seen.functions, *during)
    return replace(seen, took_place=took_place, functions=functions, gaps=tuple(gaps)), ended


@contextlib.contextmanager
def cut_network(dut: Core, way: OutageAccess) -> Iterator[None]:
    """The device without its network until the end of the block; whatever happens, it gets it back."""
    try:
        dut.operations.run(way.cut)
        yield
    finally:
        if way.restore is not None:
            dut.operations.run(way.restore)


def _power(dut: Core, seen: WaySeen, cycles: int, recovery: Recovery) -> tuple[WaySeen, float]:
    """The device without power, several times: gives what was seen, and when it was on for the last time."""
    if seen.cut not in (OFF, CYCLE):
        gap = f"{seen.cut} is neither {OFF} nor {CYCLE}, so that nothing is known of what it cuts"
        return replace(seen, gaps=(gap,)), time.monotonic()
    ports = _open_ports(dut)
    gaps: list[str] = []
    hopeless = False
    for number in range(1, cycles + 1):
        cut = cut_power(dut)
        ended = time.monotonic() - (cut.back_after_s or 0.0)
        gaps += cut.gaps
        recovery.look()
        if cut.back_after_s is not None and not gaps and number < cycles:
            hopeless = recovery.wait(ended) is None
        if cut.back_after_s is None or gaps or hopeless:
            break
    if cut.back_after_s is None or hopeless:
        return replace(seen, took_place=not cut.gaps, hopeless=True, gaps=tuple(gaps)), ended
    opened = _open_ports(dut)
    difference: tuple[str, ...] = ()
    if ports is None or opened is None:
        gaps.append("the ports of the device could not all be looked at before and after")
    else:
        new, gone = sorted(opened - ports), sorted(ports - opened)
        difference = (*(f"+{port}" for port in new), *(f"-{port}" for port in gone))
    return replace(seen, took_place=not cut.gaps, ports=difference, gaps=tuple(gaps)), ended


def _open_ports(dut: Core) -> frozenset[int] | None:
    """The TCP ports that are open now; None: they could not all be looked at."""
    from pytest_etsi.probes.ports import scan_tcp

    if dut.profile.access.network is None:
        # It has none where it answers over no network; where the documents name one, nobody says where it is.
        return None if documented_ports(dut.profile).tcp else frozenset()
    scan = scan_tcp(dut.network.host(), dut.network.ports, rate=dut.network.rate)
    return frozenset(scan.open) if scan.complete else None
