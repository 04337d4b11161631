"""The first packets of QUIC: their keys follow from what they show in clear (RFC 9001, 5; RFC 9369)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

__all__ = ["InitialKeys", "is_initial", "is_long"]

_V1, _V2 = 1, 0x6B3343CF
_SALTS = {
    _V1: bytes.fromhex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a"),
    _V2: bytes.fromhex("0dede3def700a6db819381be6e269dcbf9bd2ed9"),
}
_DRAFT_29 = bytes.fromhex("afbfec289993d24c9e9786f19c6111e04390a899")
_MOST_FRAMES = 200


def is_long(data: bytes) -> bool:
    """Whether a datagram begins with a long header of a known version of QUIC."""
    if len(data) < 7 or data[0] & 0xC0 != 0xC0:
        return False
    version = int.from_bytes(data[1:5], "big")
    return (version in _SALTS or 0xFF00001D <= version <= 0xFF000022) and data[5] <= 20


def is_initial(data: bytes) -> bool:
    """Whether it begins with an Initial packet."""
    version = int.from_bytes(data[1:5], "big")
    return is_long(data) and data[0] >> 4 & 3 == (1 if version == _V2 else 0)


class InitialKeys:
    """The keys of the Initial packets of a connection, from the first one that its client sends.

    Args:
        first: datagram that begins with it; `is_initial` holds.
    """

    def __init__(self, first: bytes) -> None:
        version = int.from_bytes(first[1:5], "big")
        secret = _extract(_SALTS.get(version, _DRAFT_29), first[6 : 6 + first[5]])
        self._label = "quicv2" if version == _V2 else "quic"
        self._client = self._keys(secret, b"client in")
        self._server = self._keys(secret, b"server in")

    def _keys(self, secret: bytes, who: bytes) -> tuple[AESGCM, bytes, bytes]:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        own = _expand(secret, who, 32)
        label = self._label.encode()
        return (
            AESGCM(_expand(own, label + b" key", 16)),
            _expand(own, label + b" iv", 12),
            _expand(own, label + b" hp", 16),
        )

    def pieces(self, datagram: bytes, *, by_client: bool) -> list[tuple[int, bytes]]:
        """Offset and content of the handshake data in its Initial packets; what cannot be read is left out."""
        from cryptography.exceptions import InvalidTag

        found: list[tuple[int, bytes]] = []
        at = 0
        while is_initial(datagram[at:]):
            try:
                plain, at = self._open(datagram, at, by_client=by_client)
                found.extend(_crypto_frames(plain))
            except (IndexError, ValueError, InvalidTag):
                break
        return found

    def _open(self, datagram: bytes, at: int, *, by_client: bool) -> tuple[bytes, int]:
        """What the packet at `at` holds, and where it ends."""
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        gcm, iv, protection = self._client if by_client else self._server
        position = at + 6 + datagram[at + 5]
        position += 1 + datagram[position]
        token, position = _number(datagram, position)
        length, position = _number(datagram, position + token)
        end = position + length
        sample = datagram[position + 4 : position + 20]
        if end > len(datagram) or len(sample) < 16 or length < 20:
            raise ValueError("the packet is cut off")
        # ECB of a single block is how the protection of headers is defined.
        encryptor = Cipher(algorithms.AES(protection), modes.ECB()).encryptor()  # noqa: S305
        mask = encryptor.update(sample)
        first = datagram[at] ^ (mask[0] & 0x0F)
        size = (first & 3) + 1
        number = bytes(a ^ b for a, b in zip(datagram[position : position + size], mask[1:], strict=False))
        header = bytes((first,)) + datagram[at + 1 : position] + number
        nonce = (int.from_bytes(iv, "big") ^ int.from_bytes(number, "big")).to_bytes(12, "big")
        return gcm.decrypt(nonce, datagram[position + size : end], header), end


def _crypto_frames(plain: bytes) -> list[tuple[int, bytes]]:
    found: list[tuple[int, bytes]] = []
    at = 0
    for _ in range(_MOST_FRAMES):
        while at < len(plain) and plain[at] == 0:  # padding
            at += 1
        if at >= len(plain):
            break
        kind = plain[at]
        at += 1
        if kind == 6:
            offset, at = _number(plain, at)
            length, at = _number(plain, at)
            found.append((offset, plain[at : at + length]))
            at += length
        elif kind in {2, 3}:
            _, at = _number(plain, at)
            _, at = _number(plain, at)
            ranges, at = _number(plain, at)
            for _ in range(min(2 * ranges + 1 + (3 if kind == 3 else 0), len(plain))):
                _, at = _number(plain, at)
        elif kind != 1:  # anything but a ping ends the connection
            break
    return found


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number of variable length (RFC 9000, 16), and where it ends."""
    size = 1 << (data[at] >> 6)
    if at + size > len(data):
        raise ValueError("a number is cut off")
    return int.from_bytes(data[at : at + size], "big") & ((1 << (8 * size - 2)) - 1), at + size


def _extract(salt: bytes, secret: bytes) -> bytes:
    import hmac

    return hmac.digest(salt, secret, "sha256")


def _expand(secret: bytes, label: bytes, length: int) -> bytes:
    """HKDF-Expand-Label (RFC 8446, 7.1) of at most 32 bytes."""
    import hmac

    full = b"tls13 " + label
    info = length.to_bytes(2, "big") + bytes((len(full),)) + full + b"\0\x01"
    return hmac.digest(secret, info, "sha256")[:length]
