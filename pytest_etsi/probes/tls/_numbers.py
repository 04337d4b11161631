"""Key exchange groups and signature algorithms of TLS: numbers and names of the IANA registry."""

from __future__ import annotations

__all__ = ["GROUPS", "GROUPS_13", "SIGNATURES", "dh_group", "group_name", "signature_name"]

_NAMES: dict[int, str] = {
    0x001D: "x25519",
    0x0017: "secp256r1",
    0x0018: "secp384r1",
    0x0019: "secp521r1",
    0x001E: "x448",
    0x001A: "brainpoolP256r1",
    0x001B: "brainpoolP384r1",
    0x001C: "brainpoolP512r1",
    0x0016: "secp256k1",
    0x0015: "secp224r1",
    0x0014: "secp224k1",
    0x0013: "secp192r1",
    0x0012: "secp192k1",
    0x0011: "secp160r2",
    0x0010: "secp160r1",
    0x000F: "secp160k1",
    0x000E: "sect571r1",
    0x000D: "sect571k1",
    0x000C: "sect409r1",
    0x000B: "sect409k1",
    0x000A: "sect283r1",
    0x0009: "sect283k1",
    0x0008: "sect239k1",
    0x0007: "sect233r1",
    0x0006: "sect233k1",
    0x0005: "sect193r2",
    0x0004: "sect193r1",
    0x0003: "sect163r2",
    0x0002: "sect163r1",
    0x0001: "sect163k1",
    0x0100: "ffdhe2048",
    0x0101: "ffdhe3072",
    0x0102: "ffdhe4096",
    0x0103: "ffdhe6144",
    0x0104: "ffdhe8192",
    0x001F: "brainpoolP256r1tls13",
    0x0020: "brainpoolP384r1tls13",
    0x0021: "brainpoolP512r1tls13",
    0x0022: "GC256A",
    0x0023: "GC256B",
    0x0024: "GC256C",
    0x0025: "GC256D",
    0x0026: "GC512A",
    0x0027: "GC512B",
    0x0028: "GC512C",
    0x0029: "curveSM2",
    0x11EC: "X25519MLKEM768",
    0x11EB: "SecP256r1MLKEM768",
    0x11ED: "SecP384r1MLKEM1024",
    0x0200: "MLKEM512",
    0x0201: "MLKEM768",
    0x0202: "MLKEM1024",
    0x6399: "X25519Kyber768Draft00",
}

GROUPS: tuple[int, ...] = tuple(number for number in _NAMES if number < 0x001F or 0x0100 <= number <= 0x0104)
"""Groups offered up to TLS 1.2, strong ones first."""

GROUPS_13: tuple[int, ...] = tuple(
    number for number in _NAMES if number > 0x0016 and number not in range(0x1A, 0x1D)
)
"""Groups offered with TLS 1.3."""

_SIGNATURE_NAMES: dict[int, str] = {
    0x0403: "ecdsa_secp256r1_sha256",
    0x0503: "ecdsa_secp384r1_sha384",
    0x0603: "ecdsa_secp521r1_sha512",
    0x0807: "ed25519",
    0x0808: "ed448",
    0x0804: "rsa_pss_rsae_sha256",
    0x0805: "rsa_pss_rsae_sha384",
    0x0806: "rsa_pss_rsae_sha512",
    0x0809: "rsa_pss_pss_sha256",
    0x080A: "rsa_pss_pss_sha384",
    0x080B: "rsa_pss_pss_sha512",
    0x0401: "rsa_pkcs1_sha256",
    0x0501: "rsa_pkcs1_sha384",
    0x0601: "rsa_pkcs1_sha512",
    0x0301: "rsa_pkcs1_sha224",
    0x0303: "ecdsa_sha224",
    0x0203: "ecdsa_sha1",
    0x0201: "rsa_pkcs1_sha1",
    0x0202: "dsa_sha1",
    0x0302: "dsa_sha224",
    0x0402: "dsa_sha256",
    0x0502: "dsa_sha384",
    0x0602: "dsa_sha512",
    0x0101: "rsa_pkcs1_md5",
}

SIGNATURES: tuple[int, ...] = tuple(_SIGNATURE_NAMES)
"""Signature algorithms offered in TLS 1.2, strong ones first."""

# The first 128 bits of the primes of RFC 7919 (digits of e) and their sizes; those of RFC 3526 (digits of pi) have no
# number in TLS.
_FFDHE_HEAD = bytes.fromhex("ffffffffffffffffadf85458a2bb4a9a")
_FFDHE = {2048: 0x0100, 3072: 0x0101, 4096: 0x0102, 6144: 0x0103, 8192: 0x0104}


def group_name(number: int) -> str:
    """Name of a group; an unknown one is written as `0xABCD`."""
    return _NAMES.get(number, f"0x{number:04X}")


def signature_name(number: int) -> str:
    """Name of a signature algorithm; an unknown one is written as `0xABCD`."""
    return _SIGNATURE_NAMES.get(number, f"0x{number:04X}")


def dh_group(prime: bytes) -> int:
    """Number of the group of RFC 7919 that a prime (big-endian) belongs to; 0: another one."""
    return _FFDHE.get(len(prime) * 8, 0) if prime.startswith(_FFDHE_HEAD) else 0
