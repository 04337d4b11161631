"""Tests over a batch of passwords: counters, fixed positions, uneven use of characters, relations."""

from __future__ import annotations

import math
import re
import string
from collections import Counter, defaultdict
from itertools import pairwise
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
    alphabet_size,
    batch_size,
    characters_of,
    mac_digits,
)
from pytest_etsi.assessment.passwords._relations import relation
from pytest_etsi.text import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

# Counters ---------------------------------------------------------------------------------------------------


def batch_counter(bodies: Sequence[str], rule: Rule | None) -> list[Finding]:
    """Values that go up or down by a constant along the serial numbers, in all or a part of the password."""
    if all(body.isdecimal() and body.isascii() for body in bodies):
        whole = _constant_step([int(body) for body in bodies], 10 ** max(map(len, bodies)))
        if whole >= BATCH_BITS:
            return [_counter("the passwords, read as numbers,", whole)]
    lengths = Counter(map(len, bodies))
    length, count = lengths.most_common(1)[0]
    if count < max(2, 0.8 * len(bodies)) or length == 0:
        return []
    rows = [body for body in bodies if len(body) == length][:MOST]
    changing = [len({row[i] for row in rows}) > 1 for i in range(length)]
    best, where = 0.0, (0, 0)
    orders = _orders(rows, rule)
    tests = math.log2(length * (length + 1) / 2 * len(orders))
    for order in orders:
        size = len(order)
        digits = [[order[character] for character in row] for row in rows]
        for i in range(length):
            if not changing[i]:
                continue
            values = [0] * len(rows)
            for j in range(i, length):
                values = [value * size + row[j] for value, row in zip(values, digits, strict=True)]
                bits = _constant_step(values, size ** (j - i + 1)) - tests
                if bits > best:
                    best, where = bits, (i, j)
    if best < BATCH_BITS:
        return []
    i, j = where
    part = "the passwords" if (i, j) == (0, length - 1) else f"characters {i + 1} to {j + 1} of the passwords"
    return [_counter(part, best)]


def _counter(part: str, bits: float) -> Finding:
    message = (
        f"In the order of the serial numbers {part} go on by a constant step; evenly drawn passwords show "
        f"this with "
        f"a chance below {chance_of(bits)}."
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
    if modulus < 2 or len(values) < 2:
        return 0.0
    steps = Counter((b - a) % modulus for a, b in pairwise(values))
    steps.pop(0, None)
    if not steps:
        return 0.0
    step, count = steps.most_common(1)[0]
    total = len(values) - 1
    if count < max(1, total / 2):
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
    lengths = Counter(map(len, bodies))
    length, count = lengths.most_common(1)[0]
    if count < len(bodies) or length == 0:
        if count < len(bodies) and (rule is None or rule.length is None):
            message = f"The passwords have {len(lengths)} different lengths."
            return [Finding("note", "rule", message)]
        return []
    fixed = [i for i in range(length) if len({body[i] for body in bodies}) == 1]
    stated = characters_of(rule.alphabet) if rule is not None and rule.alphabet else None
    fixed = [i for i in fixed if bodies[0][i].isalnum() or (stated is not None and bodies[0][i] in stated)]
    if not fixed:
        return []
    size = batch_size(bodies, rule)
    bits = len(fixed) * (len(bodies) - 1) * math.log2(size) - math.log2(math.comb(length, len(fixed)))
    if bits < BATCH_BITS:
        return []
    front = next((i for i in range(length) if i not in fixed), length)
    back = next((i for i in range(length) if length - 1 - i not in fixed), length)
    parts = [
        text
        for text, is_so in (
            (f"the first {front}", front),
            (f"the last {back}", back),
            (f"{len(fixed) - front - back} in between", len(fixed) - front - back > 0),
        )
        if is_so
    ]
    message = (
        f"{len(fixed)} of {length} characters are the same on all {len(bodies)} devices ({', '.join(parts)}), "
        "beyond any documented fixed part."
    )
    return [Finding("violation", "regularity", message, expected="characters that change")]


# Distribution -----------------------------------------------------------------------------------------------


def batch_distribution(bodies: Sequence[str], rule: Rule | None) -> list[Finding]:
    """Whether the characters of the documented alphabet are evenly used, in all and position by position."""
    if rule is None or not rule.alphabet or rule.method not in {None, "random", "keyed-derivation", "hash"}:
        return []
    alphabet = characters_of(rule.alphabet)
    size = alphabet_size(rule.alphabet) or 0
    if rule.alphabet in {"hex", "base32"}:
        bodies = [body.lower() for body in bodies]
    if size < 2 or any(not set(body) <= alphabet for body in bodies):
        return []  # reported as characters outside the alphabet
    counts = Counter("".join(bodies))
    bits, loss = _uneven(counts, size)
    if bits >= BATCH_BITS and loss >= 0.1:
        message = (
            f"The {size} documented characters are not evenly used ({len(counts)} occur among "
            f"{counts.total()}): about {loss:.2f} bits a character less than documented; evenly drawn ones show "
            f"this with a chance below {chance_of(bits)}."
        )
        return [Finding("violation", "rule", message, expected="all documented characters alike")]
    lengths = set(map(len, bodies))
    if len(lengths) != 1:
        return []
    length = lengths.pop()
    uneven = []
    for i in range(length):
        column = Counter(body[i] for body in bodies)
        bits, loss = _uneven(column, size)
        if len(column) > 1 and bits - math.log2(length) >= BATCH_BITS and loss >= 0.5:
            uneven.append(i + 1)
    if not uneven:
        return []
    message = (
        f"At positions {', '.join(map(str, uneven))} only some of the {size} documented characters are used; "
        f"evenly drawn ones show this with a chance below {chance_of(BATCH_BITS)}."
    )
    return [Finding("violation", "rule", message, expected="all documented characters at every position")]


def batch_template(bodies: Sequence[str], rule: Rule | None) -> list[Finding]:
    """Whether positions are reserved for digits, capitals or small letters although the rule does not say so."""
    if rule is None or not rule.alphabet or rule.alphabet in NAMED:
        return []
    alphabet = characters_of(rule.alphabet)
    lengths = set(map(len, bodies))
    if len(lengths) != 1 or any(not set(body) <= alphabet for body in bodies):
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
    evidence, told = 0.0, []
    for i in range(lengths.pop()):
        column = {body[i] for body in bodies}
        bits, name = max(
            (
                (len(bodies) * math.log2(len(alphabet) / len(members)), name)
                for name, members in classes
                if column <= members
            ),
            default=(0.0, ""),
        )
        bits -= math.log2(len(classes) + 1)
        if bits > 3:
            evidence += bits
            told.append(f"{i + 1} {name}")
        else:
            evidence -= math.log2(len(classes) + 1)
    if evidence < BATCH_BITS:
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
    if total == 0 or size < 2:
        return 0.0, 0.0
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
        if bits > 0:
            hits[how].append((bits, sample))
    for how, those in hits.items():
        looked_at = min(len(batch), MOST)
        evidence = sum(bits for bits, _ in those) - math.log2(math.comb(looked_at, len(those)))
        if evidence >= BATCH_BITS:
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
    if len(rows) < 4 or length == 0:
        return []
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
    tests = math.log2(max(1, sum(len(values[0]) for values in sources.values()) * length))
    tied: dict[int, str] = {}
    n = len(rows)
    for name, values in sources.items():
        for k in range(len(values[0])):
            source = "".join(value[k] for value in values)
            frequency = Counter(source)
            if len(frequency) < 2:
                continue
            for i, column in enumerate(columns):
                same = sum(map(str.__eq__, source, column))
                if same < 4:
                    continue
                mine = Counter(column)
                chance = max(1 / size, sum(frequency[c] * number for c, number in mine.items()) / n**2)
                if at_least(same, n, chance) - tests >= BATCH_BITS:
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
