"""Communication mechanisms: guarantees, means, cryptography (5.5-1, and on other scopes 5.5-6, 5.5-7, 5.8-1, 5.8-2)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, overload

from pytest_etsi.assessment.criteria import cryptography
from pytest_etsi.assessment.findings import Finding, Findings
from pytest_etsi.assessment.reading import claims
from pytest_etsi.assessment.reading.answers import (
    affirmed,
    first,
    lacks,
    note,
    place,
    referrers,
    unknown,
    violation,
)
from pytest_etsi.assessment.reading.layers import beneath
from pytest_etsi.assessment.reading.passwords import unlisted_password
from pytest_etsi.profile.unread import remembered
from pytest_etsi.verdict import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.profile import Entry, Ixit
    from pytest_etsi.profile.entries import ComMechEntry, PersDataEntry, SecParamEntry

__all__ = [
    "carries",
    "guarantees",
    "means",
    "personal_data_without_mechanism",
    "sensitive_data_is_told",
    "unlisted",
    "whole",
]

_PLAIN = ("http", "mqtt", "coap", "telnet", "ftp", "tftp", "snmpv1", "snmpv2c", "rtsp", "syslog", "modbus")
_PLAIN_WORDS = re.compile(
    r"\b(?:plain(?:text)? (?:http|mqtt|coap|tcp|udp|ftp)|unencrypted|in (?:the )?clear(?:text)?|telnet)\b",
    re.IGNORECASE,
)
_SHIELDED = re.compile(
    r"\b(?:tls|dtls|ssl|https|mqtts|coaps|ssh|ipsec|vpn|wpa\d?|encrypted|oscore|redirect\w*)\b", re.IGNORECASE
)
_UNCHECKED = re.compile(
    r"\bcertificates? (?:checks?|validation|verification)?\s*(?:is |are )(?:disabled|off|skipped|ignored"
    r"|not (?:checked|verified"
    r"|validated))\b|\bjust works\b(?! is)",
    re.IGNORECASE,
)


@overload
def carries(entry: Entry, ixit: Ixit, table: Literal["sec_param"]) -> tuple[SecParamEntry, ...]: ...
@overload
def carries(entry: Entry, ixit: Ixit, table: Literal["pers_data"]) -> tuple[PersDataEntry, ...]: ...
def carries(
    entry: Entry, ixit: Ixit, table: Literal["sec_param", "pers_data"]
) -> tuple[Entry[Any, Any], ...]:
    """The critical parameters ("sec_param"), or the personal data ("pers_data"), that a mechanism carries."""
    using = (one for one in referrers(ixit, entry) if one.argument_name == table)
    return tuple(one for one in using if table != "sec_param" or claims.critical(one))


def unlisted(entry: ComMechEntry, ixit: Ixit) -> Findings:
    """A password that the mechanism may carry, and that 10-SecParam does not have (5.5-6 and 5.5-7)."""
    login = unlisted_password(ixit)
    if login is None or carries(entry, ixit, "sec_param"):
        return Findings()
    table = ixit.sec_param
    message = f"the password is a critical security parameter that {table.id} ({table.source}) does not have"
    settle = f"Add it to {table.id}, with the mechanisms that it travels over."
    open_ = unknown(login, None, message, expected=f"an entry of {table.id} for it")
    return Findings((replace(open_, cause=Cause.INFORMATION, settle=settle),))


def guarantees(entry: ComMechEntry, ixit: Ixit, *, confidential: bool = False) -> Findings:
    """What refutes that the guarantees suit the use of a mechanism (5.5-1-1 a).

    Args:
        entry: of 11-ComMech.
        ixit: the IXIT.
        confidential: confidentiality is demanded whatever the mechanism carries.
    """
    field = "Security Guarantees"
    found = list(lacks(entry, field, expected="which properties the communication is given"))
    claimed = set(entry.facts.guarantees)
    carried = [
        *carries(entry, ixit, "sec_param"),
        *(one for one in carries(entry, ixit, "pers_data") if claims.sensitive(one)),
    ]
    if entry.facts.says("guarantees") and "confidentiality" not in claimed and (carried or confidential):
        found.extend(_by_a_layer(entry, ixit) or _not_confidential(entry, carried))
    if not _by_a_layer(entry, ixit):
        found.extend(_carries_without_protection(entry, carried))
    return Findings(first(found))


def _not_confidential(entry: ComMechEntry, carried: list[Entry]) -> Iterator[Finding]:
    found = ", ".join(sorted(entry.facts.guarantees))
    for what in [f", while {place(one)} travels over the mechanism" for one in carried] or [""]:
        message = f"confidentiality is not among the guarantees{what}"
        yield violation(entry, "facts.guarantees", message, expected="confidentiality", found=found)


def _by_a_layer(entry: ComMechEntry, ixit: Ixit) -> tuple[Finding, ...]:
    """What a mechanism beneath says of the confidentiality that this one lacks; empty: none beneath gives it."""
    lower = beneath(entry, ixit)
    giving = [one for one in lower.mechanisms if "confidentiality" in one.facts.guarantees]
    if giving:
        message = (
            f"is judged together with {giving[0]}, inside which it is: {place(giving[0], 'facts.guarantees')}"
        )
        return (note(entry, "Description", message),)
    if lower.untold:
        message = f"is it a layer of {lower.untold[0]}, and does that one keep what it carries confidential?"
        return (unknown(entry, "Description", message, expected="facts.guarantees of the layer beneath"),)
    return ()


def _carries_without_protection(entry: ComMechEntry, carried: list[Entry]) -> Iterator[Finding]:
    """A protocol without any protection beneath what is to be kept secret."""
    if carried and _is_plain(entry) and not entry.facts.guarantees:
        for one in carried:
            yield violation(
                entry,
                "facts.protocol",
                f"{entry.facts.protocol} has no confidentiality, while {place(one)} travels over it",
                expected="a protected channel",
                found=entry.facts.protocol or "",
            )


def _is_plain(entry: ComMechEntry) -> bool:
    facts = entry.facts
    return (
        (facts.protocol or "").lower() in _PLAIN
        and facts.tls is None
        and facts.ssh is None
        and not facts.cryptography
    )


def means(entry: ComMechEntry, ixit: Ixit) -> Findings:
    """What refutes that a mechanism can deliver its guarantees (5.5-1-1 b)."""
    found = list(lacks(entry, "Description", expected="purpose, peer and protocol"))
    claimed = set(entry.facts.guarantees)
    if "confidentiality" in claimed and (layer := _by_a_layer(entry, ixit)):
        found.extend(layer)
    elif "confidentiality" in claimed and _is_plain(entry):
        found.append(
            violation(
                entry,
                "facts.protocol",
                f"{entry.facts.protocol} cannot give the claimed confidentiality",
                expected="a protected channel",
                found=entry.facts.protocol or "",
            )
        )
    elif "confidentiality" in claimed:
        said = affirmed(entry["Description"], _PLAIN_WORDS)
        if said and not _SHIELDED.search(said) and entry.facts.tls is None and entry.facts.ssh is None:
            found.append(
                violation(
                    entry,
                    "Description",
                    f"cannot give the claimed confidentiality: {said!r}",
                    expected="encryption",
                )
            )
    if "authenticity" in claimed:
        found.extend(
            violation(
                entry, field, f"cannot give the claimed authenticity: {said!r}", expected="a verified peer"
            )
            for field in ("Description", "Cryptographic Details")
            if (said := _affirmed_unchecked(entry[field]))
        )
    return Findings(found)


_HISTORY = re.compile(
    r"\b(?:never|if|unless|reject\w*|refus\w*|would|aborts?|breaks? off|test\w*|lab\w*|development)\b",
    re.IGNORECASE,
)


def _affirmed_unchecked(text: str) -> str:
    return affirmed(text, _UNCHECKED, _HISTORY)


@remembered(4096)
def whole(entry: ComMechEntry, ixit: Ixit) -> Findings:
    """What refutes any unit of 5.5-1-1 on a mechanism of which confidentiality is demanded.

    For the cases that run 5.5-1-1 again on a scope of their own: 5.5-6-1, 5.5-7-1, 5.8-1-1 and 5.8-2-1.
    """
    return Findings(
        (*guarantees(entry, ixit, confidential=True), *means(entry, ixit), *cryptography.documented(entry))
    )


def personal_data_without_mechanism(ixit: Ixit) -> Findings:
    """Personal data that a service holds and that no mechanism brings there: a note for whoever judges."""
    return Findings(
        note(one, one.mechanisms_field, "is kept by a service, and no mechanism carries it there")
        for one in _unsent(ixit)
    )


@remembered(16)
def _unsent(ixit: Ixit) -> tuple[Entry, ...]:
    return tuple(one for one in ixit.pers_data if one.facts.on_service and not one.mechanisms)[:20]


def sensitive_data_is_told(entry: Entry, ixit: Ixit) -> Findings:
    """Contradictions in what is said of the sensitivity of data that a mechanism carries (5.8-2-1 a)."""
    return Findings(
        Finding(
            "violation",
            "answer",
            f"contradicts facts.sensitive ({one.source('facts.sensitive')})",
            expected="one statement",
            found=one["Sensitive"],
            place=place(one, "Sensitive"),
        )
        for one in carries(entry, ixit, "pers_data")
        if one.facts.sensitive and claims.yes_no(one, "Sensitive") is False
    )
