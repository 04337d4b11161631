"""Outages of network and power as they were seen on the device (5.9-1-2, 5.9-2-2), and its isolation (5.3-15-2)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.assessment.criteria._interruptions import interruptions, made_in_words
from pytest_etsi.assessment.findings import Finding, Findings, unknown, violation
from pytest_etsi.assessment.reading.answers import affirmed
from pytest_etsi.probes.observation import printable
from pytest_etsi.profile.facts.outages import ways_of
from pytest_etsi.verdict import Cause

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_etsi.dut.observe.isolation import IsolationObservation
    from pytest_etsi.dut.observe.outages.model import FunctionTry, OutageObservation, WaySeen
    from pytest_etsi.dut.observe.replacement import Replacement
    from pytest_etsi.profile import Ixit
    from pytest_etsi.profile.entries import ReplSupEntry, ResMechEntry

__all__ = [
    "examined",
    "in_operation",
    "isolated",
    "keeps_functions",
    "mechanisms",
    "off_the_network",
    "regained",
    "replaced",
    "tried_on",
    "whole",
]

_UNSEEN = re.compile(
    r"\b(?:batter(?:y|ies)|accumulator|uninterruptible|ups|backup (?:link|line|connection|supply)|lte|5g|4g"
    r"|mobile network|second (?:link|network|supply|power)|redundan\w+|fail-?over|clock)\b",
    re.IGNORECASE,
)
"""What a mechanism may promise, and these outages do not show."""

_DYNAMIC = 32_768
"""Ports from here on are given out by the device's system."""


def mechanisms(ixit: Ixit, observed: OutageObservation, kind: str) -> Findings:
    """What shows that a mechanism acts otherwise than described, or that this was not seen (5.9-1-2 a, b).

    Args:
        ixit: the IXIT.
        observed: the outages.
        kind: "network" or "power".
    """
    found: list[Finding] = []
    entries = [entry for entry in ixit.res_mech if kind in entry.facts.covers]
    if not entries:
        message = f"no entry of {ixit.res_mech.id} says in facts.covers that it is about the {kind}"
        found.append(Finding("unknown", "behaviour", message, cause=Cause.INFORMATION))
    for entry in entries:
        ways = observed.of(entry.id)
        for way in ways:
            found += _way(entry, way)
        found += _unseen(entry, ways, kind)
        if kind == "power":
            found += interruptions(entry, observed)
    found += (Finding("unknown", "behaviour", gap, cause=Cause.INFORMATION) for gap in observed.open)
    return Findings(dict.fromkeys(found))


def whole(ixit: Ixit, observed: OutageObservation, kind: str) -> Findings:
    """The same, and what shows that the device stops, or comes back worse than it was (5.9-2-2 a, b)."""
    found = list(mechanisms(ixit, observed, kind))
    for entry in ixit.res_mech:
        for way in observed.of(entry.id):
            if not way.took_place:
                continue
            if kind == "power":
                found += _ports(entry, way)
            elif not any(one.works for one in way.tried("during")):
                message = f"nothing was tried that works on site without {way.cut}"
                found.append(_unknown(entry, "access.outages", message, Cause.INFORMATION))
    return Findings(dict.fromkeys(found))


def examined(observed: OutageObservation) -> str:
    """What was looked at, in one phrase, for the record."""
    parts = []
    for way in observed.ways:
        worked = [one.operation for one in way.tried("during") if one.works]
        parts.append(
            f"{way.cut}: {', '.join(worked) or 'nothing'} meanwhile, as before after "
            f"{way.recovered_s if way.recovered_s is not None else '?'} s"
        )
    parts += filter(None, [made_in_words(observed)])
    return "; ".join(parts) or "nothing"


def _way(entry: ResMechEntry, way: WaySeen) -> Iterator[Finding]:
    """What one outage shows; without the outage itself it shows nothing."""
    yield from (_unknown(entry, "access", f"{way.cut}: {gap}", Cause.BENCH) for gap in way.gaps)
    if not way.took_place:
        if not way.gaps:
            yield _unknown(entry, "access", f"that {way.cut} took place was not seen", Cause.BENCH)
        return
    yield from _recovery(entry, way)
    if way.recovered_s is None:
        return
    yield from _functions(entry, way)
    if way.restarted:
        yield _violation(entry, f"starts anew when {way.cut} takes its network away", "that it keeps running")
    for change in way.changed:
        yield _violation(entry, f"after {way.cut} {printable(change, 400)}", "the same as before")
    yield from _events(entry, way)


def _recovery(entry: ResMechEntry, way: WaySeen) -> Iterator[Finding]:
    if way.recovered_s is not None:
        return
    stated = entry.facts.recovers_within_s
    if way.alive if way.kind == "power" else way.mended:
        expected = "that it does" if stated is None else f"that it does within {stated:g} s"
        yield _violation(entry, f"does not come back by itself as it was when {way.cut} is over", expected)
    else:
        message = (
            f"the device did not come back after {way.cut}: whether it failed or the bench cannot be told"
        )
        yield _unknown(entry, "access", message, Cause.BENCH)


def _functions(entry: ResMechEntry, way: WaySeen) -> Iterator[Finding]:
    for one in way.tried("during"):
        if not one.works and way.worked(one.operation, "before") and way.worked(one.operation, "after"):
            message = f"{one.operation} does not work during {way.cut}: {printable(one.detail, 200)}"
            yield _violation(entry, message, "that it works as before and afterwards")
    for one in way.tried("after"):
        message = f"{one.operation} does not work after {way.cut}: {printable(one.detail, 200)}"
        if not one.works and one.answered:
            yield _violation(entry, message, "that it works as before")
        elif not one.works:
            yield _unknown(entry, "access", f"{message}; nothing answered", Cause.BENCH)


def _events(entry: ResMechEntry, way: WaySeen) -> Iterator[Finding]:
    event = way.event
    if event is None or "delivers-events" not in entry.facts.effects:
        return
    if event.arrived is None:
        yield _unknown(entry, "access.events", "what was delivered could not be told", Cause.BENCH)
    elif event.early:
        yield _unknown(
            entry,
            "access.event",
            f"an event got through during {way.cut}: nothing was kept back",
            Cause.BENCH,
        )
    elif event.arrived != event.caused:
        yield _violation(
            entry,
            f"{event.arrived} of {event.caused} event{'' if event.caused == 1 else 's'} of {way.cut} arrived "
            f"({event.detail})",
            "each once",
        )
    elif event.times is not None and event.times < event.caused:
        yield _violation(
            entry, f"an event of {way.cut} arrived with another time than its own", "its own time"
        )


def _ports(entry: ResMechEntry, way: WaySeen) -> Iterator[Finding]:
    opened, closed = ({int(one[1:]) for one in way.ports if one[0] == sign} for sign in "+-")
    moved = {port for port in opened | closed if port >= _DYNAMIC}
    if len(moved & opened) == len(moved & closed) and moved:
        # A service that takes whatever port is free has another one at each start.
        numbers = ", ".join(map(str, sorted(moved)))
        message = (
            f"TCP ports {numbers} are others after {way.cut} than before: whether they are the same services"
        )
        yield _unknown(entry, "access", f"{message} cannot be told", Cause.JUDGEMENT)
        opened, closed = opened - moved, closed - moved
    for port in sorted(opened):
        yield _violation(entry, f"TCP port {port} is open after {way.cut}, and was not before", "closed")
    for port in sorted(closed):
        yield _violation(entry, f"TCP port {port} is closed after {way.cut}, and was open before", "open")


def _unseen(entry: ResMechEntry, ways: tuple[WaySeen, ...], kind: str) -> Iterator[Finding]:
    """Effects that the documents claim and no outage has shown, and promises beyond them."""
    effects, access = entry.facts.effects, entry.access
    if not effects:
        message = "does not say what the mechanism brings about, so that it cannot be seen"
        yield _unknown(entry, "facts.effects", message, Cause.INFORMATION)
    shown = {
        "local-function": kind == "power" or any(way.functions for way in ways_of(access)),
        "reconnects": bool(access.recovered),
        "keeps-state": bool(access.state),
        "delivers-events": any(way.event is not None for way in ways),
    }
    for effect in effects:
        if not shown[effect]:
            message = f"claims {effect}, and the documents do not say how a program sees it"
            yield _unknown(entry, "access", message, Cause.INFORMATION)
    if said := affirmed(entry["Description"], _UNSEEN):
        message = f"promises what these outages do not show: {said!r}"
        yield _unknown(entry, "Description", message, Cause.JUDGEMENT)


# Isolation and replacement ----------------------------------------------------------------------------------


def in_operation(entry: ReplSupEntry, observed: IsolationObservation) -> Findings:
    """What shows that the product is not in operation, or that this was not seen (5.3-15-2 a)."""
    found: list[Finding] = []
    if not entry.access.functions:
        found.append(_untold(entry, "access.functions", "which functions are its main ones"))
    for one in observed.functions:
        message = f"{one.operation} does not work in operation: {printable(one.detail, 200)}"
        if not one.works and one.answered:
            found.append(_violation(entry, message, "that it works"))
        elif not one.works:
            found.append(_unknown(entry, "access", f"{message}; nothing answered", Cause.BENCH))
    for words, holds in observed.in_operation:
        if not holds:
            found.append(_violation(entry, f"in operation it does not hold that {words}", "that it holds"))
    return Findings(found)


def isolated(entry: ReplSupEntry, observed: IsolationObservation) -> Findings:
    """What shows that the product is not isolated by the described method, or that this was not seen (5.3-15-2 b)."""
    found = list(_isolation_gaps(entry, observed))
    if observed.way_out:
        return Findings((_violation(entry, observed.way_out, "that nothing reaches its former network"),))
    if not found and (observed.isolated is None or not observed.isolated.took_place):
        passed = f"; {'; '.join(observed.passed[:3])}" if observed.passed else ""
        message = f"that the product is isolated did not show{passed}"
        found.append(_unknown(entry, "access.isolation", message, Cause.BENCH))
    return Findings(found)


def keeps_functions(entry: ReplSupEntry, observed: IsolationObservation) -> Findings:
    """What shows that the isolated product loses more than what needs its connection (5.3-15-2 c)."""
    found = list(isolated(entry, observed).unknowns)
    way = observed.isolated
    if entry.facts.isolation != "network":
        found.append(
            _untold(
                entry,
                "facts.isolation",
                "that the product leaves its network; other devices are for a person",
            )
        )
    if way is None or not way.took_place:
        if not found:
            message = "that the product is isolated did not show, and so nothing of its functions then"
            found.append(_unknown(entry, "access.isolation", message, Cause.BENCH))
    else:
        if not way.tried("during"):
            found.append(_untold(entry, "access.isolation.functions", "which functions need no connection"))
        for one in way.tried("during"):
            if one.works:
                continue
            if way.worked(one.operation, "after"):
                message = f"{one.operation} does not work in isolation: {printable(one.detail, 200)}"
                found.append(_violation(entry, message, "that it needs no connection"))
            else:
                message = f"{one.operation} works neither in isolation nor afterwards"
                found.append(_unknown(entry, "access", message, Cause.BENCH))
    return Findings(found)


def off_the_network(entry: ReplSupEntry, observed: IsolationObservation) -> Findings:
    """The same of the device taken off its network (5.3-15A-2 c), of which a closed environment is no part for sure."""
    if entry.facts.isolation != "closed-environment":
        return keeps_functions(entry, observed)
    message = (
        "is isolated by a closed environment: by the unit alone nothing more is asked, by edition 1.1.1 the integrity "
        "of the other devices there counts"
    )
    return Findings((_unknown(entry, "facts.isolation", message, Cause.JUDGEMENT),))


def replaced(entry: ReplSupEntry, seen: Replacement) -> Findings:
    """What shows that the hardware could not be replaced as described, or that this was not tried (5.3-15-2 d)."""
    if not seen.tried:
        return Findings((_untold(entry, "access.replace", "how the hardware is replaced by program"),))
    if seen.done:
        return Findings()
    message = f"the hardware could not be replaced as described: {printable(seen.detail, 300)}"
    if seen.answered:
        return Findings((_violation(entry, message, "that every step works", field="Hardware Replacement"),))
    return Findings((_unknown(entry, "access.replace", message, Cause.BENCH),))


def regained(entry: ReplSupEntry, seen: Replacement) -> Findings:
    """What shows that the new hardware does not regain connection and functions (5.3-15-2 e)."""
    if not seen.done:
        unsettled = replaced(entry, seen)
        return Findings(replace(one, kind="unknown", cause=one.cause or Cause.BENCH) for one in unsettled)
    found: list[Finding] = []
    if not seen.connected:
        found.append(_untold(entry, "access.replaced", "by what it shows that the new hardware is connected"))
    if not seen.functions:
        found.append(_untold(entry, "access.functions", "which functions are its main ones"))
    for words, holds in seen.connected:
        if not holds:
            message = f"with the new hardware it does not hold that {words}"
            found.append(_violation(entry, message, "that it holds", field="Hardware Replacement"))
    for one in seen.functions:
        message = f"{one.operation} does not work with the new hardware: {printable(one.detail, 200)}"
        if not one.works and one.answered:
            found.append(_violation(entry, message, "that it works as before", field="Hardware Replacement"))
        elif not one.works:
            found.append(_unknown(entry, "access", f"{message}; nothing answered", Cause.BENCH))
    return Findings(found)


def tried_on(functions: Iterable[FunctionTry]) -> str:
    """What worked, in one phrase, for the record."""
    working = [one.operation for one in functions if one.works]
    return f"functions that were tried and work: {', '.join(working)}" if working else "no function was tried"


def _isolation_gaps(entry: ReplSupEntry, observed: IsolationObservation) -> Iterator[Finding]:
    if entry.access.isolation is None:
        yield _untold(entry, "access.isolation", "how the product is isolated by program")
    yield from (_unknown(entry, "access", gap, Cause.BENCH) for gap in observed.open)


def _untold(entry: ReplSupEntry, field: str, what: str) -> Finding:
    return _unknown(entry, field, f"does not say {what}", Cause.ACCESS)


# Making them ------------------------------------------------------------------------------------------------


def _violation(
    entry: ResMechEntry | ReplSupEntry, message: str, expected: str, *, field: str = "Description"
) -> Finding:
    where = field if field in entry else None
    return violation(entry, where, message, aspect="behaviour", expected=expected)


def _unknown(entry: ResMechEntry | ReplSupEntry, field: str, message: str, cause: Cause) -> Finding:
    return replace(unknown(entry, field, message, aspect="behaviour"), cause=cause)
