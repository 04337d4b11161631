"""Personal data on paper: purpose, parties, how long they are kept, aggregation, anonymization (6-1, 6-3B, 6-6 to 6-8).

Of edition 2.1.1, which has fields for each.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment.criteria.published import place as published
from pytest_etsi.assessment.findings import Finding, Findings
from pytest_etsi.assessment.reading.answers import affirmed, lacks, note, place, violation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_etsi.probes.capture import CaptureObservation
    from pytest_etsi.profile import Ixit
    from pytest_etsi.profile.entries import PersDataEntry, UserInfoEntry

__all__ = [
    "aggregated_early",
    "anonymized",
    "consent_is_stored",
    "disposed",
    "informed",
    "kept_for_a_time",
    "kept_shortly",
    "necessary",
    "needed_for_the_aggregate",
    "purposes",
    "raw_in_captures",
]

_PLACE = "Documentation of Personal Data"
_DOUBT = re.compile(
    r"\b(?:never|unless|except\w*|if|should|would|could|may|might|former\w*|previous\w*|until|was|were|had)\b|n't\b|\?",
    re.IGNORECASE,
)


def informed(entry: PersDataEntry, user_info: UserInfoEntry) -> Findings:
    """What refutes that consumers are told what is processed, why, by whom and for how long (6-1-1 a)."""
    fields = ("Description", "Purpose", "Authorized Parties", "Lifecycle")
    stated = lacks(entry, *fields, expected="what consumers have to be told")
    return Findings((*stated, *published(user_info, _PLACE)))


_NOT_STORED = re.compile(
    r"\b(?:(?:is|are) not (?:being )?(?:stored|kept|recorded|logged|saved)|nothing (?:is|gets) (?:stored|kept|recorded"
    r"|logged|saved))\b",
    re.IGNORECASE,
)
_ALL = ("time", "version", "choice")


def consent_is_stored(entry: PersDataEntry) -> Findings:
    """What refutes that information about consent is stored (6-3B-1 a)."""
    field = "Storing Consent"
    found: list[Finding] = list(lacks(entry, field, expected="what is stored of a consent, and where"))
    if not found and (said := affirmed(entry[field], _NOT_STORED, _DOUBT)):
        found.append(
            violation(entry, field, f"says that it is not: {said!r}", expected="a record of the consent")
        )
    stated = entry.facts.consent_stored
    if entry.facts.says("consent_stored") and (missing := [one for one in _ALL if one not in stated]):
        found.append(note(entry, field, f"{' and '.join(missing)} are not among what is stored"))
    return Findings(found)


_BEYOND = re.compile(
    r"\b(?:marketing|advertis\w*|profil\w*|sold|sells?|shared? with|third part\w*|partners?|train\w*)\b",
    re.IGNORECASE,
)


def necessary(entry: PersDataEntry) -> Findings:
    """What refutes that the processing is necessary for the purpose (6-6-1 a)."""
    purpose, activities = "Purpose", "Processing Activities"
    found = list(lacks(entry, purpose, activities, expected="what is done with the data, and what for"))
    if not found and _plain(entry[purpose]) == _plain(entry[activities]):
        found.append(note(entry, purpose, "says of the purpose what it says of the processing"))
    if (match := _BEYOND.search(entry[activities])) and not _BEYOND.search(entry[purpose]):
        found.append(note(entry, activities, f"does the purpose need it? {match[0]!r}"))
    return Findings(found)


_WITHOUT_END = re.compile(
    r"\b(?:indefinite\w*|for ?ever|unlimited|without (?:any )?(?:time )?limit|no (?:time )?limit|permanently|for good"
    r"|never (?:be )?(?:deleted|erased|removed)|(?:are|is) not (?:deleted|erased|removed))\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because|since|as (?:the |a )?law|required by|legal\w*|law|statut\w*|obligation|in order to"
    r"|so that|until|unless|except\w*|if|when)\b",
    re.IGNORECASE,
)


def kept_for_a_time(entry: PersDataEntry) -> Findings:
    """What refutes that data are kept for a reasonable time (6-6-1 b)."""
    found: list[Finding] = list(lacks(entry, "Lifecycle", expected="how long the data are kept"))
    if not found:
        found.extend(_without_end(entry, "Lifecycle", "a time after which the data are gone"))
    if not found and entry.facts.retention is None and not re.search(r"\d", entry["Lifecycle"]):
        found.append(note(entry, "Lifecycle", "names no time that a program recognises"))
    return Findings(found)


def _without_end(entry: PersDataEntry, field: str, expected: str) -> Iterator[Finding]:
    """That data are kept without end, and no reason is given for it."""
    if said := affirmed(entry[field], _WITHOUT_END, _REASON):
        yield violation(
            entry, field, f"keeps them without end, and gives no reason: {said!r}", expected=expected
        )
    elif entry.facts.retention == "unlimited":
        if _REASON.search(entry[field]):
            yield note(entry, "facts.retention", "keeps them without end: is the reason good enough?")
        else:
            yield violation(
                entry,
                "facts.retention",
                "keeps them without end, and gives no reason",
                expected=expected,
                found="unlimited",
            )


def disposed(entry: PersDataEntry) -> Findings:
    """What refutes that data are disposed of wherever they are (6-6-1 c)."""
    expected = "how the data are deleted at the end, from the device and from services"
    found: list[Finding] = list(lacks(entry, "Lifecycle", expected=expected))
    if not found and (said := affirmed(entry["Lifecycle"], _NOT_DELETED, _REASON)):
        found.append(violation(entry, "Lifecycle", f"says that they are not: {said!r}", expected=expected))
    facts = entry.facts
    kept = {"device": facts.on_device, "service": facts.on_service}
    left = [where for where, there in kept.items() if there and where not in facts.disposed_from]
    if facts.says("disposed_from") and left:
        message = f"are kept on the {' and on the '.join(left)}, and not deleted from there"
        found.append(violation(entry, "facts.disposed_from", message, expected=expected))
    return Findings(found)


_NOT_DELETED = re.compile(
    r"\b(?:never (?:be )?(?:deleted|erased|removed)|(?:are|is) not (?:deleted|erased|removed)"
    r"|no (?:deletion|disposal|erasure))\b",
    re.IGNORECASE,
)
_IDENTIFIES = re.compile(
    r"\b(?:names?|e-?mail\w*|addresses|phone numbers?|serial numbers?|identifiers?|account|location|raw|images?"
    r"|video)\b",
    re.IGNORECASE,
)
_RAW_LEAVES = re.compile(
    r"\braw (?:\w+ )?(?:are |is |get |gets )?(?:sent|uploaded|transmitted|transferred)\b"
    r"|\b(?:sends?|uploads?|transmits?) (?:the |all )?raw\b"
    r"|\baggregat\w* (?:is done |are |takes place |happens )?(?:in|on|by) (?:the )?"
    r"(?:cloud|service|server|back-?end)\b",
    re.IGNORECASE,
)


def needed_for_the_aggregate(entry: PersDataEntry) -> Findings:
    """What refutes that the data collected are needed for the aggregate (6-7-1 a)."""
    found = list(lacks(entry, "Processing Activities", expected="what is collected for the aggregate"))
    if match := _IDENTIFIES.search(entry["Processing Activities"]):
        found.append(note(entry, "Processing Activities", f"does the aggregate need it? {match[0]!r}"))
    return Findings(found)


def aggregated_early(entry: PersDataEntry) -> Findings:
    """What refutes that data are aggregated as early as can be (6-7-1 b)."""
    found = list(lacks(entry, "Processing Activities", expected="where and when the data are aggregated"))
    if match := _RAW_LEAVES.search(entry["Processing Activities"]):
        found.append(note(entry, "Processing Activities", f"could it be done before? {match[0]!r}"))
    return Findings(found)


def kept_shortly(entry: PersDataEntry) -> Findings:
    """What refutes that data and aggregate are kept as shortly as can be (6-7-1 c); read from Processing Activities."""
    field = "Processing Activities"
    expected = "how long the data are kept, and how long the aggregate"
    found: list[Finding] = list(lacks(entry, field, expected=expected))
    if not found:
        found.extend(_without_end(entry, field, expected))
    if not found and not re.search(r"\d", entry[field]):
        found.append(
            note(entry, field, "names no time that a program recognises, for the data or for the aggregate")
        )
    return Findings(found)


_PSEUDONYM = re.compile(
    r"\b(?:pseudonym\w*|hash(?:ed|es|ing)?|sha-?\d+|md5|random (?:id|identifier)|tokeni[sz]\w*|installation id|uuid)\b",
    re.IGNORECASE,
)


def anonymized(entry: PersDataEntry) -> Findings:
    """What refutes that suitable anonymization is used (6-8-1 a)."""
    field = "Anonymization"
    found = list(lacks(entry, field, expected="a technique, and the stage at which it is used"))
    if match := _PSEUDONYM.search(entry[field]):
        found.append(note(entry, field, f"a pseudonym is no anonymity: is it more than that? {match[0]!r}"))
    return Findings(found)


def purposes(ixit: Ixit) -> Findings:
    """What is declared of each kind of data, for who judges what was found on the device (6-6-2 c)."""
    return Findings(
        note(one, "Purpose", f"{one['Description'] or one.id}: {one['Purpose'] or 'no purpose is stated'}")
        for one in ixit.pers_data[:20]
    )


def raw_in_captures(entry: PersDataEntry, captures: Iterable[CaptureObservation]) -> Findings:
    """What shows that data leave the device as they are, of which only an aggregate should (6-7-2 b).

    Violations: their known value (`access.canary`) was sent in clear by the device. None found shows nothing: what is
    encrypted is not seen.
    """
    return Findings(
        dict.fromkeys(
            Finding(
                "violation",
                "channel",
                f"{capture.file}: the known value leaves the device as it is ({hit.coding}), to {hit.destination}",
                expected="an aggregate alone",
                found=hit.coding,
                place=place(entry),
                evidence=capture.file,
            )
            for capture in captures
            for hit in capture.canary_hits
            if hit.name == str(entry) and hit.source in capture.hosts
        )
    )


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
