"""The certificate that a server shows against what clients rely on: time, names, and who signed it.

Where documents say that an authority signs it, clients refuse it once it has ended, when it is for another name, and
when nobody whom they trust signed it; or they do not look, and anybody can pose as the device. A certificate that
vouches for itself is known to clients as it is, so that none of this matters.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from pytest_etsi import clock
from pytest_etsi.assessment.findings import Finding
from pytest_etsi.verdict import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from pytest_etsi.probes.tls import Certificate, TlsObservation
    from pytest_etsi.profile.facts import TlsFacts

__all__ = ["relied_on"]

_COMMON_NAME = re.compile(r"(?:^|,)CN=((?:[^,\\]|\\.)+)")


def relied_on(tls: TlsFacts, observed: TlsObservation, *, now: datetime | None = None) -> Iterator[Finding]:
    """What keeps clients from relying on a server's certificates; aspect ``channel``.

    Args:
        tls: the documents.
        observed: the server.
        now: time at which it was observed; default: the clock's.
    """
    at = now or clock.now()
    signed = [one for one in observed.certificates if not one.self_signed]
    if at is None and signed:
        what = f"whether the certificate is in time cannot be told: {clock.doubt()}"
        yield Finding("unknown", "channel", what, cause=Cause.BENCH, settle="Set the clock, and run again.")
    for certificate in signed:
        if at is not None:
            yield from _time(tls, certificate, at)
        if tls.certificate == "ca":
            yield from _names(tls, certificate, observed.host)
    if (
        tls.certificate == "ca"
        and signed
        and at is not None
        and not any(_out_of_time(one, at) for one in signed)
    ):
        yield from _authority(observed)


def _out_of_time(certificate: Certificate, at: datetime) -> str:
    if at > certificate.not_after:
        return f"ended on {certificate.not_after:%Y-%m-%d}"
    if at < certificate.not_before:
        return f"is not valid before {certificate.not_before:%Y-%m-%d}"
    return ""


def _time(tls: TlsFacts, certificate: Certificate, at: datetime) -> Iterator[Finding]:
    wrong = _out_of_time(certificate, at)
    if not wrong:
        return
    if tls.certificate == "ca":
        yield Finding(
            "violation",
            "channel",
            f"the certificate {wrong}, so that no client that looks at it accepts it",
            expected=f"one that is valid on {at:%Y-%m-%d}",
            found=wrong,
        )
    else:
        yield Finding(
            "unknown",
            "channel",
            f"the certificate {wrong}, and the documents do not say whether clients rely on who signed it "
            "(facts.tls.certificate)",
        )


def _names(tls: TlsFacts, certificate: Certificate, host: str) -> Iterator[Finding]:
    names = certificate.names or tuple(_COMMON_NAME.findall(certificate.subject))
    shown = ", ".join(names) or "nobody"
    wanted = tls.names or (() if _is_address(host) else (host,))
    for name in wanted:
        if not any(_covers(pattern, name) for pattern in names):
            yield Finding(
                "violation",
                "channel",
                f"the certificate is for {shown}, and clients look for {name}",
                expected=f"one for {name}",
                found=shown,
            )
    if not wanted and not any(_covers(pattern, host) for pattern in names):
        yield Finding(
            "unknown",
            "channel",
            f"the certificate is for {shown}, and the documents do not say by which names clients know the device "
            "(facts.tls.names)",
        )


def _authority(observed: TlsObservation) -> Iterator[Finding]:
    trust = observed.trust
    if trust is None:
        yield Finding(
            "unknown",
            "channel",
            "whether the documented authority signed the certificate cannot be told: the profile does not give it "
            "(access.network.ca)",
        )
    elif trust.trusted is None:
        yield Finding(
            "unknown",
            "channel",
            f"whether the documented authority signed the certificate cannot be told: {trust.reason}",
        )
    elif not trust.trusted:
        yield Finding(
            "violation",
            "channel",
            f"clients that trust the documented authority refuse the certificate: {trust.reason}",
            expected="one that the authority of access.network.ca vouches for",
            found=trust.reason,
        )


def _covers(pattern: str, name: str) -> bool:
    """Whether a name of a certificate is that of a server (RFC 6125: one wildcard, for the whole leftmost label)."""
    if _is_address(name) or _is_address(pattern):
        return _is_address(name) and _is_address(pattern) and _address(name) == _address(pattern)
    ours, theirs = name.rstrip(".").lower(), pattern.rstrip(".").lower()
    if theirs.startswith("*."):
        return "." in ours and ours.partition(".")[2] == theirs[2:]
    return ours == theirs


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    return ipaddress.ip_address(text.strip("[]").partition("%")[0])


def _is_address(text: str) -> bool:
    try:
        _address(text)
    except ValueError:
        return False
    return True
