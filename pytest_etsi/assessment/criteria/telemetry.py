"""Telemetry: its examination for security anomalies, and the personal data in it (5.10 and 6-4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment.findings import Finding, Findings, Place
from pytest_etsi.assessment.reading import claims
from pytest_etsi.assessment.reading.answers import lacks, note, unknown, violation
from pytest_etsi.assessment.reading.words import opens_with_nothing, says_nothing, unanswered

if TYPE_CHECKING:
    from pytest_etsi.profile import Entry, Ixit
    from pytest_etsi.profile.entries import TelDataEntry

__all__ = ["examination", "necessity", "some_examination", "states_examination"]

_NOT_EXAMINED = re.compile(
    r"\W*not?(?:\s+(?:examin\w+|done|performed|analy\w+|planned|examination))?\W*", re.IGNORECASE
)


def states_examination(entry: TelDataEntry) -> bool | None:
    """Whether an entry of 24-TelData states an examination for security; None: its words leave that open."""
    text = entry["Security Examination"]
    if says_nothing(text) or _NOT_EXAMINED.fullmatch(text):
        return False
    if opens_with_nothing(text) or re.match(r"\W*never\b", text, re.IGNORECASE):
        return None
    return True if entry.facts.examined is None else bool(entry.facts.examined)


def some_examination(ixit: Ixit) -> Findings:
    """Whether at least one kind of telemetry is examined for security anomalies (5.10-1-1 a)."""
    table = ixit.tel_data
    answers = {entry: states_examination(entry) for entry in table}
    if any(answer and entry.facts.examined for entry, answer in answers.items()):
        return Findings()
    stated = [entry for entry, answer in answers.items() if answer is not False]
    if not stated and len(table) and all(map(_stands_for_none, table)):
        message = "says that there is no telemetry, for which 24-TelData would have no entry: see whether that is so"
        return Findings((unknown(table[0], "Description", message, expected="no entries, or the data"),))
    if not stated:
        where = table.source if not len(table) else table[0].source("Security Examination")
        message = f"no entry of {table.id} states an examination for security anomalies"
        return Findings(
            (Finding("violation", "answer", message, expected="at least one", place=Place(str(where))),)
        )
    return Findings(
        (
            unknown(
                stated[0],
                "Security Examination",
                "a person has to see that it is an examination for security",
                expected="facts.examined",
            ),
        )
    )


def _stands_for_none(entry: Entry) -> bool:
    """Whether an entry says that there is no telemetry; one that nobody has filled in yet does not."""
    return claims.says_there_is_nothing(entry) and not unanswered(entry["Description"])


def examination(entry: Entry) -> Findings:
    """What refutes that the data suit the examination (5.10-1-1 b)."""
    found = list(
        lacks(entry, "Description", "Security Examination", expected="which data, and how they are examined")
    )
    described = set(re.findall(r"[a-z]{5,}", entry["Description"].lower()))
    examined = set(re.findall(r"[a-z]{5,}", entry["Security Examination"].lower()))
    if not found and not described & examined:
        found.append(
            note(
                entry,
                "Security Examination",
                "uses no word of the description: look whether it has these data",
            )
        )
    return Findings(found)


_CATCH_ALL = re.compile(
    r"\b(?:future (?:improvements?|use|purposes)|product improvement|improv\w+ (?:our )?(?:products?|services?)"
    r"|internal purposes|business purposes|various purposes|any purpose|statistics in general)\b",
    re.IGNORECASE,
)


def necessity(entry: TelDataEntry, ixit: Ixit) -> Findings:
    """What refutes that the personal data in telemetry are needed for its purpose (6-4-1 a)."""
    found = list(lacks(entry, "Purpose", expected="what the data are collected for"))
    if match := _CATCH_ALL.search(entry["Purpose"]):
        found.append(note(entry, "Purpose", f"is a catch-all: {match[0]!r}"))
    for name in entry.refers_to("Personal Data"):
        data = ixit.pers_data.get(name)
        if data is None:
            continue
        if claims.sensitive(data):
            found.append(
                note(entry, "Personal Data", f"refers to sensitive data ({data}, {data.source('Sensitive')})")
            )
    if entry.facts.needs_personal_data is False and entry.refers_to("Personal Data"):
        found.append(
            violation(
                entry,
                "facts.needs_personal_data",
                "states that the purpose is reached without personal data, while Personal Data names "
                f"{', '.join(entry.references['Personal Data'])}",
                expected="no personal data where none are needed",
            )
        )
    return Findings(found)
