"""Every version, suite, group and signature algorithm that a server accepts, within few connections.

A server is offered at most 60 suites at a time (embedded stacks were seen to fail on longer lists) and names the one it
would take; that one is left out of the next hello, another candidate takes its place, until none of 60 suits it. The
same answers name groups and signature algorithms, which are left out of the next hello likewise. The first refusal may
be owed to any of them: from then on all are offered again, and what is left of groups and signature algorithms is asked
for afterwards, with suites that are known to be accepted. Each list thus ends with a refusal of what is not in it.

Connections are made one after another, to be gentle with small devices.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_etsi.probes._net import Deadline
from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.tls._ask import COMMON, StreamEndpoint
from pytest_etsi.probes.tls._certificate import certificate_facts
from pytest_etsi.probes.tls._dtls import DATAGRAM_VERSIONS, DatagramEndpoint
from pytest_etsi.probes.tls._features import Features
from pytest_etsi.probes.tls._hello import HelloOffer, server_name_of
from pytest_etsi.probes.tls._model import VERSIONS, Certificate, HelloAnswer, TlsObservation
from pytest_etsi.probes.tls._numbers import (
    GROUPS,
    GROUPS_13,
    SIGNATURES,
    dh_group,
    group_name,
    signature_name,
)
from pytest_etsi.probes.tls._pool import Pool
from pytest_etsi.probes.tls._ssl2 import ask_ssl2
from pytest_etsi.probes.tls.suites import cipher_suites, suite_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_etsi.probes.tls._starttls import StartTls

__all__ = ["enumerate_dtls", "enumerate_tls"]

_OFFERED = 60
_TLS12, _TLS13 = VERSIONS["TLSv1.2"], VERSIONS["TLSv1.3"]
_PROTOCOL_VERSION = 70
# All that SSL 3.0 defines (RFC 6101, A.6; not Fortezza), and what else old servers were seen to take.
_OLD = (
    *range(0x0001, 0x001C), 0xC007, 0xC011, 0xC006, 0xC010, 0x0096, 0x009A, 0x0045, 0x0088, 0x0032, 0x0038, 0x0062,
    0x0064,
)  # fmt: skip
_OLD_MACS = {"SHA", "MD5", "NULL"}
_KERBEROS = {"KRB5", "KRB5_EXPORT"}
_COSTLY = (
    0x0102,
    0x0103,
    0x0104,
)  # ffdhe4096 and larger: up to TLS 1.2 a choice costs a small device its time
_CURVES = {"secp256r1": 0x0017, "secp384r1": 0x0018, "secp521r1": 0x0019}
_EPHEMERAL = {"DHE", "ECDHE", "DH", "ECDH"}


def enumerate_tls(
    host: str,
    port: int,
    *,
    server_name: str | None = None,
    starttls: StartTls | None = None,
    timeout_s: float = 3.0,
    deadline_s: float = 20.0,
) -> TlsObservation:
    """Find what a TLS server accepts: versions, cipher suites, groups, signature algorithms and other settings.

    Args:
        host: name or address.
        port: TCP port.
        server_name: name for the hello's server_name extension; by default the host, when that is a name.
        starttls: protocol that has to be spoken before; None: TLS from the first byte.
        timeout_s: seconds to wait for one answer.
        deadline_s: seconds after which the enumeration ends with what it has.
    """
    name = server_name_of(host) if server_name is None else server_name
    return _Enumeration(
        StreamEndpoint(host, port, starttls), name, timeout_s, Deadline(deadline_s), VERSIONS
    ).run()


def enumerate_dtls(
    host: str, port: int, *, server_name: str | None = None, timeout_s: float = 2.0, deadline_s: float = 90.0
) -> TlsObservation:
    """As `enumerate_tls`, for DTLS 1.0 and 1.2 on a UDP port; a connection is one exchange of datagrams.

    Args:
        host: name or address.
        port: UDP port.
        server_name: name for the hello's server_name extension; by default the host, when that is a name.
        timeout_s: seconds to wait for one answer.
        deadline_s: seconds after which the enumeration ends with what it has.
    """
    name = server_name_of(host) if server_name is None else server_name
    endpoint = DatagramEndpoint(host, port)
    return _Enumeration(endpoint, name, timeout_s, Deadline(deadline_s), DATAGRAM_VERSIONS).run()


@dataclass(slots=True)
class _Enumeration:
    endpoint: StreamEndpoint | DatagramEndpoint
    name: str
    timeout_s: float
    deadline: Deadline
    versions: Mapping[str, int]
    connections: int = 0
    errors: list[str] = field(default_factory=list)
    open_questions: int = 0
    suites: dict[int, list[int]] = field(default_factory=dict)
    ssl2: tuple[str, ...] = ()
    groups: dict[int, Pool] = field(default_factory=dict)
    signatures: Pool = field(default_factory=lambda: Pool(SIGNATURES))
    primes: set[bytes] = field(default_factory=set)
    chains: dict[str, tuple[bytes, ...]] = field(default_factory=dict)
    client_certificate: bool = False
    features: Features = field(default_factory=Features)
    hopeless: bool = False

    def run(self) -> TlsObservation:
        for number in sorted(self.versions.values(), reverse=True):
            if self.hopeless:
                break
            found = self._version(number)
            if found:
                self.suites[number] = found
        if not self.hopeless:
            self._ssl2()
        if self.suites and not self.hopeless:
            self._exhaust_groups()
            self._exhaust_signatures()
            self.features.find(self)
        if self.suites and not self.chains and not self.deadline.expired:
            self._certificate_by_library()
        if self.deadline.expired:
            self.errors.append(f"the deadline of {self.deadline.seconds:g} s passed")
        return self._observation()

    # Suites -------------------------------------------------------------------------------------------------

    def _version(self, version: int) -> list[int]:
        """The suites that are accepted at one version."""
        queue = self._candidates(version)
        found: list[int] = []
        groups = Pool(GROUPS_13) if version == _TLS13 else Pool(GROUPS, spared=_COSTLY)
        groups.whole = version < self._newest_old(version)
        self.groups[version] = groups
        signatures = self.signatures if version == _TLS12 else Pool(SIGNATURES, whole=True)
        doubted: Pool | None = None
        while queue:
            window = queue[:_OFFERED]
            offer = HelloOffer(
                version, tuple(window), self.name, groups=groups.offer(), signatures=signatures.offer()
            )
            answer = self.ask(offer)
            if answer is None:
                break
            if answer.kind != "hello":
                if pool := next(
                    (pool for pool in (groups, signatures) if pool.seen and not pool.whole), None
                ):
                    pool.whole, doubted = True, pool
                    continue
                if not found and self._unspoken(version, answer):
                    break
                queue, doubted = queue[_OFFERED:], None
                continue
            if answer.version != version:
                break
            if answer.suite not in window:
                self.trouble(
                    f"{self._label(version)}: {suite_name(answer.suite)} was chosen, though not offered"
                )
                break
            if doubted is not None:
                doubted.exhausted = bool(answer.group if doubted is groups else answer.signature)
                doubted = None
            found.append(answer.suite)
            queue.remove(answer.suite)
            self._note_choices(answer, groups, signatures)
        groups.whole = signatures.whole = False
        return found

    def _candidates(self, version: int) -> list[int]:
        """Suites to ask for, likely ones first.

        Where TLS 1.2 is accepted, everything was asked for there. What is defined for it alone (AEAD, SHA-2), or needs
        a Kerberos server, is not asked for again at older versions; everything else is.
        """
        known = cipher_suites()
        thirteen = version == _TLS13
        newer = self.suites.get(_TLS12, ()) if version < _TLS12 else ()
        return [
            number
            for number in dict.fromkeys((*newer, *COMMON, *_OLD, *known))
            if number in known
            and known[number].tls13 is thirteen
            and not (
                newer and (known[number].mac not in _OLD_MACS or known[number].key_exchange in _KERBEROS)
            )
        ]

    def _unspoken(self, version: int, refusal: HelloAnswer) -> bool:
        """Whether the first refusal at a version tells that it is not spoken at all.

        It does when it says so; and when a newer version is spoken, whose suites were offered here too, with all that
        SSL 3.0 defines and the common ones.
        """
        if refusal.alert == _PROTOCOL_VERSION:
            return True
        newer = (number for spoken, suites in self.suites.items() if spoken > version for number in suites)
        return any(_mac(number) in _OLD_MACS for number in newer)

    def _newest_old(self, version: int) -> int:
        """The newest accepted version before TLS 1.3, or `version` when none is known yet: groups are found there."""
        return max((number for number in self.suites if number < _TLS13), default=version)

    def _note_choices(self, answer: HelloAnswer, groups: Pool, signatures: Pool) -> None:
        for pool, number in ((groups, answer.group), (signatures, answer.signature)):
            if number and pool.saw(number) == "unheeded":
                pool.whole = True  # chosen though left out: the server does not heed the list
        groups.needed = groups.needed or (self._curve(answer.certificates) if answer.certificates else 0)

    def _curve(self, chain: tuple[bytes, ...]) -> int:
        """Group of the key of a certificate; 0: no key on a curve."""
        facts = self._facts(chain)
        return _CURVES.get(facts.curve, 0) if facts else 0

    # Groups, signatures -------------------------------------------------------------------------------------

    def _exhaust_groups(self) -> None:
        for version in (_TLS13, self._newest_old(0)):
            suites = self._ephemeral(version)
            pool = self.groups.get(version)
            if pool is None or pool.exhausted:
                continue
            # Only a certificate for a curve needs that curve on offer, and may be given it again and again.
            by_curve = tuple(number for number in suites if _authentication(number) == "ECDSA")
            curve, pool.needed = pool.needed, 0
            self._exhaust(pool, tuple(number for number in suites if number not in by_curve), version)
            pool.needed = curve
            self._exhaust(pool, by_curve, version)

    def _exhaust(self, pool: Pool, suites: tuple[int, ...], version: int) -> None:
        while suites and pool.left():
            answer = self.ask(HelloOffer(version, suites, self.name, groups=pool.offer()))
            if answer is None or answer.kind != "hello":
                break
            told = pool.saw(answer.group)
            if told != "new" and not (told == "needed" and pool.pass_over()):
                break

    def _exhaust_signatures(self) -> None:
        suites = self._ephemeral(_TLS12)
        while suites and self.signatures.left() and not self.signatures.exhausted:
            offer = HelloOffer(_TLS12, suites, self.name, signatures=self.signatures.offer())
            answer = self.ask(offer)
            if answer is None or answer.kind != "hello" or self.signatures.saw(answer.signature) != "new":
                break

    def _ephemeral(self, version: int) -> tuple[int, ...]:
        """Accepted suites whose key exchange uses a group."""
        known = cipher_suites()
        return tuple(
            number
            for number in self.suites.get(version, ())
            if version == _TLS13 or known[number].key_exchange.removesuffix("_EXPORT") in _EPHEMERAL
        )[:_OFFERED]

    # Questions ----------------------------------------------------------------------------------------------

    def ask(self, offer: HelloOffer) -> HelloAnswer | None:
        """One question, asked twice when there is no answer; None when there is no use in going on."""
        answer = HelloAnswer("silent")
        for attempt in range(2):
            if self.deadline.expired:
                return None
            self.connections += 1
            answer = self.endpoint.ask(
                offer, self.deadline.within(self.timeout_s), flight=offer.version < _TLS13
            )
            if answer.kind in {"hello", "alert"} or (answer.kind in {"closed", "reset"} and attempt):
                self._note(answer, offer)
                return answer
            if answer.kind == "garbage":
                break
        label = self._label(offer.version)
        if answer.kind == "garbage":
            self.trouble(f"{label}: not TLS: {printable(answer.first_bytes, 60)}")
        else:
            self.trouble(f"{label}: {answer.detail or answer.kind}")
        if answer.kind in {"refused", "garbage"} or not self.suites:
            # Nothing has been heard of TLS so far: going on would only wait.
            self.hopeless = answer.kind in {"refused", "garbage"} or self.open_questions >= 3
        return None

    def _note(self, answer: HelloAnswer, offer: HelloOffer) -> None:
        """Keep what an answer tells beside its choice."""
        if answer.kind != "hello":
            return
        if answer.certificates:
            self.chains.setdefault(_authentication(answer.suite), answer.certificates)
        self.client_certificate |= answer.client_certificate
        if answer.dh_prime:
            self.primes.add(answer.dh_prime)
        self.features.note(answer, offer, self.suites)

    def _label(self, version: int) -> str:
        return next((name for name, number in self.versions.items() if number == version), f"0x{version:04X}")

    def trouble(self, message: str) -> None:
        """Note that something stays open, in one sentence."""
        self.errors.append(message)
        self.open_questions += 1

    def _ssl2(self) -> None:
        if not isinstance(self.endpoint, StreamEndpoint) or self.deadline.expired:
            return
        self.connections += 1
        answer, self.ssl2 = ask_ssl2(self.endpoint, self.deadline.within(self.timeout_s))
        if answer.kind == "garbage":
            self.trouble(f"SSLv2: {answer.detail}: {printable(answer.first_bytes, 60)}")
        elif answer.certificates:
            self.chains.setdefault("SSLv2", answer.certificates)

    def _certificate_by_library(self) -> None:
        """TLS 1.3 encrypts the certificate, so a real handshake has to fetch it."""
        if not isinstance(self.endpoint, StreamEndpoint):
            return
        self.connections += 1
        certificate, why_not = self.endpoint.certificate(self.name, self.deadline.within(self.timeout_s))
        if certificate:
            self.chains["TLSv1.3"] = (certificate,)
        elif why_not:
            self.errors.append(f"the certificate could not be read: {why_not}")

    # The result ---------------------------------------------------------------------------------------------

    def _facts(self, chain: tuple[bytes, ...]) -> Certificate | None:
        try:
            return certificate_facts(chain[0], chain_length=len(chain))
        except ValueError as error:
            message = f"the certificate is malformed: {printable(str(error), 120)}"
            if message not in self.errors:
                self.errors.append(message)
            return None

    def _observation(self) -> TlsObservation:
        chains = (self._facts(chain) for chain in self.chains.values())
        certificates = tuple(dict.fromkeys(facts for facts in chains if facts is not None))
        suites = {"SSLv2": self.ssl2} if self.ssl2 else {}
        for version, number in self.versions.items():
            if number in self.suites:
                suites[version] = tuple(suite_name(suite) for suite in self.suites[number])
        old = self._newest_old(0)
        groups = {
            self._label(version): tuple(group_name(number) for number in pool.seen)
            for version, pool in sorted(self.groups.items())
            if pool.seen and version in {old, _TLS13}
        }
        custom = sorted({_bits(prime) for prime in self.primes if not dh_group(prime)})
        if custom and old:
            label = self._label(old)
            groups[label] = (*groups.get(label, ()), *(f"dh-{bits}" for bits in custom))
        return TlsObservation(
            host=self.endpoint.host,
            port=self.endpoint.port,
            server_name=self.name,
            versions=tuple(suites),
            suites=suites,
            certificate=certificates[0] if certificates else None,
            certificates=certificates,
            client_certificate=self.client_certificate,
            connections=self.connections,
            complete=not (self.hopeless or self.open_questions or self.deadline.expired),
            errors=tuple(dict.fromkeys(self.errors)),
            duration_s=self.deadline.elapsed,
            groups=groups,
            dh_bits=min(map(_bits, self.primes), default=None),
            signatures=tuple(signature_name(number) for number in self.signatures.seen),
            features=self.features.seen,
            starttls=(isinstance(self.endpoint, StreamEndpoint) and self.endpoint.starttls) or "",
        )


def _authentication(suite: int) -> str:
    known = cipher_suites().get(suite)
    return known.authentication if known else ""


def _mac(suite: int) -> str:
    known = cipher_suites().get(suite)
    return known.mac if known else ""


def _bits(number: bytes) -> int:
    return int.from_bytes(number, "big").bit_length()
