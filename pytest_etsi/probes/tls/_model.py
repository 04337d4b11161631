"""What is known of a TLS server after it was asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pytest_etsi.probes.observation import Observation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

__all__ = ["VERSIONS", "Certificate", "HelloAnswer", "TlsFeatures", "TlsObservation", "Trust"]

VERSIONS: dict[str, int] = {
    "SSLv3": 0x0300,
    "TLSv1.0": 0x0301,
    "TLSv1.1": 0x0302,
    "TLSv1.2": 0x0303,
    "TLSv1.3": 0x0304,
}
"""Versions that a ClientHello can ask for, oldest first, and their numbers; SSLv2 has a hello of its own."""


@dataclass(frozen=True, slots=True)
class Certificate(Observation):
    """Facts of an X.509 certificate.

    Attributes:
        subject: distinguished name, RFC 4514.
        issuer: distinguished name, RFC 4514.
        serial: serial number, decimal.
        not_before: start of validity, UTC.
        not_after: end of validity, UTC.
        key_type: "RSA", "EC", "Ed25519", "DSA", ...
        key_bits: size of the key in bits.
        curve: name of the curve of an EC key.
        signature_hash: "sha256", ...; empty where the signature has none of its own (Ed25519).
        self_signed: signed with its own key.
        names: DNS names and addresses of the subject alternative names.
        sha256: fingerprint, hex.
        spki_sha256: SHA-256 of the public key (SubjectPublicKeyInfo), hex: the same in every certificate for this key.
        chain_length: number of certificates that the server sent.
    """

    subject: str
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime
    key_type: str
    key_bits: int
    curve: str
    signature_hash: str
    self_signed: bool
    names: tuple[str, ...]
    sha256: str
    spki_sha256: str = ""
    chain_length: int = 1


@dataclass(frozen=True, slots=True)
class Trust(Observation):
    """Whether a client that trusts some authorities accepts a server's certificate, its names aside.

    Attributes:
        trusted: None: no handshake came far enough to tell.
        reason: why not, in OpenSSL's words, or why it could not be told.
    """

    trusted: bool | None
    reason: str


@dataclass(frozen=True, slots=True)
class HelloAnswer(Observation):
    """What a server answered to one ClientHello.

    What stands in the messages after the ServerHello (`certificates` to `dh_bits`) is there only where the flight was
    read and the server sends it in the clear (TLS 1.2 and older); TLS 1.3 names its group in a HelloRetryRequest.

    Attributes:
        kind: "hello" (it chose), "alert", "closed", "reset", "silent", "refused", "garbage" (not TLS).
        version: version it chose, as a number.
        suite: suite it chose, as a number.
        alert: number of the alert.
        certificates: the chain, DER.
        client_certificate: it asked the client for a certificate.
        group: number of the group it chose for the key exchange; 0: none, or a prime of its own.
        dh_prime: the prime of a finite-field key exchange.
        signature: number of the signature algorithm it signed its key share with (TLS 1.2).
        extensions: content of the ServerHello's extensions, by number.
        compression: the compression method it chose.
        random: the server's random value.
        session_id: the session identifier it gave.
        cookie: what it asked to be sent back (DTLS): it is there, whatever came after.
        first_bytes: what it sent when that is not TLS.
        detail: why there is no answer, or why the flight after the ServerHello is not known.
    """

    kind: Literal["hello", "alert", "closed", "reset", "silent", "refused", "garbage"]
    version: int = 0
    suite: int = 0
    alert: int = 0
    certificates: tuple[bytes, ...] = ()
    client_certificate: bool = False
    group: int = 0
    dh_prime: bytes = b""
    signature: int = 0
    extensions: Mapping[int, bytes] = field(default_factory=dict)
    compression: int = 0
    random: bytes = b""
    session_id: bytes = b""
    cookie: bytes = b""
    first_bytes: bytes = b""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class TlsFeatures(Observation):
    """Settings of a server beside versions and suites. None: not seen, or of no meaning for its versions.

    Attributes:
        compression: it takes up DEFLATE compression (RFC 3749), so that lengths tell secrets (CRIME).
        secure_renegotiation: it indicates RFC 5746; without, a renegotiation can be spliced.
        extended_master_secret: it takes up RFC 7627.
        session_tickets: it would issue tickets (RFC 5077); TLS 1.2 and older.
        session_ids: it names sessions for a later resumption; TLS 1.2 and older.
        heartbeat: it answers the heartbeat extension (RFC 6520).
        fallback_scsv: it refuses a hello that says it is a fallback (RFC 7507).
        downgrade_sentinel: its random value tells a client of TLS 1.3 (or 1.2) that it was asked for less (RFC 8446).
        alpn: application protocols it chose of those offered, in order of its choice.
    """

    compression: bool | None = None
    secure_renegotiation: bool | None = None
    extended_master_secret: bool | None = None
    session_tickets: bool | None = None
    session_ids: bool | None = None
    heartbeat: bool | None = None
    fallback_scsv: bool | None = None
    downgrade_sentinel: bool | None = None
    alpn: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TlsObservation(Observation):
    """What a TLS server accepts.

    Attributes:
        host: as asked for.
        port: as asked for.
        server_name: name that was sent in the hello; empty: none.
        versions: accepted versions, oldest first ("SSLv2", "SSLv3", "TLSv1.0", ... "TLSv1.3").
        suites: accepted cipher suites by version, in the order in which the server chose them.
        certificate: the certificate of the server; None when there was none or it could not be read.
        certificates: one for each kind of key that the server has.
        client_certificate: the server asks for a client certificate.
        connections: number of connections made.
        complete: every version was asked to its end; False when the deadline or errors left something open.
        errors: what went wrong, one sentence each.
        duration_s: seconds.
        groups: accepted key exchange groups by version ("TLSv1.3", and the newest of the older ones), as in the IANA
            registry; a finite-field group with a prime of the server's own is "dh-<bits>". Up to TLS 1.2 ffdhe4096
            and larger ones are there only when the server chose them.
        dh_bits: size of the smallest prime of a finite-field key exchange; None: there was none.
        signatures: signature algorithms of the key exchange up to TLS 1.2 ("rsa_pkcs1_sha256", ...).
        features: other settings.
        starttls: protocol that was spoken to switch to TLS; empty: TLS from the first byte.
        shared_with: other devices of the kind, as far as they were asked, that show a certificate with the same key.
        unshown_by: other devices that were asked and showed none.
        trust: whether clients that trust the authorities of the documents accept it; None: none are documented.
    """

    host: str
    port: int
    server_name: str
    versions: tuple[str, ...]
    suites: Mapping[str, tuple[str, ...]]
    certificate: Certificate | None
    certificates: tuple[Certificate, ...]
    client_certificate: bool
    connections: int
    complete: bool
    errors: tuple[str, ...]
    duration_s: float = 0.0
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dh_bits: int | None = None
    signatures: tuple[str, ...] = ()
    features: TlsFeatures = field(default_factory=TlsFeatures)
    starttls: str = ""
    shared_with: tuple[str, ...] = ()
    unshown_by: tuple[str, ...] = ()
    trust: Trust | None = None

    @property
    def keys(self) -> frozenset[str]:
        """SHA-256 of the public keys of the certificates, hex."""
        return frozenset(one.spki_sha256 for one in self.certificates if one.spki_sha256)

    @property
    def all_groups(self) -> frozenset[str]:
        """Names of the groups accepted at any version."""
        return frozenset(name for names in self.groups.values() for name in names)
