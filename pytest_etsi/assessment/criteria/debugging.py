"""Debug interfaces on paper: who may use them, how they are disabled, what guards their ports (5.6-4A, 5.6-4B)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment.criteria.interfaces import is_mechanical
from pytest_etsi.assessment.findings import Findings
from pytest_etsi.assessment.reading.answers import affirmed, lacks, note, violation

if TYPE_CHECKING:
    from pytest_etsi.assessment.findings import Finding
    from pytest_etsi.profile import Entry

__all__ = ["access_is_controlled", "can_be_disabled", "port_is_protected"]

_FIELD = "Protection"
_CONTROL = re.compile(
    r"\b(?:authenticat\w*|password|passphrase|log-?in|credential\w*|certificate\w*|challenge|token|signed|key"
    r"|unlock\w*|access control)\b",
    re.IGNORECASE,
)
_SHARED = re.compile(
    r"\b(?:(?:same|fixed|common|shared|default|static|hard-?coded|well-known|universal) (?:\w+ )?"
    r"(?:password|passphrase|key|secret|pin|credentials?)"
    r"|(?:password|key|secret),? (?:is )?(?:the )?same for (?:all|every))\b",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"\b(?:use[ds]?|usable|accessible|reach\w*|open(?:ed|s)?|entered|works?|available) without (?:any )?"
    r"(?:authentication|log-?in|password)"
    r"|\b(?:open|free|accessible) (?:to|for) (?:everyone|everybody|anyone|anybody)\b"
    r"|\bno (?:authentication|log-?in|password) (?:is )?(?:needed|required|asked)\b",
    re.IGNORECASE,
)
_PRESENT = re.compile(
    r"\b(?:unless|except\w*|if|former\w*|previous\w*|until|before|was|were|disabl\w*)\b", re.IGNORECASE
)
_SWITCH = re.compile(
    r"\b(?:e-?fuses?|fuses?|read-?out protection|rdp|lock\w*|disabl\w*|switch\w* off|turn\w* off|deactivat\w*|removed"
    r"|blown|off)\b",
    re.IGNORECASE,
)
_NOT_FITTED = re.compile(r"\b(?:unpopulated|no (?:header|connector))\b", re.IGNORECASE)
_MEANS_OF_SOFTWARE = re.compile(
    r"\b(?:password|log-?in|disabled in (?:the )?(?:software|kernel)|e-?fuses?|firewall|boot ?loader|authenticat\w*)\b",
    re.IGNORECASE,
)
_MEANS_OF_THE_DEVICE = re.compile(
    r"\b(?:casing|case|housing|enclosure|inside|screw\w*|glue\w*|seal\w*|cover\w*|cap|potted|resin|epoxy|chassis|pads?)\b",
    re.IGNORECASE,
)


def access_is_controlled(entry: Entry) -> Findings:
    """What refutes that the protection holds authentication or access control (5.6-4A-1 a)."""
    found: list[Finding] = list(lacks(entry, _FIELD, expected="authentication or access control"))
    if not found and is_mechanical(entry[_FIELD]):
        found.append(_mechanical(entry, "authentication or access control"))
    if not found and (said := affirmed(entry[_FIELD], _NOTHING, _PRESENT)):
        found.append(
            violation(
                entry, _FIELD, f"asks for nothing: {said!r}", expected="authentication or access control"
            )
        )
    if not found and not _CONTROL.search(entry[_FIELD]):
        found.append(note(entry, _FIELD, "names no authentication that a program recognises"))
    if match := _SHARED.search(entry[_FIELD]):
        found.append(note(entry, _FIELD, f"one secret for several devices? {match[0]!r}"))
    return Findings(found)


def can_be_disabled(entry: Entry) -> Findings:
    """What refutes that the protection holds a way to disable the interface, in software or not (5.6-4A-1 b)."""
    found: list[Finding] = list(lacks(entry, _FIELD, expected="a way to disable it"))
    if not found and is_mechanical(entry[_FIELD]) and not _NOT_FITTED.search(entry[_FIELD]):
        found.append(_mechanical(entry, "a way to disable it"))
    if not found and not _SWITCH.search(entry[_FIELD]):
        found.append(note(entry, _FIELD, "names no switch that a program recognises: how is it disabled?"))
    return Findings(found)


def port_is_protected(entry: Entry) -> Findings:
    """What refutes that the device protects a debug port physically (5.6-4B-1 a)."""
    found: list[Finding] = list(lacks(entry, _FIELD, expected="a physical measure of the device"))
    text = entry[_FIELD]
    if not found and _MEANS_OF_SOFTWARE.search(text) and not _MEANS_OF_THE_DEVICE.search(text):
        found.append(note(entry, _FIELD, "names software means only"))
    return Findings(found)


def _mechanical(entry: Entry, expected: str) -> Finding:
    return violation(entry, _FIELD, "names mechanical means only", expected=expected, found=entry[_FIELD])
