"""Evenly drawn passwords show patterns and relations no more often than their evidence in bits says.

A violation takes evidence of 17 bits for one password and of 30 for a batch, which no number of drawn passwords can
try. What can be tried is the promise behind it: evidence of b bits comes with a chance of at most 2^-b. So a few passwords
are held against a few bits, where a wrong account shows at once.
"""

from __future__ import annotations

import random
import string
from collections import Counter

import pytest
from password_samples import ALPHABET, batch, drawn, identity

from pytest_etsi.assessment.findings import violations
from pytest_etsi.assessment.passwords import THRESHOLDS, Rule, _model, examine_batch
from pytest_etsi.assessment.passwords._model import BATCH_BITS, SINGLE_BITS
from pytest_etsi.assessment.passwords._patterns import pattern_evidence
from pytest_etsi.assessment.passwords._relations import relation

SHAPES = [
    pytest.param(ALPHABET, ALPHABET, 12, id="31 characters"),
    pytest.param("digits", string.digits, 6, id="six digits"),
    pytest.param("digits", string.digits, 8, id="eight digits"),
    pytest.param("hex", "0123456789abcdef", 10, id="hex"),
    pytest.param("lower", string.ascii_lowercase, 8, id="small letters"),
    pytest.param("alnum", string.ascii_letters + string.digits, 10, id="letters and digits"),
    pytest.param("base32", string.ascii_uppercase + "234567", 16, id="base32"),
    pytest.param(ALPHABET, ALPHABET, 5, id="short"),
]


@pytest.mark.parametrize(("name", "alphabet", "length"), SHAPES)
def test_one_password_reaches_two_bits_of_evidence_in_a_quarter_of_cases_at_most(name, alphabet, length):
    draw = random.Random(20261103)
    password = drawn(alphabet, length, seed=draw.random())
    rule = Rule("random", ("random",), length, name)

    reached = Counter()
    for number in range(16):
        text, device = password(), identity(draw, number)
        reached["patterns"] += pattern_evidence(text, len(alphabet), device).bits >= 2
        reached["relation"] += relation(text, len(alphabet), device, rule, thorough=True)[0] >= 2

    assert max(reached.values()) <= 4


@pytest.mark.parametrize(("name", "alphabet", "length"), SHAPES)
def test_a_batch_reaches_three_bits_of_evidence_in_an_eighth_of_cases_at_most(
    monkeypatch, name, alphabet, length
):
    monkeypatch.setattr(_model, "BATCH_BITS", 3)
    draw = random.Random(20261104)

    reached = Counter()
    for number in range(32):
        devices = draw.choice([2, 3, 5, 8, 30])
        samples = batch(devices, drawn(alphabet, length, seed=draw.random()), seed=draw.random())
        rule = Rule("random", ("random",), length, name) if number % 3 else None
        reached.update({finding.aspect for finding in violations(examine_batch(samples, rule))})

    assert max(reached.values(), default=0) <= 4


def test_a_violation_takes_the_bits_of_the_documented_chance():
    assert 2**-SINGLE_BITS == pytest.approx(THRESHOLDS["single_chance"]["value"]) == 1e-5
    assert 2**-BATCH_BITS == pytest.approx(THRESHOLDS["batch_chance"]["value"]) == 1e-9
