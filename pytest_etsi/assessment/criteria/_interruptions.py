"""Cuts of the power in the midst of something (5.9-1-2 b, 5.9-2-2 b): what they show, and what is promised of them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.assessment.findings import Finding, unknown, violation
from pytest_etsi.assessment.reading.sentences import sentences
from pytest_etsi.probes.observation import printable
from pytest_etsi.verdict import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.dut.observe.outages.model import Interruption, OutageObservation
    from pytest_etsi.profile.entries import ResMechEntry

__all__ = ["interruptions", "made_in_words"]

_ANY_MOMENT = r"at any (?:moment|time|point|instant)|whenever (?:it|power)|no matter when|atomic(?:ally)?"
_WHILE_WRITING = re.compile(
    rf"\b(?:{_ANY_MOMENT}|(?:while|during)\b[^.;]{{0,60}}\b(?:writ(?:es?|ing|ten)|sav(?:es?|ing|ed)|stor(?:es?|ing|ed)))\b",
    re.IGNORECASE,
)
_WHILE_STARTING = re.compile(
    rf"\b(?:{_ANY_MOMENT}|(?:while|during)\b[^.;]{{0,60}}\b(?:start(?:s|ing)?|boot(?:s|ing)?))\b",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"\b(?:cut|loss|lost|los(?:es|ing)|fail(?:s|ure|ing)?|interrupt\w*|outage|removed|pulled|unplugged|gone)\b",
    re.IGNORECASE,
)
_FAILED = 2
"""Times in a row after which it was the moment, since plain cuts before and between went well."""


def interruptions(entry: ResMechEntry, observed: OutageObservation) -> Iterator[Finding]:
    """What cuts in the midst of something show of a mechanism, and what of them was promised and not seen."""
    seen = observed.interrupted(entry.id)
    for one in seen:
        yield from _one(entry, one)
    for of, gap in observed.uninterrupted:
        if of == entry.id:
            yield _open(entry, "access.interrupted", gap, Cause.BENCH)
    yield from _unwritten(entry, seen)
    yield from _promised(entry)


def made_in_words(observed: OutageObservation) -> str:
    """How many there were and what was found, in one phrase; empty: none."""
    parts = []
    for during in ("writing", "starting"):
        made = [one for _, one in observed.interruptions if one.during == during]
        if made:
            found = [
                f"{count} x the {name} value" for name in ("old", "new") if (count := _count(made, name))
            ]
            told = f" ({', '.join(found)})" if found else ""
            parts.append(f"{len(made)} cut{'' if len(made) == 1 else 's'} while {during}{told}")
    return "; ".join(parts)


def _count(made: list[Interruption], found: str) -> int:
    return sum(one.found == found for one in made)


def _one(entry: ResMechEntry, one: Interruption) -> Iterator[Finding]:
    cut = f"a cut of the power {one.moment}"
    yield from (_open(entry, "access.interrupted", f"{cut}: {gap}", Cause.BENCH) for gap in one.gaps)
    if one.recovered_s is None:
        if one.alive or one.failures >= _FAILED:
            yield _violation(entry, f"does not come back as it was after {cut}", "that it does")
        else:
            message = (
                f"the device did not come back after {cut}: whether it failed or the bench cannot be told"
            )
            yield _open(entry, "access.interrupted", message, Cause.BENCH)
        return
    if one.failures:
        message = f"the device came back after {cut} only when that was repeated, and it had been started in between"
        yield _open(entry, "access.interrupted", message, Cause.BENCH)
    if one.found == "third":
        found = f"has {printable(one.detail, 200)} in a setting after {cut}"
        yield _violation(entry, found, "the former value or the new one")
    elif one.found == "unreadable":
        found = f"does not give a setting any more after {cut}: {printable(one.detail, 200)}"
        yield _violation(entry, found, "the former value or the new one")
    for change in one.changed:
        yield _violation(entry, f"after {cut} {printable(change, 400)}", "the same as before")
    for tried in one.functions:
        message = f"{tried.operation} does not work after {cut}: {printable(tried.detail, 200)}"
        if not tried.works and tried.answered:
            yield _violation(entry, message, "that it works as before")
        elif not tried.works:
            yield _open(entry, "access.interrupted", f"{message}; nothing answered", Cause.BENCH)


def _unwritten(entry: ResMechEntry, seen: tuple[Interruption, ...]) -> Iterator[Finding]:
    """Whether anything was under way at all when the power was cut."""
    made = [one for one in seen if one.during == "writing"]
    if made and not any(one.written or one.found == "new" for one in made):
        message = (
            "no cut came when anything had reached the device for sure: it never confirmed what was written"
        )
        yield _open(entry, "access.interrupted.writing", message, Cause.INFORMATION)


def _promised(entry: ResMechEntry) -> Iterator[Finding]:
    """What the description says of such cuts, where none is made."""
    wanted = entry.access.interrupted
    for made, pattern, name in (
        (wanted.writing, _WHILE_WRITING, "writing"),
        (wanted.starting, _WHILE_STARTING, "starting"),
    ):
        told = (one for one in sentences(entry["Description"]) if pattern.search(one) and _CUT.search(one))
        if made is None and (said := next(told, "")):
            message = f"promises what a plain cut does not show: {said!r}"
            yield _open(entry, f"access.interrupted.{name}", message, Cause.INFORMATION)


def _violation(entry: ResMechEntry, message: str, expected: str) -> Finding:
    return violation(entry, "Description", message, aspect="behaviour", expected=expected)


def _open(entry: ResMechEntry, field: str, message: str, cause: Cause) -> Finding:
    return replace(unknown(entry, field, message, aspect="behaviour"), cause=cause)
