"""Validation of input: every source is covered, and each method can be effective (5.13-1, 5.13-1A, 5.13-1B)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from pytest_etsi.assessment.findings import Finding, Findings, Place
from pytest_etsi.assessment.reading import claims
from pytest_etsi.assessment.reading.answers import first, lacks, note, place, unknown, violation
from pytest_etsi.assessment.reading.layers import beneath
from pytest_etsi.profile.unread import remembered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_etsi.profile import Entry, Ixit
    from pytest_etsi.profile.entries import ComMechEntry, ExtApiEntry, InpValEntry, UserIntfEntry

__all__ = ["coverage", "covers", "effective"]


@remembered(16)
def _sources(ixit: Ixit) -> Mapping[str, Entry]:
    """Every source of input by its ID: user interfaces, APIs, remotely accessible communication."""
    found: dict[str, Entry] = {}
    for entry in (*ixit.user_intf, *ixit.ext_api):
        found[entry.id] = entry
    for entry in ixit.com_mech:
        if entry.facts.remote:
            found[entry.id] = entry
    return found


def coverage(ixit: Ixit) -> Findings:
    """What refutes that the methods together cover every source of input (5.13-1-1 a)."""
    table = ixit.inp_val
    sources = _sources(ixit)
    if not len(table):
        if not sources:
            return Findings()
        some = next(iter(sources.values()))
        return Findings(
            (
                Finding(
                    "violation",
                    "answer",
                    f"{table.id} has no entries, while {place(some)} takes input",
                    expected="a method for every source of input",
                    place=Place(str(table.source)),
                ),
            )
        )
    known = {entry.id for each in (ixit.user_intf, ixit.ext_api, ixit.com_mech) for entry in each}
    named = {name for method in table for name in method.facts.sources}
    found = [
        violation(
            method,
            "facts.sources",
            f"names {name}, which is no entry of 27-UserIntf, {ixit.ext_api.id} or {ixit.com_mech.id}",
            expected=f"an entry of 27-UserIntf, {ixit.ext_api.id} or {ixit.com_mech.id}",
            found=name,
        )
        for method in table
        for name in method.facts.sources
        if name not in known
    ]
    if all(method.facts.sources for method in table):
        found.extend(_uncovered(entry, named, ixit) for name, entry in sources.items() if name not in named)
    elif not found:
        unsaid = [method for method in table if not method.facts.sources]
        found.extend(
            note(method, "Description", "does not state its sources in facts.sources")
            for method in unsaid[:3]
        )
    return Findings(first(found))


def _uncovered(entry: Entry, named: set[str], ixit: Ixit) -> Finding:
    """A source that no method names; what carries a layer may be named for both."""
    table = ixit.inp_val
    expected = f"{entry.id} in facts.sources of a method"
    lower = beneath(cast("ComMechEntry", entry), ixit).mechanisms if entry in ixit.com_mech else ()
    carrying = next((one for one in lower if one.id in named), None)
    if carrying is None:
        message = f"no method of {table.id} names this source of input ({table.source})"
        return violation(entry, None, message, expected=expected)
    message = f"no method names it: is it covered by that of {carrying}, which carries it?"
    return unknown(entry, None, message, expected=expected)


def covers(entry: UserIntfEntry | ExtApiEntry, ixit: Ixit) -> Findings:
    """Whether at least one method covers an interface: Source names it (5.13-1A-1 a, 5.13-1B-1 a).

    Args:
        entry: of 27-UserIntf, or of 28-LogIntf.
        ixit: all tables.

    Returns:
        Violations: no method names it. Unknown: a method does not say what it is for; or one is for an interface by
        which the same input comes, and may be meant for both.
    """
    table = ixit.inp_val
    expected = f"{entry.id} under Source of a method"
    named = {one.id: claims.sources(one) for one in table}
    if any(entry.id in names for names in named.values()):
        return Findings()
    shared = _of_the_same_input(entry, ixit)
    for name, names in named.items():
        if also := next((one for one in names if one in shared), None):
            message = f"no method names it: is it covered by {name}, which is for {also}?"
            return Findings((unknown(entry, None, message, expected=expected),))
    if unsaid := [one for one in table if not named[one.id]]:
        message = f"no method names it, and {unsaid[0]} does not say what it is for"
        return Findings((unknown(entry, None, message, expected=expected),))
    message = f"no method of {table.id} names it ({table.source})"
    return Findings((violation(entry, None, message, expected=expected),))


def _of_the_same_input(entry: UserIntfEntry | ExtApiEntry, ixit: Ixit) -> set[str]:
    """IDs of the interfaces by which the input of one comes, too: a page and what it is served by."""
    user_interface = ixit.user_intf.get(entry.id)
    if user_interface is not None and entry == user_interface:
        return set(claims.rests_on(user_interface, ixit))
    return {one.id for one in ixit.user_intf if entry.id in claims.rests_on(one, ixit)}


def effective(entry: InpValEntry) -> Findings:
    """What refutes that a method is effective for its input (5.13-1-1 b)."""
    found = list(
        lacks(
            entry, "Description", expected="which input is covered, and how unexpected data are turned down"
        )
    )
    where = entry.facts.where
    if where and not set(where) & {"device", "service"}:
        found.append(
            violation(
                entry,
                "facts.where",
                f"validates in the {' and the '.join(where)} only: whoever talks to the device goes round it",
                expected="validation in the device or the service",
                found=", ".join(where),
            )
        )
    text = entry["Description"].lower()
    for words, about in (
        ("length", ("length", "characters", "bytes", "size", "kib", "long")),
        ("range", ("range", "value", "between", "only")),
    ):
        if not found and not entry.facts.rejects and not any(word in text for word in about):
            found.append(note(entry, "Description", f"speaks of no {words} of the input"))
    return Findings(found)
