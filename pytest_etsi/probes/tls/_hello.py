"""The ClientHello (RFC 5246, 7.4.1.2; RFC 8446, 4.1.2; RFC 6347, 4.2.1)."""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from ipaddress import ip_address

from pytest_etsi.probes.tls._model import VERSIONS
from pytest_etsi.probes.tls._numbers import GROUPS, GROUPS_13, SIGNATURES

__all__ = ["FALLBACK_SCSV", "HelloOffer", "server_name_of"]

_SECURE_RENEGOTIATION_SCSV = 0x00FF
FALLBACK_SCSV = 0x5600
"""Says that this hello offers less than the client could (RFC 7507)."""

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

    def record(self) -> bytes:
        """The hello in one record of TLS."""
        message = self._message(self._body(min(self.version, _TLS12)))
        return b"\x16" + struct.pack("!HH", min(self.version, 0x0301), len(message)) + message

    def datagram(self, wire_version: int, cookie: bytes, sequence: int) -> bytes:
        """The hello in one record of DTLS.

        Args:
            wire_version: 0xFEFF or 0xFEFD.
            cookie: of the server's HelloVerifyRequest; empty in the first hello.
            sequence: number of the record and of the message, 0 or 1.
        """
        body = self._body(wire_version, cookie)
        size = struct.pack("!I", len(body))[1:]
        message = b"\1" + size + struct.pack("!H", sequence) + b"\0\0\0" + size + body
        return b"\x16\xfe\xff" + struct.pack("!HHIH", 0, 0, sequence, len(message)) + message

    def _message(self, body: bytes) -> bytes:
        return b"\1" + struct.pack("!I", len(body))[1:] + body

    def _body(self, wire_version: int, cookie: bytes | None = None) -> bytes:
        thirteen = self.version >= _TLS13
        offered = self.suites if thirteen else (*self.suites, _SECURE_RENEGOTIATION_SCSV)
        if self.fallback:
            offered = (*offered, FALLBACK_SCSV)
        # A session identifier makes a hello of TLS 1.3 look familiar to middle boxes (RFC 8446, D.4).
        body = (
            struct.pack("!H", wire_version) + os.urandom(32) + _vector(1, os.urandom(32) if thirteen else b"")
        )
        if cookie is not None:
            body += _vector(1, cookie)
        body += _vector(2, _numbers(offered)) + _vector(1, self.compressions)
        extensions = self._extensions(thirteen=thirteen)
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
        groups = (GROUPS_13 if thirteen else GROUPS) if self.groups is None else self.groups
        made += _extension(10, _vector(2, _numbers(groups)))
        made += _extension(11, _vector(1, b"\0\1\2"))
        if self.version >= _TLS12:
            made += _extension(13, _vector(2, _numbers(self.signatures)))
        if self.heartbeat:
            made += _extension(15, b"\1")
        if self.alpn:
            made += _extension(16, _vector(2, b"".join(_vector(1, name.encode()) for name in self.alpn)))
        if thirteen:
            made += _extension(43, _vector(1, struct.pack("!H", self.version)))
            made += _extension(45, _vector(1, b"\1"))
            # No key share: the server answers with a HelloRetryRequest, which names suite and group.
            made += _extension(51, _vector(2, b""))
        else:
            made += _extension(23, b"") + _extension(35, b"")
        return made


def _numbers(numbers: tuple[int, ...]) -> bytes:
    return b"".join(struct.pack("!H", number) for number in numbers)


def _vector(size: int, content: bytes) -> bytes:
    return len(content).to_bytes(size, "big") + content


def _extension(number: int, content: bytes) -> bytes:
    return struct.pack("!H", number) + _vector(2, content)
