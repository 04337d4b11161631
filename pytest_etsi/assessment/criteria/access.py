"""Who gets at the functions of a service (5.5-4-2, 5.5-5-2 a)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.assessment.criteria.channels import in_use, seen
from pytest_etsi.assessment.criteria.cryptography import channel, describe
from pytest_etsi.assessment.findings import Finding, Findings, unknown
from pytest_etsi.assessment.reading.answers import place

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from pytest_etsi.dut import AccessObservation, ChannelObservation
    from pytest_etsi.dut.observe.access.model import Subject, Try
    from pytest_etsi.probes.ssh import SshObservation
    from pytest_etsi.probes.tls import TlsObservation
    from pytest_etsi.profile import Entry
    from pytest_etsi.profile.entries import AuthMechEntry, ComMechEntry

__all__ = ["authentication_in_use", "carried_by", "kept_out", "let_in", "told"]

_OTHERS: tuple[Subject, ...] = (
    "nobody",
    "wrong identity",
    "tampered session",
    "ended session",
    "without the right",
)


def kept_out(entry: Entry, observed: AccessObservation, earlier: Iterable[Try] = ()) -> Findings:
    """Whether those are kept out who should be.

    Args:
        entry: of 13-SoftServ.
        observed: the attempts in the initialized state.
        earlier: attempts in factory default.
    """
    others = observed.by(*_OTHERS)
    found = _gaps(entry, observed) or _untried(entry, others, "nobody has tried it who should be kept out")
    for state, tries in (("", others), (" in factory default", tuple(earlier))):
        found += [
            Finding(
                "violation",
                "behaviour",
                f"{one.request} is granted to {one.subject}{state} ({one.status})",
                expected="a refusal",
                found=one.status,
                place=place(entry),
            )
            for one in tries
            if one.granted
        ]
        found += [
            unknown(
                entry, None, f"{one.request} by {one.subject}{state}: {_neither(one)}", aspect="behaviour"
            )
            for one in tries
            if not one.answered
        ]
    return Findings(dict.fromkeys(found))


def let_in(entry: Entry, observed: AccessObservation) -> Findings:
    """Whether those are let in who hold the right."""
    rightful = observed.by("with the right")
    found = _gaps(entry, observed) or _untried(entry, rightful, "nobody has tried it who holds the right")
    for one in rightful:
        if not one.answered:
            found.append(
                unknown(entry, None, f"{one.request} with the right: {_neither(one)}", aspect="behaviour")
            )
        elif not one.granted:
            found.append(
                Finding(
                    "violation",
                    "behaviour",
                    f"{one.request} is refused to a subject that holds the right ({one.status})",
                    expected="the function",
                    found=one.status,
                    place=place(entry),
                )
            )
    return Findings(dict.fromkeys(found))


def _neither(one: Try) -> str:
    """What came back where it neither gives nor refuses the function."""
    neither = "which neither gives the function nor refuses access"
    return f"{one.status}, {neither}" if one.status.startswith("HTTP ") else one.status


def told(observed: AccessObservation) -> str:
    """What was tried, in one phrase, for the record."""
    subjects: tuple[Subject, ...] = (*_OTHERS, "with the right")
    counts = {subject: len(observed.by(subject)) for subject in subjects}
    return "attempts by " + ", ".join(f"{subject}: {count}" for subject, count in counts.items() if count)


def authentication_in_use(
    entry: AuthMechEntry,
    accepted: TlsObservation | SshObservation | None,
    carriers: Sequence[tuple[ComMechEntry, ChannelObservation]],
) -> Findings:
    """Whether a mechanism is protected as documented (5.5-4-2 c).

    Args:
        entry: of 1-AuthMech.
        accepted: what its endpoint accepts; None: it has none of its own.
        carriers: the mechanisms of 11-ComMech by which it travels otherwise, and what was seen of each.
    """
    if accepted is not None:
        return channel(entry, accepted)
    found: list[Finding] = []
    for mechanism, observed in carriers:
        found.extend(in_use(mechanism, observed))
    if not carriers:
        found.append(
            unknown(
                entry,
                None,
                "it has no endpoint of its own, and no mechanism of 11-ComMech is said to carry it",
                aspect="behaviour",
            )
        )
    return Findings(found)


def carried_by(
    accepted: TlsObservation | SshObservation | None, carriers: Sequence[tuple[Entry, ChannelObservation]]
) -> str:
    """Over what a mechanism travels, in one phrase, for the record; arguments as of `authentication_in_use`."""
    over = describe(accepted) if accepted is not None else ""
    over = over or "; ".join(f"{mechanism}: {seen(observed)}" for mechanism, observed in carriers)
    return f"{over or 'no channel'}: nothing beyond what is documented"


def _untried(entry: Entry, tries: Collection[Try], message: str) -> list[Finding]:
    return [] if tries else [unknown(entry, None, message, aspect="behaviour")]


def _gaps(entry: Entry, observed: AccessObservation) -> list[Finding]:
    return [unknown(entry, None, gap, aspect="behaviour") for gap in observed.gaps]
