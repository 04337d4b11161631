"""Common strings and familiar patterns in a password."""

from __future__ import annotations

import math
import re
import string
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from pytest_etsi.assessment._data import read_lines
from pytest_etsi.assessment.findings import Finding, Kind
from pytest_etsi.assessment.passwords._evidence import Evidence, Piece, chance_of, shortest
from pytest_etsi.assessment.passwords._model import SINGLE_BITS, Identity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_LEET = str.maketrans("4@3105$7!8+|69", "aaeiossti" + "btigg")
_FOLD = str.maketrans("l", "i")
_ROWS = (
    "1234567890", "0123456789", string.ascii_lowercase, "qwertyuiop", "asdfghjkl", "zxcvbnm",
    "qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn", "!@#$%^&*()",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik", "qazwsxedcrfvtgbyhnujmik", "1q2w3e4r5t6y7u8i9o0p",
    "qawsedrftgyhujikolp",
    "147258369", "159753", "13579", "02468",
)  # fmt: skip
_WALKS = tuple(row for pair in ((row, row[::-1]) for row in _ROWS) for row in pair)
_YEARS = range(1970, 2036)

# Chance of each kind of piece in the code for patterns, beside the one of a character that follows no pattern.
_KIND_BITS = {
    kind: -math.log2(chance)
    for kind, chance in {
        "word": 0.06,
        "name": 0.04,
        "walk": 0.04,
        "repeat": 0.03,
        "copy": 0.01,
        "date": 0.02,
    }.items()
}


def _folded(text: str) -> str:
    return text.lower().translate(_LEET).translate(_FOLD)


@cache
def common_passwords() -> frozenset[str]:
    return frozenset(read_lines("common_passwords.txt"))


@cache
def _words() -> Mapping[str, tuple[str, ...]]:
    """Well-known words of at least four characters by their folded form."""
    words: dict[str, list[str]] = defaultdict(list)
    for word in sorted(common_passwords()):
        if len(word) >= 4:
            words[_folded(word)].append(word)
    return {folded: tuple(same) for folded, same in words.items()}


def is_common(password: str) -> bool:
    """Whether it is, apart from case, in the list of well-known weak and vendor default passwords."""
    return password.lower() in common_passwords()


def _variant_bits(actual: str, word: str) -> float | None:
    """Bits to say how `actual` is written, given that it is `word`; None when it is not."""
    if len(actual) != len(word) or _folded(actual) != _folded(word):
        return None
    replaced = sum(a.lower() != w for a, w in zip(actual, word, strict=True))
    places = sum(w in "aeiostblg" for w in word)
    leet = 0.3 if not replaced else 2.5 + 1.6 * places
    letters = [c for c in actual if c.isalpha()]
    if all(c.islower() for c in letters):
        case = 0.7
    elif all(c.isupper() for c in letters) or (
        actual[:1].isupper() and sum(c.isupper() for c in letters) == 1
    ):
        case = 2.6
    else:
        case = 4.0 + len(letters)
    return leet + case


def _pattern_pieces(text: str, size: int, names: Sequence[str]) -> Iterator[Piece]:
    lower, folded, length = text.lower(), _folded(text), len(text)
    words = _words()
    word_bits = math.log2(len(common_passwords()))
    name_bits = math.log2(max(1, len(names)))
    for i in range(length):
        for j in range(i + 4, length + 1):
            for word in words.get(folded[i:j], ()):
                variant = _variant_bits(text[i:j], word)
                if variant is not None:
                    yield Piece(i, j, "word", _KIND_BITS["word"] + word_bits + variant)
        for name in names:
            variant = _variant_bits(text[i : i + len(name)], name)
            if variant is not None:
                yield Piece(i, i + len(name), "name", _KIND_BITS["name"] + name_bits + variant)
        yield from _walk_pieces(text, lower, i)
        k = 1
        while i + k < length and text[i + k] == text[i]:
            k += 1
        if k >= 3:
            yield Piece(i, i + k, "repeat", _KIND_BITS["repeat"] + math.log2(size) + 1.3 + 0.5 * (k - 2))
        for start in range(i):
            k = 0
            while i + k < length and text[start + k] == text[i + k]:
                k += 1
            if k >= 2:
                bits = _KIND_BITS["copy"] + math.log2(i) + math.log2(length)
                yield Piece(i, i + k, "copy", bits)
        yield from _date_pieces(text, i)


def _walk_pieces(text: str, lower: str, i: int) -> Iterator[Piece]:
    case_bits = 1.6  # lower, upper, or first letter upper
    for row in _WALKS:
        at = row.find(lower[i : i + 3])
        if at < 0 or len(lower) - i < 3:
            continue
        k = 3
        while i + k < len(lower) and at + k < len(row) and row[at + k] == lower[i + k]:
            k += 1
        actual = text[i : i + k]
        if actual not in {actual.lower(), actual.upper(), actual.capitalize()}:
            continue
        place = 1.0 if at == 0 else 1.0 + math.log2(len(row))
        bits = _KIND_BITS["walk"] + math.log2(len(_WALKS)) + place + math.log2(len(row)) + case_bits
        yield Piece(i, i + k, "walk", bits)


_DATE_FORMATS = 12


def _date_pieces(text: str, i: int) -> Iterator[Piece]:
    years = math.log2(len(_YEARS))
    days = math.log2(366)
    head = _KIND_BITS["date"] + math.log2(_DATE_FORMATS)
    four, six, eight = text[i : i + 4], text[i : i + 6], text[i : i + 8]
    if len(four) == 4 and four.isdecimal() and four.isascii() and int(four) in _YEARS:
        yield Piece(i, i + 4, "date", head + years)
    if len(six) == 6 and six.isdecimal() and six.isascii():
        a, b, c = int(six[:2]), int(six[2:4]), int(six[4:])
        if _is_day(a, b) or _is_day(b, a) or _is_day(c, b):
            yield Piece(i, i + 6, "date", head + years + days)
    if len(eight) == 8 and eight.isdecimal() and eight.isascii():
        ymd = int(eight[:4]) in _YEARS and _is_day(int(eight[6:]), int(eight[4:6]))
        a, b = int(eight[:2]), int(eight[2:4])
        if ymd or (int(eight[4:]) in _YEARS and (_is_day(a, b) or _is_day(b, a))):
            yield Piece(i, i + 8, "date", head + years + days)


def _is_day(day: int, month: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= 31


_KIND_WORDS = {
    "word": "a well-known password or word",
    "name": "the name of the manufacturer or model",
    "walk": "a row of keys or characters in order",
    "repeat": "a repeated character",
    "copy": "a repetition of an earlier part",
    "date": "a date or year",
}


def _name_tokens(identity: Identity) -> tuple[str, ...]:
    found: set[str] = set()
    for text in (identity.manufacturer, identity.model):
        tokens = re.split(r"[^a-z0-9]+", text.lower())
        found.update(token for token in (*tokens, "".join(tokens)) if len(token) >= 4)
    return tuple(sorted(found))


def pattern_evidence(text: str, size: int, identity: Identity) -> Evidence:
    """How well words, rows of keys, repetitions and dates describe a text whose characters have `size` values."""
    return shortest(text, size, _pattern_pieces(text, size, _name_tokens(identity)))


def examine_patterns(text: str, size: int, identity: Identity) -> list[Finding]:
    if is_common(text):
        return [
            pattern_finding(
                "violation", "The password is in the list of well-known weak and vendor default passwords."
            )
        ]
    evidence = pattern_evidence(text, size, identity)
    if evidence.bits < 10:
        return []
    saved = [piece for piece in evidence.pieces if piece.kind != "literal"]
    what = ", ".join(dict.fromkeys(_KIND_WORDS[piece.kind] for piece in saved))
    covered = sum(piece.end - piece.start for piece in saved)
    chance = f"an evenly drawn password shows this with a chance below {chance_of(evidence.bits)}"
    level: Kind = "violation" if evidence.bits >= SINGLE_BITS else "note"
    message = f"{covered} of the password's {len(text)} characters form {what}; {chance}."
    return [pattern_finding(level, message)]


def pattern_finding(level: Kind, message: str) -> Finding:
    return Finding(level, "patterns", message, expected="no common string and no familiar pattern")


def is_word(text: str) -> bool:
    """Whether it is a well-known word or password, apart from case and look-alike characters."""
    return is_common(text) or _folded(text) in _words()
