"""Packages that were handed to the device to misuse its update mechanisms (5.3-1-2, 5.3-2-2)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.assessment.criteria import update_servers
from pytest_etsi.assessment.criteria.updates import mechanisms, takes_older
from pytest_etsi.assessment.findings import Finding, Findings, note, together, unknown, violation
from pytest_etsi.assessment.reading.lexicon import words
from pytest_etsi.assessment.reading.sentences import sentences
from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.packages.model import ARCHIVES
from pytest_etsi.profile.words import plain
from pytest_etsi.verdict import Cause

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_etsi.dut.observe.updates.model import Tried, UpdateSeries
    from pytest_etsi.probes.packages import Alteration
    from pytest_etsi.profile import Ixit
    from pytest_etsi.profile.entries import SoftCompEntry, UpdMechEntry

__all__ = ["examined", "lets_force", "planned", "referenced", "withstands"]

_FORCING = words(
    r"force[sd]?|forcing|forcibly|overrid\w*|all the same|(?:install\w*|proceed\w*|continue) anyway",
    r"erzw[iu]ng\w*|erzwungen\w*|trotzdem|forc\w+|quand meme|forz\w+|de todos modos|geforceerd|wymus\w*|forcar\w*",
)
"""Words for what installs a package whose check has failed."""
_NOT_FORCED = re.compile(
    r"\b(?:no|not|never|cannot|nicht|nie|kein\w*|pas|jamais|non|niet|geen|nao)\W+(?:\w+\W+){0,2}?"
    rf"(?:{_FORCING.pattern})"
)
"""A negation further away may be what the check has found: a package that is not signed can be forced."""
_SIGNATURES = frozenset({"unsigned", "empty-signature", "signature-bit", "other-key"})


def planned(entry: UpdMechEntry, attempts: tuple[Alteration, ...]) -> Findings:
    """The attempts that a program makes on a mechanism, for the person who says whether they are enough (5.3-2-2 a)."""
    packages = entry.access.packages
    if packages is None:
        message = "no genuine package is named, so that a program makes none of another kind"
        return Findings((note(entry, "access.packages", message, aspect="attack"),))
    lines = [f"{one.name}: {one.what}" for one in attempts]
    lines += ["older: a genuine package of an older version"] if packages.older else []
    lines += ["other-model: a package for another model"] if packages.other_model else []
    lines += (
        ["forced: some of these, installed although their check has failed"] if entry.access.forces else []
    )
    lines += [f"power-cut: after {seconds:g} s" for seconds in entry.access.cuts_after_s]
    lines += update_servers.planned(entry)
    return Findings(note(entry, "access.packages", line, aspect="attack") for line in lines)


def withstands(entry: UpdMechEntry, series: UpdateSeries) -> Findings:
    """What shows that a mechanism lets itself be misused, or that this was not seen (5.3-2-2 b)."""
    found: list[Finding] = []
    for one in (*series.tried, *series.cuts):
        found += _outcome(entry, one)
    if series.blocked:
        found.append(
            _violation(
                entry,
                "takes no genuine package any more, after others that it has refused, until its software is new",
                "that genuine packages are installed all the same",
            )
        )
    if entry.access.marker is not None:
        message = "whether the package has written outside of where it is unpacked was not seen"
        found += (
            _unknown(entry, "access.marker", f"{one.name}: {message}", Cause.BENCH)
            for one in series.tried
            if one.marked is None and one.outcome in ("refused", "installed")
        )
    found += _missing(entry, series)
    found += update_servers.misled(entry, series)
    found += (_unknown(entry, "access", gap, Cause.BENCH) for gap in series.open)
    return Findings(dict.fromkeys(found), examined(series))


def referenced(entry: SoftCompEntry, ixit: Ixit, observe: Callable[[UpdMechEntry], UpdateSeries]) -> Findings:
    """The same of every mechanism that a component refers to; one that can be misused is enough (5.3-1-2 a)."""
    return together(*(withstands(one, observe(one)) for one in mechanisms(entry, ixit)))


def lets_force(entry: UpdMechEntry) -> tuple[str, str] | None:
    """Where the documents seem to say that what fails its check can be installed all the same: field and sentence."""
    fields = ("Description", "Security Guarantees", "Initiation and Interaction", "Configuration")
    said = [
        (field, sentence)
        for field in fields
        if field in entry
        for sentence in sentences(entry[field])
        if _FORCING.search(plain(sentence)) and not _NOT_FORCED.search(plain(sentence))
    ]
    return said[0] if said else None


def examined(series: UpdateSeries) -> str:
    """What was tried, in one phrase, for the record."""
    if series.package is None:
        return "nothing"
    refused = [one.name for one in series.tried if one.outcome == "refused"]
    harmless = [one.name for one in series.tried if one.outcome == "installed" and one.means == "state"]
    when = "before and after" if series.last else "before"
    when += ", seen on its way through this machine" if series.first and series.first.met else ""
    parts = [
        f"a genuine package ({series.container}, {series.package['bytes']} bytes) {when}",
        f"refused: {', '.join(refused) or 'none'}",
    ]
    parts += [f"installed, and genuine: {', '.join(harmless)}"] if harmless else []
    parts += [f"{len(series.cuts)} cuts of the power while it installs"] if series.cuts else []
    parts += [f"not tried: {', '.join(name for name, _ in series.undone)}"] if series.undone else []
    return "; ".join(parts)


def _outcome(entry: UpdMechEntry, one: Tried) -> Iterator[Finding]:
    if one.marked:
        yield _violation(
            entry,
            f"{one.name}: the package has written a file outside of where it is unpacked",
            "that it does not",
        )
    answered = f"; it was answered {printable(one.answer, 200)!r}" if one.answer != "done" else ""
    if one.outcome == "installed":
        yield from _installed(entry, one, answered)
    elif one.outcome == "dead":
        message = (
            f"{one.name} ({one.what}): the device does not start any more until its software is written anew"
        )
        yield _violation(entry, message, "that it goes on with the software that it has")
    elif one.outcome == "hung":
        message = (
            f"{one.name} ({one.what}): the device was in order again only after a cut of its power{answered}"
        )
        yield _unknown(entry, "Description", message, Cause.JUDGEMENT)
    elif one.outcome in ("lost", "unsent"):
        what = (
            "could not be handed over"
            if one.outcome == "unsent"
            else "the device did not come back: whether it failed or the bench cannot be told"
        )
        yield _unknown(entry, "access", f"{one.name}: {what}{answered}", Cause.BENCH)


def _installed(entry: UpdMechEntry, one: Tried, answered: str) -> Iterator[Finding]:
    message = f"{one.name} ({one.what}) is installed: the device tells version {one.version!r}{answered}"
    if one.means == "perhaps":
        yield _unknown(
            entry, "Description", f"{message}; whether that bit means anything is not known", Cause.JUDGEMENT
        )
    elif one.means == "misuse" and (said := _said_of(entry, one)):
        yield _unknown(
            entry, said[0], f"{message}, as the documents seem to say: {said[1]!r}", Cause.JUDGEMENT
        )
    elif one.means == "misuse":
        yield _violation(entry, message, "that it is refused")


def _said_of(entry: UpdMechEntry, one: Tried) -> tuple[str, str] | None:
    """Where the documents seem to say that such a package is taken: field and sentence; None: nowhere."""
    if one.name == "older":
        return takes_older(entry)
    return lets_force(entry) if one.name.startswith("forced-") else None


def _missing(entry: UpdMechEntry, series: UpdateSeries) -> Iterator[Finding]:
    """Kinds of packages that belong to a series, and were not handed over."""
    packages = entry.access.packages
    if packages is None or series.first is None or series.first.outcome != "installed":
        return
    if packages.older is None:
        yield _unknown(
            entry, "access.packages.older", "no genuine package of an older version is named", Cause.ACCESS
        )
    if packages.other_model is None:
        yield _unknown(
            entry, "access.packages.other_model", "no package for another model is named", Cause.ACCESS
        )
    if series.container in ARCHIVES and entry.access.marker is None:
        message = "the package is an archive, and whether one writes outside cannot be seen"
        yield _unknown(entry, "access.marker", message, Cause.ACCESS)
    if entry.access.forces is None and (said := lets_force(entry)):
        message = f"how a package is installed that fails its check is not described, and {said[1]!r} is said"
        yield _unknown(entry, "access.forces", message, Cause.ACCESS)
    tried = {one.name for one in series.tried}
    if not tried & _SIGNATURES and not packages.altered:
        gaps = series.package["gaps"] if series.package else ()
        message = f"its signature was neither left out nor replaced: {'; '.join(gaps) or 'it could not be'}"
        yield replace(
            _unknown(entry, "access.packages.genuine", message, Cause.ACCESS),
            settle="alter such packages by hand, and name them under access.packages.altered",
        )
    for name, why in series.undone:
        cause = Cause.PERMISSION if "permit" in why or "may not" in why else Cause.INFORMATION
        if cause is Cause.PERMISSION or name in _SIGNATURES:
            yield _unknown(entry, "access", f"{name} was not tried: {why}", cause)


def _violation(entry: UpdMechEntry, message: str, expected: str) -> Finding:
    return violation(entry, "Description", message, aspect="attack", expected=expected)


def _unknown(entry: UpdMechEntry, field: str, message: str, cause: Cause) -> Finding:
    return replace(unknown(entry, field, message, aspect="attack"), cause=cause)
