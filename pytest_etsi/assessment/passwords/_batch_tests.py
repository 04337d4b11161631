"""Tests over a batch of passwords: counters, fixed positions, uneven use of characters, relations."""

from __future__ import annotations

import math
import re
import string
from collections import Counter, defaultdict
from itertools import pairwise
from operator import itemgetter
from statistics import mode
from typing import TYPE_CHECKING

from pytest_etsi.assessment.findings import Finding
from pytest_etsi.assessment.passwords._evidence import at_least, chance_of
from pytest_etsi.assessment.passwords._model import (
    BATCH_BITS,
    MOST,
    NAMED,
    Identity,
    Rule,
    Sample,
    batch_size,
    beyond_chance,
    characters_of,
    mac_digits,
    size_of,
)
from pytest_etsi.assessment.passwords._relations import relation
from pytest_etsi.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Counters ---------------------------------------------------------------------------------------------------


def batch_counter(bodies: Sequence[str], rule: Rule | None) -> list[Finding]:
    """Values that go up or down by a constant along the serial numbers, in all or a part of the password."""
    if all(body.isdecimal() and body.isascii() for body in bodies):
        whole = _constant_step([int(body) for body in bodies], 10 ** max(map(len, bodies)))
        if beyond_chance(whole):
            return [_counter("the passwords, read as numbers,", whole)]
    length = mode(map(len, bodies))
    rows = [body for body in bodies if len(body) == length]
    if len(rows) < 0.8 * len(bodies):
        return []
    parts = list(_parts(rows[:MOST], rule))
    if not parts:
        return []
    bits, first, end = max(parts, key=itemgetter(0))
    bits -= math.log2(len(parts))
    if not beyond_chance(bits):
        return []
    whole_password = end - first == length
    part = "the passwords" if whole_password else f"characters {first + 1} to {end} of the passwords"
    return [_counter(part, bits)]


def _parts(rows: Sequence[str], rule: Rule | None) -> Iterator[tuple[float, int, int]]:
    """Evidence in bits that a part of the passwords goes on by a constant step; where it begins and ends.

    What never changes begins no part: it would make the numbers larger, and the step no less likely.
    """
    length = len(rows[0])
    for order in _orders(rows, rule):
        size = len(order)
        for first in range(length):
            changes = len({row[first] for row in rows}) > 1
            values = [0] * len(rows)
            for end in range(first + 1, length + 1):
                values = [value * size + order[row[end - 1]] for value, row in zip(values, rows, strict=True)]
                yield _constant_step(values, size ** (end - first)) if changes else 0.0, first, end


def _counter(part: str, bits: float) -> Finding:
    message = (
        f"In the order of the serial numbers {part} go on by a constant step; evenly drawn passwords show "
        f"this with a chance below {chance_of(bits)}."
    )
    return Finding("violation", "regularity", message, expected="no regularity from one password to the next")


def _orders(rows: Sequence[str], rule: Rule | None) -> list[dict[str, int]]:
    """Readings of characters as digits: the documented order and customary ones that cover all characters."""
    used = set("".join(rows))
    low, up, digits = string.ascii_lowercase, string.ascii_uppercase, string.digits
    texts = [digits, digits + "abcdef", digits + "ABCDEF", low, up, digits + low, digits + up, low + digits]
    texts += [up + digits, digits + up + low, digits + low + up, up + low + digits]
    if rule is not None and rule.alphabet and rule.alphabet not in NAMED:
        texts.insert(0, "".join(dict.fromkeys(rule.alphabet)))
    found = [text for text in dict.fromkeys(texts) if used <= set(text)]
    found = found[:3] or ["".join(sorted(used))]
    return [{character: place for place, character in enumerate(text)} for text in found]


def _constant_step(values: Sequence[int], modulus: int) -> float:
    """Evidence in bits that most differences of neighbouring values are the same, other than 0.

    A difference that occurs m times among n has, with evenly drawn values, at most the chance of Chernoff's bound with
    p = 1/modulus; naming the difference takes more bits the larger it is.
    """
    steps = Counter((b - a) % modulus for a, b in pairwise(values))
    steps.pop(0, None)
    if not steps:
        return 0.0
    step = max(steps, key=steps.__getitem__)
    count = steps[step]
    total = len(values) - 1
    if count < total / 2:
        return 0.0
    chance = 1 / modulus
    if modulus <= 65536:
        # Values that are not evenly used are another finding; here they must not look like a counter.
        frequency = Counter(values)
        met = sum(number * frequency.get((value + step) % modulus, 0) for value, number in frequency.items())
        chance = max(chance, met / len(values) ** 2)
    size = min(step, modulus - step)
    naming = min(math.log2(modulus), 2 * math.log2(size) + 3)
    return at_least(count, total, chance) - naming


# Positions --------------------------------------------------------------------------------------------------


def batch_positions(bodies: Sequence[str], rule: Rule | None) -> list[Finding]:
    """Characters that are the same on all devices, where the rule documents none."""
    length, *others = sorted(set(map(len, bodies)))
    if others:
        if rule is None or rule.length is None:
            return [Finding("note", "rule", f"The passwords have {1 + len(others)} different lengths.")]
        return []
    fixed = [i for i in range(length) if len({body[i] for body in bodies}) == 1]
    stated = characters_of(rule.alphabet) if rule is not None and rule.alphabet else None
    fixed = [i for i in fixed if bodies[0][i].isalnum() or (stated is not None and bodies[0][i] in stated)]
    size = batch_size(bodies, rule)
    bits = len(fixed) * (len(bodies) - 1) * math.log2(size) - math.log2(math.comb(length, len(fixed)))
    if not beyond_chance(bits):
        return []
    message = (
        f"{len(fixed)} of {length} characters are the same on all {len(bodies)} devices "
        f"({_places(fixed, length)}), beyond any documented fixed part."
    )
    return [Finding("violation", "regularity", message, expected="characters that change")]


def _places(fixed: Sequence[int], length: int) -> str:
    front = next((i for i in range(length) if i not in fixed), length)
    back = next((i for i in range(length) if length - 1 - i not in fixed), length)
    if front == length:
        return "all of them"
    between = len(fixed) - front - back
    texts = ((f"the first {front}", front), (f"the last {back}", back), (f"{between} in between", between))
    return ", ".join(text for text, many in texts if many)


# Distribution -----------------------------------------------------------------------------------------------


def batch_distribution(bodies: Sequence[str], rule: Rule | None) -> list[Finding]:
    """Whether the characters of the documented alphabet are evenly used, in all and position by position."""
    if rule is None or not rule.alphabet or rule.method not in {None, "random", "keyed-derivation", "hash"}:
        return []
    alphabet = characters_of(rule.alphabet)
    size = size_of(rule.alphabet)
    if rule.alphabet in {"hex", "base32"}:
        bodies = [body.lower() for body in bodies]
    if not set("".join(bodies)) <= alphabet:
        return []  # reported as characters outside the alphabet
    counts = Counter("".join(bodies))
    bits, loss = _uneven(counts, size)
    if _weighs(bits, loss, 0.1):
        message = (
            f"The {size} documented characters are not evenly used ({len(counts)} occur among "
            f"{counts.total()}): about {loss:.2f} bits a character less than documented; evenly drawn ones show "
            f"this with a chance below {chance_of(bits)}."
        )
        return [Finding("violation", "rule", message, expected="all documented characters alike")]
    length, *others = set(map(len, bodies))
    if others:
        return []
    uneven = []
    for i in range(length):
        column = Counter(body[i] for body in bodies)
        bits, loss = _uneven(column, size)
        if len(column) > 1 and _weighs(bits - math.log2(length), loss, 0.5):
            uneven.append(i + 1)
    if not uneven:
        return []
    message = (
        f"At positions {', '.join(map(str, uneven))} only some of the {size} documented characters are used; "
        f"evenly drawn ones show this with a chance below {chance_of(BATCH_BITS)}."
    )
    return [Finding("violation", "rule", message, expected="all documented characters at every position")]


def _weighs(bits: float, loss: float, least: float) -> bool:
    """Whether characters are less even than chance makes them, and than the remainder of a byte does."""
    return beyond_chance(bits) and loss >= least


def batch_template(bodies: Sequence[str], rule: Rule | None) -> list[Finding]:
    """Whether positions are reserved for digits, capitals or small letters although the rule does not say so."""
    if rule is None or not rule.alphabet or rule.alphabet in NAMED:
        return []
    alphabet = characters_of(rule.alphabet)
    length, *others = set(map(len, bodies))
    if others or not set("".join(bodies)) <= alphabet:
        return []
    classes = [
        (name, frozenset(characters) & alphabet)
        for name, characters in (
            ("digits", string.digits),
            ("capitals", string.ascii_uppercase),
            ("small letters", string.ascii_lowercase),
            ("letters", string.ascii_letters),
        )
    ]
    classes = [(name, members) for name, members in classes if members and members != alphabet]
    naming = math.log2(len(classes) + 1)  # which of them, or none
    evidence, told = 0.0, []
    for i in range(length):
        column = {body[i] for body in bodies}
        bits, name = max(
            (
                (len(bodies) * math.log2(len(alphabet) / len(members)), name)
                for name, members in classes
                if column <= members
            ),
            default=(0.0, ""),
        )
        evidence += bits - naming
        if name:
            told.append(f"{i + 1} {name}")
    if not beyond_chance(evidence):
        return []
    message = (
        f"Positions of the password are reserved for a kind of character ({', '.join(told[:8])}), which the documented "
        "rule does not say and which makes guessing easier."
    )
    return [Finding("violation", "rule", message, expected="all documented characters at every position")]


def _uneven(counts: Counter[str], size: int) -> tuple[float, float]:
    """Evidence in bits against even use of `size` characters, and bits lost for each character.

    With n D the log-likelihood ratio in nats, the chance of t or more is at most e^-t (e t / (k-1))^(k-1) for k values.
    """
    total = counts.total()
    nats = sum(number * math.log(number * size / total) for number in counts.values())
    free = size - 1
    if nats <= free:
        return 0.0, 0.0
    evidence = (nats - free * (1 + math.log(nats / free))) / math.log(2)
    loss = max(0.0, nats - free / 2) / total / math.log(2)
    return max(0.0, evidence), loss


# Relation ---------------------------------------------------------------------------------------------------


def batch_relation(batch: Sequence[Sample], bodies: Sequence[str], rule: Rule | None) -> list[Finding]:
    size = batch_size(bodies, rule)
    hits: dict[str, list[tuple[float, Sample]]] = defaultdict(list)
    for sample, body in list(zip(batch, bodies, strict=True))[:MOST]:
        identity = Identity(serial=sample.serial, mac=sample.mac, ssid=sample.ssid)
        bits, how = relation(body, size, identity, rule, thorough=False)
        hits[how].append((bits, sample))
    for how, those in hits.items():
        looked_at = min(len(batch), MOST)
        evidence = sum(bits for bits, _ in those) - math.log2(math.comb(looked_at, len(those)))
        if beyond_chance(evidence):
            message = (
                f"Passwords are related to the device's own public data: of each, {how} "
                f"({devices([sample for _, sample in those], looked_at)})."
            )
            return [Finding("violation", "relation", message, expected="no relation to public data")]
    return _aligned_relation(batch, bodies, size)


def _aligned_relation(batch: Sequence[Sample], bodies: Sequence[str], size: int) -> list[Finding]:
    """Single characters that go along with characters of the device's own serial number, MAC address or SSID."""
    rows = list(zip(batch, bodies, strict=True))[:MOST]
    length = min(len(body) for _, body in rows)
    sources: dict[str, list[str]] = {}
    for name, values in (
        ("the serial number", [re.sub(r"[^0-9A-Za-z]", "", sample.serial).lower() for sample, _ in rows]),
        ("the MAC address", [mac_digits(sample.mac) for sample, _ in rows]),
        ("the SSID", [re.sub(r"[^0-9A-Za-z]", "", sample.ssid).lower() for sample, _ in rows]),
    ):
        width = min(map(len, values))
        if width:
            sources[name] = [value[-min(width, 24) :] for value in values]
    columns = ["".join(body[i] for _, body in rows).lower() for i in range(length)]
    mine = [Counter(column) for column in columns]
    pairs = sum(len(first) for first, *_ in sources.values()) * length
    tied: dict[int, str] = {}
    n = len(rows)
    for name, values in sources.items():
        for source in zip(*values, strict=True):
            frequency = Counter(source)
            for i, column in enumerate(columns):
                same = sum(map(str.__eq__, source, column))
                met = sum(frequency[c] * number for c, number in mine[i].items())
                if beyond_chance(at_least(same, n, max(1 / size, met / n**2)) - math.log2(pairs)):
                    tied.setdefault(i + 1, name)
    if not tied:
        return []
    places = ", ".join(map(str, sorted(tied)))
    names = listed(dict.fromkeys(tied.values()))
    message = f"Characters {places} of the passwords repeat characters of {names} of the same device."
    return [Finding("violation", "relation", message, expected="no relation to public data")]


def devices(those: Sequence[Sample], of: int) -> str:
    named = ", ".join(sample.serial or sample.mac or "unnamed" for sample in those[:3])
    return f"{len(those)} of {of} devices, such as {named}"
