"""Consent as it was tried out on the device (6-2-2 a, 6-3-2 a, 6-3B-2 a): off at first, refusable, and withdrawable.

That nothing was recorded shows something only where the same look finds what is recorded once consent is given, and
where the device was seen to tell its service something meanwhile.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.assessment.findings import Finding, Findings, note, unknown, violation
from pytest_etsi.probes.observation import printable
from pytest_etsi.verdict import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.dut.observe.consent.model import ConsentSeen, Stage
    from pytest_etsi.profile.entries import PersDataEntry

__all__ = ["examined", "obtained", "stored", "withdrawn"]

_OBTAINING, _WITHDRAWING, _STORING = "Obtaining Consent", "Withdrawing Consent", "Storing Consent"
_WORDS = {
    "fresh": "before anybody has answered",
    "refused": "after a refusal",
    "given": "after consent",
    "withdrawn": "after consent was withdrawn",
    "restarted": "after consent was withdrawn, and a restart",
}


def obtained(entry: PersDataEntry, seen: ConsentSeen) -> Findings:
    """What shows that consent is not obtained as described, or that this was not seen (6-2-2 a)."""
    found: list[Finding] = []
    refused, given = seen.at("refused"), seen.at("given")
    for stage in (seen.at("fresh"), refused):
        if stage is not None:
            found += _without(entry, stage, given, _OBTAINING)
    if refused is not None:
        found += _answer(entry, refused, _OBTAINING, "that it can be refused")
        found += (
            _violation(entry, _OBTAINING, f"who refuses cannot use {printable(one, 200)}", "that it works")
            for one in refused.broken
        )
    if given is not None:
        found += _answer(entry, given, _OBTAINING, "that it is given as described")
    if any(one.kind == "violation" for one in found):
        return Findings(dict.fromkeys(found))
    return Findings(dict.fromkeys((*found, *_open(entry, seen), *_control(entry, given))))


def withdrawn(entry: PersDataEntry, seen: ConsentSeen) -> Findings:
    """What shows that consent is not withdrawn as described, or that this was not seen (6-3-2 a)."""
    found: list[Finding] = []
    stage = seen.at("withdrawn")
    if stage is not None:
        found += _answer(entry, stage, _WITHDRAWING, "that it is withdrawn as described")
    for one in (stage, seen.at("restarted")):
        if one is not None and one.done:
            found += _without(entry, one, seen.at("given"), _WITHDRAWING)
    if any(one.kind == "violation" for one in found):
        return Findings(dict.fromkeys(found))
    if stage is not None and seen.at("restarted") is None:
        message = "whether the consent stays withdrawn after a restart was not tried"
        found.append(note(entry, _WITHDRAWING, message, aspect="behaviour"))
    if stage is None and not seen.gaps:
        found.append(_unknown(entry, _WITHDRAWING, "consent could not be given, and so not withdrawn"))
    return Findings(dict.fromkeys((*found, *_open(entry, seen), *_control(entry, seen.at("given")))))


def stored(entry: PersDataEntry, seen: ConsentSeen) -> Findings:
    """What shows that a consent is not stored as described, or that this was not seen (6-3B-2 a of edition 2.1.1)."""
    given, access = seen.at("given"), entry.access.consent
    if access is None or access.stored is None or not access.stored_shows:
        message = (
            "does not say by what a program reads what is stored of the consent, and what that has to show"
        )
        one = replace(_unknown(entry, "access.consent.stored", message), cause=Cause.ACCESS)
        return Findings((one, *_open(entry, seen)))
    if given is None or not given.done or given.stored is None:
        if given is not None and given.done and not seen.gaps:
            return Findings((_unknown(entry, _STORING, "what is stored of the consent could not be read"),))
        return Findings(_open(entry, seen))
    before = seen.at("refused") or seen.at("fresh")
    already = {shows for shows, there in (before.stored or () if before is not None else ()) if there}
    found = [
        _violation(entry, _STORING, f"after consent the record of it does not show {shows!r}", "as described")
        for shows, there in given.stored
        if not there
    ]
    found += [
        _unknown(
            entry,
            "access.consent.stored_shows",
            f"the record shows {shows!r} without consent, too, so that finding it shows nothing",
        )
        for shows, there in given.stored
        if there and shows in already
    ]
    return Findings(found)


def examined(seen: ConsentSeen) -> str:
    """What was looked at, in one phrase, for the record."""
    parts = [
        f"{_WORDS[one.when]} {'something' if one.recorded else 'nothing'} was recorded"
        + (f", {one.flows} connections" if one.flows is not None else "")
        for one in seen.stages
    ]
    return "; ".join(parts) or "nothing"


def _without(entry: PersDataEntry, stage: Stage, given: Stage | None, field: str) -> Iterator[Finding]:
    """The device without consent: nothing is set, nothing flows, nothing is recorded."""
    when, ended = _WORDS[stage.when], stage.when in ("withdrawn", "restarted")
    if stage.given:
        yield _violation(entry, field, f"the device says {when} that consent is given", "that it is not")
    kept = ended and not entry.facts.erased_on_withdrawal
    if stage.recorded and (stage.renewed or not kept):
        yield _violation(entry, field, f"data are recorded {when}", "that none are")
    if stage.flows:
        message = f"{stage.flows} connections go {when} to where such data are sent"
        yield _violation(entry, field, message, "that there are none")
    if stage.others:
        told = ", ".join(f"{printable(name, 80)} ({count} times)" for name, count in stage.others)
        message = f"{when} connections to the same port of where such data are sent ask for {told}"
        one = _unknown(entry, "access.consent", f"{message}; what they carry is not seen")
        yield replace(
            one,
            cause=Cause.JUDGEMENT,
            settle="name under access.consent.flow_others what goes there otherwise, or see what they carry",
        )
    if stage.recorded is None:
        yield _unknown(entry, field, f"what is recorded {when} could not be read")
    if stage.given is None:
        yield _unknown(entry, field, f"whether consent is given could not be read {when}")
    if stage.reported is None:
        message = "names nothing that changes with each report (reports), so that it may not have told yet"
        yield replace(_unknown(entry, "access.consent", f"{message} what it had {when}"), cause=Cause.ACCESS)
    elif not stage.reported and not (given is not None and given.reported):
        # Whoever has nothing to tell keeps silent, where it is heard in the same time once consent is given.
        yield _unknown(entry, field, f"the device told its service nothing at all {when}")


def _answer(entry: PersDataEntry, stage: Stage, field: str, expected: str) -> Iterator[Finding]:
    if stage.done:
        return
    message = f"{stage.operation} could not be carried out: {printable(stage.detail, 300)}"
    yield _violation(entry, field, message, expected) if stage.answered else _unknown(entry, field, message)


def _control(entry: PersDataEntry, given: Stage | None) -> Iterator[Finding]:
    """What shows that the looks would have found something."""
    if given is None or not given.done:
        return
    if not given.given:
        yield _unknown(entry, _OBTAINING, "the device does not say after consent that it is given")
    if not given.recorded:
        message = "nothing is recorded after consent either, so that finding nothing without it shows nothing"
        yield _unknown(entry, "access.consent", message)
    if given.flows == 0:
        message = "the capture shows no connection after consent either, so that its silence shows nothing"
        yield _unknown(entry, "access.consent", message)


def _open(entry: PersDataEntry, seen: ConsentSeen) -> Iterator[Finding]:
    for gap in seen.gaps:
        one = _unknown(entry, "access.consent", printable(gap, 400))
        yield replace(one, cause=seen.cause, settle=seen.settle)
    if seen.at("given") is None and not seen.gaps:
        yield _unknown(entry, "access.consent", "it did not come to giving consent")


# Making them ------------------------------------------------------------------------------------------------


def _violation(entry: PersDataEntry, field: str, message: str, expected: str) -> Finding:
    where = field if field in entry else None
    return violation(entry, where, message, aspect="behaviour", expected=expected)


def _unknown(entry: PersDataEntry, field: str, message: str) -> Finding:
    return replace(unknown(entry, field, message, aspect="behaviour"), cause=Cause.BENCH)
