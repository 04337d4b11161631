"""What a TLS client offers in its ClientHello (RFC 8446, 4.1.2; RFC 9147, 5.3), and its fingerprint JA4.

JA4 for TLS clients, and no other of its family, is used as FoxIO has published it under the BSD 3-Clause licence.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pytest_etsi.probes.observation import Observation, printable
from pytest_etsi.probes.tls.suites import suite_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = [
    "GROUP_NAMES",
    "VERSION_NAMES",
    "ClientHello",
    "NotAClientHelloError",
    "parse_client_hello",
    "read_client_hello",
]

VERSION_NAMES = {
    0x0002: "SSLv2",
    0x0300: "SSLv3",
    0x0301: "TLSv1.0",
    0x0302: "TLSv1.1",
    0x0303: "TLSv1.2",
    0x0304: "TLSv1.3",
    0xFEFF: "DTLSv1.0",
    0xFEFD: "DTLSv1.2",
    0xFEFC: "DTLSv1.3",
}
GROUP_NAMES = {
    0x0013: "secp192r1", 0x0015: "secp224r1", 0x0016: "secp256k1", 0x0017: "secp256r1", 0x0018: "secp384r1",
    0x0019: "secp521r1", 0x001A: "brainpoolP256r1", 0x001B: "brainpoolP384r1", 0x001C: "brainpoolP512r1",
    0x001D: "x25519", 0x001E: "x448", 0x0100: "ffdhe2048", 0x0101: "ffdhe3072", 0x0102: "ffdhe4096",
    0x0103: "ffdhe6144", 0x0104: "ffdhe8192", 0x11EB: "SecP256r1MLKEM768", 0x11EC: "X25519MLKEM768",
}  # fmt: skip
_SIGNALS = {0x00FF, 0x5600}
"""TLS_EMPTY_RENEGOTIATION_INFO_SCSV and TLS_FALLBACK_SCSV: signals, not suites."""


_EXTENSION = struct.Struct(">HH").unpack_from


class NotAClientHelloError(ValueError):
    """The bytes are not a whole ClientHello; says what is wrong."""


@dataclass(frozen=True, slots=True)
class ClientHello(Observation):
    """What a client offers; placeholders that keep servers tolerant (GREASE, RFC 8701) are left out.

    Attributes:
        versions: in the client's order; without the extension, the one version it names.
        stated_versions: the extension supported_versions was there, so that `versions` are all. Without it a client may
            take older ones than it names.
        suites: IANA names, in the client's order; numbers where there is no name. Signals are left out.
        groups: names of the key exchange groups, in the client's order.
        server_name: the host that it asks for; empty: none.
        alpn: protocols inside TLS that it offers.
        fallback: it says that it has been talked down from a newer version (TLS_FALLBACK_SCSV).
        compression: it offers to compress.
        ja4: fingerprint of the client's software: equal for equal libraries with equal settings.
    """

    versions: tuple[str, ...]
    stated_versions: bool
    suites: tuple[str, ...]
    groups: tuple[str, ...] = ()
    server_name: str = ""
    alpn: tuple[str, ...] = ()
    fallback: bool = False
    compression: bool = False
    ja4: str = ""


class _Reader:
    """Reads vectors of a message, never beyond its end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int) -> bytes:
        part = self._data[self._at : self._at + count]
        if len(part) < count:
            raise NotAClientHelloError("it ends within a field")
        self._at += count
        return part

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "big")

    def vector(self, size: int) -> bytes:
        begin = self._at + size
        self._at = end = begin + int.from_bytes(self._data[self._at : begin], "big")
        if end > len(self._data):
            raise NotAClientHelloError("it ends within a field")
        return self._data[begin:end]

    @property
    def left(self) -> int:
        return len(self._data) - self._at


def read_client_hello(records: bytes) -> ClientHello:
    """Read the ClientHello that a TLS connection begins with.

    Args:
        records: what the client sent first, TLS records with their headers; what follows the hello is ignored.

    Raises:
        NotAClientHelloError: it is something else, or cut off.
    """
    return parse_client_hello(_handshake(records))


def parse_client_hello(content: bytes, *, carrier: str = "t") -> ClientHello:
    """Read a ClientHello that is a handshake message by itself.

    Args:
        content: type, length and body of the message.
        carrier: "t": TLS over TCP; "q": QUIC; "d": DTLS (whose header has been brought into the form of TLS).

    Raises:
        NotAClientHelloError: it is something else, or cut off.
    """
    if content[:1] != b"\1":
        raise NotAClientHelloError("its first message is not a ClientHello")
    body = _Reader(_Reader(content[1:]).vector(3))
    legacy = body.number(2)
    body.take(32)
    body.vector(1)
    if carrier == "d":
        body.vector(1)  # the cookie
    suites = body.vector(2)
    compression = body.vector(1)
    extensions = tuple(_extensions(body.vector(2))) if body.left else ()
    return _read(carrier, legacy, suites, compression, extensions)


@lru_cache(maxsize=1024)
def _read(
    carrier: str, legacy: int, suites: bytes, compression: bytes, told: tuple[tuple[int, bytes], ...]
) -> ClientHello:
    """Say what the parts mean; a device says the same each time, apart from what is drawn at random."""
    numbers = _numbers(suites)
    extensions = dict(told)
    stated = _plain(_numbers(_Reader(extensions[43]).vector(1))) if 43 in extensions else ()
    groups = _plain(_numbers(_Reader(extensions[10]).vector(2))) if 10 in extensions else ()
    return ClientHello(
        versions=tuple(_version(number) for number in stated or (legacy,)),
        stated_versions=bool(stated),
        suites=tuple(suite_name(number) for number in _plain(numbers) if number not in _SIGNALS),
        groups=tuple(GROUP_NAMES.get(number, f"0x{number:04x}") for number in groups),
        server_name=_server_name(extensions.get(0, b"")),
        alpn=_protocols(extensions[16]) if 16 in extensions else (),
        fallback=0x5600 in numbers,
        compression=any(compression),
        ja4=_ja4(carrier, stated or (legacy,), numbers, extensions),
    )


_JA4_VERSIONS = {
    0x0002: "s2", 0x0300: "s3", 0x0301: "10", 0x0302: "11", 0x0303: "12", 0x0304: "13", 0xFEFF: "d1", 0xFEFD: "d2",
    0xFEFC: "d3",
}  # fmt: skip


def _ja4(
    carrier: str, versions: tuple[int, ...], numbers: tuple[int, ...], extensions: dict[int, bytes]
) -> str:
    """The fingerprint: counts, then hashes of what is offered, sorted, so that a shuffled order changes nothing."""
    suites, kinds = _plain(numbers), _plain(tuple(extensions))
    # Versions of DTLS count downwards.
    newest = min(versions) if carrier == "d" else max(versions)
    counted = "".join(f"{min(len(part), 99):02d}" for part in (suites, kinds))
    named = "d" if 0 in extensions else "i"
    head = f"{carrier}{_JA4_VERSIONS.get(newest, '00')}{named}{counted}{_ja4_alpn(extensions.get(16, b''))}"
    told = _hex(sorted(kind for kind in kinds if kind not in {0, 16}))
    signed = _hex(_plain(_numbers(_Reader(extensions[13]).vector(2)))) if 13 in extensions else ""
    return f"{head}_{_digest(_hex(sorted(suites)))}_{_digest(f'{told}_{signed}' if signed else told)}"


def _ja4_alpn(extension: bytes) -> str:
    names = _Reader(_Reader(extension).vector(2)) if extension else _Reader(b"")
    first = names.vector(1) if names.left else b""
    if not first:
        return "00"
    ends = bytes((first[0], first[-1]))
    return ends.decode() if ends.isalnum() else first.hex()[0] + first.hex()[-1]


def _hex(numbers: Iterable[int]) -> str:
    return ",".join(f"{number:04x}" for number in numbers)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12] if text else "0" * 12


def _handshake(records: bytes) -> bytes:
    """The handshake messages in the records at the beginning."""
    content = bytearray()
    at = 0
    while at + 5 <= len(records) and records[at] == 22 and records[at + 1] == 3:
        length = int.from_bytes(records[at + 3 : at + 5], "big")
        content += records[at + 5 : at + 5 + length]
        at += 5 + length
        if len(content) >= 4 and len(content) >= 4 + int.from_bytes(content[1:4], "big"):
            return bytes(content)
    raise NotAClientHelloError(
        "it is cut off" if content else "it does not begin with a TLS handshake record"
    )


def _numbers(data: bytes) -> tuple[int, ...]:
    if len(data) % 2:
        raise NotAClientHelloError("a list of numbers has an odd length")
    return struct.unpack(f">{len(data) // 2}H", data)


def _plain(numbers: tuple[int, ...]) -> tuple[int, ...]:
    """Without the placeholders 0x0a0a, 0x1a1a ... 0xfafa."""
    return tuple(number for number in numbers if number & 0x0F0F != 0x0A0A or number >> 8 != number & 0xFF)


def _version(number: int) -> str:
    return VERSION_NAMES.get(number, f"0x{number:04x}")


_TOLD = {0, 10, 13, 16, 43}
"""Extensions whose content is read: server name, groups, signature algorithms, ALPN, versions."""


def _extensions(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind of each extension, and its content where that is read."""
    at, end = 0, len(data)
    while at < end:
        if at + 4 > end:
            raise NotAClientHelloError("it ends within a field")
        kind, length = _EXTENSION(data, at)
        at += 4 + length
        if at > end:
            raise NotAClientHelloError("it ends within a field")
        yield kind, data[at - length : at] if kind in _TOLD else b""


def _server_name(data: bytes) -> str:
    if not data:
        return ""
    names = _Reader(_Reader(data).vector(2))
    while names.left:
        kind, name = names.number(1), names.vector(2)
        if kind == 0:
            return printable(name, 255)
    return ""


def _protocols(data: bytes) -> tuple[str, ...]:
    names = _Reader(_Reader(data).vector(2))
    found = []
    while names.left:
        found.append(printable(names.vector(1), 255))
    return tuple(found)
