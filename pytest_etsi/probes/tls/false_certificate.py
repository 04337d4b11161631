"""Certificates for a server that is not the one it says it is, and what serves by them."""

from __future__ import annotations

import datetime
import ipaddress
import os
import ssl
import tempfile
import warnings
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_etsi import clock

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

__all__ = ["false_certificate", "server_context"]

_HALF = datetime.timedelta(days=190)
"""Both halves are no longer than a certificate may be valid for clients that ask (398 days, CA/Browser Forum, 2020)."""


def false_certificate(name: str, *, self_signed: bool = False, rsa: bool = False) -> bytes:
    """Key and certificate in PEM for `name`, signed by an authority that nobody knows, or by its own key.

    Args:
        name: for which it is.
        self_signed: by its own key.
        rsa: the key is one of RSA, for devices that take no other.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = _rsa_key() if rsa else ec.generate_private_key(ec.SECP256R1())
    authority = key if self_signed else ec.generate_private_key(ec.SECP256R1())
    begin, end = _validity()
    try:
        alternative: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        alternative = x509.DNSName(_told(name))
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name[:64] or "impostor")])
    nobody = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "an authority that nobody knows")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if self_signed else nobody)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .sign(authority, hashes.SHA256())
    )
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ) + certificate.public_bytes(serialization.Encoding.PEM)


@cache
def _rsa_key() -> RSAPrivateKey:
    """One for all of a run: it takes long to find."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    return rsa.generate_private_key(65537, 2048)


def server_context(*certificates: bytes | Path) -> ssl.SSLContext:
    """A server that takes nearly every version and suite, with keys and certificates in PEM, one of a kind of key.

    Raises:
        OSError: they cannot be read, or do not belong together.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    for certificate in certificates:
        if isinstance(certificate, Path):
            # A key under a password would be asked for at the terminal.
            context.load_cert_chain(certificate, password=lambda: b"")
            continue
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "impostor.pem"
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(certificate)
            context.load_cert_chain(path)
    return context


def _told(name: str) -> str:
    """A name that a client has sent, which may be none."""
    try:
        return name.encode("idna").decode() if name.isascii() else "impostor.invalid"
    except UnicodeError:  # such as a part of it that is empty
        return "impostor.invalid"


def _validity() -> tuple[datetime.datetime, datetime.datetime]:
    """From when until when: the device has to be left with nothing to refuse but who signed.

    The clock of a device may be wrong by months. A bench whose clock is not set cannot know what the device takes for
    the present; then it is all of the time that a device may believe in.
    """
    if (present := clock.now()) is not None:
        return present - _HALF, present + _HALF
    return datetime.datetime(1970, 1, 2, tzinfo=datetime.UTC), datetime.datetime(
        2049, 12, 31, tzinfo=datetime.UTC
    )
