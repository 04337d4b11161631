"""Interfaces: purpose, disclosure, exposure and debugging (5.6-1 to 5.6-4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment.criteria._places import entries_at, why_open
from pytest_etsi.assessment.findings import Findings
from pytest_etsi.assessment.reading.answers import affirmed, lacks, note, referrers, unknown, violation
from pytest_etsi.assessment.reading.sentences import denies, shortened
from pytest_etsi.profile.unread import remembered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.assessment.findings import Finding
    from pytest_etsi.profile import Entry, Ixit
    from pytest_etsi.profile.entries import AnyInterfaceEntry, IntfEntry

__all__ = [
    "casing",
    "debug_is_disabled_in_software",
    "debug_off",
    "disclosure_is_harmless",
    "disclosure_is_needed",
    "intermittent_is_off",
    "is_enabled",
    "is_mechanical",
    "justified",
    "password_inputs",
    "radio_is_off",
    "says_disabled",
]

_NO_NEED = re.compile(
    r"\b(?:(?:only |just )?for (?:testing|tests|debugging|development|factory tests?)|not needed|not used|unused|legacy"
    r"|historical reasons?|no purpose)\b",
    re.IGNORECASE,
)
_PLAIN_ADMIN = re.compile(r"\b(?:telnet|ftp|tftp|rlogin|snmpv1|snmpv2c?|adb)\b", re.IGNORECASE)


def is_enabled(entry: AnyInterfaceEntry) -> bool | None:
    """Whether an interface is enabled; None: that depends on conditions, or facts and status contradict each other."""
    stated: bool | None = entry.facts.enabled
    written = _written_status(entry)
    if stated is None or written is None:
        return written if stated is None else stated
    return stated if stated is written else None


def says_disabled(entry: IntfEntry) -> bool:
    """Whether the documents say that an interface is off, for good or by default, and nowhere that it is on."""
    default = entry.facts.default
    if default == "enabled" or (default is None and is_enabled(entry) is not False):
        return False
    return not _says_enabled(entry["Status"])


def _written_status(entry: Entry) -> bool | None:
    """What Status says without any condition."""
    text = entry["Status"].strip().lower()
    if re.fullmatch(r"enabled[\s.;]*", text):
        return True
    return (
        False if re.fullmatch(r"disabled(?: permanently)?[\s.;]*|permanently disabled[\s.;]*", text) else None
    )


def justified(entry: AnyInterfaceEntry, ixit: Ixit) -> Findings:
    """What refutes that the purpose justifies leaving a network or logical interface on (5.6-1-1 a, b)."""
    found = list(lacks(entry, "Description", expected="what the interface is for"))
    if said := affirmed(entry["Description"], _NO_NEED, _ELSE):
        found.append(
            violation(
                entry, "Description", f"names no need to be on: {said!r}", expected="a purpose in operation"
            )
        )
    endpoints = set(entry.facts.endpoint)
    users = (*ixit.com_mech, *ixit.soft_serv)
    certain: list[Entry] = [one for one in users if one in referrers(ixit, entry)]
    perhaps: list[tuple[Entry, int]] = []
    for one in entry.facts.endpoint:
        sure, open_ = entries_at(users, one.protocol, one.port)
        certain += sure
        perhaps += [(user, one.port) for user in open_]
    if perhaps and not certain:
        found.append(unknown(entry, "facts.endpoint", why_open(*perhaps[0])))
    elif endpoints and users and not certain:
        named = ", ".join(map(str, sorted(endpoints)))
        found.append(
            violation(
                entry,
                "facts.endpoint",
                f"no entry of {ixit.com_mech.id} or {ixit.soft_serv.id} uses {named}",
                expected=f"an entry of {ixit.com_mech.id} or {ixit.soft_serv.id} that needs the interface",
                found=named,
            )
        )
    if match := _PLAIN_ADMIN.search(entry["Description"]):
        found.append(note(entry, "Description", f"an unprotected protocol for administration? {match[0]!r}"))
    found.extend(_unnamed(entry, ixit))
    return Findings(found)


def _unnamed(entry: Entry, ixit: Ixit) -> Iterator[Finding]:
    """That no logical interface is said to be reached by a physical one, where they say by which they are reached."""
    logical = [one for one in ixit.ext_api if "Access" in one]
    if entry in ixit.intf and logical and not set(logical) & set(referrers(ixit, entry)):
        yield note(
            entry, "Description", f"no entry of {ixit.ext_api.id} names it under Access: what needs it?"
        )


_ELSE = re.compile(
    r"\b(?:not only|also|besides|and for|as well|disabled|removed|until|before|formerly|no longer|was|were)\b",
    re.IGNORECASE,
)
_HARMLESS = re.compile(
    r"\b(?:not|none of (?:it|them|these|this)(?: is| are)?) security[- ]relevant\b|\bharmless\b",
    re.IGNORECASE,
)
_SECRETS = re.compile(
    r"^\W*(?:(?:the )?(?:admin |default |wi-?fi |device )?(?:password|private key|secret|psk|token))\W*(?:[:(,-]|is)",
    re.IGNORECASE,
)
_CONSPICUOUS = re.compile(
    r"\b(?:firmware|software|server|kernel|openssl|openssh) (?:version )?v?\d+(?:\.\d+)+|\b(?:account"
    r"|user) names?\b|\bssid\b|\btokens?\b",
    re.IGNORECASE,
)


@remembered(16)
def password_inputs(ixit: Ixit) -> dict[str, Entry]:
    """Public values from which a password is made without a secret: input -> the mechanism."""
    found: dict[str, Entry] = {}
    for entry in ixit.auth_mech:
        generation = entry.facts.password.generation if entry.facts.password else None
        if generation and not {"random", "secret-key"} & set(generation.inputs):
            for name in generation.inputs:
                found.setdefault(name, entry)
    return found


_INPUT_WORDS = {"serial": "serial", "mac": "mac", "ssid": "ssid", "model": "model"}


def disclosure_is_harmless(entry: Entry, ixit: Ixit) -> Findings:
    """What refutes that disclosed items are not security-relevant (5.6-2-1 a)."""
    field = "Disclosed Information"
    found = list(
        lacks(entry, field, expected="what is disclosed without login, and whether it matters", or_none=True)
    )
    text = entry[field]
    for name, mechanism in password_inputs(ixit).items():
        word = _INPUT_WORDS.get(name)
        if word and re.search(rf"\b{word}\b", text, re.IGNORECASE) and _HARMLESS.search(text):
            found.append(
                violation(
                    entry,
                    field,
                    f"calls the {word} harmless, from which {mechanism} makes a password "
                    f"({mechanism.source('facts.password.generation.inputs')})",
                    expected="a disclosure that is security-relevant",
                )
            )
    if _SECRETS.search(text):
        found.append(
            violation(entry, field, "discloses a secret", expected="no secret without login", found=text)
        )
    found.extend(
        note(entry, field, f"is it security-relevant? {match[0]!r}")
        for match in list(_CONSPICUOUS.finditer(text))[:5]
    )
    return Findings(found)


def disclosure_is_needed(entry: Entry) -> Findings:
    """What refutes that security-relevant disclosures are needed for the device to operate (5.6-2-1 b)."""
    return Findings(
        lacks(
            entry,
            "Disclosed Information",
            expected="what is disclosed without login, and why it has to be",
            or_none=True,
        )
    )


_SOFTWARE_MEANS = re.compile(
    r"\b(?:password|login|disabled in (?:the )?(?:software|kernel)|fuse|firewall|packet filter|boot ?loader)\b",
    re.IGNORECASE,
)
_CASING = re.compile(
    r"\b(?:casing|case|housing|enclosure|inside|screw\w*|glue\w*|seal\w*|cover\w*|potted|resin|board|chassis)\b",
    re.IGNORECASE,
)
_OUTSIDE = re.compile(
    r"\b(?:(?:can be )?(?:reached|accessible|plugged) from (?:the )?outside|outside (?:of )?the (?:casing|housing"
    r"|case))\b",
    re.IGNORECASE,
)


def casing(entry: IntfEntry) -> Findings:
    """What refutes that an interface without need of exposure is shielded by the casing or the like (5.6-3-1 a)."""
    field = "Protection"
    found = list(lacks(entry, field, expected="the casing, or an equivalent measure"))
    if not found and _SOFTWARE_MEANS.search(entry[field]) and not _CASING.search(entry[field]):
        found.append(note(entry, field, "names software means only"))
    if said := affirmed(f"{entry['Description']}\n\n{entry[field]}", _OUTSIDE):
        found.append(violation(entry, field, f"can be reached from outside: {said!r}", expected="a shield"))
    elif entry.facts.accessible is True and not entry.facts.debug:
        found.append(
            violation(
                entry,
                "facts.accessible",
                "can be reached from outside the casing without need",
                expected="a shield",
            )
        )
    return Findings(found)


def radio_is_off(entry: IntfEntry) -> Findings:
    """Whether an interface without need of exposure is disabled: of the air (5.6-3-1 b), in edition 2.1.1 any."""
    state = is_enabled(entry)
    if state is None:
        missing = list(lacks(entry, "Status", expected="disabled"))
        return Findings(missing or (unknown(entry, "Status", "depends on conditions", expected="disabled"),))
    if state:
        return Findings(
            (
                violation(
                    entry,
                    "Status",
                    "is enabled without need",
                    expected="disabled",
                    found=entry["Status"] or "enabled",
                ),
            )
        )
    return _unless_the_status_begins_otherwise(entry)


def _unless_the_status_begins_otherwise(entry: Entry) -> Findings:
    """Nothing, or a doubt where facts say that an interface is off and the pro forma's own words begin with enabled."""
    if entry["Status"].strip().lower().startswith("enabled"):
        return Findings(
            (unknown(entry, "Status", "facts say that it is off, and the status begins with enabled"),)
        )
    return Findings()


_ENABLED = re.compile(r"\W*(?:is |permanently |always )?enabled\b", re.IGNORECASE)
_AT_TIMES = re.compile(
    r"\b(?:if|when|while|during|only|until|after|before|on demand|at set-?up|by (?:the )?(?:user|owner|command)"
    r"|in \w+ mode"
    r"|temporar\w+|for (?:the )?(?:set-?up|pairing|\d+))\b",
    re.IGNORECASE,
)


def _says_enabled(status: str) -> str:
    """The status, where it begins with enabled and says nothing of a time or a condition; else empty.

    What follows may be a reason: "Enabled. It has to be on for repairs".
    """
    if not _ENABLED.match(status) or _AT_TIMES.search(status) or denies(status):
        return ""
    return shortened(status)


def intermittent_is_off(entry: IntfEntry) -> Findings:
    """Whether an interface needed only at times is off whenever it is not (5.6-3-1 c)."""
    on = entry.facts.enabled is True or _written_status(entry) is True
    if entry.facts.default in ("disabled", "permanently-disabled") and not on:
        return _unless_the_status_begins_otherwise(entry)
    if on or entry.facts.default == "enabled":
        return Findings(
            (
                violation(
                    entry,
                    "Status",
                    "is on all the time, while it is needed only at times",
                    expected="off by default",
                    found=entry["Status"] or "enabled",
                ),
            )
        )
    missing = list(lacks(entry, "Status", expected="when it is on, and when off"))
    return Findings(
        missing or (unknown(entry, "Status", "facts.default does not say that it is off when not needed"),)
    )


_MECHANICAL = re.compile(
    r"(?:(?:the |an? )?(?:casing|case|housing|enclosure|glue|resin|screws?|cover|rubber cap|unpopulated (?:pads"
    r"|header|connector)"
    r"|no (?:header|connector)(?: (?:is )?(?:fitted|populated))?|inside the (?:casing|case"
    r"|housing))[\s,.;]*(?:and |or |is |with )?)+",
    re.IGNORECASE,
)


def is_mechanical(text: str) -> bool:
    """Whether a protection is nothing but mechanical."""
    return _MECHANICAL.fullmatch(text.strip()) is not None


def debug_is_disabled_in_software(entry: Entry) -> Findings:
    """What refutes that an accessible debug interface can be disabled in software (5.6-4-1 a)."""
    field = "Protection"
    found: list[Finding] = list(lacks(entry, field, expected="a way to disable it in software"))
    if not found and is_mechanical(entry[field]):
        found.append(
            violation(
                entry,
                field,
                "names mechanical means only",
                expected="a way to disable it in software",
                found=entry[field],
            )
        )
    return Findings(found)


def debug_off(entry: IntfEntry, *, permanently: bool) -> Findings:
    """Whether a debug interface is off for good (5.6-4-1 b, 5.6-4A-1 c), or off by default (5.6-4-1 c, 5.6-4A-1 d).

    Args:
        entry: of 15-Intf (15-PhyIntf).
        permanently: off for good is demanded.
    """
    wanted = ("permanently-disabled",) if permanently else ("disabled", "permanently-disabled")
    expected = "permanently disabled" if permanently else "disabled by default"
    default = entry.facts.default
    if entry.facts.enabled is True or (default is not None and default not in wanted):
        found = "enabled" if entry.facts.enabled else str(default)
        return Findings((violation(entry, "Status", f"is {found}", expected=expected, found=found),))
    said = _says_enabled(entry["Status"])
    if said and (default not in wanted or _written_status(entry)):
        message = f"is enabled: {said!r}"
        return Findings((violation(entry, "Status", message, expected=expected, found=entry["Status"]),))
    if default in wanted:
        return _unless_the_status_begins_otherwise(entry)
    missing = list(lacks(entry, "Status", expected=expected))
    message = f"facts.default does not say {expected}; the status: {shortened(entry['Status'])!r}"
    return Findings(missing or (unknown(entry, "Status", message),))
