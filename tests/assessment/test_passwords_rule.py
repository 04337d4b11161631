"""The documented rule for factory passwords: what it leaves to guess, and what refutes it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from password_samples import ALPHABET, ASPECTS, RULE, aspects

from pytest_etsi.assessment.findings import unknowns, violations
from pytest_etsi.assessment.passwords import (
    THRESHOLDS,
    Rule,
    alphabet_size,
    entropy_bits,
    examine_rule,
    is_common,
)


@pytest.mark.parametrize(
    ("name", "size"),
    [("lower", 26), ("upper", 26), ("digits", 10), ("alnum", 62), ("hex", 16), ("base32", 32), ("abca", 3)],
)
def test_alphabets_have_their_size(name, size):
    assert alphabet_size(name) == size


def test_entropy_is_that_of_the_space_or_of_the_random_bits_whichever_is_less():
    assert entropy_bits(Rule("random", ("random",), 12, ALPHABET)) == pytest.approx(12 * math.log2(31))
    assert entropy_bits(Rule("random", ("random",), 12, ALPHABET, random_bits=32)) == 32
    assert entropy_bits(Rule("random", ("random",), 4, "digits", random_bits=128)) == pytest.approx(
        math.log2(10_000)
    )


def test_the_fixed_part_adds_no_entropy():
    assert entropy_bits(Rule("random", ("random",), 10, "digits", prefix="VC-")) == pytest.approx(
        7 * math.log2(10)
    )


@pytest.mark.parametrize(
    "rule",
    [
        Rule("constant", (), 12, ALPHABET),
        Rule("hash", ("mac",), 12, ALPHABET),
        Rule(None, ("serial", "model"), 12, ALPHABET),
    ],
)
def test_without_random_or_secret_input_there_is_nothing_to_guess(rule):
    assert entropy_bits(rule) == 0


def test_random_bits_do_not_bound_what_comes_from_a_key():
    rule = Rule("keyed-derivation", ("secret-key", "serial"), 12, ALPHABET, random_bits=0)

    assert entropy_bits(rule) == pytest.approx(12 * math.log2(31))


def test_entropy_is_unknown_without_length_alphabet_and_bits():
    assert entropy_bits(Rule("random", ("random",))) is None


RULES = st.builds(
    Rule,
    method=st.sampled_from([None, "random", "keyed-derivation", "hash", "counter", "constant"]),
    inputs=st.lists(
        st.sampled_from(
            ["random", "secret-key", "mac", "serial", "model", "ssid", "firmware", "date", "counter"]
        ),
        max_size=4,
        unique=True,
    ).map(tuple),
    length=st.none() | st.integers(1, 40),
    alphabet=st.none() | st.sampled_from(["digits", "alnum", "hex", ALPHABET, "a"]),
    prefix=st.sampled_from(["", "VC-", "admin"]),
    random_bits=st.none() | st.floats(0, 256),
    production_volume=st.none() | st.integers(1, 10**8),
)


@settings(max_examples=50)
@given(RULES)
def test_entropy_never_exceeds_the_space_of_values(rule):
    bits = entropy_bits(rule)
    size = alphabet_size(rule.alphabet)

    if (
        bits is not None
        and size
        and rule.length
        and rule.method != "counter"
        and "counter" not in rule.inputs
    ):
        assert 0 <= bits <= rule.length * math.log2(size) + 1e-9


@settings(max_examples=50)
@given(RULES, st.sampled_from([None, True, False]), st.booleans())
def test_any_rule_can_be_examined(rule, throttled, offline):
    findings = examine_rule(rule, throttled=throttled, offline=offline)

    assert {finding.aspect for finding in findings} <= ASPECTS


@settings(max_examples=50)
@given(RULES, st.sampled_from([None, True, False]))
def test_a_random_source_is_never_called_a_relation(rule, throttled):
    if "random" in rule.inputs or "secret-key" in rule.inputs:
        assert not violations(examine_rule(rule, throttled=throttled), "relation")


def test_a_sound_rule_is_not_refuted_and_leaves_nothing_open():
    assert examine_rule(RULE, throttled=True) == ()


@pytest.mark.parametrize(
    ("rule", "aspect"),
    [
        (Rule("constant"), "uniqueness"),
        (Rule("constant"), "regularity"),
        (Rule("hash", ("model", "firmware"), 12, ALPHABET), "uniqueness"),
        (Rule("random", ("random",), 4, "digits", production_volume=20_000), "uniqueness"),
        (Rule("random", ("random",), 8, "digits", production_volume=100_000), "uniqueness"),
        (Rule("counter", ("counter",), 8, "digits"), "regularity"),
        (Rule(None, ("serial",), 8, "digits"), "regularity"),
        (Rule("hash", ("mac",), 12, ALPHABET), "relation"),
        (Rule(None, ("serial", "model"), 12, ALPHABET), "relation"),
        (Rule("hash", ("mac",), 12, ALPHABET), "complexity"),
        (Rule("random", ("random",), 4, "digits"), "complexity"),
        (Rule("random", ("random",), 12, ALPHABET, random_bits=16), "complexity"),
        (Rule("random", ("random",), 12, ALPHABET, prefix="admin"), "patterns"),
        (Rule("random", ("random",), 12, ALPHABET, prefix="C4mera-"), "patterns"),
        (Rule("random", ("random",), 8, "alnum", examples=("password1",)), "patterns"),
    ],
)
def test_what_is_certainly_wrong_with_a_rule_is_refuted(rule, aspect):
    assert aspect in aspects(examine_rule(rule))


@pytest.mark.parametrize(
    ("rule", "aspect"),
    [
        (Rule("keyed-derivation", ("mac",), 12, ALPHABET), "relation"),
        (Rule("random", ("serial",), 12, ALPHABET), "relation"),
        (Rule("keyed-derivation", ("secret-key", "model"), 12, ALPHABET), "uniqueness"),
        (Rule("hash", ("date",), 12, ALPHABET), "uniqueness"),
        (Rule("counter", ("counter", "random"), 12, ALPHABET), "regularity"),
        (Rule("random", ("random",), 12, ALPHABET, random_bits=40), "complexity"),
        (Rule("random", ("random",)), "complexity"),
        (Rule(), "uniqueness"),
    ],
)
def test_what_is_not_certain_is_left_open(rule, aspect):
    findings = examine_rule(rule)

    assert not violations(findings, aspect)
    assert unknowns(findings, aspect)


def test_six_random_digits_are_enough_only_behind_a_throttle():
    rule = Rule("random", ("random",), 6, "digits")

    assert not violations(examine_rule(rule, throttled=True), "complexity")
    assert not violations(examine_rule(rule), "complexity")
    assert violations(examine_rule(rule, throttled=False), "complexity")


def test_what_can_be_attacked_without_the_device_needs_more():
    twelve = Rule("random", ("random",), 8, ALPHABET)

    assert not violations(examine_rule(twelve, throttled=True), "complexity")
    assert violations(examine_rule(twelve, throttled=True, offline=True), "complexity")


def test_a_serial_number_under_a_key_is_no_collision_however_many_are_made():
    rule = Rule("keyed-derivation", ("secret-key", "serial"), 20, "alnum", production_volume=10**9)

    assert not violations(examine_rule(rule, throttled=True))


def test_every_floor_names_its_source():
    assert all(floor["source"] and floor["meaning"] for floor in THRESHOLDS["entropy_floor_bits"].values())


def test_the_list_of_common_passwords_ignores_case():
    assert is_common("AdMiN")
    assert not is_common("K7QM2XW9RT4P")
