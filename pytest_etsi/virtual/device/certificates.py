"""Keys and certificates of the camera and its cloud, and the TLS settings made from them."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from pytest_etsi.virtual.device.identity import CLOUD, DIAGNOSTICS, MANUFACTURER
from pytest_etsi.virtual.device.storage import write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["Certificates", "client_context", "server_context"]

_TLS12_OPENSSL = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305"
_CBC_OPENSSL = "ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES128-SHA"
_VALID = (-10, 3642)
"""Days from now: from when until when a certificate is valid, unless said otherwise."""


@dataclass(frozen=True, slots=True)
class Certificates:
    """The files of one state directory.

    Attributes:
        ca: the authority's certificate; what a client trusts.
        device: the camera's certificate and key.
        cloud: the cloud's certificate and key.
    """

    ca: Path
    device: Path
    cloud: Path

    @classmethod
    def at(cls, directory: Path) -> Certificates:
        """Where the files are, whether they exist or not."""
        return cls(directory / "ca.pem", directory / "device.pem", directory / "cloud.pem")

    def ensure(self, host: str, serial: str) -> None:
        """Issue what is missing or was issued for another address.

        Raises:
            TypeError: the key of the certificate authority that is there is none of an elliptic curve.
        """
        if self.ca.exists() and self._ca_key.exists():
            ca = x509.load_pem_x509_certificate(self.ca.read_bytes())
            loaded = serialization.load_pem_private_key(self._ca_key.read_bytes(), None)
            if not isinstance(loaded, ec.EllipticCurvePrivateKey):
                raise TypeError(f"{self._ca_key}: not an elliptic-curve key")
            ca_key = loaded
        else:
            ca_key = ec.generate_private_key(ec.SECP256R1())
            ca = _authority(ca_key)
            write(self._ca_key, _pem_key(ca_key))
            write(self.ca, ca.public_bytes(serialization.Encoding.PEM), 0o644)
        for path, name, hosts in (
            (self.device, serial, [host]),
            (self.cloud, f"{MANUFACTURER} Cloud", [host, CLOUD, DIAGNOSTICS]),
        ):
            if not _issued_for(path, hosts, ca):
                key = ec.generate_private_key(ec.SECP256R1())
                leaf = _leaf(name, hosts, key, ca, ca_key)
                write(path, leaf.public_bytes(serialization.Encoding.PEM) + _pem_key(key))

    def special(
        self,
        file: str,
        serial: str,
        names: Sequence[str],
        *,
        days: tuple[int, int] = _VALID,
        unknown: bool = False,
    ) -> Path:
        """A certificate and key for the camera that is unlike the usual one, for a flaw.

        Args:
            file: name of the file that it is written to.
            serial: the camera's serial number.
            names: hosts that it is for.
            days: from when until when it is valid, counted from now.
            unknown: an authority signed it that bears the name of the right one, and that nobody knows.
        """
        ca = x509.load_pem_x509_certificate(self.ca.read_bytes())
        ca_key = ec.generate_private_key(ec.SECP256R1())
        if not unknown:
            loaded = serialization.load_pem_private_key(self._ca_key.read_bytes(), None)
            assert isinstance(loaded, ec.EllipticCurvePrivateKey)  # noqa: S101 - `ensure` has looked
            ca_key = loaded
        key = ec.generate_private_key(ec.SECP256R1())
        leaf = _leaf(serial, names, key, ca, ca_key, days=days)
        path = self.device.with_name(file)
        write(path, leaf.public_bytes(serialization.Encoding.PEM) + _pem_key(key))
        return path

    @property
    def _ca_key(self) -> Path:
        return self.ca.with_name("ca-key.pem")


def server_context(path: Path, *, obsolete: bool = False, chained: bool = False) -> ssl.SSLContext:
    """TLS 1.2 and 1.3 with ephemeral keys and authenticated encryption only.

    Args:
        path: certificate and key.
        obsolete: also take TLS 1.0 and 1.1 and suites in CBC mode.
        chained: also take suites in CBC mode, without the old versions.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if obsolete:
        context.set_ciphers("ALL:!aNULL:!eNULL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    else:
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(f"{_TLS12_OPENSSL}:{_CBC_OPENSSL}" if chained else _TLS12_OPENSSL)
    context.load_cert_chain(path)
    return context


def client_context(
    ca: Path, *, obsolete: bool = False, credulous: bool = False, any_name: bool = False
) -> ssl.SSLContext:
    """For the camera's own connections to its cloud: no other authority is trusted.

    Args:
        ca: the authority.
        obsolete: offer old versions and suites too.
        credulous: trust every certificate.
        any_name: trust one of the authority for whatever name it is.
    """
    context = ssl.create_default_context(cafile=ca)
    if obsolete:
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    else:
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(_TLS12_OPENSSL)
    context.check_hostname = not (credulous or any_name)
    if credulous:
        context.verify_mode = ssl.CERT_NONE
    return context


def _authority(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = _name(f"{MANUFACTURER} Root CA")
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        _builder(name, name, key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(identifier, critical=False)
        .sign(key, hashes.SHA256())
    )


def _leaf(
    name: str,
    hosts: Sequence[str],
    key: ec.EllipticCurvePrivateKey,
    ca: x509.Certificate,
    ca_key: ec.EllipticCurvePrivateKey,
    *,
    days: tuple[int, int] = _VALID,
) -> x509.Certificate:
    return (
        _builder(_name(name), ca.subject, key.public_key(), days)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([*map(_alternative, hosts)]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False
        )
        .sign(ca_key, hashes.SHA256())
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, days: tuple[int, int] = _VALID
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    begins, ends = (now + datetime.timedelta(days=day) for day in days)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )


def _issued_for(path: Path, hosts: Sequence[str], ca: x509.Certificate) -> bool:
    if not path.exists():
        return False
    leaf = x509.load_pem_x509_certificate(path.read_bytes())
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return leaf.issuer == ca.subject and all(_alternative(host) in names for host in hosts)


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, MANUFACTURER),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _pem_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
