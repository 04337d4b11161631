"""The facts of an X.509 certificate."""

from __future__ import annotations

import hashlib
import warnings

from pytest_etsi import bounds
from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.tls._model import Certificate

__all__ = ["certificate_facts", "facts_of"]


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

    if len(der) > bounds.CERTIFICATE.most:
        raise ValueError(f"larger than {bounds.CERTIFICATE.most} bytes")
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
                spki_sha256=_key_hash(certificate),
                chain_length=chain_length,
            )
        except ValueError:
            raise
        except Exception as error:
            raise ValueError(f"{type(error).__name__}: {error}") from error


def facts_of(chain: tuple[bytes, ...], notes: list[str]) -> Certificate | None:
    """The facts of the first certificate of a chain; None where it is malformed, which is noted."""
    try:
        return certificate_facts(chain[0], chain_length=len(chain))
    except ValueError as error:
        message = f"the certificate is malformed: {printable(str(error), 120)}"
        if message not in notes:
            notes.append(message)
        return None


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


def _key_hash(certificate: object) -> str:
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization

    assert isinstance(certificate, x509.Certificate)  # noqa: S101 - for the type checker
    try:
        key = certificate.public_key()
    except Exception:  # noqa: BLE001 - a kind of key that the library does not know
        return ""
    encoded = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(encoded).hexdigest()


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
