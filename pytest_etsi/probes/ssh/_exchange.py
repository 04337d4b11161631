"""A key exchange as far as the server's part of it can be read: the group that it gives, the host key that it shows.

Nothing is encrypted and no secret is computed: the connection ends when the server has shown its key.
"""

from __future__ import annotations

import hashlib
import secrets
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.ssh._wire import Broken, Fields, mpint, packet, string

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_etsi.probes.ssh._wire import Wire

__all__ = ["GROUP_EXCHANGES", "METHODS", "RSA_KEYS", "HostKey", "chosen", "request_group", "show_host_key"]

GROUP_EXCHANGES = ("diffie-hellman-group-exchange-sha256", "diffie-hellman-group-exchange-sha1")
RSA_KEYS = ("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa")
_CURVES = {
    "ecdh-sha2-nistp256": "SECP256R1",
    "ecdh-sha2-nistp384": "SECP384R1",
    "ecdh-sha2-nistp521": "SECP521R1",
}
_X25519 = ("curve25519-sha256", "curve25519-sha256@libssh.org")
_GROUPS = {
    "diffie-hellman-group14-sha256": 14,
    "diffie-hellman-group14-sha1": 14,
    "diffie-hellman-group16-sha512": 16,
    "diffie-hellman-group1-sha1": 1,
    "diffie-hellman-group18-sha512": 18,
}
METHODS = (*GROUP_EXCHANGES, *_X25519, *_CURVES, *_GROUPS)
"""Key exchange methods whose first half can be spoken here, those that tell most first."""

_INIT, _REPLY = 30, 31
_GEX_REQUEST, _GEX_GROUP, _GEX_INIT, _GEX_REPLY = 34, 31, 32, 33
_MAX_BITS = 16384
_MAX_KEY = 64 * 1024


@dataclass(frozen=True, slots=True)
class HostKey:
    """A host key as the server shows it.

    Attributes:
        kind: "ssh-rsa", "ssh-ed25519" ...
        bits: of the modulus of an RSA key or the prime of a DSA key; None for others.
        sha256: of the whole key, hex.
    """

    kind: str
    bits: int | None
    sha256: str


def chosen(ours: Iterable[str], theirs: Sequence[str]) -> str | None:
    """What both sides agree on: the client's first that the server has too (RFC 4253, 7.1)."""
    return next((name for name in ours if name in theirs), None)


def request_group(wire: Wire, least: int, wanted: int, most: int) -> tuple[int, int]:
    """Ask for a group of between `least` and `most` bits (RFC 4419, 3).

    Returns:
        (prime, generator)

    Raises:
        Broken: the server gives none.
    """
    wire.send(packet(struct.pack("!BIII", _GEX_REQUEST, least, wanted, most)))
    fields = Fields(_answer(wire, _GEX_GROUP))
    prime, generator = fields.number(), fields.number()
    if prime < 5 or not 1 < generator < prime:
        raise Broken("malformed", "a group that is none")
    return prime, generator


def show_host_key(wire: Wire, method: str, group: tuple[int, int] | None = None) -> HostKey:
    """Go on with an agreed key exchange until the server has shown its host key.

    Args:
        wire: both sides have sent their lists, which agree on `method`.
        method: one of `METHODS`.
        group: for a group exchange, what `request_group` gave.

    Raises:
        Broken: it does not show any, or its prime is too large to be computed with.
    """
    init, reply = (_GEX_INIT, _GEX_REPLY) if group else (_INIT, _REPLY)
    wire.send(packet(bytes([init]) + _public_value(method, group)))
    blob = Fields(_answer(wire, reply)).string()
    if len(blob) > _MAX_KEY:
        raise Broken("malformed", "a host key of more than 64 KiB")
    return host_key(blob)


def host_key(blob: bytes) -> HostKey:
    """Type and size of a host key (RFC 4253, 6.6; certificates of OpenSSH have a nonce before the key).

    Raises:
        Broken: it is malformed.
    """
    fields = Fields(blob, 0)
    kind = printable(fields.string(), 64)
    bits = None
    if "-cert-v0" in kind:
        fields.string()
    if kind.startswith("ssh-rsa"):
        fields.number()
        bits = fields.number().bit_length()
    elif kind.startswith("ssh-dss"):
        bits = fields.number().bit_length()
    return HostKey(kind, bits, hashlib.sha256(blob).hexdigest())


def _answer(wire: Wire, number: int) -> bytes:
    payload = wire.packet()
    if payload[0] != number:
        # A server may have guessed the method wrongly and sent a packet for it (RFC 4253, 7).
        payload = wire.packet()
    if payload[0] != number:
        raise Broken("malformed", f"a packet of type {payload[0]} in the key exchange")
    return payload


def _public_value(method: str, group: tuple[int, int] | None) -> bytes:
    if group is None and method in _GROUPS:
        group = _well_known(_GROUPS[method])
    if group is not None:
        prime, generator = group
        if prime.bit_length() > _MAX_BITS:
            raise Broken("limit", f"a prime of {prime.bit_length()} bits")
        return mpint(pow(generator, secrets.randbits(255) | 1 << 255, prime))
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec, x25519

    if method in _X25519:
        return string(x25519.X25519PrivateKey.generate().public_key().public_bytes_raw())
    curve: ec.EllipticCurve = getattr(ec, _CURVES[method])()
    point = ec.generate_private_key(curve).public_key()
    return string(
        point.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    )


def _well_known(number: int) -> tuple[int, int]:
    """Prime and generator of a numbered group (RFC 2409, RFC 3526): 2^n - 2^(n-64) - 1 + 2^64 ([2^(n-130) pi] + c)."""
    bits, constant = {1: (1024, 129093), 14: (2048, 124476), 16: (4096, 240904), 18: (8192, 4743158)}[number]
    return 2**bits - 2 ** (bits - 64) - 1 + 2**64 * (_pi(bits - 130) + constant), 2


def _pi(shift: int) -> int:
    """The whole part of pi times two to the power of `shift`, by Machin's formula."""
    guard = shift + 64
    return 4 * (4 * _arc_cotangent(5, guard) - _arc_cotangent(239, guard)) >> 64


def _arc_cotangent(x: int, shift: int) -> int:
    term = (1 << shift) // x
    total, divisor, sign = term, 1, 1
    while term:
        term //= x * x
        divisor += 2
        sign = -sign
        total += sign * (term // divisor)
    return total
