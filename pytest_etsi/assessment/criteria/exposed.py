"""What the device exposes against what is listed, and when it is on (5.6-3-2)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.assessment.criteria.interfaces import is_enabled
from pytest_etsi.assessment.findings import Finding, Findings, Place, place
from pytest_etsi.dut.observe.interfaces import DEAF
from pytest_etsi.verdict import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.dut.observe.exposure import Attached, Periods
    from pytest_etsi.profile import IxitTable, Profile
    from pytest_etsi.profile.access import FoundInterface
    from pytest_etsi.profile.entries import IntfEntry

__all__ = ["at_the_bench", "listed", "periods", "port_reached", "radio", "reached", "unlisted_networks"]

_ASPECT = "behaviour"


def listed(profile: Profile, attached: Attached) -> Findings:
    """Whether all that is exposed is listed as needed, always or at times (5.6-3-2 a).

    Args:
        profile: with the inventory of a person, and the list.
        attached: what responds at the bench.

    Returns:
        Violations: something that was found, or responds, without an entry, or with one that needs no exposure.
        Unknown: nobody has looked for connectors that do not respond, or not everywhere; an entry that was not found.
    """
    found = [*_responding(profile, attached), *_inventory(profile)]
    inventory = profile.access.inventory
    items = (
        f"{len(inventory.found)} interfaces found by hand on {inventory.date}"
        if inventory
        else "no inventory"
    )
    return Findings(found, f"{items}; responding at the bench: {', '.join(attached.lines) or 'nothing'}")


def reached(entry: IntfEntry, profile: Profile, attached: Attached) -> Findings:
    """What refutes that the casing guards an interface that needs no exposure (5.6-3-2 b)."""
    inventory = profile.access.inventory
    found = [
        _violation(entry, f"it was reached on the closed device: {one.what}", "a casing that guards it")
        for one in (inventory.found if inventory else ())
        if one.interface == entry.id and one.reached
    ]
    found += [
        _violation(entry, f"it responds at the bench from outside: {line}", "a casing that guards it")
        for line in attached.lines
        if _is(entry, line)
    ]
    return Findings(found)


def port_reached(entry: IntfEntry, profile: Profile, attached: Attached) -> Findings:
    """What refutes that a debug port is out of reach (5.6-4B-2 a of edition 2.1.1).

    One that has to be exposed, always or at times, is found on the closed device in any case: what guards it there,
    such as a lock, is for a person to see.
    """
    found = reached(entry, profile, attached)
    if entry.facts.exposure == "not-required":
        return found
    return Findings(replace(one, kind="note") for one in found)


def at_the_bench(entry: IntfEntry, attached: Attached, *, debugging: bool = False) -> Findings:
    """Whether an interface is on or off as its status says, where no more is known of it than that it responds.

    (5.6-3-2 c and 5.6-4A-2 a of edition 2.1.1)

    Args:
        entry: of 15-PhyIntf.
        attached: what responds at the bench.
        debugging: it is one for debugging, of which it is not enough that it is on as documented.

    Returns:
        Violations: one documented as disabled that responds. Unknown: one that does not respond, for the bench may not
        be connected to it; a person has to look.
    """
    enabled = is_enabled(entry)
    if enabled is None:
        gap = "the documents do not say whether it is enabled (facts.enabled)"
        return Findings((_open(entry, gap, Cause.INFORMATION, "state facts.enabled"),))
    lines = [line for line in attached.lines if _is(entry, line)]
    if lines and not enabled:
        message = f"is documented as disabled, and responds at the bench: {lines[0]}"
        return Findings((_violation(entry, message, "silence"),))
    if lines and debugging:
        message = f"responds at the bench: {lines[0]}"
        settle = "judge whether it keeps out those who do not prove who they are"
        return Findings((_open(entry, message, Cause.JUDGEMENT, settle),))
    if lines:
        return Findings((), f"it responds at the bench, as documented: {lines[0]}")
    settle = "try by hand whether it is on: a link, a device, a probe or a signal at it, from power-on on"
    return Findings((_open(entry, "does not respond at the bench", Cause.JUDGEMENT, settle),))


_NETWORK = re.compile(
    r"\b(?:wi-?fi|wlan|802\.1[15]\w*|ethernet|rj-?45|lan|bluetooth|ble|zigbee|thread|z-wave|lte|gsm|5g|nb-iot|lora\w*"
    r"|nfc|cellular|powerline)\b",
    re.IGNORECASE,
)


def unlisted_networks(profile: Profile, attached: Attached) -> Findings:
    """What refutes that every network interface is listed (5.6-1-2 b of edition 2.1.1).

    Args:
        profile: with the inventory of a person, and the list.
        attached: what responds at the bench.

    Returns:
        Violations: what no entry has, and whose words name a network. Notes: what else no entry has.
    """
    table, inventory = profile.ixit.intf, profile.access.inventory
    where = Place(str(table.source), table.id)
    unlisted = [line for line in attached.lines if not any(_is(one, line) for one in table)]
    unlisted += [one.what for one in (inventory.found if inventory else ()) if not one.interface]
    found = [
        Finding(
            "violation" if _NETWORK.search(what) else "note",
            "completeness",
            f"was found on the device, and no entry of {table.id} has it: {what}",
            expected=f"an entry of {table.id}",
            found=what,
            place=where,
        )
        for what in unlisted
    ]
    return Findings(dict.fromkeys(found))


def radio(entry: IntfEntry, seen: Periods) -> Findings:
    """Whether a radio is on or off as its status says (5.6-3-2 c)."""
    enabled = is_enabled(entry)
    if enabled is None:
        gap = "the documents do not say whether it is enabled (facts.enabled)"
        return Findings((_open(entry, gap, Cause.INFORMATION, "state facts.enabled"),))
    found = [*_outside(entry, seen), *_unheard(entry, seen)]
    if enabled and not any(one.on for one in seen.phases if one.expected):
        found.append(_open(entry, "it is documented as enabled, and was not heard", Cause.BENCH, _LISTEN))
    return Findings(found, _told(seen))


def periods(entry: IntfEntry, seen: Periods) -> Findings:
    """Whether an interface that is needed at times only is off at all others (5.6-3-2 d).

    Returns:
        Violations: it was on outside the times that are declared. Unknown: it was not seen on in those either, so that
        its silence shows nothing, or could not be looked at.
    """
    found = [*_outside(entry, seen)]
    if entry.access.scan is not None:
        found += _unheard(entry, seen)
    else:
        found += [_open(entry, gap, Cause.ACCESS, "describe it, or try it by hand") for gap in seen.gaps]
        if seen.phases and not any(one.on for one in seen.phases if one.expected):
            found.append(
                _open(
                    entry,
                    "it did not answer while it was enabled either, so that its silence shows nothing",
                    Cause.BENCH,
                    "see that it is wired, and that access.enable enables it",
                )
            )
    return Findings(found, _told(seen))


_LISTEN = "listen by a receiver that covers its band, or have a person do so"


def _responding(profile: Profile, attached: Attached) -> Iterator[Finding]:
    table = profile.ixit.intf
    where = Place(str(table.source), table.id)
    if attached.gap:
        yield _general(
            attached.gap, Cause.ACCESS, "name an operation that lists what responds at the bench", where
        )
        return
    known = 0
    for line in attached.lines:
        entry = next((one for one in table if _is(one, line)), None)
        if entry is None:
            yield Finding(
                "violation", _ASPECT, f"at the bench responds what no entry names: {line}", expected=_needed(table),
                found=line, place=where, evidence="attached",
            )  # fmt: skip
            continue
        known += 1
        if entry.facts.exposure == "not-required":
            yield _violation(entry, f"needs no exposure, and responds at the bench: {line}", "silence")
    if not known:
        yield _general(
            "nothing that responds at the bench is an interface that is listed, so that the bench may hear nothing",
            Cause.BENCH,
            "state access.responds of the interfaces that the bench is connected to",
            where,
        )


def _inventory(profile: Profile) -> Iterator[Finding]:
    table, inventory = profile.ixit.intf, profile.access.inventory
    where = Place(str(table.source), table.id)
    if inventory is None or not inventory.whole:
        yield _general(
            "connectors that do not respond are found by hand only, and "
            + (
                "nobody has looked for them"
                if inventory is None
                else "not all sides of the device were looked at"
            ),
            Cause.JUDGEMENT,
            "examine the closed device on all sides, and record what was found under access.inventory",
            where,
        )
    if inventory is None:
        return
    for one in inventory.found:
        yield from _found_by_hand(profile, one, where)
    named = {one.interface for one in inventory.found}
    for entry in table:
        exposed = entry.facts.exposure in ("required", "intermittent") and "physical" in entry.facts.type
        if exposed and entry.id not in named:
            yield _open(
                entry, "is listed as exposed, and the inventory does not have it", Cause.INFORMATION,
                "look for it, or correct the list",
            )  # fmt: skip


def _found_by_hand(profile: Profile, one: FoundInterface, where: Place) -> Iterator[Finding]:
    entry = profile.ixit.intf.get(one.interface) if one.interface else None
    if one.interface and entry is None:
        yield _general(
            f"the inventory names an interface {one.interface} that {profile.ixit.intf.id} does not have: {one.what}",
            Cause.INFORMATION,
            "correct the inventory",
            where,
        )
    elif entry is None and one.reached:
        yield Finding(
            "violation", _ASPECT, f"was found on the device, and no entry lists it: {one.what}",
            expected=_needed(profile.ixit.intf), found=one.what, place=where,
        )  # fmt: skip
    elif entry is not None and one.reached and entry.facts.exposure == "not-required":
        yield _violation(entry, f"needs no exposure, and is exposed: {one.what}", "no exposure")
    elif entry is not None and entry.facts.exposure is None:
        yield _open(
            entry, f"its exposure is not stated: {one.what}", Cause.INFORMATION, "state facts.exposure"
        )


def _outside(entry: IntfEntry, seen: Periods) -> Iterator[Finding]:
    for phase in seen.phases:
        if phase.on and not phase.expected:
            detail = f": {phase.detail}" if phase.detail else ""
            yield _violation(entry, f"it is on {phase.when}{detail}", "an interface that is off then")


def _unheard(entry: IntfEntry, seen: Periods) -> Iterator[Finding]:
    """Why the silence of a radio shows nothing."""
    for gap in seen.gaps:
        yield _open(entry, gap, Cause.ACCESS, _LISTEN)
    if not seen.phases:
        return
    if seen.beacon is not True:
        yield _open(
            entry,
            DEAF[seen.beacon],
            Cause.BENCH,
            "set up a transmitter that it hears, and name it under access.beacon",
        )
    if not any(one.on for one in seen.phases):
        yield _open(
            entry,
            "it was never heard, so that nothing shows by what it would be recognised (access.seen)",
            Cause.JUDGEMENT,
            "let it be heard in a state in which it is on, or judge what a person has recorded",
        )


def _needed(table: IxitTable) -> str:
    return f"an entry of {table.id} that needs exposure"


def _is(entry: IntfEntry, line: str) -> bool:
    return entry.access.responds is not None and re.search(entry.access.responds, line) is not None


def _told(seen: Periods) -> str:
    told = [
        f"{one.when}: {'not seen' if one.on is None else 'on' if one.on else 'off'}" for one in seen.phases
    ]
    return "; ".join(dict.fromkeys(told)) or "it was not looked at"


def _violation(entry: IntfEntry, message: str, expected: str) -> Finding:
    return Finding("violation", _ASPECT, message, expected=expected, place=place(entry))


def _open(entry: IntfEntry, message: str, cause: Cause, settle: str) -> Finding:
    return Finding("unknown", _ASPECT, message, place=place(entry), cause=cause, settle=settle)


def _general(message: str, cause: Cause, settle: str, where: Place) -> Finding:
    return Finding("unknown", _ASPECT, message, place=where, cause=cause, settle=settle)
