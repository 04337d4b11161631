"""Password hashes, those of crypt(5) above all: their scheme, and whether their password is one of a few usual ones."""

from __future__ import annotations

import ctypes
import ctypes.util
import hashlib
import re
from functools import cache
from typing import Any

__all__ = ["can_guess", "guessed", "guessed_digest", "is_whole", "scheme", "weak"]

_SCHEMES = {
    "1": "MD5", "2a": "bcrypt", "2b": "bcrypt", "2x": "bcrypt", "2y": "bcrypt", "5": "SHA-256", "6": "SHA-512",
    "7": "scrypt", "y": "yescrypt", "argon2i": "Argon2", "argon2d": "Argon2", "argon2id": "Argon2",
    "apr1": "MD5",
}  # fmt: skip
_NAME = re.compile(r"[${]?(S?SHA\d*|SMD5|pbkdf2|scrypt)(?=[}:_$-])")
_LENGTHS = {"1": 22, "apr1": 22, "2a": 53, "2b": 53, "2x": 53, "2y": 53, "5": 43, "6": 86}
"""Characters behind the last dollar sign; of the schemes that are not here they vary."""
_CHARACTERS = re.compile(r"[./0-9A-Za-z]+")
_QUICK = {"DES", "MD5", "SHA-256", "SHA-512"}
"""Schemes that are tried: a word costs milliseconds."""
_MOST_ROUNDS = 20_000
_ROUNDS = re.compile(r"\$rounds=(\d+)\$")
_USUAL = (
    "", "root", "admin", "password", "Password", "passwd", "pass", "default", "user", "guest", "support", "service",
    "system", "super", "toor", "camera", "ipcam", "router", "1234", "12345", "123456", "12345678", "123456789",
    "1234567890", "0000", "00000000", "1111", "111111", "888888", "666666", "54321", "admin123", "admin1234",
    "root123", "password1", "changeme", "letmein", "welcome", "qwerty", "abc123", "test", "xc3511", "vizxv", "jvbzd",
    "klv123", "klv1234",
    "hi3518", "anko", "zlxx.", "7ujMko0vizxv", "7ujMko0admin", "ikwb", "dreambox", "realtek",
    "tlJwpbo6", "S2fGqNFs", "ubnt", "oelinux123", "openwrt", "raspberry", "linaro", "pi", "alpine", "cat1029",
)  # fmt: skip
"""Passwords that devices are delivered with, as published lists of them, and malware that tries them, have it."""


def scheme(hashed: str) -> str:
    """The scheme of a hash: "MD5", "SHA-512", "DES", or as it is called in the hash: "SSHA", "pbkdf2" ..."""
    name = _NAME.match(hashed)
    if name is not None:
        return name[1]
    return _SCHEMES.get(hashed[1:].partition("$")[0], "unknown") if hashed.startswith("$") else "DES"


def is_whole(hashed: str) -> bool:
    """Whether it is as long as its scheme makes a hash: a template, or one that was cut, lets nobody in."""
    length = _LENGTHS.get(hashed[1:].partition("$")[0]) if hashed.startswith("$") else None
    last = hashed.rpartition("$")[2]
    return length is None or (len(last) == length and _CHARACTERS.fullmatch(last) is not None)


def weak(hashed: str) -> bool:
    """Whether the scheme lets itself be guessed at billions of tries per second."""
    return scheme(hashed) in ("DES", "MD5")


def can_guess() -> bool:
    """Whether this machine has what computes such hashes."""
    return _crypt() is not None


def guessed(hashed: str, account: str) -> bool:
    """Whether the password is a usual one, or the name of the account; only schemes that are quick are tried."""
    crypt, rounds = _crypt(), _ROUNDS.search(hashed)
    if crypt is None or scheme(hashed) not in _QUICK or (rounds and int(rounds[1]) > _MOST_ROUNDS):
        return False
    return any(crypt(word.encode(), hashed.encode()) == hashed.encode() for word in (account, *_USUAL))


def guessed_digest(hashed: str, account: str, realm: str) -> bool:
    """The same of what a web server keeps for digest authentication (RFC 2617, 3.2.2.2)."""
    begun = hashlib.md5(f"{account}:{realm}:".encode("latin-1"), usedforsecurity=False)
    for word in (account, *_USUAL):
        whole = begun.copy()
        whole.update(word.encode())
        if whole.hexdigest() == hashed:
            return True
    return False


@cache
def _crypt() -> Any:
    """crypt(3) of the system; None: it has none."""
    name = ctypes.util.find_library("crypt")
    if name is None:
        return None
    try:
        function = ctypes.CDLL(name).crypt
    except (OSError, AttributeError):
        return None
    function.restype, function.argtypes = ctypes.c_char_p, [ctypes.c_char_p, ctypes.c_char_p]
    return function
