"""What an enumeration found, as an observation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.tls._certificate import certificate_facts
from pytest_etsi.probes.tls._model import VERSIONS, Certificate, TlsObservation
from pytest_etsi.probes.tls._numbers import dh_group, group_name, signature_name
from pytest_etsi.probes.tls.suites import cipher_suites, suite_name

if TYPE_CHECKING:
    from pytest_etsi.probes.tls._enumerate import Enumeration

__all__ = ["authentication", "facts_of", "observation"]

_TLS13 = VERSIONS["TLSv1.3"]


def authentication(suite: int) -> str:
    """By what a suite shows who the server is; empty where that is not known."""
    known = cipher_suites().get(suite)
    return known.authentication if known else ""


def facts_of(chain: tuple[bytes, ...], notes: list[str]) -> Certificate | None:
    """The facts of the first certificate of a chain; None where it is malformed, which is noted."""
    try:
        return certificate_facts(chain[0], chain_length=len(chain))
    except ValueError as error:
        message = f"the certificate is malformed: {printable(str(error), 120)}"
        if message not in notes:
            notes.append(message)
        return None


def observation(found: Enumeration) -> TlsObservation:
    """All that was found."""
    chains = (facts_of(chain, found.notes) for chain in found.chains.values())
    certificates = tuple(dict.fromkeys(facts for facts in chains if facts is not None))
    suites = {"SSLv2": found.ssl2} if found.ssl2 else {}
    for version, number in found.versions.items():
        if number in found.suites:
            suites[version] = tuple(suite_name(suite) for suite in found.suites[number])
    return TlsObservation(
        host=found.endpoint.host,
        port=found.endpoint.port,
        server_name=found.name,
        versions=tuple(suites),
        suites=suites,
        certificate=certificates[0] if certificates else None,
        certificates=certificates,
        client_certificate=found.client_certificate,
        connections=found.talk.connections,
        complete=found.watch.complete,
        errors=tuple(dict.fromkeys((*found.watch.gaps, *found.notes))),
        duration_s=found.deadline.elapsed,
        groups=_groups(found),
        dh_bits=min(map(_bits, found.primes), default=None),
        signatures=tuple(signature_name(number) for number in found.lists.signatures.seen),
        features=found.features.seen,
        starttls=getattr(found.endpoint, "starttls", None) or "",
    )


def _groups(found: Enumeration) -> dict[str, tuple[str, ...]]:
    """Names of the accepted groups, by version: of TLS 1.3, and of the newest of the older ones."""
    old = max((number for number in found.suites if number < _TLS13), default=0)
    labels = {number: name for name, number in found.versions.items()}
    groups = {
        labels[version]: tuple(group_name(number) for number in pool.seen)
        for version, pool in sorted(found.lists.groups.items())
        if pool.seen and version in {old, _TLS13}
    }
    custom = sorted({_bits(prime) for prime in found.primes if not dh_group(prime)})
    if custom and old:
        groups[labels[old]] = (*groups.get(labels[old], ()), *(f"dh-{bits}" for bits in custom))
    return groups


def _bits(number: bytes) -> int:
    return int.from_bytes(number, "big").bit_length()
