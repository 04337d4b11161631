"""Support around updates: procedures, periods, replacement, designation (5.3-8 and 5.3-13 to 5.3-16)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment.criteria.published import place as published_place
from pytest_etsi.assessment.criteria.vulnerabilities import time_frame
from pytest_etsi.assessment.findings import Findings
from pytest_etsi.assessment.reading.answers import lacks, note, place, unknown, violation
from pytest_etsi.assessment.reading.sentences import shortened
from pytest_etsi.assessment.reading.words import left_blank, there_is_none, unanswered
from pytest_etsi.profile.unread import remembered

if TYPE_CHECKING:
    from pytest_etsi.assessment.findings import Finding
    from pytest_etsi.profile import Entry, Ixit
    from pytest_etsi.profile.entries import ReplSupEntry, UpdProcEntry, VulnTypesEntry

__all__ = [
    "designation",
    "designation_shown",
    "isolation",
    "missing_updates",
    "period",
    "prompt",
    "regaining",
    "replacement",
]


def prompt(entry: UpdProcEntry, ixit: Ixit) -> Findings:
    """What refutes that a procedure of 8-UpdProc leads to a prompt roll-out (5.3-8-1 a)."""
    found = [
        *lacks(entry, "Description", expected="the steps from a weakness to the update"),
        *time_frame(entry, ixit.upd_proc, ixit.user_info.facts.policy_max_days),
    ]
    days, promised = entry.facts.max_days, _promised(ixit)
    if days is not None and promised is not None and days > promised[0]:
        most, kind = promised
        found.append(
            violation(
                entry,
                "facts.max_days",
                f"takes up to {days:g} days, while {place(kind, 'Time Frame')} promises every remedy in "
                f"{most:g}",
                expected=f"at most {most:g} days",
                found=f"{days:g} days",
            )
        )
    return Findings(found)


@remembered(16)
def _promised(ixit: Ixit) -> tuple[float, VulnTypesEntry] | None:
    """The longest time that is promised, in days, and for which kind; None: not every kind states one."""
    table = ixit.vuln_types
    stated = [(entry.facts.max_days, entry) for entry in table if entry.facts.max_days is not None]
    if not stated or len(stated) < len(table):
        return None
    return max(stated, key=lambda one: one[0])


def period(user_info: Entry) -> Findings:
    """What leaves open which support period is published: a placeholder cannot be compared (5.3-13-1 a, 5.3-13-2 c)."""
    field = "Support Period"
    text = user_info[field]
    if not (unanswered(text) or left_blank(text) or there_is_none(text)):
        return Findings()
    message = f"is a placeholder: {shortened(text)!r}" if text.strip() else "is empty"
    return Findings((unknown(user_info, field, message, expected="a period, or its end", found=text),))


def missing_updates(user_info: Entry, ixit: Ixit) -> Findings:
    """What refutes that both publications are within reach of a layperson (5.3-14-1 a)."""
    found = [
        *published_place(user_info, "Publication of Non-Updatable"),
        *published_place(user_info, "Documentation of Replacement"),
    ]
    if any(finding.kind == "violation" for finding in found):
        without = next((one for one in ixit.soft_comp if not one.refers_to("Update Mechanism")), None)
        if without is not None:
            found.append(note(without, "Update Mechanism", "this component has no updates"))
    return Findings(found)


_ROUTE = re.compile(
    r"\b(?:network|wi-?fi|wlan|internet|cable|router|isolat\w+|disconnect\w*|vlan|closed|self-contained|separate\w*"
    r"|unplug\w*|remov\w+|switch\w* off|offline|stand-?alone|pair\w*|hub)\b",
    re.IGNORECASE,
)
_ALWAYS_NEEDED = re.compile(
    r"\b(?:requires?|needs?|depends? on) (?:the |a |an )?(?:cloud|internet)\b", re.IGNORECASE
)


def isolation(repl_sup: ReplSupEntry, ixit: Ixit) -> Findings:
    """What refutes that the product can be isolated by the described method (5.3-15-1 a)."""
    field = "Isolation"
    found = list(
        lacks(repl_sup, field, expected="how the device leaves its network, or enters a closed environment")
    )
    if repl_sup.facts.isolation == "none":
        found.append(
            violation(
                repl_sup, "facts.isolation", "states that there is no way", expected="one of both routes"
            )
        )
    if not found and not _ROUTE.search(repl_sup[field]):
        found.append(note(repl_sup, field, "names neither of both routes in words that a program recognises"))
    found.extend(
        note(entry, "Description", "a function that needs the service is lost in isolation")
        for entry in list(ixit.soft_serv)[:50]
        if _ALWAYS_NEEDED.search(entry["Description"])
    )
    return Findings(found)


_IRREPLACEABLE = re.compile(
    r"\W*(?:(?:it|this|that|(?:hardware )?replacement|the hardware|the device) (?:is )?)?"
    r"(?:not (?:possible|replaceable|foreseen|intended|provided)|impossible|irreplaceable|cannot be replaced)\W*",
    re.IGNORECASE,
)
"""The whole of an answer: what follows a comma may well be a method."""


def replacement(repl_sup: ReplSupEntry) -> Findings:
    """What refutes that the hardware can be replaced by the described method (5.3-15-1 b)."""
    field = "Hardware Replacement"
    found = list(lacks(repl_sup, field, expected="how the hardware is replaced and set up again"))
    if repl_sup.facts.replaceable is False:
        found.append(
            violation(repl_sup, "facts.replaceable", "states that it cannot be replaced", expected="a method")
        )
    if _IRREPLACEABLE.fullmatch(repl_sup[field]):
        found.append(
            violation(repl_sup, field, f"states that there is none: {repl_sup[field]!r}", expected="a method")
        )
    return Findings(found)


def regaining(repl_sup: ReplSupEntry) -> Findings:
    """What leaves untold how connection and functions come back (5.3-15B-2 b, edition 2.1.1)."""
    field = "Connectivity and functionality"
    return Findings(lacks(repl_sup, field, expected="how connection and functions come back"))


_ON_THE_DEVICE = re.compile(
    r"\b(?:label|plate|printed|engraved|marked|casing|housing|underside|back|rear|bottom|sticker|display|screen"
    r"|usb|uart"
    r"|serial|console|engraving|device|case|enclosure)\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"(?:[\w\s\"'().-]*[;:,]\s*)?(?:only |solely )?(?:on |in )(?:the )?(?:packag\w+|box|web ?site|web page|app"
    r"|manual|invoice)"
    r"(?:[\s,]+(?:and|or) (?:on |in )?(?:the )?(?:packag\w+|box|web ?site|web page|app|manual|invoice))*[\s.]*",
    re.IGNORECASE,
)


def designation(user_info: Entry) -> Findings:
    """What refutes that the designation is recognisable from a label or over a physical interface (5.3-16-1 a)."""
    field = "Model Designation"
    found: list[Finding] = list(
        lacks(user_info, field, expected="the designation, and where on the device it can be read")
    )
    text = user_info[field]
    if not found and not _ON_THE_DEVICE.search(text):
        if _ELSEWHERE.fullmatch(text):
            found.append(
                violation(
                    user_info,
                    field,
                    "is to be found off the device only",
                    expected="a label or a physical interface",
                )
            )
        else:
            found.append(
                note(user_info, field, "names no label or physical interface that a program recognises")
            )
    return Findings(found)


_LABEL = re.compile(
    r"\b(?:label|plate|printed|engrav\w+|marked|casing|housing|underside|back|rear|bottom|sticker|device|case"
    r"|enclosure)\b",
    re.IGNORECASE,
)
_USER_INTERFACE = re.compile(
    r"\b(?:apps?|web ?pages?|pages?|menus?|display|screen|settings|interface|api|console|voice)\b",
    re.IGNORECASE,
)
_NO_INTERFACE = re.compile(
    r"(?:[\w\s\"'().-]*[;:,]\s*)?(?:only |solely )?(?:on |in |from )(?:the )?"
    r"(?:packag\w+|box|manual|invoice|support(?: desk)?)"
    r"(?:[\s,]+(?:and|or) (?:on |in |from )?(?:the )?(?:packag\w+|box|manual|invoice|support(?: desk)?))*[\s.]*",
    re.IGNORECASE,
)


def designation_shown(user_info: Entry, ixit: Ixit) -> Findings:
    """What refutes that a label or a user interface shows the designation (5.3-16-1 a, edition 2.1.1)."""
    field = "Model Designation"
    expected = "a label or a user interface"
    found = list(lacks(user_info, field, expected="the designation, and where it can be read"))
    text = user_info[field]
    if found or _LABEL.search(text):
        return Findings(found)
    if _NO_INTERFACE.fullmatch(text):
        message = "is to be found neither on a label nor through a user interface"
        return Findings((violation(user_info, field, message, expected=expected),))
    if _USER_INTERFACE.search(text):
        if len(ixit.user_intf):
            return Findings()
        message = f"is to be read through a user interface, and {ixit.user_intf.id} has no entries"
        return Findings((violation(user_info, field, message, expected=f"an entry of {ixit.user_intf.id}"),))
    return Findings((note(user_info, field, "names no label or user interface that a program recognises"),))
