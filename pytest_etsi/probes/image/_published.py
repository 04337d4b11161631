"""Private keys that everybody has, since a program or a library carries them to measure or to test itself."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from pytest_etsi.probes.image._codings import as_lines

if TYPE_CHECKING:
    from pytest_etsi.probes.image._keys import KeyFound

__all__ = ["published_with"]

_GNUTLS, _MBED_TLS = "GnuTLS, for its self-test", "Mbed TLS, for its self-test"
_PUBLISHED = {
    "a6fdc2c6d07aa877e3ac360c2ce5efb69ab7dce2fd8df3c1bce0564b17114bc2": "openssl speed",  # 2048 bits
    "01e67e56244b43b668e2b9a697daaafcfb501fa78de2fcc4aa32bdae6dd94af6": "openssl speed",  # 3072
    "adadc3246bb4830551c6da143d7462727967bda53059ae6f152323b0aba69595": "openssl speed",  # 4096
    "d2d8c7d1de1e118e810c15eb7f8d9560a433e15cd55eac52aade81d6669cf133": "openssl speed",  # 7680
    "a4d138d7ef9748464117b44fb9c0a4b5b85a1599a127d02690abaa96d03c16e6": _GNUTLS,  # GOST
    "fa0b06a72461ec0a963dcfccb8d5b61bd88a6074fc7271573bff68ab86b8c1af": _GNUTLS,  # GOST
    "ef237ea8db4f2ae9ee100e8ced96d29b5dceb0e6a948443e6b8a00b1791f9ec9": _GNUTLS,  # GOST
    "f8766749b0c6f9b5661364568226af0ba7ae8d87c0073df24e440de4417521cd": _GNUTLS,  # EC 521
    "6e1900f654edb2e599930c8a287c7263ea170f010826630893227e7cec221586": _GNUTLS,  # EC 384
    "965237ca6ba836733f2b6436d66516dc01ef2d58825d3b4aa6b9061a76c7a9ce": _GNUTLS,  # EC 224
    "c305f632b9f12913e548002d5e48435fccfb7a54f4e6f2255c055d9b99794b69": _GNUTLS,  # EC 192
    "5bd7bad40971be901e68d9b97405c3a3e996adbede885869b270185ad499108e": _GNUTLS,  # EC 256
    "dd0701715ac41b7b96a2c8fe7a762b0ee05215f4f21c44d9458f1d2e2d57427d": _GNUTLS,  # DSA 2048
    "5a9214aa789ffe021992636dd17ca313f340948e604d4122735160f3d46688a0": _GNUTLS,  # RSA 2048
    "370346c0864770dac7a90774f75ac6de537f5f5b2c4b1bb1d12bf3c5f4f484ae": _MBED_TLS,  # RSA 2048
    "6703a04285f61bf2f79b143b1841435d503b448c3df1db998e9aebc7f05d3815": _MBED_TLS,  # RSA 2048
    "6452839ebf371b9a9a7585efd56a029440972fdbacd1ae077d403e4e92bcd4f3": _MBED_TLS,  # EC 256
    "26b0f4b5b3b8ef8f54af9ca9cbef655501179e7337f2ac52f2eadcf953635999": _MBED_TLS,  # EC 256
    "c6cb6d1e322b2e4edc98a284f983a8be89a18a53db897b7ec32f9aa382c50a5c": _MBED_TLS,  # RSA 2048
    "0d47bb32995c4f374228dd401ca46be4fe313ef89960c81b8c6db8b502f3f5c5": _MBED_TLS,  # EC 384
}
"""SHA-256 -> the program that has it; OpenSSL: apps/testrsa.h, GnuTLS: lib/crypto-selftests-pk.c, Mbed TLS: certs.c.

Of the public key (SubjectPublicKeyInfo), and of the block in PEM where its algorithm cannot be read here. A device that
uses one for a service of its own is found by what the service shows.
"""


def published_with(key: KeyFound) -> str:
    """The program that carries a key for itself; empty: none that is known."""
    block = key.key_sha256 or hashlib.sha256(as_lines(key.secret)).hexdigest()
    return _PUBLISHED.get(block, "")
