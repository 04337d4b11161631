"""Places where something is published, as the documents describe them."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment.findings import Findings
from pytest_etsi.assessment.reading.answers import DOUBT, affirmed, lacks, note, violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.assessment.findings import Finding
    from pytest_etsi.profile import Entry

__all__ = ["place"]

_URL = re.compile(r"https?://(?P<host>\[[0-9a-fA-F:.]+\]|[^\s/:?#\"'<>)\],;]+)")
_PLACE = re.compile(
    r"\b(?:https?://|www\.|[\w-]+\.(?:com|org|net|de|eu|io|example|info|uk|fr)\b|manual|leaflet|packag\w+|label"
    r"|box|app\b"
    r"|web ?site|home ?page|web ?page|security\.txt|quick (?:start|guide)|booklet|menu|settings|guide|chapter|notice)",
    re.IGNORECASE,
)
_HURDLE = re.compile(
    r"\b(?:on request|upon request|nda\b|non-disclosure|intranet|internal (?:only|use|wiki|network|server|share)"
    r"|confidential|(?:only|exclusively) (?:for|to|visible to|available to) (?:registered|authori[sz]ed|existing)? ?"
    r"(?:customers|partners|dealers|members|employees|users)"
    r"|(?:requires?|needs?|after|behind) (?:an? |the )?(?:registration|login|log-in|sign-in|account|customer account)"
    r"|customer portal|partner portal)",
    re.IGNORECASE,
)
_INTERNAL_HOST = re.compile(
    r"(?:.*\.)?(?:local|internal|intranet|lan|corp|home\.arpa)|[^.:\[\]]+", re.IGNORECASE
)


def place(record: Entry, field: str) -> Findings:
    """What refutes that a field of 2-UserInfo names a place where everyone finds the publication.

    Violations: no answer, an address that only the manufacturer reaches, a hurdle stated without doubt. Note: no place
    that a program recognises.
    """
    return Findings(
        (*lacks(record, field, expected="a place that is open to everyone"), *_doubtful(record, field))
    )


def _doubtful(record: Entry, field: str) -> Iterator[Finding]:
    text = record[field]
    for match in _URL.finditer(text):
        if why := _unreachable(match["host"]):
            yield violation(record, field, f"{match[0]} {why}", expected="an address on the public internet")
    if said := affirmed(text, _HURDLE, _OPEN_ALL_THE_SAME):
        yield violation(
            record, field, f"names a hurdle: {said!r}", expected="a place that is open to everyone"
        )
    if text.strip() and not _PLACE.search(text):
        yield note(record, field, "names no address, document or label that a program recognises")


_OPEN_ALL_THE_SAME = re.compile(
    rf"{DOUBT.pattern}|\b(?:also|additionally|in addition|besides|as well|public\w*|free\w*)\b", re.IGNORECASE
)


def _unreachable(host: str) -> str:
    """Why a host is none of the public internet; empty: nothing speaks against it.

    Loopback is left to the run that fetches the document: a device under test on the same machine publishes there.
    """
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        if host.lower() != "localhost" and _INTERNAL_HOST.fullmatch(host):
            return "is no host of the public internet"
        return ""
    if address.is_loopback or address.is_global:
        return ""
    documentation = any(
        address in ipaddress.ip_network(net)
        for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
    )
    return "" if documentation else "is an address of a private network"
