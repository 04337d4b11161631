"""Validation of input: every source is covered, and each method can be effective (5.13-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from pytest_etsi.assessment.findings import Finding, Findings, Place
from pytest_etsi.assessment.reading.answers import first, lacks, note, place, unknown, violation
from pytest_etsi.assessment.reading.layers import beneath
from pytest_etsi.profile.unread import remembered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_etsi.profile import Entry, Ixit
    from pytest_etsi.profile.entries import ComMechEntry, InpValEntry

__all__ = ["coverage", "effective"]


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
