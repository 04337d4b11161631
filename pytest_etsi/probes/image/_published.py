"""Private keys that everybody has, since a program carries them for its own measurements."""

from __future__ import annotations

__all__ = ["PUBLISHED"]

PUBLISHED = {
    "a6fdc2c6d07aa877e3ac360c2ce5efb69ab7dce2fd8df3c1bce0564b17114bc2": "openssl speed",  # 2048 bits
    "01e67e56244b43b668e2b9a697daaafcfb501fa78de2fcc4aa32bdae6dd94af6": "openssl speed",  # 3072
    "adadc3246bb4830551c6da143d7462727967bda53059ae6f152323b0aba69595": "openssl speed",  # 4096
    "d2d8c7d1de1e118e810c15eb7f8d9560a433e15cd55eac52aade81d6669cf133": "openssl speed",  # 7680
}
"""SHA-256 of the public key (SubjectPublicKeyInfo) -> the program that has it; OpenSSL: apps/testrsa.h.

A device that uses one for a service of its own is found by what the service shows.
"""
