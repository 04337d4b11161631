"""What a piece of a file gives away: keys, hashes, tokens, passwords and known values."""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from pytest_etsi.probes.image import _hashes
from pytest_etsi.probes.image._keys import certificates, private_keys
from pytest_etsi.probes.image._model import InImage
from pytest_etsi.probes.image._places import standing
from pytest_etsi.probes.image._published import published_with
from pytest_etsi.probes.needles import Needles
from pytest_etsi.probes.serial.leaks import AND, find_leaks, fingerprint
from pytest_etsi.redaction import MASK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["Known", "Piece", "find_secrets"]

_STRINGS = re.compile(rb"[\t\x20-\x7e]{6,}")
_EXAMPLE_VALUES = re.compile(r"(?i)example|AKIAIOSFODNN7|wJalrXUtnFEMI|dummy|placeholder|changeit|xxxx")
_PASSWD = re.compile(
    r"(?m)^(?P<account>[A-Za-z_][\w.-]{0,31}):(?P<secret>\$[0-9a-z]{1,8}\$[^:\s]{8,200}|[./0-9A-Za-z]{13}):"
    r"\d*:\d*:(?P<rest>[^\n]*)$"
)
_NO_PASSWORD = re.compile(
    r"(?m)^(?P<account>[A-Za-z_][\w.-]{0,31}):(?P<secret>):\d*:\d*:(?P<rest>(?:[^:\n]*:){2,4}[^:\n]*)$"
)
_DIGEST = re.compile(
    r"(?m)^(?P<account>[\w.@-]{1,32}):(?P<realm>[^:\n]{1,64}):(?P<secret>[0-9a-f]{32})[ \t\r]*$"
)
_DIGESTS = re.compile(r"digest[^/]{0,12}$")
"""What files of digest authentication are called; in others such a line may be of a list of checksums."""
_ACCOUNTS = re.compile(r"(?:passwd|shadow)[^/]{0,8}$")
_NO_LOGIN = re.compile(r"(?:nologin|/false|/sync|/shutdown)\s*$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a file.

    Attributes:
        place: the file.
        data: what is in it.
        before: lines of the file before it.
        text: it is text, whose lines are counted.
    """

    place: str
    data: bytes
    before: int = 0
    text: bool = True

    def line(self, at: int) -> str:
        """The place of a byte of it."""
        if not self.text:
            return self.place
        return f"{self.place}:{self.before + self.data.count(bytes((10,)), 0, at) + 1}"


def find_secrets(piece: Piece, known: Known) -> Iterator[InImage]:
    """What a piece gives away.

    Args:
        piece: of a file.
        known: secrets of this device; they count wherever they stand.
    """
    yield from _known(piece, known)
    where = standing(piece.place)
    for one in _found(piece):
        example = one.example or where == "example"
        yield replace(one, example=example, perhaps_example=where == "unsure" and not example)


class Known:
    """Secrets of this device, which are looked for in every form in which they are written.

    Args:
        values: name -> secret.
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        self.needles = Needles(values)
        self.values = values


def _known(piece: Piece, known: Known) -> Iterator[InImage]:
    """Each known secret once, by the names of all that have it."""
    held: dict[str, tuple[int, dict[str, None]]] = {}
    for at, _, name, _ in sorted(known.needles.first(piece.data)) if known.needles.any else ():
        held.setdefault(known.values[name], (at, {}))[1].setdefault(name)
    for value, (at, names) in held.items():
        yield InImage("known secret", piece.line(at), AND.join(names), fingerprint(value))


def _found(piece: Piece) -> Iterator[InImage]:
    """What shows by its grammar; `InImage.example` where it does so by its value."""
    for key in private_keys(piece.data):
        about = key.about if key.readable or key.encrypted else f"{key.about}, not read"
        program = published_with(key)
        yield InImage(
            "encrypted private key" if key.encrypted else "private key",
            piece.line(key.at),
            f"{about}, published with {program}" if program else about,
            fingerprint(key.secret.decode("latin-1")),
            key.key_sha256,
            key.ssh_sha256,
            example=bool(program),
        )
    for at, key_sha256 in certificates(piece.data):
        yield InImage("certificate", piece.line(at), "", key_sha256[:16], key_sha256)
    text = piece.data.decode("latin-1") if piece.text else _strings(piece.data)
    yield from _accounts(piece, text)
    yield from _leaks(piece, text)


def _strings(data: bytes) -> str:
    return b"\n".join(_STRINGS.findall(data)).decode("latin-1")


def _accounts(piece: Piece, text: str) -> Iterator[InImage]:
    """Accounts of passwd(5) and shadow(5) that somebody can log in to, and those of web servers by digest."""
    for match in _NO_PASSWORD.finditer(text) if _ACCOUNTS.search(piece.place) else ():
        if not _NO_LOGIN.search(match["rest"]):
            about = f"none is asked for, of the account {match['account']}"
            place, account = piece.line(match.start()), match["account"]
            yield InImage("password", place, about, fingerprint(f"{account}:"), account=account)
    for match in _PASSWD.finditer(text):
        hashed = match["secret"]
        if not _NO_LOGIN.search(match["rest"]) and _hashes.is_whole(hashed):
            about = f"{_hashes.scheme(hashed)}{', weak' if _hashes.weak(hashed) else ''}"
            yield _hashed(piece, match, about, guessed=_hashes.guessed(hashed, match["account"]))
    for match in _DIGEST.finditer(text):
        guessed = _hashes.guessed_digest(match["secret"], match["account"], match["realm"])
        if guessed or _DIGESTS.search(piece.place):
            yield _hashed(piece, match, "MD5, weak", guessed=guessed)


def _hashed(piece: Piece, match: re.Match[str], about: str, *, guessed: bool) -> InImage:
    """The hash of an account's password."""
    account = match["account"]
    return InImage(
        "password hash",
        piece.line(match.start()),
        f"{about}, of the account {account}{', a usual password' if guessed else ''}",
        fingerprint(match["secret"]),
        account=account,
        guessed=guessed,
    )


def _leaks(piece: Piece, text: str) -> Iterator[InImage]:
    found, values = find_leaks(text)
    for leak in found:
        if leak.kind == "private key" or (leak.kind == "password" and not piece.text):
            continue  # keys are read as such above; words in programs are names of settings
        value = next((one for one in values if fingerprint(one) == leak.fingerprint), "")
        about = leak.about
        for other in values:
            about = about.replace(other, MASK)
        if leak.kind == "password hash":
            about = f"{_hashes.scheme(value)}{', weak' if _hashes.weak(value) else ''}"
        yield InImage(
            leak.kind,
            f"{piece.place}:{piece.before + leak.line}" if piece.text else piece.place,
            about,
            leak.fingerprint,
            guessed=leak.kind == "password hash" and _hashes.guessed(value, ""),
            example=_EXAMPLE_VALUES.search(value) is not None,
        )
    yield from _tokens(piece, text)


def _tokens(piece: Piece, text: str) -> Iterator[InImage]:
    """Tokens of known services, by the detectors of detect-secrets, where it is installed."""
    for pattern, name in _detectors():
        for match in pattern.finditer(text):
            yield InImage(
                "token",
                piece.line(match.start()) if piece.text else piece.place,
                name,
                fingerprint(match[0]),
                example=_EXAMPLE_VALUES.search(match[0]) is not None,
            )


@cache
def _detectors() -> tuple[tuple[re.Pattern[str], str], ...]:
    try:
        plugins: Any = importlib.import_module("detect_secrets.core.plugins.util")
    except ImportError:
        return ()
    found: list[tuple[re.Pattern[str], str]] = []
    for name, kind in plugins.get_mapping_from_secret_type_to_class().items():
        if name not in _ASKED:
            continue
        patterns: Iterable[Any] = getattr(kind, "denylist", ()) or ()
        found += [(pattern, name) for pattern in patterns if hasattr(pattern, "finditer")]
    return tuple(found)


_ASKED = {
    "AWS Access Key", "Azure Storage Account access key", "GitHub Token", "GitLab Token", "OpenAI Token", "PyPI Token",
    "SendGrid API Key", "Slack Token", "Square OAuth Secret", "Stripe Access Key", "Telegram Bot Token",
}  # fmt: skip
"""Tokens with a beginning of their own. The others are found above by their grammar, stand for anything in a program,
or take a time that grows with the square of a line."""
