"""What a TLS server accepts: versions and cipher suites by raw ClientHellos, and its certificate.

A server is asked with at most 60 suites at a time and names the one it would take; that one is left out of
the next question, until it takes none. For TLS 1.3 the hello carries no key share, so that the server's
HelloRetryRequest already names the suite. No cryptography is needed, so versions and suites are seen that a
modern library no longer speaks. Connections are made one after another, to be gentle with small devices.
"""

from __future__ import annotations

import os
import struct
import warnings
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING, Literal

from pytest_etsi.probes._net import Deadline, connect, lenient_context, receive, send, why
from pytest_etsi.probes.observation import Observation, printable
from pytest_etsi.probes.suites import cipher_suites, suite_name

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping
    from datetime import datetime

__all__ = [
    "VERSIONS",
    "Certificate",
    "HelloAnswer",
    "TlsObservation",
    "certificate_facts",
    "enumerate_tls",
    "hello",
    "lenient_context",
]

VERSIONS: dict[str, int] = {
    "SSLv3": 0x0300,
    "TLSv1.0": 0x0301,
    "TLSv1.1": 0x0302,
    "TLSv1.2": 0x0303,
    "TLSv1.3": 0x0304,
}
"""The protocol versions that are asked for, oldest first, and their numbers."""

_CHUNK = 60  # an embedded stack was seen to fail on longer lists
_MAX_FLIGHT = 96 * 1024
_RETRY_RANDOM = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
"""The random value that makes a ServerHello a HelloRetryRequest (RFC 8446, 4.1.3)."""
_GROUPS = (
    0x001D,
    0x0017,
    0x0018,
    0x0019,
    0x001E,
    0x001A,
    0x001B,
    0x001C,
    *range(0x0100, 0x0105),
    0x0015,
    0x0013,
)
_SIGNATURES = (
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B,
    0x0401, 0x0501, 0x0601, 0x0301, 0x0303, 0x0203, 0x0201, 0x0202, 0x0402, 0x0502, 0x0602, 0x0101,
)  # fmt: skip
_SCSV = 0x00FF
_HANDSHAKE, _ALERT = 22, 21
_PROTOCOL_VERSION, _HANDSHAKE_FAILURE = 70, 40


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
    chain_length: int = 1


@dataclass(frozen=True, slots=True)
class HelloAnswer(Observation):
    """What a server answered to one ClientHello.

    Attributes:
        kind: "hello" (it chose), "alert", "closed", "reset", "silent", "refused", "garbage" (not TLS).
        version: version it chose, as a number.
        suite: suite it chose, as a number.
        alert: number of the alert.
        certificates: the chain, DER; only where the server sends it in the clear (TLS 1.2 and older) and it
            was asked for.
        client_certificate: it asked the client for a certificate (seen in TLS 1.2 and older only).
        first_bytes: what it sent when that is not TLS.
        detail: why there is no answer.
    """

    kind: Literal["hello", "alert", "closed", "reset", "silent", "refused", "garbage"]
    version: int = 0
    suite: int = 0
    alert: int = 0
    certificates: tuple[bytes, ...] = ()
    client_certificate: bool = False
    first_bytes: bytes = b""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class TlsObservation(Observation):
    """What a TLS server accepts.

    Attributes:
        host: as asked for.
        port: as asked for.
        server_name: name that was sent in the hello; empty: none.
        versions: accepted versions, oldest first ("SSLv3", "TLSv1.0", ... "TLSv1.3").
        suites: accepted cipher suites by version, in the order in which the server chose them.
        certificate: the certificate of the server; None when there was none or it could not be read.
        certificates: one for each kind of key that the server has.
        client_certificate: the server asks for a client certificate.
        connections: number of connections made.
        complete: every version was asked to its end; False when the deadline or errors left something open.
        errors: what went wrong, one sentence each.
        duration_s: seconds.
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

    @property
    def all_suites(self) -> frozenset[str]:
        """Names of the suites accepted at any version."""
        return frozenset(name for names in self.suites.values() for name in names)


def enumerate_tls(
    host: str,
    port: int,
    *,
    server_name: str | None = None,
    timeout_s: float = 3.0,
    deadline_s: float = 20.0,
) -> TlsObservation:
    """Find the protocol versions and cipher suites that a TLS server accepts.

    Args:
        host: name or address.
        port: TCP port.
        server_name: name for the hello's server_name extension; by default the host, when that is a name.
        timeout_s: seconds to wait for one answer.
        deadline_s: seconds after which the enumeration ends with what it has.
    """
    return _Enumeration(host, port, server_name, timeout_s, deadline_s).run()


def hello(
    host: str,
    port: int,
    *,
    version: str = "TLSv1.2",
    suites: tuple[int, ...] = (),
    server_name: str | None = None,
    flight: bool = False,
    timeout_s: float = 3.0,
) -> HelloAnswer:
    """Send one ClientHello and say what came back.

    Args:
        host: name or address.
        port: TCP port.
        version: highest version offered, a key of `VERSIONS`; "TLSv1.3" offers TLS 1.3 only.
        suites: suites offered; by default a broad choice that nearly every server finds something in.
        server_name: as for `enumerate_tls`.
        flight: read the server's certificate and certificate request as well.
        timeout_s: seconds for all of it.
    """
    name = _sni(host) if server_name is None else server_name
    offered = suites or _COMMON
    return _ask(
        host, port, _client_hello(VERSIONS[version], offered, name), Deadline(timeout_s), flight=flight
    )


_COMMON = (
    0xC02F, 0xC02B, 0xC030, 0xC02C, 0xCCA8, 0xCCA9, 0x009E, 0x009F, 0xC013, 0xC014, 0xC009, 0xC00A, 0xC023,
    0xC027, 0xC024, 0xC028, 0x0033, 0x0039, 0x0067, 0x006B, 0x009C, 0x009D, 0x003C, 0x003D, 0x002F, 0x0035,
    0x000A, 0x0016, 0xC012, 0xC008, 0x0005, 0x0004, 0xC0AC, 0xC0AE, 0xC09C, 0xC0A0, 0x00A8, 0x00A9, 0x008C,
    0x008D, 0x00AE, 0xC0A4, 0xC0A8, 0xC037, 0xD001, 0xCCAB, 0xCCAC, 0x00AA, 0x0034, 0x006C, 0x00A6, 0xC018,
    0x0041, 0x0084, 0x0009, 0x0003,
)  # fmt: skip


@dataclass(slots=True)
class _Enumeration:
    host: str
    port: int
    server_name: str | None
    timeout_s: float
    deadline_s: float
    connections: int = 0
    errors: list[str] = field(default_factory=list)
    open_questions: int = 0
    suites: dict[str, tuple[str, ...]] = field(default_factory=dict)
    chains: dict[str, tuple[bytes, ...]] = field(default_factory=dict)
    client_certificate: bool = False
    hopeless: bool = False

    def run(self) -> TlsObservation:
        deadline = Deadline(self.deadline_s)
        name = _sni(self.host) if self.server_name is None else self.server_name
        for version, number in VERSIONS.items():
            if self.hopeless:
                break
            accepted = self._version(number, name, deadline)
            if accepted:
                self.suites[version] = tuple(suite_name(suite) for suite in accepted)
        if self.suites and not self.chains and not deadline.expired:
            self._certificate_by_library(name, deadline)
        certificates = tuple(
            facts for chain in self.chains.values() if (facts := self._facts(chain)) is not None
        )
        if deadline.expired:
            self.errors.append(f"the deadline of {self.deadline_s:g} s passed")
        return TlsObservation(
            host=self.host,
            port=self.port,
            server_name=name,
            versions=tuple(self.suites),
            suites=dict(self.suites),
            certificate=certificates[0] if certificates else None,
            certificates=certificates,
            client_certificate=self.client_certificate,
            connections=self.connections,
            complete=not (self.hopeless or self.open_questions or deadline.expired),
            errors=tuple(dict.fromkeys(self.errors)),
            duration_s=deadline.elapsed,
        )

    def _version(self, version: int, name: str, deadline: Deadline) -> list[int]:
        known = cipher_suites()
        thirteen = version == VERSIONS["TLSv1.3"]
        candidates = [number for number, suite in known.items() if suite.tls13 is thirteen]
        accepted: list[int] = []
        for start in range(0, len(candidates), _CHUNK):
            chunk = candidates[start : start + _CHUNK]
            while chunk:
                answer = self._ask(version, chunk, name, deadline)
                if answer is None:
                    return accepted
                if answer.kind != "hello":
                    # A version that a server does not speak is mostly refused as such: no need to go on.
                    if answer.kind == "alert" and answer.alert == _PROTOCOL_VERSION and not accepted:
                        return accepted
                    break
                if answer.version != version:
                    return accepted
                if answer.suite not in chunk:
                    chosen = suite_name(answer.suite)
                    self.errors.append(f"{_version_name(version)}: {chosen} was chosen, though not offered")
                    self.open_questions += 1
                    break
                accepted.append(answer.suite)
                chunk.remove(answer.suite)
        return accepted

    def _ask(self, version: int, suites: list[int], name: str, deadline: Deadline) -> HelloAnswer | None:
        """One question, asked twice when there is no answer; None when there is no use in going on."""
        # The certificate is read along with the first suite of each kind of key.
        kinds = {_authentication(suite) for suite in suites} - {"", "anon", "PSK", "SRP", "KRB5", "ECCPWD"}
        flight = version < VERSIONS["TLSv1.3"] and bool(kinds - set(self.chains))
        message = _client_hello(version, tuple(suites), name)
        for attempt in range(2):
            if deadline.expired:
                self.open_questions += 1
                return None
            self.connections += 1
            answer = _ask(self.host, self.port, message, deadline.within(self.timeout_s), flight=flight)
            if answer.kind in {"hello", "alert", "closed"} or (answer.kind == "reset" and attempt):
                if answer.certificates:
                    self.chains.setdefault(_authentication(answer.suite), answer.certificates)
                self.client_certificate |= answer.client_certificate
                return answer
            if answer.kind == "garbage":
                break
        label = _version_name(version)
        if answer.kind == "garbage":
            self.errors.append(f"{label}: not TLS: {printable(answer.first_bytes, 60)}")
        else:
            self.errors.append(f"{label}: {answer.detail or answer.kind}")
        self.open_questions += 1
        if answer.kind in {"refused", "garbage"} or not self.suites:
            # Nothing has been heard of TLS so far: going on would only wait.
            self.hopeless = answer.kind in {"refused", "garbage"} or self.open_questions >= 3
        return None

    def _certificate_by_library(self, name: str, deadline: Deadline) -> None:
        """TLS 1.3 encrypts the certificate, so a real handshake has to fetch it."""
        self.connections += 1
        budget = deadline.within(self.timeout_s)
        try:
            with connect(self.host, self.port, budget) as plain:
                plain.settimeout(max(0.001, budget.left()))
                with lenient_context().wrap_socket(plain, server_hostname=name or None) as wrapped:
                    certificate = wrapped.getpeercert(binary_form=True)
            if certificate:
                self.chains["TLSv1.3"] = (certificate,)
        except (OSError, ValueError) as error:
            self.errors.append(f"the certificate could not be read: {why(error)}")

    def _facts(self, chain: tuple[bytes, ...]) -> Certificate | None:
        try:
            return certificate_facts(chain[0], chain_length=len(chain))
        except ValueError as error:
            self.errors.append(f"the certificate is malformed: {printable(str(error), 120)}")
            return None


def certificate_facts(der: bytes, *, chain_length: int = 1) -> Certificate:
    """Read the facts of a certificate.

    Args:
        der: the certificate.
        chain_length: how many certificates came with it, itself included.

    Raises:
        ValueError: it is malformed.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about certificates that are odd but readable
        try:
            certificate = x509.load_der_x509_certificate(der)
            key_type, bits, curve = _key_facts(certificate)
            try:
                hash_name = (
                    certificate.signature_hash_algorithm.name if certificate.signature_hash_algorithm else ""
                )
            except Exception:  # noqa: BLE001 - an algorithm that the library does not know
                hash_name = certificate.signature_algorithm_oid.dotted_string
            return Certificate(
                subject=printable(certificate.subject.rfc4514_string()),
                issuer=printable(certificate.issuer.rfc4514_string()),
                serial=str(certificate.serial_number),
                not_before=certificate.not_valid_before_utc,
                not_after=certificate.not_valid_after_utc,
                key_type=key_type,
                key_bits=bits,
                curve=curve,
                signature_hash=hash_name,
                self_signed=_self_signed(certificate),
                names=_names(certificate),
                sha256=certificate.fingerprint(hashes.SHA256()).hex(),
                chain_length=chain_length,
            )
        except ValueError:
            raise
        except Exception as error:
            raise ValueError(f"{type(error).__name__}: {error}") from error


def _key_facts(certificate: object) -> tuple[str, int, str]:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa

    assert isinstance(certificate, x509.Certificate)  # noqa: S101 - for the type checker
    try:
        key = certificate.public_key()
    except Exception:  # noqa: BLE001 - a kind of key that the library does not know
        return certificate.public_key_algorithm_oid.dotted_string, 0, ""
    if isinstance(key, rsa.RSAPublicKey):
        return "RSA", key.key_size, ""
    if isinstance(key, ec.EllipticCurvePublicKey):
        return "EC", key.key_size, key.curve.name
    if isinstance(key, dsa.DSAPublicKey):
        return "DSA", key.key_size, ""
    if isinstance(key, ed25519.Ed25519PublicKey):
        return "Ed25519", 256, ""
    if isinstance(key, ed448.Ed448PublicKey):
        return "Ed448", 456, ""
    return type(key).__name__, 0, ""


def _self_signed(certificate: object) -> bool:
    from cryptography import x509

    assert isinstance(certificate, x509.Certificate)  # noqa: S101 - for the type checker
    if certificate.subject != certificate.issuer:
        return False
    try:
        certificate.verify_directly_issued_by(certificate)
    except (TypeError, ValueError):
        return True  # signed by an algorithm that cannot be verified here; the names say so
    except Exception:  # noqa: BLE001 - the signature is not its own
        return False
    return True


def _names(certificate: object) -> tuple[str, ...]:
    from cryptography import x509

    assert isinstance(certificate, x509.Certificate)  # noqa: S101 - for the type checker
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except Exception:  # noqa: BLE001 - none, or malformed
        return ()
    dns = extension.value.get_values_for_type(x509.DNSName)
    addresses = extension.value.get_values_for_type(x509.IPAddress)
    return tuple(printable(str(name), 253) for name in (*dns, *addresses))[:100]


def _authentication(suite: int) -> str:
    known = cipher_suites().get(suite)
    return known.authentication if known else ""


def _version_name(number: int) -> str:
    return next((name for name, value in VERSIONS.items() if value == number), f"0x{number:04X}")


def _sni(host: str) -> str:
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return host
    return ""


def _client_hello(version: int, suites: tuple[int, ...], name: str) -> bytes:
    """A ClientHello in one record (RFC 5246, 7.4.1.2; RFC 8446, 4.1.2)."""
    thirteen = version >= VERSIONS["TLSv1.3"]
    legacy = min(version, VERSIONS["TLSv1.2"])
    offered = suites if thirteen else (*suites, _SCSV)
    extensions = b""
    if version > VERSIONS["SSLv3"]:
        if name:
            try:
                encoded = name.encode("idna")
            except UnicodeError:
                encoded = name.encode("ascii", "ignore")
            extensions += _extension(0, _vector(2, b"\0" + _vector(2, encoded)))
        extensions += _extension(10, _vector(2, b"".join(struct.pack("!H", group) for group in _GROUPS)))
        extensions += _extension(11, _vector(1, b"\0\1\2"))
        if version >= VERSIONS["TLSv1.2"]:
            extensions += _extension(
                13, _vector(2, b"".join(struct.pack("!H", item) for item in _SIGNATURES))
            )
        if thirteen:
            extensions += _extension(43, _vector(1, struct.pack("!H", version)))
            extensions += _extension(45, _vector(1, b"\1"))
            extensions += _extension(51, _vector(2, b""))
        else:
            extensions += _extension(23, b"")
    body = struct.pack("!H", legacy) + os.urandom(32)
    body += _vector(1, os.urandom(32) if thirteen else b"")
    body += _vector(2, b"".join(struct.pack("!H", suite) for suite in offered))
    body += b"\1\0"
    if extensions:
        body += _vector(2, extensions)
    message = b"\1" + struct.pack("!I", len(body))[1:] + body
    return bytes([_HANDSHAKE]) + struct.pack("!HH", min(version, 0x0301), len(message)) + message


def _vector(size: int, content: bytes) -> bytes:
    return len(content).to_bytes(size, "big") + content


def _extension(number: int, content: bytes) -> bytes:
    return struct.pack("!H", number) + _vector(2, content)


def _ask(host: str, port: int, message: bytes, deadline: Deadline, *, flight: bool) -> HelloAnswer:
    try:
        connection = connect(host, port, deadline)
    except TimeoutError:
        return HelloAnswer("silent", detail=f"{host}:{port} did not accept a connection in time")
    except OSError as error:
        return HelloAnswer("refused", detail=f"{host}:{port}: {why(error)}")
    with connection:
        if not send(connection, message, deadline):
            return HelloAnswer("reset", detail="the connection broke while the hello was sent")
        return _read_answer(connection, deadline, flight=flight)


def _read_answer(connection: socket.socket, deadline: Deadline, *, flight: bool) -> HelloAnswer:
    answer: HelloAnswer | None = None

    def enough(data: bytes) -> bool:
        nonlocal answer
        answer = _parse(data, flight=flight)
        return answer is not None

    data, end = receive(connection, deadline, limit=_MAX_FLIGHT, enough=enough)
    if answer is not None:
        return answer
    # Reading ended early; a ServerHello without the rest of the flight is still an answer.
    partial = _parse(data, flight=False)
    if partial is not None:
        return partial
    if end == "closed":
        return HelloAnswer("closed", first_bytes=data[:64], detail="closed without an answer")
    if end == "reset":
        return HelloAnswer("reset", first_bytes=data[:64], detail="reset without an answer")
    if end == "limit":
        return HelloAnswer("garbage", first_bytes=data[:64], detail="an answer without end")
    return HelloAnswer("silent", first_bytes=data[:64], detail="no answer in time")


def _parse(data: bytes, *, flight: bool) -> HelloAnswer | None:
    """Make sense of the bytes so far; None when more are needed."""
    handshake = bytearray()
    alert: int | None = None
    position = 0
    while position + 5 <= len(data):
        kind, version, length = struct.unpack_from("!BHH", data, position)
        if kind not in {20, _ALERT, _HANDSHAKE, 23} or version >> 8 != 3 or length > 18432:
            if position == 0:
                return HelloAnswer("garbage", first_bytes=data[:64], detail="not a TLS record")
            break
        content = data[position + 5 : position + 5 + length]
        if kind == _HANDSHAKE:
            handshake += content
        elif (kind == _ALERT and len(content) >= 2 and content[0] == 2) or (
            kind == _ALERT and content[1:2] == b"\0"
        ):
            alert = content[1]
            break
        if len(content) < length:
            break
        position += 5 + length
    if not handshake:
        if alert is not None:
            return HelloAnswer("alert", alert=alert)
        if data and data[0] not in {_ALERT, _HANDSHAKE}:
            return HelloAnswer("garbage", first_bytes=data[:64], detail="not a TLS record")
        return None
    return _parse_handshake(bytes(handshake), data, ended=alert is not None, flight=flight)


def _parse_handshake(handshake: bytes, data: bytes, *, ended: bool, flight: bool) -> HelloAnswer | None:
    version = suite = 0
    chosen = False
    certificates: tuple[bytes, ...] = ()
    requested = False
    position = 0
    while position + 4 <= len(handshake):
        kind = handshake[position]
        length = int.from_bytes(handshake[position + 1 : position + 4], "big")
        body = handshake[position + 4 : position + 4 + length]
        if len(body) < length:
            if length > _MAX_FLIGHT:
                return HelloAnswer("garbage", first_bytes=data[:64], detail="a handshake message without end")
            break
        position += 4 + length
        if not chosen:
            found = _server_hello(body) if kind == 2 else None
            if found is None:
                return HelloAnswer("garbage", first_bytes=data[:64], detail="not a ServerHello")
            version, suite = found
            chosen = True
            if not flight or version >= VERSIONS["TLSv1.3"]:
                return HelloAnswer("hello", version=version, suite=suite)
        elif kind == 11:
            certificates = _chain(body)
        elif kind == 13:
            requested = True
        elif kind == 14:
            ended = True
            break
    if chosen and (ended or not flight):
        return HelloAnswer(
            "hello", version=version, suite=suite, certificates=certificates, client_certificate=requested
        )
    return None


def _server_hello(body: bytes) -> tuple[int, int] | None:
    """Version and suite that a ServerHello names; None when it is malformed."""
    if len(body) < 38:
        return None
    (version,) = struct.unpack_from("!H", body)
    position = 35 + body[34]
    if position + 3 > len(body):
        return None
    (suite,) = struct.unpack_from("!H", body, position)
    position += 3
    if position + 2 <= len(body):
        end = position + 2 + struct.unpack_from("!H", body, position)[0]
        position += 2
        while position + 4 <= min(end, len(body)):
            number, length = struct.unpack_from("!HH", body, position)
            if number == 43 and length == 2 and position + 6 <= len(body):
                (version,) = struct.unpack_from("!H", body, position + 4)
            position += 4 + length
    return version, suite


def _chain(body: bytes) -> tuple[bytes, ...]:
    found: list[bytes] = []
    position = 3
    while position + 3 <= len(body) and len(found) < 20:
        length = int.from_bytes(body[position : position + 3], "big")
        found.append(body[position + 3 : position + 3 + length])
        position += 3 + length
    return tuple(item for item in found if item)
