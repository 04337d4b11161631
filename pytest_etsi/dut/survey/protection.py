"""What protects a channel, as it was seen: facts of TLS and SSH, and words about them.

Weaknesses that a manufacturer would have to accept knowingly are not drafted: a device does not say what is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from pytest_etsi.profile.drafting import shortened
from pytest_etsi.profile.facts.protection import TlsVersion

if TYPE_CHECKING:
    from pytest_etsi.probes.ssh import SshObservation
    from pytest_etsi.probes.tls import TlsObservation

__all__ = ["TLS_VERSIONS", "certificate_words", "ssh_facts", "ssh_words", "tls_facts", "tls_words"]

TLS_VERSIONS = frozenset(get_args(TlsVersion))
"""The versions that facts can name."""
_MOST_NAMES = 128


def tls_facts(seen: TlsObservation) -> dict[str, Any]:
    """The claims of `TlsFacts` that describe what a server accepts."""
    suites = dict.fromkeys(suite for names in seen.suites.values() for suite in names)
    facts: dict[str, Any] = {
        "versions": [version for version in seen.versions if version in TLS_VERSIONS],
        "cipher_suites": list(suites)[:_MOST_NAMES],
        "groups": sorted(seen.all_groups)[:_MOST_NAMES],
    }
    rsa = [one.key_bits for one in seen.certificates if one.key_type == "RSA" and one.key_bits > 0]
    if rsa:
        facts["min_rsa_bits"] = min(rsa)
    if seen.dh_bits:
        facts["min_dh_bits"] = seen.dh_bits
    if seen.certificate is not None:
        facts["certificate"] = "self-signed" if seen.certificate.self_signed else "ca"
    return {name: value for name, value in facts.items() if value}


def tls_words(seen: TlsObservation) -> str:
    """How a server protects what it carries, in a few sentences."""
    by_version = "; ".join(
        f"{version} with {', '.join(names)}" for version, names in seen.suites.items() if names
    )
    shown = f" {certificate_words(seen)}" if seen.certificate is not None else ""
    return shortened(
        f"As seen: {by_version or ', '.join(seen.versions) or 'no version was accepted'}.{shown}", 1500
    )


def certificate_words(seen: TlsObservation) -> str:
    """Whose certificate it is, and of what kind."""
    parts = []
    for one in seen.certificates[:4]:
        kind = one.curve or f"{one.key_bits} bits"
        parts.append(
            f"Certificate of {shortened(one.subject, 120)}, signed by {shortened(one.issuer, 120)}, "
            f"{shortened(one.key_type, 20)} {shortened(kind, 40)}, valid until {one.not_after:%Y-%m-%d}, SHA-256 "
            f"{one.sha256}."
        )
    return " ".join(parts)


def ssh_facts(seen: SshObservation) -> dict[str, Any]:
    """The claims of `SshFacts` that describe what a server offers."""
    facts: dict[str, Any] = {
        "protocols": list(seen.protocols),
        "kex": list(seen.kex)[:_MOST_NAMES],
        "host_keys": list(seen.host_keys)[:_MOST_NAMES],
        "ciphers": list(seen.ciphers)[:_MOST_NAMES],
        "macs": list(seen.macs)[:_MOST_NAMES],
    }
    if seen.shown_key == "ssh-rsa" and seen.shown_key_bits:
        facts["min_rsa_bits"] = seen.shown_key_bits
    if seen.dh_bits:
        facts["min_dh_bits"] = min(seen.dh_bits.values())
    return {name: value for name, value in facts.items() if value}


def ssh_words(seen: SshObservation) -> str:
    """The same in a few sentences."""
    parts = {
        "key exchange": seen.kex,
        "host keys": seen.host_keys,
        "ciphers": seen.ciphers,
        "MACs": seen.macs,
    }
    told = "; ".join(f"{name} {', '.join(names)}" for name, names in parts.items() if names)
    return shortened(f"As seen: {seen.banner}: {told}.", 1500)
