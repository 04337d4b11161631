"""What is known of a device, a rule and a password; alphabets and bounds."""

from __future__ import annotations

import math
import re
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_etsi.assessment._data import read_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

THRESHOLDS: Mapping[str, Any] = read_json("passwords.json")
"""The bounds used here, each with its value, meaning and source (``data/passwords.json``)."""

SINGLE_BITS = -math.log2(THRESHOLDS["single_chance"]["value"])
BATCH_BITS = -math.log2(THRESHOLDS["batch_chance"]["value"])
LONGEST = 128  # characters of a password that are looked at
MOST = 200  # samples of a batch that are compared position by position


@dataclass(frozen=True, slots=True)
class Identity:
    """What is publicly known of one device: printed on it, or broadcast by it."""

    serial: str = ""
    mac: str = ""
    ssid: str = ""
    model: str = ""
    manufacturer: str = ""
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """How passwords are generated, as documented. None and empty: not stated.

    Attributes:
        method: random, keyed-derivation, hash, counter or constant.
        inputs: of random, secret-key, mac, serial, model, ssid, firmware, date, counter.
        length: characters of the whole password, the prefix included.
        alphabet: the characters themselves, or one of lower, upper, digits, alnum, hex, base32.
        prefix: fixed leading part.
        random_bits: bits that come from a random source.
        production_volume: devices that are made.
        examples: passwords that the documents give as examples.
    """

    method: str | None = None
    inputs: tuple[str, ...] = ()
    length: int | None = None
    alphabet: str | None = None
    prefix: str = ""
    random_bits: float | None = None
    production_volume: int | None = None
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """The factory password of one device."""

    serial: str
    mac: str
    ssid: str
    password: str


NAMED: Mapping[str, tuple[str, int]] = {
    "lower": (string.ascii_lowercase, 26),
    "upper": (string.ascii_uppercase, 26),
    "digits": (string.digits, 10),
    "alnum": (string.ascii_letters + string.digits, 62),
    "hex": (string.digits + "abcdefABCDEF", 16),
    "base32": (string.ascii_letters + "234567", 32),
}


def beyond_chance(bits: float) -> bool:
    """Whether this evidence, in bits, refutes a batch: evenly drawn passwords show it too rarely."""
    return bits >= BATCH_BITS


def alphabet_size(alphabet: str | None) -> int | None:
    """How many values a character has; None when not stated."""
    return size_of(alphabet) if alphabet else None


def size_of(alphabet: str) -> int:
    """How many values a character of a stated alphabet has. The case of hex and base32 carries nothing."""
    return NAMED[alphabet][1] if alphabet in NAMED else len(set(alphabet))


def characters_of(alphabet: str) -> frozenset[str]:
    return frozenset(NAMED[alphabet][0] if alphabet in NAMED else alphabet)


def _guessed_size(text: str) -> int:
    """The size of the smallest customary alphabet that contains `text`; small sizes make evidence weaker."""
    if set(text) <= set("0123456789abcdef-:") or set(text) <= set("0123456789ABCDEF-:"):
        return 10 if set(text) <= set(string.digits) else 16
    size = 0
    for characters in (string.digits, string.ascii_lowercase, string.ascii_uppercase):
        size += len(characters) if set(text) & set(characters) else 0
    rest = set(text) - set(string.digits + string.ascii_letters)
    return max(2, size + (min(33, 8 * len(rest)) if rest else 0))


def size_for(text: str, rule: Rule | None) -> int:
    if rule is not None and rule.alphabet and set(text) <= characters_of(rule.alphabet):
        return max(2, size_of(rule.alphabet))
    return _guessed_size(text)


def mac_digits(mac: str) -> str:
    digits = re.sub(r"[^0-9a-fA-F]", "", mac).lower()
    return digits if len(digits) in {12, 16} else ""


def body_of(password: str, rule: Rule | None) -> str:
    text = password[:LONGEST]
    return text.removeprefix(rule.prefix) if rule is not None else text


def batch_size(bodies: Sequence[str], rule: Rule | None) -> int:
    """Number of values of a character: the documented one if all fit it, else guessed from all together."""
    return size_for("".join(sorted(set("".join(bodies)))), rule)
