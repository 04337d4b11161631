"""Settings of SSH beside algorithm names: as documented, and as a server shows them.

What a server offers and no document states is a violation where it is weak by public references, as any algorithm would
be; a documented size is held against it whatever it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.assessment import crypto
from pytest_etsi.assessment.criteria._tls_settings import shared_keys
from pytest_etsi.assessment.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.probes.ssh import SshObservation
    from pytest_etsi.profile.facts import SshFacts

__all__ = ["documented_ssh", "ssh_in_use"]

_PROTOCOL_1 = "its CRC does not keep what is sent from being changed (VU#13877)"


def documented_ssh(ssh: SshFacts) -> Iterator[Finding]:
    """What public references say of the documented settings; aspects ``best-practice`` and ``attack``."""
    if "1" in ssh.protocols:
        yield from crypto.assess_algorithm("SSH-1")
    for name, bits in (("RSA", ssh.min_rsa_bits), ("DH", ssh.min_dh_bits)):
        if bits:
            yield from crypto.assess_algorithm(name, bits)


def ssh_in_use(ssh: SshFacts, observed: SshObservation) -> Iterator[Finding]:
    """What a server shows beyond its algorithm names, against the documents; aspect ``channel``."""
    for version in observed.protocols:
        if version not in ssh.protocols:
            why = f": {_PROTOCOL_1}" if version == "1" else ""
            yield Finding(
                "violation",
                "channel",
                f"protocol {version} of SSH is offered but not documented{why}",
                expected=", ".join(ssh.protocols),
                found=observed.banner,
            )
    for method, bits in observed.dh_bits.items():
        yield from _size(
            f"{method} gives a prime of {bits} bits to who asks for a small one", "DH", bits, ssh.min_dh_bits
        )
    # A DSA key is as weak as its name says, whatever its size.
    if observed.shown_key.startswith("ssh-rsa") and observed.shown_key_bits:
        what = f"the host key (RSA) has {observed.shown_key_bits} bits"
        yield from _size(what, "RSA", observed.shown_key_bits, ssh.min_rsa_bits)
    yield from shared_keys(observed, "the host")
    for gap in observed.gaps:
        yield Finding("unknown", "channel", f"not everything was answered: {gap}")


def _size(what: str, kind: str, bits: int, documented: int | None) -> Iterator[Finding]:
    if documented:
        if bits < documented:
            yield Finding(
                "violation", "channel", what, expected=f"at least {documented} bits", found=f"{bits} bits"
            )
    elif any(finding.kind == "violation" for finding in crypto.assess_algorithm(kind, bits)):
        yield Finding(
            "violation",
            "channel",
            f"{what}, which is not documented",
            expected="a size that public references accept",
            found=f"{bits} bits",
        )
