"""Claims about what protects a channel or data: TLS, SSH, and other cryptography."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pytest_etsi.profile._types import Json, PositiveInt, Strict, Text

__all__ = [
    "CryptographyFacts",
    "Guarantee",
    "SshFacts",
    "TlsFacts",
    "TlsVersion",
    "TlsWeakness",
]


Guarantee = Literal["authenticity", "integrity", "confidentiality", "replay-protection"]
TlsVersion = Literal[
    "SSLv2", "SSLv3", "TLSv1", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3", "DTLSv1.0", "DTLSv1.2"
]
TlsWeakness = Literal["compression", "insecure-renegotiation", "unprotected-fallback"]


class TlsFacts(Strict):
    """Claims about the TLS configuration of an endpoint."""

    versions: tuple[TlsVersion, ...] = Field(
        default=(), description="Every protocol version that is accepted."
    )
    cipher_suites: tuple[Text, ...] = Field(
        default=(), description="Every cipher suite that is accepted, by its IANA name."
    )
    groups: tuple[Text, ...] = Field(default=(), description="Key exchange groups: x25519, secp256r1 ...")
    groups_by_version: dict[TlsVersion, tuple[Text, ...]] = Field(
        default_factory=dict,
        description="The same by version, where they differ: TLSv1.3: [x25519]; groups is for versions not named.",
    )
    min_rsa_bits: PositiveInt | None = Field(
        default=None, description="Smallest RSA key in the certificate chain, in bits."
    )
    min_dh_bits: PositiveInt | None = Field(
        default=None, description="Smallest prime of a finite-field Diffie-Hellman key exchange, in bits."
    )
    certificate: Literal["self-signed", "ca"] | None = Field(
        default=None, description="Who signed the certificate."
    )
    certificate_days: PositiveInt | None = Field(
        default=None,
        description="Longest lifetime of a certificate, from its first to its last day, in days.",
    )
    names: tuple[Text, ...] = Field(
        default=(),
        description="Names or addresses by which clients know the server; each has to be in a certificate of a CA. "
        "Default: its address in access, where that is a name.",
    )
    weaknesses: tuple[TlsWeakness, ...] = Field(
        default=(), description="Weak settings that the endpoint has knowingly."
    )


class SshFacts(Strict):
    """Claims about the SSH configuration of an endpoint; names as in the protocol."""

    protocols: tuple[Literal["1", "2"], ...] = Field(
        default=("2",), description="Versions of the protocol that are offered."
    )
    kex: tuple[Text, ...] = Field(default=(), description="Key exchange methods that are offered.")
    host_keys: tuple[Text, ...] = Field(default=(), description="Host key algorithms that are offered.")
    ciphers: tuple[Text, ...] = Field(default=(), description="Ciphers that are offered.")
    macs: tuple[Text, ...] = Field(default=(), description="MAC algorithms that are offered.")
    min_rsa_bits: PositiveInt | None = Field(default=None, description="Size of the RSA host key, in bits.")
    min_dh_bits: PositiveInt | None = Field(
        default=None, description="Smallest prime that is given in a Diffie-Hellman group exchange, in bits."
    )


class CryptographyFacts(Strict):
    """One use of cryptography beside the channel, e.g. how passwords are stored."""

    use: Literal[
        "password-storage", "key-exchange", "signature", "encryption", "mac", "hash", "token", "random"
    ]
    algorithm: Text = Field(description="Name of the algorithm: scrypt, AES-128-GCM, ECDSA-P256 ...")
    parameters: dict[str, Json] = Field(default_factory=dict, description="Cost, salt and other parameters.")
    key_bits: PositiveInt | None = Field(default=None, description="Key size, in bits.")
    mode: Text | None = Field(default=None, description="Mode of operation: GCM, CCM ...")
    evidence: Text = Field(
        default="", description="Where a reference catalogue or an evaluation speaks for it."
    )
