"""What a log discloses: keys, password hashes, passwords and tokens, found by their grammar and never repeated.

What is found is told by its kind, its place and a salted fingerprint, so that two finds can be compared and nobody
learns the secret from the evidence.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pytest_etsi.probes.observation import Observation
from pytest_etsi.redaction import MASK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["AND", "Leak", "LeakKind", "LeakMask", "find_leaks", "without_secrets"]

LeakKind = Literal["private key", "password hash", "password", "token", "known secret"]

_SALT = secrets.token_bytes(16)
"""Of this process: fingerprints of one run can be compared with each other, and with nothing else."""
_MOST = 50
_LEAST = 6
"""Characters of a known secret: a shorter one may stand anywhere by chance."""
AND = "; "
"""Between the names of a known secret that has several."""
_PEM = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----(?P<secret>(?:[^-]|-(?!----BEGIN)){0,20000}?)"
    r"(?:-----END (?:[A-Z0-9]+ )*PRIVATE KEY-----|\Z)"
)
_PATTERNS: tuple[tuple[LeakKind, re.Pattern[str]], ...] = (
    # crypt(5): an identifier, parameters, salt and digest, each in the alphabet of that method.
    (
        "password hash",
        re.compile(
            r"(?<![\w$./])(?P<secret>\$(?:1\$[^\s$:]{1,8}\$[./0-9A-Za-z]{22}"
            r"|5\$(?:rounds=\d{1,9}\$)?[^\s$:]{1,16}\$[./0-9A-Za-z]{43}"
            r"|6\$(?:rounds=\d{1,9}\$)?[^\s$:]{1,16}\$[./0-9A-Za-z]{86}"
            r"|2[abxy]\$\d\d\$[./0-9A-Za-z]{53}"
            r"|y\$[./0-9A-Za-z]{1,12}\$[./0-9A-Za-z]{1,86}\$[./0-9A-Za-z]{43}"
            r"|7\$[./0-9A-Za-z]{11,97}\$[./0-9A-Za-z]{43}"
            r"|argon2i?d?\$v=\d+\$m=\d+,t=\d+,p=\d+\$[\w+/]{8,}\$[\w+/]{16,}"
            # Not of crypt(5): Apache and its like, Mosquitto, passlib.
            r"|apr1\$[^\s$:]{1,8}\$[./0-9A-Za-z]{22}"
            r"|[67]\$(?:\d{1,7}\$)?[\w+/]{11,86}={0,2}\$[\w+/]{86}={0,2}"
            r"|pbkdf2(?:-sha\d{1,3})?\$\d{1,7}\$[\w./+]{8,}\$[\w./+]{20,}))(?![./0-9A-Za-z])"
        ),
    ),
    # Of LDAP and web servers (RFC 2307), of Werkzeug and Django.
    (
        "password hash",
        re.compile(r"(?P<secret>\{(?:SHA|SSHA|SMD5|SSHA256|SSHA512)\}[0-9A-Za-z+/]{22,120}={0,2})"),
    ),
    (
        "password hash",
        re.compile(
            r"(?<![\w$])(?P<secret>(?:pbkdf2:sha\d{1,3}(?::\d{1,7})?|pbkdf2_sha\d{1,3}\$\d{1,7}|scrypt:\d+:\d+:\d+)"
            r"\$[^\s$:]{1,64}\$[\w+/=]{32,128})"
        ),
    ),
    # passwd(5) with a DES hash where the second field is.
    (
        "password hash",
        re.compile(r"(?m)(?:^|\s)[a-z_][\w-]{0,31}:(?P<secret>[./0-9A-Za-z]{13}):\d+:\d+:"),
    ),
    ("token", re.compile(r"\b(?P<secret>eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*)")),
    ("token", re.compile(r"\b(?P<secret>[AS]KIA[0-9A-Z]{16})\b")),
    # The user and password of a URL (RFC 3986, 3.2.1), and those of HTTP Basic.
    (
        "password",
        re.compile(
            r"(?i)\b[a-z][a-z0-9+.-]{1,15}://[^\s/@:]{0,64}:(?!pass(?:word|wd)?@)"
            r"(?P<secret>[^\s/@\"'%${}<>]{4,128})@(?=[\w\[])"
        ),
    ),
    ("password", re.compile(r"(?i)\bauthorization[\"']?: *[\"']?basic (?P<secret>[0-9a-z+/]{8,}={0,2})")),
    ("token", re.compile(r"(?i)\bbearer (?P<secret>[\w.~+/-]{16,}=*)")),
    (
        "password",
        re.compile(
            r"(?i)(?<![a-z])(?:(?:admin|root|user|wifi|wlan|default|login)[_ -]?)?"
            r"(?:password|passwd|passphrase|passcode|pwd|psk|wpa_passphrase"
            r"|(?:wifi|wlan|network)[_ -]?key|pre-?shared[_ -]?key|secret(?:[_ -]?key)?|api[_ -]?key"
            r"|(?:access|auth|refresh)[_ -]?token|private[_ -]?key|pin)(?:[_-]?\d{1,2})?[\"']?"
            r"(?:\s*[=:]\s*|\s+is\s+(?:now |set to )?)"
            r"(?P<mark>[\"'])?(?P<secret>(?(mark)[^\"'\n]{4,128}|[^\s\"',;<>\[\](){}]{4,128}))"
        ),
    ),
)
_NO_SECRET = re.compile(
    r"(?i)(?:\*+|x+|\.+|-+|<?(?:none|null|nil|unset|empty|hidden|redacted|masked|removed|omitted|set|unchanged|changed|wrong"
    r"|invalid|incorrect|ok|okay|true|false|yes|not|required|enabled|disabled|expired|missing|failed|accepted|authentication"
    r"|error|denied|length|loaded|stored|saved|generated|too|must|valid)>?|"
    + re.escape(MASK)
    + r"|/[\w./-]+|gpio\w*|0x[0-9a-f]{1,8}|\d{1,3}|%\w+|\$\{?\w+\}?)[.!…]*"
)
"""What stands where a secret would, and is none: masks, words about it, paths, small numbers, variables."""


@dataclass(frozen=True, slots=True)
class Leak(Observation):
    """A secret that a log shows.

    Attributes:
        kind: what it is.
        line: number of its line, from 1.
        about: the words before it on its line.
        fingerprint: salted with what only this run knows.
    """

    kind: LeakKind
    line: int
    about: str
    fingerprint: str

    def __str__(self) -> str:
        return f"{self.kind} in line {self.line} ({self.about or 'nothing before it'}…, fingerprint {self.fingerprint})"


def find_leaks(text: str, known: Mapping[str, str] | None = None) -> tuple[tuple[Leak, ...], tuple[str, ...]]:
    """The secrets in a text.

    Args:
        text: a log.
        known: secrets of this device by name; they count wherever they stand.

    Returns:
        What was found, at most 50, and the secrets themselves, to be masked and not to be kept.
    """
    found: list[Leak] = []
    values: dict[str, None] = {}
    for kind, start, secret, name in sorted(_all(text, known or {}), key=lambda one: (one[1], -len(one[2]))):
        if secret in values:
            continue
        values[secret] = None
        if len(found) < _MOST:
            begin = text.rfind("\n", 0, start) + 1
            about = name or _plain_before(text[begin:start])
            found.append(Leak(kind, text.count("\n", 0, start) + 1, about, fingerprint(secret)))
    return tuple(found), tuple(values)


def fingerprint(secret: str) -> str:
    """Sixteen hexadecimal digits that tell two secrets of one run apart and give neither away."""
    return hmac.new(_SALT, secret.encode(), hashlib.sha256).hexdigest()[:16]


def without_secrets(text: str) -> str:
    """A text with a mask in the place of every secret that its grammar gives away."""
    spans = sorted({(start, start + len(secret)) for _, start, secret, _ in _all(text, {})})
    parts, at = [], 0
    for start, end in spans:
        if end <= at:
            continue
        parts += [text[at : max(at, start)], MASK]
        at = end
    return "".join((*parts, text[at:]))


class LeakMask:
    """Masks a log as it comes, in whole lines; remembers that it is inside a key of several lines."""

    def __init__(self) -> None:
        self._within = 0

    def __call__(self, lines: bytes) -> bytes:
        """One or more lines without secrets."""
        low = lines.lower()
        if not self._within and not any(sign in low for sign in _SIGNS) and not _PASSWD.search(lines):
            return lines
        return b"\n".join(self._masked(line) for line in lines.split(b"\n"))

    def _masked(self, line: bytes) -> bytes:
        if self._within:
            self._within = 0 if b"-----END" in line else self._within - 1
            return line if b"-----END" in line else MASK.encode()
        begin = line.find(b"-----BEGIN ")
        if begin >= 0 and b"PRIVATE KEY-----" in line[begin:]:
            if b"-----END" not in line[begin + 10 :]:
                self._within = 200
            return line[: line.index(b"PRIVATE KEY-----", begin) + 16] + MASK.encode()
        text = line.decode("latin-1")
        if not _MAY_HOLD.search(text):
            return line
        masked = without_secrets(text)
        if masked == text:
            return line
        return MASK.encode().join(part.encode("latin-1") for part in masked.split(MASK))


_SIGNS = (
    b"$1$", b"$2", b"$5$", b"$6$", b"$7$", b"$y$", b"$argon2", b"$apr1$", b"pbkdf2", b"scrypt:", b"{s", b"eyj",
    b"akia", b"asia", b"bearer", b"basic", b"://", b"pass", b"pwd", b"psk", b"key", b"secret", b"token", b"pin",
)  # fmt: skip
"""What stands, in small letters, in each text that a pattern may fit, but for a line of passwd(5)."""
_PASSWD = re.compile(rb":[./0-9A-Za-z]{13}:\d+:\d+:")
_MAY_HOLD = re.compile(
    r"(?i)\$\w|\{S(?:SHA|HA|MD5)|pbkdf2|scrypt:|eyJ|[AS]KIA|bearer|basic|://|pass|pwd|psk|key|secret|token|pin|:[./\w]{13}:"
)


def _all(text: str, known: Mapping[str, str]) -> Iterator[tuple[LeakKind, int, str, str]]:
    """Kind, place, secret and name of every secret."""
    for match in _PEM.finditer(text):
        if len(match["secret"].strip()) >= 16:
            yield "private key", match.start("secret"), match["secret"], "a private key in PEM"
    nothing: set[str] = set()
    at = 0
    for line in text.split("\n"):
        begin, at = at, at + len(line) + 1
        if line in nothing:
            continue
        found = False
        for kind, pattern in _PATTERNS if _MAY_HOLD.search(line) else ():
            for match in pattern.finditer(line):
                if kind != "password" or not _NO_SECRET.fullmatch(match["secret"]):
                    found = True
                    yield kind, begin + match.start("secret"), match["secret"], ""
        if not found:
            nothing.add(line)
    yield from _known(text, known)


def _known(text: str, known: Mapping[str, str]) -> Iterable[tuple[LeakKind, int, str, str]]:
    names: dict[str, list[str]] = {}
    for name, value in known.items():
        names.setdefault(value, []).append(name)
    for value, called in names.items():
        at = text.find(value) if len(value) >= _LEAST else -1
        if at >= 0:
            yield "known secret", at, value, AND.join(called)


def _plain_before(text: str) -> str:
    """The last words before a secret, without others."""
    return " ".join(without_secrets(text).split())[-40:]
