"""How the manufacturer deals with vulnerabilities: time frames and monitoring (scenario 5.2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment.findings import Findings, Place
from pytest_etsi.assessment.reading.answers import lacks, note, repeated, violation
from pytest_etsi.assessment.reading.words import says_nothing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.assessment.findings import Finding
    from pytest_etsi.profile import Ixit, IxitTable
    from pytest_etsi.profile.entries import UpdProcEntry, UserInfoEntry, VulnTypesEntry

__all__ = [
    "handling",
    "identification",
    "monitoring",
    "of_services",
    "rectification",
    "time_frame",
    "timelines",
]

_OPEN_ENDED = re.compile(
    r"[\s\W]*(?:as (?:needed|required|soon as (?:possible|practicable|we can)|appropriate|fast as possible)|asap"
    r"|best effort|when(?:ever)? (?:available|possible|ready|there is time|time permits)|promptly|quickly|timely"
    r"|in due (?:time|course)|(?:it )?depends(?: on [\w ]{1,30})?|depending on [\w ]{1,30}|case by case"
    r"|no fixed time(?: frame)?|no time frame|undefined|unlimited|open(?:-| )?ended|variable|various|some time"
    r"|reasonable time)[\s\W]*",
    re.IGNORECASE,
)
_A_TIME = re.compile(
    r"\b(?:\d+|one|two|three|four|five|six|seven|ten|fourteen|thirty|ninety|same|next)\W*(?:\w+\W+){0,3}?"
    r"(?:hours?|h|days?|d|weeks?|months?|years?|sprints?|releases?)\b|\b(?:daily|weekly|monthly|immediately|at once)\b",
    re.IGNORECASE,
)


def time_frame(entry: VulnTypesEntry, table: IxitTable, promised_days: float | None) -> Iterator[Finding]:
    """What refutes, or casts doubt on, the time frame of an entry of 3-VulnTypes or 8-UpdProc.

    Args:
        entry: its `facts.max_days` are compared.
        table: the table of the entry, for answers that are the same in all of it.
        promised_days: longest time to remedy that the published policy states, in days; None: not stated.
    """
    field = "Time Frame"
    text = entry[field].strip()
    yield from lacks(entry, field, expected="how long the steps take")
    if not says_nothing(text):
        if _OPEN_ENDED.fullmatch(" ".join(text.split())):
            yield violation(entry, field, f"is open-ended: {text!r}", expected="a limit", found=text)
        elif not _A_TIME.search(text) and entry.facts.max_days is None:
            yield note(entry, field, "names no time that a program recognises")
    longest = entry.facts.max_days
    if longest is not None and promised_days is not None and longest > promised_days:
        yield violation(
            entry,
            "facts.max_days",
            f"takes up to {longest:g} days, while the published policy promises {promised_days:g}",
            expected=f"at most {promised_days:g} days",
            found=f"{longest:g} days",
        )
    if same := repeated(table, field).get(entry.id):
        yield note(entry, field, f"is word for word the same in {len(same)} entries ({', '.join(same[:5])})")


def handling(entry: UpdProcEntry, ixit: Ixit) -> Findings:
    """What refutes that action and time frame of a kind of vulnerability lead to prompt handling (5.2-2-1 a)."""
    found = [
        *lacks(entry, "Action", expected="what the manufacturer does"),
        *time_frame(entry, ixit.vuln_types, ixit.user_info.facts.policy_max_days),
    ]
    if not entry.facts.roles:
        found.append(note(entry, "Action", "names no role in facts.roles; look for who acts"))
    return Findings(found)


def timelines(info: UserInfoEntry) -> Findings:
    """What the published policy has to say by the documents, for who reads it (5.2-1-2 b)."""
    facts = info.facts
    stated = {
        "policy_acknowledge_days": (facts.policy_acknowledge_days, "the acknowledgement of a report within"),
        "policy_status_days": (facts.policy_status_days, "status updates at least every"),
        "policy_max_days": (facts.policy_max_days, "a remedy within"),
    }
    found = [
        note(info, f"facts.{name}", f"look whether the policy states {what} {days:g} days")
        for name, (days, what) in stated.items()
        if days is not None
    ]
    return Findings(found)


def _described(table: IxitTable, what: str) -> Iterator[Finding]:
    """Entries that say nothing; a table without entries describes nothing at all."""
    from pytest_etsi.assessment.findings import Finding

    if not len(table):
        yield Finding(
            "violation",
            "answer",
            f"{table.id} has no entries",
            expected=what,
            place=Place(str(table.source)),
        )
    elif all(says_nothing(entry["Description"]) for entry in table):
        for entry in table:
            yield from lacks(entry, "Description", expected=what)


_SOURCES = re.compile(
    r"\b(?:cves?|osv|nvd|advisor\w+|feeds?|mailing lists?|mailbox\w*|bulletins?|databases?|security\.txt|cert\b|scan\w*"
    r"|bug bounty|newsletters?|subscri\w+|vendor|suppliers?|sbom|tests?)\b",
    re.IGNORECASE,
)
_FIX = re.compile(
    r"\b(?:fix\w*|patch\w*|updat\w*|releas\w*|correct\w*|remed\w*|rectif\w*|mitigat\w*)\b", re.IGNORECASE
)
_IDENTIFY = re.compile(
    r"\b(?:triag\w*|rat(?:e|es|ed|ing)|cvss|assess\w*|analy\w+|affect\w*|sbom|component lists?|inventory|versions?"
    r"|reproduc\w*|tickets?|compar\w*|match\w*)\b",
    re.IGNORECASE,
)


def monitoring(ixit: Ixit) -> Findings:
    """What refutes that vulnerabilities are watched for in a systematic way (5.2-3-1 a)."""
    table = ixit.vuln_mon
    found = list(_described(table, "a process that watches for vulnerabilities"))
    if not found and not any(entry.facts.sources or _SOURCES.search(entry["Description"]) for entry in table):
        found.extend(
            note(entry, "Description", "names no source that a program recognises") for entry in table[:3]
        )
    if not found and not any(
        entry.facts.interval_days is not None or _A_TIME.search(entry["Description"]) for entry in table
    ):
        found.extend(note(entry, "Description", "names no interval or trigger") for entry in table[:3])
    return Findings(found)


_SERVICES = re.compile(
    r"\b(?:services?|cloud|back[- ]?ends?|servers?|platforms?|apps?|associated|hosted|hosting)\b",
    re.IGNORECASE,
)


def of_services(ixit: Ixit) -> Findings:
    """What is to be looked at for the associated services, which edition 2.1.1 takes in (5.2-3-1 a to c)."""
    table = ixit.vuln_mon
    if not len(table) or any(_SERVICES.search(entry["Description"]) for entry in table):
        return Findings()
    message = "says nothing of the software behind the associated services that a program recognises"
    return Findings(note(entry, "Description", message) for entry in table[:3])


def identification(ixit: Ixit) -> Findings:
    """What refutes that it is found out whether and how a vulnerability concerns the device (5.2-3-1 b)."""
    return _ingredient(ixit.vuln_mon, _IDENTIFY, "how it is found out whether the device is affected")


def rectification(ixit: Ixit) -> Findings:
    """What refutes that vulnerabilities are remedied (5.2-3-1 c)."""
    found = list(_ingredient(ixit.vuln_mon, _FIX, "how a vulnerability is remedied"))
    if not found and not len(ixit.upd_mech) and len(ixit.soft_comp):
        found.append(
            note(ixit.vuln_mon[0], "Description", "no update mechanism in 7-UpdMech can bring a fix")
        )
    return Findings(found)


def _ingredient(table: IxitTable, pattern: re.Pattern[str], what: str) -> Findings:
    found = list(_described(table, what))
    if not found and not any(pattern.search(entry["Description"]) for entry in table):
        found.extend(note(entry, "Description", f"look for {what}") for entry in table[:3])
    return Findings(found)
