"""What an enumeration found, as an observation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pytest_etsi.probes.tls._certificate import facts_of
from pytest_etsi.probes.tls._model import VERSIONS, TlsObservation
from pytest_etsi.probes.tls._numbers import dh_group, group_name, signature_name
from pytest_etsi.probes.tls.suites import suite_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_etsi.probes._net import Deadline
    from pytest_etsi.probes.tls._ask import StreamEndpoint
    from pytest_etsi.probes.tls._dtls import DatagramEndpoint
    from pytest_etsi.probes.tls._features import Features
    from pytest_etsi.probes.tls._lists import Lists
    from pytest_etsi.probes.tls._talk import Talk
    from pytest_etsi.probes.witness import Watch

__all__ = ["observation"]

_TLS13 = VERSIONS["TLSv1.3"]


class Found(Protocol):
    """What an enumeration knows at its end."""

    endpoint: StreamEndpoint | DatagramEndpoint
    name: str
    versions: Mapping[str, int]
    deadline: Deadline
    watch: Watch
    talk: Talk
    notes: list[str]
    suites: dict[int, list[int]]
    ssl2: tuple[str, ...]
    lists: Lists
    primes: set[bytes]
    chains: dict[str, tuple[bytes, ...]]
    client_certificate: bool
    features: Features


def observation(found: Found) -> TlsObservation:
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


def _groups(found: Found) -> dict[str, tuple[str, ...]]:
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
