"""Private keys and certificates in what a file holds: by PEM, DER, PKCS #12, and the forms of OpenSSH and Dropbear."""

from __future__ import annotations

import hashlib
import re
import struct
import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, pkcs12

from pytest_etsi.probes.image._codings import as_lines, decoded, holds_base64
from pytest_etsi.probes.image._foreign_keys import foreign_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["KeyFound", "certificates", "private_keys"]

_BODY = rb"(?:[^-]|-(?!----BEGIN)){16,40000}?"
"""Up to the next beginning at most: a file of nothing but beginnings is looked through once, too."""
_PEM = re.compile(
    rb"-----BEGIN ((?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?)-----" + _BODY + rb"-----END \1-----"
)
_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----" + _BODY + rb"-----END CERTIFICATE-----")
# Beginnings in DER: RSA (RFC 8017, A.1.2), EC (RFC 5915), and either, or Ed25519, within PKCS #8 (RFC 5208).
_DER = re.compile(
    rb"\x30\x82[\x00-\x20][\x00-\xff]\x02\x01\x00\x02\x82"
    rb"|\x30[\x20-\x7f]\x02\x01\x01\x04[\x14-\x42]|\x30\x81[\x80-\xff]\x02\x01\x01\x04[\x14-\x42]"
    rb"|\x30\x82[\x00-\x20][\x00-\xff]\x02\x01\x00\x30[\x0b-\x20]\x06"
    rb"|\x30\x81[\x80-\xff]\x02\x01\x00\x30[\x0b-\x20]\x06"
    rb"|\x30[\x20-\x7f]\x02\x01\x00\x30[\x05-\x20]\x06"
)
_DROPBEAR = re.compile(rb"\x00\x00\x00[\x07\x0b\x13](ssh-rsa|ssh-ed25519|ecdsa-sha2-nistp(?:256|384|521))")
_REFUSED = (ValueError, TypeError, UnsupportedAlgorithm, OverflowError, struct.error)
_ENCRYPTED = bytes.fromhex("06092a864886f70d01050d")
"""The object identifier of PBES2 (RFC 8018, A.4), by which keys in PKCS #8 are encrypted."""
_MOST = 500
_CERTAIN = 100
"""Bytes below which a key in DER counts as a whole file only: behind the fixed beginning of a short key, which
programs that make such keys hold, any 32 bytes are one (Ed25519, X25519)."""


@dataclass(frozen=True, slots=True)
class KeyFound:
    """A private key.

    Attributes:
        at: where it begins.
        secret: its bytes as they stand there; for a fingerprint, and nothing else.
        about: algorithm and size, or what it says to be.
        readable: it was read: it is one, and without a passphrase.
        encrypted: a passphrase protects it.
    """

    at: int
    secret: bytes
    about: str
    readable: bool
    encrypted: bool = False
    key_sha256: str = ""
    ssh_sha256: str = ""


def private_keys(data: bytes) -> Iterator[KeyFound]:
    """The private keys in some bytes, also in those that they hold in a coding."""
    yield from _plain(data)
    for at, content in decoded(data):
        # One with a passphrase is told where it stands as such, and shows nothing here.
        yield from (replace(key, at=at) for key in _plain(content) if not key.encrypted)


def _plain(data: bytes) -> Iterator[KeyFound]:
    for number, match in enumerate(_PEM.finditer(data)):
        if number >= _MOST:
            return
        in_pem = _pem(match.start(), match[0], match[1].decode())
        if in_pem is not None:
            yield in_pem
    for at, secret, about, encrypted, blob in foreign_keys(data):
        public = _ssh_key(blob) if blob else ""
        yield KeyFound(at, secret, about, bool(public), encrypted, public, _hash(blob) if blob else "")
    yield from _store(data)
    ends = 0
    for number, match in enumerate(_DER.finditer(data)):
        if number >= _MOST:
            return
        if match.start() < ends:
            continue
        der = data[match.start() : match.start() + _length(data, match.start())]
        try:
            # OpenSSL's own check of a large RSA key takes many seconds, and of a hostile one as long as that likes.
            key = serialization.load_der_private_key(der, None, unsafe_skip_rsa_key_validation=True)
            _require_consistent(key)
        except _REFUSED:
            continue
        if len(der) < _CERTAIN and len(der) != len(data):
            continue
        ends = match.start() + len(der)
        yield _found(match.start(), der, key)
    for match in _DROPBEAR.finditer(data[: 1 << 16]):
        blob = _dropbear(data[match.start() : match.start() + 8192])
        if blob:
            public = _ssh_key(blob)
            about = f"{match[1].decode()} in the form of Dropbear"
            yield KeyFound(
                match.start(), data[match.start() :][:8192], about, True, False, public, _hash(blob)
            )


def certificates(data: bytes) -> Iterator[tuple[int, str]]:
    """Where certificates begin, and the SHA-256 of their keys, hex."""
    for number, match in enumerate(_CERTIFICATE.finditer(data)):
        if number >= _MOST:
            return
        try:
            yield match.start(), _spki(x509.load_pem_x509_certificate(match[0]).public_key())
        except _REFUSED:
            continue
    if data[:2] == b"\x30\x82" and _length(data, 0) == len(data):
        try:
            yield 0, _spki(x509.load_der_x509_certificate(data).public_key())
        except _REFUSED:
            return


def _pem(at: int, block: bytes, name: str) -> KeyFound | None:
    """A key in PEM; None: between its marks is nothing that could be one, as in a program that knows them."""
    lines = as_lines(block)
    for form in (block, lines):
        try:
            key: Any
            if "OPENSSH" in name:
                key = serialization.load_ssh_private_key(form, None)
            else:
                key = serialization.load_pem_private_key(form, None, unsafe_skip_rsa_key_validation=True)
            _require_consistent(key)
            return _found(at, block, key)
        except TypeError:
            return KeyFound(at, block, name.lower(), readable=False, encrypted=True)
        except _REFUSED as error:
            refused = str(error).lower()
    if not holds_base64(lines):
        return None
    encrypted = b"ENCRYPTED" in block[:200] or "password" in refused
    return KeyFound(at, block, name.lower(), readable=False, encrypted=encrypted)


def _store(data: bytes) -> Iterator[KeyFound]:
    """The key of a file in PKCS #12 (RFC 7292), or of one in PKCS #8 with a passphrase; both are whole files."""
    length = _length(data, 0) if data[:1] == b"\x30" else 0
    if not 64 <= length == len(data):
        return
    if _ENCRYPTED in data[:64]:
        yield KeyFound(0, data, "PKCS #8", readable=False, encrypted=True)
    elif b"\x02\x01\x03\x30" in data[:10]:
        for password in (None, b""):
            try:
                key = pkcs12.load_key_and_certificates(data, password)[0]
            except _REFUSED:
                continue
            if key is not None:
                yield _found(0, data, key)
            return
        yield KeyFound(0, data, "PKCS #12", readable=False, encrypted=True)


def _require_consistent(key: Any) -> None:
    """Make sure that the numbers of an RSA key belong together, without a look whether two are prime.

    Raises:
        ValueError: they do not.
    """
    if not isinstance(key, rsa.RSAPrivateKey):
        return
    numbers = key.private_numbers()
    public, product = numbers.public_numbers, numbers.p * numbers.q
    inverse = public.e * numbers.d - 1
    if (
        product != public.n
        or min(numbers.p, numbers.q) < 3
        or inverse % (numbers.p - 1)
        or inverse % (numbers.q - 1)
    ):
        raise ValueError("no RSA key")


def _found(at: int, secret: bytes, key: Any) -> KeyFound:
    kind = type(key).__name__.lstrip("_").removesuffix("PrivateKey")
    size = getattr(key, "key_size", "")
    public = key.public_key()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what nobody should use any more is found here all the same
            ssh = _hash(_ssh_blob(public))
    except _REFUSED:
        ssh = ""
    return KeyFound(at, secret, f"{kind} {size}".strip(), True, False, _spki(public), ssh)


def _ssh_blob(public: Any) -> bytes:
    import base64

    return base64.b64decode(public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).split()[1])


def _ssh_key(blob: bytes) -> str:
    import base64

    name = blob[4 : 4 + struct.unpack_from(">I", blob)[0]]
    try:
        return _spki(serialization.load_ssh_public_key(name + b" " + base64.b64encode(blob)))
    except _REFUSED:
        return ""


def _spki(public: Any) -> str:
    return _hash(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _length(data: bytes, at: int) -> int:
    """Bytes of the DER element that begins there."""
    first = data[at + 1] if at + 1 < len(data) else 0
    if first < 0x80:
        return 2 + first
    count = first & 0x7F
    return 2 + count + int.from_bytes(data[at + 2 : at + 2 + count], "big")


def _dropbear(data: bytes) -> bytes:
    """The public key of a private one of Dropbear, in the form of SSH; empty: it is none."""
    parts: list[bytes] = []
    at = 0
    while at + 4 <= len(data) and len(parts) < 6:
        length = struct.unpack_from(">I", data, at)[0]
        if length > 2048 or at + 4 + length > len(data):
            break
        parts.append(data[at + 4 : at + 4 + length])
        at += 4 + length
    if not parts:
        return b""
    if parts[0] == b"ssh-rsa" and len(parts) >= 4 and len(parts[3]) >= len(parts[2]) // 2 >= 64:
        return _strings(parts[:3])
    if parts[0] == b"ssh-ed25519" and len(parts) >= 2 and len(parts[1]) == 64:
        return _strings((parts[0], parts[1][32:]))
    if parts[0].startswith(b"ecdsa") and len(parts) >= 4 and parts[1] in parts[0] and len(parts[3]) >= 24:
        return _strings(parts[:3])
    return b""


def _strings(parts: tuple[bytes, ...] | list[bytes]) -> bytes:
    return b"".join(struct.pack(">I", len(part)) + part for part in parts)
