"""Signs a package with a key of the tester's own, in the form of the signature that it had."""

from __future__ import annotations

import base64
import binascii
import datetime
import re
from functools import cache
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from pytest_etsi.bounds import PACKAGE
from pytest_etsi.probes.packages.build import Built, drawn
from pytest_etsi.probes.packages.model import NotRead, Span, piece

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_etsi.probes.packages.model import Package, Part

    Sign = Callable[[bytes], bytes]
    PrivateKey = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

__all__ = ["signed_anew"]

_RSA = {256: 2048, 384: 3072, 512: 4096}
"""Bytes of a signature by RSA -> bits of its key."""
_ED25519 = 64
_LONGEST_ECDSA = 150
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_BASE64 = re.compile(rb"[A-Za-z0-9+/\s]+={0,2}\s*")


def signed_anew(package: Package) -> dict[Part, bytes]:
    """What the signatures of a package are when another key has made them, and what names that key.

    Raises:
        NotRead: what is signed is larger than what is read of a part.
    """
    changes: dict[Part, bytes] = {}
    for part in package.of("signature"):
        before = _content(package, part)
        sign, key = _signer(before)
        changes[part] = sign(_signed(package, part))
        if key is None:
            continue
        for signer in package.of("signer"):
            shown = _content(package, signer)
            if b"BEGIN CERTIFICATE" in shown and not isinstance(key, ed25519.Ed25519PrivateKey):
                changes[signer] = _certificate(key).public_bytes(serialization.Encoding.PEM)
            elif b"BEGIN PUBLIC KEY" in shown:
                changes[signer] = key.public_key().public_bytes(
                    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
                )
            elif len(shown) == hashes.SHA256.digest_size:
                digest = hashes.Hash(hashes.SHA256())
                digest.update(_public_der(key))
                changes[signer] = digest.finalize()
    return changes


def _signed(package: Package, signature: Part) -> bytes:
    """What a signature is over: the part whose name it has, the first header, or the image."""
    base = signature.name.rpartition(".")[0]
    named = [
        part
        for part in package.parts
        if part.role in ("header", "payload") and part.name in (base, *_stems(package, base))
    ]
    for part in (*named, *package.of("header")):
        if package.kind not in ("rauc", "mcuboot", "esp-idf"):
            return _content(package, part)
    if signature.whole.start > PACKAGE.most:
        raise NotRead("what is signed is larger than what is signed anew")
    return piece(package.path, Span(0, signature.whole.start))


def _stems(package: Package, base: str) -> tuple[str, ...]:
    """Names that are this one with an ending: ``manifest.json`` of ``manifest.sig``."""
    return tuple(part.name for part in package.parts if part.name.rpartition(".")[0] == base)


def _signer(before: bytes) -> tuple[Sign, PrivateKey | None]:
    """What signs in the form of a signature, and its key; noise of the same length where the form is not known."""
    text = before.strip()
    if len(text) >= 40 and _BASE64.fullmatch(text) and len(before) not in (_ED25519, *_RSA):
        try:
            sign, key = _signer(base64.b64decode(text, validate=False))
        except binascii.Error:
            return (lambda _: drawn(len(before))), None
        return (lambda content: base64.b64encode(sign(content))), key
    if len(before) == _ED25519:
        edwards = ed25519.Ed25519PrivateKey.generate()
        return edwards.sign, edwards
    if len(before) in _RSA:
        big = _rsa_key(_RSA[len(before)])
        return (lambda content: big.sign(content, padding.PKCS1v15(), hashes.SHA256())), big
    curve = ec.generate_private_key(ec.SECP256R1())
    if before[:1] == b"\x30" and _SIGNED_DATA in before[:32]:
        return _cms(curve), curve
    if before[:1] == b"\x30" and len(before) <= _LONGEST_ECDSA:
        return (lambda content: curve.sign(content, ec.ECDSA(hashes.SHA256()))), curve
    return (lambda _: drawn(len(before))), None


@cache
def _rsa_key(bits: int) -> rsa.RSAPrivateKey:
    """One for all packages, since it takes its time."""
    return rsa.generate_private_key(65537, bits)


def _cms(key: ec.EllipticCurvePrivateKey) -> Callable[[bytes], bytes]:
    def sign(content: bytes) -> bytes:
        builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
        builder = builder.add_signer(_certificate(key), key, hashes.SHA256())
        options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
        return builder.sign(serialization.Encoding.DER, options)

    return sign


def _certificate(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "another signer")])
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=365))
        .sign(key, hashes.SHA256())
    )


def _public_der(key: PrivateKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _content(package: Package, part: Part) -> bytes:
    return Built(package).read(part)
