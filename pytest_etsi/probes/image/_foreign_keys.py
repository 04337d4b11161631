"""Private keys in forms of single programs: PuTTY, age, and JSON Web Keys (RFC 7517)."""

from __future__ import annotations

import base64
import binascii
import re
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["foreign_keys"]

_MOST = 100
_PUTTY = re.compile(
    rb"PuTTY-User-Key-File-\d: [^\r\n]{1,80}\r?\nEncryption: (?P<coding>[^\r\n]{1,40})\r?\nComment:[^\r\n]{0,200}\r?\n"
    rb"Public-Lines: \d{1,4}\r?\n(?P<public>[A-Za-z0-9+/=\r\n]{1,20000})(?:Key-Derivation|Private-Lines)"
)
_AGE = re.compile(rb"AGE-SECRET-KEY-1[02-9A-Z]{58}")
_OBJECT = re.compile(rb"\{[^{}]{20,16000}\}")
_JWK_SECRET = re.compile(rb"\"(?:d|k)\"\s*:\s*\"[\w-]{20,}\"")


def foreign_keys(data: bytes) -> Iterator[tuple[int, bytes, str, bool, bytes]]:
    """Where each begins, its bytes, its form, whether a passphrase protects it, and its public key as SSH has it."""
    for match in islice(_PUTTY.finditer(data), _MOST):
        try:
            public = base64.b64decode(match["public"])
        except binascii.Error:
            public = b""
        yield match.start(), match[0], "a key of PuTTY", match["coding"] != b"none", public
    for match in islice(_AGE.finditer(data), _MOST):
        yield match.start(), match[0], "a key of age", False, b""
    if b'"kty"' not in data:
        return
    keys = (one for one in _OBJECT.finditer(data) if b'"kty"' in one[0] and _JWK_SECRET.search(one[0]))
    for match in islice(keys, _MOST):
        yield match.start(), match[0], "a JSON Web Key", False, b""
