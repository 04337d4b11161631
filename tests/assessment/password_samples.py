"""Passwords of devices for tests: a rule, a camera, and batches that are drawn by chance."""

from __future__ import annotations

import random

import pytest

from pytest_etsi.assessment.findings import violations
from pytest_etsi.assessment.passwords import (
    Identity,
    Rule,
    Sample,
)

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
RULE = Rule("random", ("random",), 12, ALPHABET, random_bits=59, production_volume=100_000)
MAC = "02:42:AC:11:5E:7F"
DIGITS = "0242ac115e7f"
CAMERA = Identity("VC2411048123", MAC, "CAM-115E7F", "VC-100 Camera", "Example Devices", ("LBL-77231-A",))

ASPECTS = {"uniqueness", "regularity", "patterns", "relation", "complexity", "rule"}


def aspects(findings):
    """The aspects of what is refuted."""
    return {finding.aspect for finding in violations(findings)}


def identity(draw, number):
    mac = f"{draw.randrange(2**48):012X}"
    return Identity(f"VC24{number:08d}", mac, f"CAM-{mac[-4:]}", "VC-100 Camera", "Example Devices")


def batch(count, password, seed=7):
    """`count` devices with serial numbers and MAC addresses that count up; `password(index, serial, mac)`."""
    draw = random.Random(seed)
    serial, mac = draw.randrange(10**6), draw.randrange(2**47)
    found = []
    for index in range(count):
        number, address = f"VC24{serial + index:08d}", f"{mac + index:012x}"
        pairs = ":".join(address[k : k + 2] for k in range(0, 12, 2))
        found.append(Sample(number, pairs, f"CAM-{address[-4:]}", password(index, number, address)))
    return found


def drawn(alphabet, length, seed=3):
    draw = random.Random(seed)
    return lambda *_: "".join(draw.choice(alphabet) for _ in range(length))


def samples(*passwords):
    """Devices with these passwords, in this order, of which nothing else is known."""
    return [Sample(f"S{number:03d}", "", "", text) for number, text in enumerate(passwords)]


def close(bits):
    """What evidence that was found by halving an interval equals."""
    return pytest.approx(bits, abs=1e-4)
