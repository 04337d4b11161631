"""Which passwords the camera accepts, and how it stores them."""

from __future__ import annotations

import functools
import hashlib
import hmac
import secrets

__all__ = [
    "MAX_LENGTH",
    "MIN_LENGTH",
    "REALM",
    "digest_secret",
    "rejection",
    "stored",
    "stored_for_nobody",
    "verify",
]

MIN_LENGTH = 10
MAX_LENGTH = 64

REALM = "camera stream"
"""What the stream's user name and password are for, as the logins of HTTP and RTSP name it."""

_N, _R, _P = 2**12, 8, 1
"""scrypt parameters: less work than a real device should spend, so that test runs are not spent on it."""
_KEY_BYTES = 32

_COMMON_TEXT = """
1234567890 0123456789 0987654321 9876543210 1q2w3e4r5t 1qaz2wsx3edc 1q2w3e4r5t6y qwertyuiop qwertyuiop1
qwerty1234 qwerty12345 qwerty123456 qwerty123456789 asdfghjkl1 asdfghjkl1234 zxcvbnm123 password12 password123
password1234 password12345 passw0rd123 p@ssw0rd123 p@ssword123 iloveyou12 iloveyou123 admin12345 admin123456
administrator administrator1 letmein1234 welcome123 welcome1234 changeme123 changeme12 default123 default1234
examplecam examplecam2 camera1234 camera12345 camera123456 sunshine123 football123 baseball123 superman123
princess123 liverpool1 manchester1 basketball christopher abcdefghij abcdefgh12 abcd123456 abc1234567
abc123456789 a123456789 q123456789 123456789a 123456789q 123qweasdzxc 1234567891 12345678910 123456789123
1234512345 1231231231 123123123123 1122334455 1212121212 1010101010 6666666666 7777777777 8888888888
9999999999 5555555555 1111111111 0000000000 aaaaaaaaaa qqqqqqqqqq google12345 facebook123 computer123
internet123 whatever123 trustno1234 dragon12345 monkey12345 master12345 shadow12345 michael123 jennifer123
secret1234 secret12345 correcthorsebatterystaple
"""
_COMMON = frozenset(_COMMON_TEXT.split())


def rejection(password: str, username: str = "") -> str | None:
    """Why the camera refuses `password` as a new one; None when it takes it."""
    if len(password) < MIN_LENGTH:
        return f"too short: at least {MIN_LENGTH} characters"
    if len(password) > MAX_LENGTH:
        return f"too long: at most {MAX_LENGTH} characters"
    lowered = password.casefold()
    if lowered in _COMMON or len(set(lowered)) <= 2:
        return "too common: choose one that others do not use"
    if username and username.casefold() in lowered and len(lowered) - len(username) < MIN_LENGTH - 4:
        return "too close to the user name"
    return None


def stored(password: str) -> str:
    """The form in which a password is kept: ``scrypt$n$r$p$salt$key``."""
    salt = secrets.token_bytes(16)
    return _kept(salt, _scrypt(password, salt, _N, _R, _P))


def stored_for_nobody() -> str:
    """The same of a password that nobody knows; to verify one with it takes as long as with any other."""
    return _kept(secrets.token_bytes(16), secrets.token_bytes(_KEY_BYTES))


def _kept(salt: bytes, key: bytes) -> str:
    return f"scrypt${_N}${_R}${_P}${salt.hex()}${key.hex()}"


def verify(password: str, kept: str) -> bool:
    """Whether `password` is the one that was kept."""
    _, n, r, p, salt, key = kept.split("$")
    return hmac.compare_digest(_scrypt(password, bytes.fromhex(salt), int(n), int(r), int(p)).hex(), key)


def digest_secret(username: str, password: str) -> str:
    """What a login by digest is checked with (RFC 7616, 3.4.2): whoever knows it can log in, as with the password."""
    return hashlib.sha256(f"{username}:{REALM}:{password}".encode("utf-8", "surrogatepass")).hexdigest()


@functools.lru_cache(maxsize=64)
def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    # Remembered, since the same few logins come again thousands of times in tests; a real device must not do that.
    # surrogatepass: JSON may carry lone surrogates, and a strange password is a wrong one, not an internal
    # error.
    return hashlib.scrypt(
        password.encode("utf-8", "surrogatepass"), salt=salt, n=n, r=r, p=p, dklen=_KEY_BYTES
    )
