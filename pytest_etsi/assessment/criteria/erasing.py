"""Deletion functions as they were carried out, with recognisable data (5.11-1-2, 5.11-2-2, 5.11-3-1, 5.11-4-1).

A confirmation is not erasure, and data that are not found were only erased where they were seen before, on the
same way.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.assessment.findings import Finding, Findings, Place, note, unknown, violation
from pytest_etsi.probes.observation import printable
from pytest_etsi.text import listed
from pytest_etsi.verdict import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_etsi.dut.observe.erasing.model import Erasing
    from pytest_etsi.profile import Ixit
    from pytest_etsi.profile.entries import DelFuncEntry

__all__ = [
    "carried_out",
    "created",
    "examined",
    "followed",
    "nowhere",
    "operated",
    "separated",
    "survived",
    "tells",
]

_GONE = "that nothing of the data is left"
_NO_RIGHT = re.compile(
    r"\b(?:401|403)\b|\b(?:forbidden|unauthori[sz]ed|permission denied|access denied)\b", re.IGNORECASE
)
"""What is answered to who lacks a right; anything else may be said to an address that there is not."""


def created(entry: DelFuncEntry, seen: Erasing) -> Findings:
    """What leaves open that recognisable data were put there, and seen on every way (5.11-1-2 a, 5.11-2-2 a)."""
    return Findings(_uncreated(entry, seen))


def nowhere(ixit: Ixit, seen: Sequence[object]) -> Findings:
    """That nothing was tried, since no function says that it deletes there: nothing is examined, and nothing shown."""
    if seen:
        return Findings()
    table = ixit.del_func
    message = f"no entry of {table.id} says by its Target Type that it deletes there"
    where = Place(str(table.source), table.id)
    return Findings((Finding("unknown", "behaviour", message, cause=Cause.INFORMATION, place=where),))


def carried_out(entry: DelFuncEntry, seen: Erasing) -> Findings:
    """What leaves open that the function was carried out (5.11-4-1 a)."""
    tried = (replace(one, kind="unknown", cause=Cause.BENCH) for one in _not_carried_out(entry, seen))
    return Findings((*_uncreated(entry, seen), *tried))


def operated(entry: DelFuncEntry, seen: Erasing) -> Findings:
    """What shows that a function is started or operated otherwise than described, or that this was not seen.

    (5.11-1-2 b, 5.11-2-2 b)
    """
    found: list[Finding] = list(_uncreated(entry, seen))
    found += (
        _violation(entry, f"{name} erases the data already", "that only what is described starts it")
        for name in seen.early
    )
    found += _not_carried_out(entry, seen)
    found += (
        _violation(
            entry,
            f"it changes data of somebody else: {printable(change, 300)}",
            "that it deletes what is described, and nothing else",
            field="Target Type",
        )
        for change in seen.changed
    )
    told = any(so for _, so in seen.told)
    ends = [[one.found for one in seen.at(when) if one.declared] for when in ("at once", "later")]
    if seen.carried_out and all(ends) and all(map(all, ends)) and not told:
        found.append(_violation(entry, f"nothing happens after {seen.operation}", "that the data are erased"))
    return Findings(dict.fromkeys(found))


def survived(entry: DelFuncEntry, seen: Erasing) -> Findings:
    """What shows that data outlive the deletion, or that this was not searched (5.11-1-2 c, 5.11-2-2 c)."""
    found: list[Finding] = [
        _violation(
            entry, f"what was put there is still found afterwards by {one.way}", _GONE, field="Target Type"
        )
        for one in seen.found("later")
    ]
    if seen.alive:
        message = "who was logged in before the deletion still is, with the same session"
        found.append(_violation(entry, message, "that no session goes on", field="Target Type"))
    if found:
        return Findings(dict.fromkeys(found))
    found += _at_once(entry, seen)
    found += _uncreated(entry, seen)
    found += (replace(one, kind="unknown", cause=Cause.BENCH) for one in _not_carried_out(entry, seen))
    found += _unread(entry, seen)
    found.append(
        note(
            entry,
            None,
            f"what none of these ways reads was not searched: {examined(seen)}",
            aspect="behaviour",
        )
    )
    return Findings(dict.fromkeys(found))


def followed(entry: DelFuncEntry, seen: Erasing) -> Findings:
    """What shows that a step cannot be done as written, or leaves data, for who reads the instructions (5.11-3-1 c)."""
    return Findings(dict.fromkeys((*operated(entry, seen), *survived(entry, seen))))


def tells(entry: DelFuncEntry, seen: Erasing) -> Findings:
    """What shows that the user is not told that the data are gone, or told so falsely (5.11-4-1 b)."""
    found: list[Finding] = [
        _violation(
            entry, f"{words} although nothing was erased", "that it tells a failure", field="Confirmation"
        )
        for words in seen.told_falsely
    ]
    if not seen.carried_out:
        found += (replace(one, kind="unknown", cause=Cause.BENCH) for one in _not_carried_out(entry, seen))
        return Findings(found)
    if not seen.told:
        message = "does not say by what a program sees the confirmation (tells, confirmed)"
        found.append(_unknown(entry, "access", message, Cause.ACCESS))
    for words, so in seen.told:
        if not so:
            message = f"after the deletion it does not hold that {words}"
            found.append(_violation(entry, message, "that the user is told so", field="Confirmation"))
    found += (
        note(entry, "Confirmation", f"after the deletion it holds that {words}", aspect="behaviour")
        for words, so in seen.told
        if so
    )
    if seen.provoked is None:
        message = "what is told after a failure was not seen, for none was provoked"
        found.append(note(entry, "Confirmation", message, aspect="behaviour"))
    return Findings(dict.fromkeys(found))


def separated(entry: DelFuncEntry, seen: Erasing) -> Findings:
    """What shows that another user can delete the data, or that this was not seen (5.11-1-2 d of edition 2.1.1)."""
    found: list[Finding] = [
        _violation(
            entry,
            f"{name} erases the data, by a user who has no elevated rights and whose data they are not",
            "that nobody but the user, or who has elevated rights, deletes them",
            field="Target Type",
        )
        for name, gone, _ in seen.others
        if gone
    ]
    if found:
        return Findings(found)
    found += _uncreated(entry, seen)
    for name, gone, detail in seen.others:
        said = f": {printable(detail, 200)}" if detail else ""
        if gone is None:
            message = f"{name} could not be tried{said}"
            found.append(_unknown(entry, "access.not_by_others", message, Cause.BENCH))
        elif detail and not _NO_RIGHT.search(detail):
            message = (
                f"{name} left the data, and whether it was refused for want of a right is not plain{said}"
            )
            found.append(_unknown(entry, "access.not_by_others", message, Cause.JUDGEMENT))
    if not entry.access.not_by_others:
        alone = entry.access.says("not_by_others")
        message = (
            "it is said that the device has one user only: see that it has"
            if alone
            else "does not say by what another user would try to delete the data"
        )
        cause = Cause.JUDGEMENT if alone else Cause.ACCESS
        found.append(_unknown(entry, "access.not_by_others", message, cause))
    return Findings(dict.fromkeys(found))


def examined(seen: Erasing) -> str:
    """What was looked at, in one phrase, for the record."""
    if not seen.created:
        return "nothing"
    readable = [one.way for one in seen.at("later") if one.readable]
    both = [way for way in seen.ways if way in readable]
    other = len([way for way in readable if way not in seen.ways])
    return (
        f"{seen.marker} was seen on {listed(seen.ways)}, and sought after {seen.operation} on "
        f"{listed(both) or 'none of them'}, at once and {seen.waited_s:g} s later"
        + (f"; {other} more ways never showed it" if other else "")
    )


def _at_once(entry: DelFuncEntry, seen: Erasing) -> Iterator[Finding]:
    """Data that were found right after the deletion, where none were at the end."""
    for one in seen.found("at once"):
        if not seen.at("later"):
            message = f"data were found right after the deletion by {one.way}, and not sought any more"
            yield _unknown(entry, "access", message, Cause.BENCH)
        elif not entry.facts.within_s:
            message = (
                f"data were found right after the deletion by {one.way}, and not any more {seen.waited_s:g} s later; "
                "no time is stated for it"
            )
            yield _unknown(entry, "facts.within_s", message, Cause.JUDGEMENT)


def _unread(entry: DelFuncEntry, seen: Erasing) -> Iterator[Finding]:
    """Ways on which the data were seen, and which gave nothing to look in at the end."""
    last = {one.way: one for one in seen.at("later")}
    for way in seen.ways:
        one = last.get(way)
        if one is None or not one.readable:
            why = f": {printable(one.detail, 200)}" if one is not None and one.detail else ""
            yield _unknown(entry, "access", f"{way} could not be read after the deletion{why}", Cause.BENCH)
    for way, why in seen.blind:
        message = f"{way} may show nothing any more, whatever there is: {printable(why, 300)}"
        settle = (
            "see that the device is in use again (access.again) and that the way shows what users put there"
        )
        yield replace(_unknown(entry, "access", message, Cause.BENCH), settle=settle)


def _uncreated(entry: DelFuncEntry, seen: Erasing) -> Iterator[Finding]:
    for gap in seen.gaps:
        yield replace(_unknown(entry, "access", printable(gap), seen.cause), settle=seen.settle)
    if not seen.created and not seen.gaps:
        message = "no data that can be recognised were seen before the deletion"
        yield _unknown(entry, "access", message, Cause.BENCH)


def _not_carried_out(entry: DelFuncEntry, seen: Erasing) -> Iterator[Finding]:
    """That the function could not be carried out as described; nothing is known where it was never started."""
    if seen.carried_out or not seen.created:
        return
    message = (
        f"{seen.operation} could not be carried out: {printable(seen.detail, 300) or 'it was not started'}"
    )
    if seen.answered:
        yield _violation(entry, message, "that it is done as described")
    else:
        yield _unknown(entry, "access.operation", message, Cause.BENCH)


# Making them ------------------------------------------------------------------------------------------------


def _violation(
    entry: DelFuncEntry, message: str, expected: str, *, field: str = "Initiation and Interaction"
) -> Finding:
    return violation(entry, field, message, aspect="behaviour", expected=expected)


def _unknown(entry: DelFuncEntry, field: str, message: str, cause: Cause) -> Finding:
    return replace(unknown(entry, field, message, aspect="behaviour"), cause=cause)
