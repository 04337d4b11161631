"""Whether a password follows from public data of its device: parts, encodings and plain digests of it."""

from __future__ import annotations

import base64
import hashlib
import math
import re
import string
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pytest_etsi.assessment.findings import Finding, Kind
from pytest_etsi.assessment.passwords._evidence import LITERAL, Piece, chance_of, shortest
from pytest_etsi.assessment.passwords._model import NAMED, SINGLE_BITS, Identity, Rule, mac_digits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_DIGESTS = (("MD5", "md5"), ("SHA-1", "sha1"), ("SHA-256", "sha256"))


@lru_cache(maxsize=4096)
def _digests(data: bytes) -> tuple[tuple[str, bytes], ...]:
    return tuple((name, hashlib.new(code, data, usedforsecurity=False).digest()) for name, code in _DIGESTS)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A text that follows from public data.

    Attributes:
        text: the text.
        origin: how it follows, in words.
        bits: what it takes to name it in the code for relations.
    """

    text: str
    origin: str
    bits: float


def _plain_tails(identity: Identity) -> tuple[tuple[str, str], ...]:
    """The four most obvious sources, whose ends are tried against the whole password."""
    mac = mac_digits(identity.mac)
    serial = re.sub(r"[^0-9A-Za-z]", "", identity.serial).lower()
    return (
        ("the serial number", serial),
        ("the digits of the serial number", "".join(re.findall(r"\d", serial))),
        ("the MAC address", mac),
        ("the MAC address as a decimal number", str(int(mac, 16)) if mac else ""),
    )


def _mac_forms(mac: str) -> list[str]:
    if not mac:
        return []
    pairs = [mac[k : k + 2] for k in range(0, len(mac), 2)]
    forms = [mac, ":".join(pairs), "-".join(pairs)]
    return forms + [form.upper() for form in forms]


def _digest_texts(identity: Identity) -> tuple[tuple[str, bytes], ...]:
    """The public texts whose plain digests are tried first: few, so that each is cheap to name."""
    mac = mac_digits(identity.mac)
    texts = [("the MAC address", form.encode()) for form in _mac_forms(mac)]
    if mac:
        texts.append(("the MAC address", bytes.fromhex(mac)))
    texts.extend(
        (name, value.encode())
        for name, value in (("the serial number", identity.serial), ("the SSID", identity.ssid))
        if value
    )
    return tuple(texts)


def _more_texts(identity: Identity) -> tuple[tuple[str, bytes], ...]:
    mac = mac_digits(identity.mac)
    singles = [
        ("the serial number", identity.serial),
        ("the SSID", identity.ssid),
        ("the model", identity.model),
    ]
    singles += [("a public label", label) for label in identity.labels[:4]]
    singles = [(name, value) for name, value in singles if value]
    texts = [
        (name, form.encode()) for name, value in singles for form in {value, value.lower(), value.upper()}
    ]
    pairs = singles[:3] + [("the MAC address", form) for form in (mac, mac.upper()) if mac]
    texts += [
        (f"{a} and {b.removeprefix('the ')}", (u + v).encode()) for a, u in pairs for b, v in pairs if a != b
    ]
    texts += list(_digest_texts(identity))
    texts += [(name, text + b"\n") for name, text in _digest_texts(identity)]
    if mac and len(mac) == 12:
        for step in (-2, -1, 1, 2):
            near = f"{(int(mac, 16) + step) % 16**12:012x}"
            texts += [("a neighbouring MAC address", form.encode()) for form in (near, near.upper())]
    return tuple(dict.fromkeys(texts))


def _alphabets(text: str, rule: Rule | None) -> tuple[str, ...]:
    """Alphabets into which a digest may have been mapped to give `text`: the documented and customary ones."""
    found: list[str] = []
    if rule is not None and rule.alphabet and rule.alphabet not in NAMED:
        found.append("".join(dict.fromkeys(rule.alphabet)))
    low, up, digits = string.ascii_lowercase, string.ascii_uppercase, string.digits
    customary = (digits, low, up, digits + low, digits + up, low + digits, up + digits)
    found += [alphabet for alphabet in customary if set(text) <= set(alphabet)]
    if len(found) < 3:
        found += [digits + up + low, digits + low + up, up + low + digits, low + up + digits]
    return tuple(dict.fromkeys(found))[:4]


def _mapped(digest: bytes, alphabet: str, length: int) -> Iterator[str]:
    size = len(alphabet)
    if size < 2:
        return
    yield "".join(alphabet[byte % size] for byte in digest[:length])
    value, text = int.from_bytes(digest, "big"), ""
    while value and len(text) < 64:
        value, rest = divmod(value, size)
        text += alphabet[rest]
    yield text[::-1]
    yield text[:length]


def _encodings(data: bytes, text: str) -> Iterator[str]:
    """Plain encodings of `data` that could contain `text`, judged by its characters."""
    characters = set(text.lower())
    if characters <= set("0123456789abcdef"):
        yield data.hex()
    if not characters & set("01" if text == text.upper() else "189"):
        yield base64.b32encode(data).decode().rstrip("=").lower()
    if text != text.lower():
        yield base64.b64encode(data).decode().rstrip("=")
        yield base64.urlsafe_b64encode(data).decode().rstrip("=")
    if text.isdecimal():
        yield str(int.from_bytes(data, "big"))
        if len(data) >= 4:
            yield str(int.from_bytes(data[:4], "big"))


def _whole_relation(body: str, even_bits: float, identity: Identity, rule: Rule | None) -> tuple[float, str]:
    """Evidence that the whole password is the end of an obvious source, or an end of its plain digest.

    The code: 3 bits name one of four obvious sources (half of all the chance), 10 bits one of 256 digests.
    """
    best = (0.0, "")
    single_case = body in {body.lower(), body.upper()}
    folded = body.lower() if single_case else body
    case_bits = 0 if body.isdecimal() else 1
    for origin, source in _plain_tails(identity):
        if len(body) >= 4 and source.endswith(folded):
            best = max(best, (even_bits - 3 - case_bits, f"it is the end of {origin}"))
    for origin, text in _digest_texts(identity):
        for name, digest in _digests(text):
            for text_of in (digest.hex(), *_rule_mapped(digest, rule, len(body))):
                derived = text_of.lower() if single_case else text_of
                if len(body) >= 4 and (derived.startswith(folded) or derived.endswith(folded)):
                    found = f"it is cut from {name} of {origin}"
                    best = max(best, (even_bits - 10 - case_bits, found))
    return best


def _rule_mapped(digest: bytes, rule: Rule | None, length: int) -> tuple[str, ...]:
    if rule is None or not rule.alphabet or rule.alphabet in NAMED:
        return ()
    return tuple(_mapped(digest, "".join(dict.fromkeys(rule.alphabet)), length))


def _candidates(body: str, identity: Identity, rule: Rule | None) -> list[_Candidate]:
    """Texts that follow from public data and of which a part of the password may be a part."""
    plain: list[tuple[str, str]] = [(text, origin) for origin, text in _plain_tails(identity)]
    mac = mac_digits(identity.mac)
    if mac:
        pairs = [mac[k : k + 2] for k in range(0, len(mac), 2)]
        plain.append(("".join(reversed(pairs)), "the MAC address backwards"))
        plain += [(sign.join(pairs), "the MAC address") for sign in ":-"]
        if len(mac) == 12:
            near = ((int(mac, 16) + step) % 16**12 for step in (-2, -1, 1, 2))
            plain += [(f"{value:012x}", "a neighbouring MAC address") for value in near]
        plain.append((str(int(mac[6:], 16)), "the last half of the MAC address as a decimal number"))
    others = [("the SSID", identity.ssid), ("the model", identity.model)]
    others += [("a public label", label) for label in identity.labels[:4]]
    for origin, text in others:
        plain += [(form, origin) for form in {text.lower(), re.sub(r"[^0-9A-Za-z]", "", text).lower()}]
    plain += [(text[::-1], f"{origin} backwards") for text, origin in plain[:4]]
    plain = [(text, origin) for text, origin in plain if len(text) >= 3]
    bits = 1 + math.log2(32)
    found = [_Candidate(text, origin, bits) for text, origin in plain[:32]]
    alphabets = _alphabets(body, rule)
    rare = 1 + math.log2(16384)
    for origin, data in _more_texts(identity):
        found += [_Candidate(text, f"{origin}, encoded", rare) for text in _encodings(data, body)]
        for name, digest in _digests(data):
            said = f"{name} of {origin}"
            found += [_Candidate(text, said, rare) for text in _encodings(digest, body)]
            for alphabet in alphabets:
                found += [_Candidate(text, said, rare) for text in _mapped(digest, alphabet, len(body))]
    return found


_PIECE_BITS = -math.log2(1 - LITERAL)


def _relation_pieces(body: str, candidates: Iterable[_Candidate]) -> Iterator[tuple[Piece, str]]:
    length = len(body)
    texts = [(body, 0.0)]
    if body in {body.lower(), body.upper()}:
        texts = [(body.lower(), 1.0)]  # one bit names the case of everything
    for text, case_bits in texts:
        grams = {text[i : i + 3]: i for i in reversed(range(length - 2))}
        for candidate in candidates:
            source = candidate.text.lower() if case_bits else candidate.text
            for gram, i in grams.items():
                at = source.find(gram)
                while at >= 0:
                    k = 3
                    while i + k < length and at + k < len(source) and source[at + k] == text[i + k]:
                        k += 1
                    edge = at == 0 or at + k == len(source)
                    place = 1.6 if edge else 1.6 + math.log2(len(source))
                    whole = 1.0 if k == length else 1.0 + math.log2(length)
                    bits = _PIECE_BITS + candidate.bits + place + whole + case_bits
                    yield Piece(i, i + k, "piece", bits), candidate.origin
                    at = source.find(gram, at + 1)


@lru_cache(maxsize=1024)
def relation(
    body: str, size: int, identity: Identity, rule: Rule | None, *, thorough: bool
) -> tuple[float, str]:
    """Evidence in bits that the password follows from public data, and how it seems to follow.

    Several units ask this of the same factory passwords, and it takes a while.
    """
    even_bits = len(body) * math.log2(size)
    best = _whole_relation(body, even_bits, identity, rule)
    if not thorough or len(body) < 3:
        return best
    origins: dict[Piece, str] = {}
    for piece, origin in _relation_pieces(body, _candidates(body, identity, rule)):
        origins.setdefault(piece, origin)
    evidence = shortest(body, size, origins)
    pieces = [piece for piece in evidence.pieces if piece.kind == "piece"]
    bits = evidence.bits - 2  # a quarter of all the chance; the rest is spent on the whole password
    if bits > best[0] and pieces:
        told = ", ".join(dict.fromkeys(origins[piece] for piece in pieces))
        covered = sum(piece.end - piece.start for piece in pieces)
        best = (bits, f"{covered} of its {len(body)} characters follow from {told}")
    return best


def examine_relation(body: str, size: int, identity: Identity, rule: Rule | None) -> list[Finding]:
    bits, how = relation(body, size, identity, rule, thorough=True)
    if bits < 10:
        return []
    level: Kind = "violation" if bits >= SINGLE_BITS else "note"
    message = (
        f"The password is related to public data: {how}; an evenly drawn password shows this with a chance "
        f"below {chance_of(bits)}."
    )
    return [Finding(level, "relation", message, expected="no relation to public data")]
