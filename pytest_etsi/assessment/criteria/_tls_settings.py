"""Settings of TLS beside versions and suites: as documented, and as a server shows them.

What a server takes up and no document states is a violation where it is weak by public references, as any version or
suite would be; where it is sound, only a documented list is held against it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.assessment import crypto
from pytest_etsi.assessment.criteria._certificates import relied_on
from pytest_etsi.assessment.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.probes.ssh import SshObservation
    from pytest_etsi.probes.tls import Certificate, TlsObservation
    from pytest_etsi.profile.facts import TlsFacts, TlsWeakness

__all__ = ["documented_groups", "documented_settings", "group_key", "settings_in_use", "shared_keys"]

_ALIASES = {"prime256v1": "secp256r1", "p256": "secp256r1", "p384": "secp384r1", "p521": "secp521r1"}
_WEAKNESSES: dict[TlsWeakness, tuple[str, str]] = {
    "compression": (
        "TLS compression is taken up",
        "the length of what is sent tells secrets in it (CRIME, CVE-2012-4929)",
    ),
    "insecure-renegotiation": (
        "secure renegotiation (RFC 5746) is not supported",
        "what an attacker sends can be put before what a client sends (CVE-2009-3555)",
    ),
    "unprotected-fallback": (
        "a hello that says it is a fallback (RFC 7507) is accepted at an older version",
        "a client that falls back can be brought to the older version (POODLE, CVE-2014-3566)",
    ),
}


def group_key(name: str) -> str:
    """The one spelling of a group's name that can be compared."""
    plain = name.lower().replace("-", "").replace("_", "")
    return _ALIASES.get(plain, plain)


def documented_groups(tls: TlsFacts, version: str = "") -> frozenset[str]:
    """The groups that are documented for a version, or for any of them, in the spelling of `group_key`; empty: none."""
    by_version = {crypto.tls_version(name): names for name, names in tls.groups_by_version.items()}
    if version:
        return frozenset(map(group_key, by_version.get(crypto.tls_version(version), tls.groups)))
    return frozenset(group_key(name) for names in (tls.groups, *by_version.values()) for name in names)


def documented_settings(tls: TlsFacts) -> Iterator[Finding]:
    """What public references say of the documented settings; aspects ``best-practice`` and ``attack``."""
    for weakness in tls.weaknesses:
        what, why = _WEAKNESSES[weakness]
        yield Finding("violation", "attack", f"{what}, as documented: {why}")
    for name, bits in (("RSA", tls.min_rsa_bits), ("DH", tls.min_dh_bits)):
        if bits:
            yield from crypto.assess_algorithm(name, bits)


def settings_in_use(tls: TlsFacts, observed: TlsObservation) -> Iterator[Finding]:
    """What a server shows beyond its versions and suites, against the documents; aspect ``channel``."""
    yield from _weaknesses(tls, observed)
    yield from _groups(tls, observed)
    # Suites without a certificate (PSK, anonymous) are compared as suites.
    if not observed.certificates and (tls.min_rsa_bits or tls.certificate):
        yield Finding("unknown", "channel", "the certificate could not be read, so it cannot be compared")
    for certificate in observed.certificates:
        yield from _certificate(tls, certificate)
    yield from relied_on(tls, observed)
    yield from shared_keys(observed, "the certificate")


def shared_keys(observed: TlsObservation | SshObservation, what: str) -> Iterator[Finding]:
    """What other devices of the kind say of a device's key; aspect ``channel``."""
    for other in observed.shared_with:
        yield Finding(
            "violation",
            "channel",
            f"the key of {what} is that of {other} too: whoever has the one device can pose as the other",
            expected="a key of its own",
            found=f"the key of {other}",
        )
    for other in observed.unshown_by:
        yield Finding(
            "unknown", "channel", f"{other} shows no key that could be compared with that of {what}"
        )


def _weaknesses(tls: TlsFacts, observed: TlsObservation) -> Iterator[Finding]:
    seen = observed.features
    shown: dict[TlsWeakness, bool] = {
        "compression": seen.compression is True,
        "insecure-renegotiation": seen.secure_renegotiation is False,
        "unprotected-fallback": seen.fallback_scsv is False and seen.downgrade_sentinel is not True,
    }
    for weakness, there in shown.items():
        if there and weakness not in tls.weaknesses:
            what, why = _WEAKNESSES[weakness]
            yield Finding(
                "violation",
                "channel",
                f"{what}, which is not documented: {why}",
                expected="not",
                found=weakness,
            )
    bits = observed.dh_bits
    if bits is None:
        return
    if tls.min_dh_bits and bits < tls.min_dh_bits:
        yield Finding(
            "violation",
            "channel",
            f"a Diffie-Hellman key exchange has a prime of {bits} bits",
            expected=f"at least {tls.min_dh_bits} bits",
            found=f"{bits} bits",
        )
    elif not tls.min_dh_bits and _too_small("DH", bits):
        yield Finding(
            "violation",
            "channel",
            f"a Diffie-Hellman key exchange has a prime of only {bits} bits, which is not documented",
            expected="2048 bits or more",
            found=f"{bits} bits",
        )


def _groups(tls: TlsFacts, observed: TlsObservation) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for version, names in observed.groups.items():
        documented = documented_groups(tls, version)
        # A prime of the server's own has no name that could be documented; its size is compared.
        strange = [name for name in names if not name.startswith("dh-") and group_key(name) not in documented]
        if documented:
            of = f" by {version}" if tls.groups_by_version else ""
            seen |= dict.fromkeys(strange, of)
    for name, of in sorted(seen.items()):
        yield Finding(
            "violation",
            "channel",
            f"the group {name} is accepted{of} but not documented",
            expected="only documented ones",
            found=name,
        )


def _certificate(tls: TlsFacts, certificate: Certificate) -> Iterator[Finding]:
    kind, bits = certificate.key_type, certificate.key_bits
    if kind == "RSA" and tls.min_rsa_bits and bits < tls.min_rsa_bits:
        yield Finding(
            "violation",
            "channel",
            f"the certificate has an RSA key of {bits} bits",
            expected=f"at least {tls.min_rsa_bits} bits",
            found=f"{bits} bits",
        )
    elif not (kind == "RSA" and tls.min_rsa_bits) and _too_small(kind, bits):
        yield Finding(
            "violation",
            "channel",
            f"the certificate has a key ({kind}) of only {bits} bits, which is not documented",
            expected="a size that public references accept",
            found=f"{bits} bits",
        )
    if tls.certificate == "ca" and certificate.self_signed:
        yield Finding(
            "violation",
            "channel",
            "the certificate is self-signed",
            expected="one signed by a CA",
            found="self-signed",
        )
    days = (certificate.not_after - certificate.not_before).total_seconds() / 86400
    # The last day counts whole: authorities write its last second, or the first one after it.
    if tls.certificate_days and days > tls.certificate_days + 1:
        yield Finding(
            "violation",
            "channel",
            f"the certificate is valid for {days:.0f} days",
            expected=f"at most {tls.certificate_days} days",
            found=f"{days:.0f} days",
        )
    # Nobody relies on the signature of a certificate that vouches for itself.
    if certificate.signature_hash in {"md5", "sha1"} and not certificate.self_signed:
        yield Finding(
            "violation",
            "channel",
            f"the certificate is signed over {certificate.signature_hash.upper()}, for which collisions are made",
            expected="SHA-256 or better",
            found=certificate.signature_hash,
        )


def _too_small(kind: str, bits: int) -> bool:
    """Whether public references no longer accept a key of that size."""
    name = {"RSA": "RSA", "DSA": "DSA", "EC": "ECC", "DH": "DH"}.get(kind)
    if name is None or not bits:
        return False
    return any(finding.kind == "violation" for finding in crypto.assess_algorithm(name, bits))
