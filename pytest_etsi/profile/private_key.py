"""A private key by which a login is made: read from its file, in the one form that is used from then on."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from pytest_etsi import bounds

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["PrivateKey", "read_private_key"]

_LARGEST = bounds.PRIVATE_KEY.most
"""Bytes of a file beyond which it is no private key."""
_Key = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A key as it is used.

    Attributes:
        text: in OpenSSH's form, without a passphrase.
        fingerprint: of its public part, as ``ssh-keygen -l`` shows it: "SHA256:...".
    """

    text: str = field(repr=False)
    fingerprint: str

    def another(self) -> PrivateKey:
        """A fresh key of the same kind and size, which nobody has told the device of."""
        key = serialization.load_ssh_private_key(self.text.encode(), None)
        if isinstance(key, rsa.RSAPrivateKey):
            return _used(rsa.generate_private_key(65537, key.key_size))
        if isinstance(key, ec.EllipticCurvePrivateKey):
            return _used(ec.generate_private_key(key.curve))
        return _used(ed25519.Ed25519PrivateKey.generate())


def read_private_key(path: Path, passphrase: str | None = None) -> PrivateKey:
    """The key in a file of OpenSSH, or in PEM.

    Args:
        path: the file.
        passphrase: by which it is encrypted; None: it is not.

    Raises:
        ValueError: it is none that can be used, with what is wrong, in one phrase.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise ValueError(f"the key cannot be read: {error.strerror}") from None
    load = (
        serialization.load_ssh_private_key
        if b"BEGIN OPENSSH PRIVATE KEY" in data
        else serialization.load_pem_private_key
    )
    if b"PRIVATE KEY-----" not in data or len(data) > _LARGEST:
        raise ValueError("expected a private key (OpenSSH or PEM), got something else")
    try:
        key = load(data, passphrase.encode() if passphrase else None)
    except TypeError:
        wrong = (
            "is encrypted: give its passphrase"
            if passphrase is None
            else "has no passphrase, but one is given"
        )
        raise ValueError(f"the key {wrong}") from None
    except (ValueError, UnsupportedAlgorithm):
        told = "the passphrase is not right, or the file is damaged" if passphrase else "the file is damaged"
        raise ValueError(f"the key cannot be read: {told}") from None
    if not isinstance(key, _Key):
        raise ValueError("expected a key of the kinds Ed25519, ECDSA or RSA")
    return _used(key)


def _used(key: _Key) -> PrivateKey:
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    ).decode()
    public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    digest = hashlib.sha256(base64.b64decode(public.split()[1])).digest()
    return PrivateKey(text, f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}")
