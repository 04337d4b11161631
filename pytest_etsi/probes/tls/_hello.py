"""The ClientHello (RFC 5246, 7.4.1.2; RFC 8446, 4.1.2; RFC 6347, 4.2.1)."""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from ipaddress import ip_address

from pytest_etsi.probes.tls._model import VERSIONS
from pytest_etsi.probes.tls._numbers import GROUPS, GROUPS_13, SIGNATURES

__all__ = ["FALLBACK_SCSV", "SHARES", "HelloOffer", "server_name_of"]

_SECURE_RENEGOTIATION_SCSV = 0x00FF
FALLBACK_SCSV = 0x5600
"""Says that this hello offers less than the client could (RFC 7507)."""

_PADDING = 21
_SAFE_LENGTH = 516  # of the record's content: at least 512, as RFC 7685 has it

SHARES: dict[int, bytes] = {
    0x001D: bytes([9]) + bytes(31),
    0x0017: bytes.fromhex(
        "04"
        "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
        "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
    ),
    0x0018: bytes.fromhex(
        "04"
        "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7"
        "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f"
    ),
}
"""Key shares by group: the base points of x25519 (RFC 7748), P-256 and P-384 (SEC 2), which are valid public keys."""

_TLS12, _TLS13 = VERSIONS["TLSv1.2"], VERSIONS["TLSv1.3"]


def server_name_of(host: str) -> str:
    """The name for the server_name extension: the host, when it is a name; empty for addresses."""
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return host
    return ""


@dataclass(frozen=True, slots=True)
class HelloOffer:
    """What is offered to a server.

    Attributes:
        version: highest version, as a number; 0x0304 offers TLS 1.3 only.
        suites: cipher suites.
        server_name: empty: none.
        groups: None: all known ones.
        signatures: signature algorithms, for TLS 1.2 and 1.3.
        compressions: compression methods; NULL has to be among them.
        alpn: application protocols.
        heartbeat: offer the heartbeat extension.
        fallback: say that this is a fallback.
        older: versions that are taken as well, with TLS 1.3.
        shares: bring key shares for the usual groups, with TLS 1.3; without, the server names suite and group in a
            HelloRetryRequest, which some cannot.
        padded: fill the hello up to where no server is known to stumble over its length (RFC 7685).
    """

    version: int
    suites: tuple[int, ...]
    server_name: str = ""
    groups: tuple[int, ...] | None = None
    signatures: tuple[int, ...] = SIGNATURES
    compressions: bytes = b"\0"
    alpn: tuple[str, ...] = ()
    heartbeat: bool = False
    fallback: bool = False
    older: tuple[int, ...] = ()
    shares: bool = False
    padded: bool = False

    @property
    def all_groups(self) -> tuple[int, ...]:
        """The groups that are offered."""
        if self.groups is None:
            return GROUPS_13 if self.version >= _TLS13 else GROUPS
        return self.groups

    def record(self) -> bytes:
        """The hello in one record of TLS."""
        message = self._message(self._body(min(self.version, _TLS12), os.urandom(32)))
        return b"\x16" + struct.pack("!HH", min(self.version, 0x0301), len(message)) + message

    def datagram(
        self, wire_version: int, cookie: bytes, random: bytes, *, message: int, record: int
    ) -> bytes:
        """The hello in one record of DTLS.

        Args:
            wire_version: 0xFEFF or 0xFEFD.
            cookie: of the server's HelloVerifyRequest; empty in the first hello.
            random: 32 bytes, the same with and without the cookie.
            message: number of the message: 0, and 1 with a cookie.
            record: number of the record, which grows with each repetition.
        """
        body = self._body(wire_version, random, cookie)
        size = struct.pack("!I", len(body))[1:]
        content = b"\1" + size + struct.pack("!H", message) + b"\0\0\0" + size + body
        return b"\x16\xfe\xff" + struct.pack("!HHIH", 0, 0, record, len(content)) + content

    def _message(self, body: bytes) -> bytes:
        return b"\1" + struct.pack("!I", len(body))[1:] + body

    def _body(self, wire_version: int, random: bytes, cookie: bytes | None = None) -> bytes:
        thirteen = self.version >= _TLS13
        offered = (*self.suites, _SECURE_RENEGOTIATION_SCSV) if self.older or not thirteen else self.suites
        if self.fallback:
            offered = (*offered, FALLBACK_SCSV)
        # A session identifier makes a hello of TLS 1.3 look familiar to middle boxes (RFC 8446, D.4).
        body = struct.pack("!H", wire_version) + random + _vector(1, os.urandom(32) if thirteen else b"")
        if cookie is not None:
            body += _vector(1, cookie)
        body += _vector(2, _numbers(offered)) + _vector(1, self.compressions)
        extensions = self._extensions(thirteen=thirteen)
        if extensions and self.padded:
            missing = (
                _SAFE_LENGTH - len(body) - len(extensions) - 10
            )  # with four bytes each of header and extension
            extensions += _extension(_PADDING, bytes(max(0, missing)))
        return body + _vector(2, extensions) if extensions else body

    def _extensions(self, *, thirteen: bool) -> bytes:
        if self.version <= VERSIONS["SSLv3"]:
            return b""
        made = b""
        if self.server_name:
            try:
                encoded = self.server_name.encode("idna")
            except UnicodeError:
                encoded = self.server_name.encode("ascii", "ignore")
            made += _extension(0, _vector(2, b"\0" + _vector(2, encoded)))
        groups = self.all_groups
        made += _extension(10, _vector(2, _numbers(groups)))
        made += _extension(11, _vector(1, b"\0\1\2"))
        if self.version >= _TLS12:
            made += _extension(13, _vector(2, _numbers(self.signatures)))
        if self.heartbeat:
            made += _extension(15, b"\1")
        if self.alpn:
            made += _extension(16, _vector(2, b"".join(_vector(1, name.encode()) for name in self.alpn)))
        if thirteen:
            made += _extension(43, _vector(1, _numbers((self.version, *self.older))))
            made += _extension(45, _vector(1, b"\1"))
            made += _extension(51, _vector(2, _key_shares(groups) if self.shares else b""))
        if self.older or not thirteen:
            made += _extension(23, b"") + _extension(35, b"")
        return made


def _key_shares(groups: tuple[int, ...]) -> bytes:
    """Key shares for those groups that are usual (RFC 8446, 4.2.8): public keys of nobody, since none is used."""
    return b"".join(
        struct.pack("!H", group) + _vector(2, key) for group, key in SHARES.items() if group in groups
    )


def _numbers(numbers: tuple[int, ...]) -> bytes:
    return b"".join(struct.pack("!H", number) for number in numbers)


def _vector(size: int, content: bytes) -> bytes:
    return len(content).to_bytes(size, "big") + content


def _extension(number: int, content: bytes) -> bytes:
    return struct.pack("!H", number) + _vector(2, content)
