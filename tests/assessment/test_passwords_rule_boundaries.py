"""The documented rule at its edges: what it leaves to guess, collisions, and every input by itself."""

from __future__ import annotations

import math
import re

import pytest
from password_samples import ALPHABET

from pytest_etsi.assessment.passwords import THRESHOLDS, Rule, entropy_bits, examine_rule
from pytest_etsi.assessment.passwords._rule import (
    _rule_complexity,
    _rule_pattern,
    _rule_regularity,
    _rule_relation,
    _rule_uniqueness,
    space_bits,
)

EIGHT_DIGITS = 8 * math.log2(10)
PUBLIC = ["mac", "serial", "model", "ssid", "firmware", "date"]


def kinds(findings):
    return [finding.kind for finding in findings]


# What is left to guess --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PUBLIC)
@pytest.mark.parametrize("method", [None, "hash"])
def test_public_data_leave_nothing_to_guess(name, method):
    assert entropy_bits(Rule(method, (name,), 8, "digits")) == 0.0


@pytest.mark.parametrize(
    ("rule", "bits"),
    [
        (Rule("constant", ("random",), 8, "digits"), 0.0),
        (Rule("counter", (), 8, "digits", production_volume=1024), 10.0),
        (Rule("counter", ("mac",), 8, "digits", production_volume=1024), 10.0),
        (Rule(None, ("counter", "serial"), 8, "digits", production_volume=1024), 10.0),
        (Rule("counter", (), 8, "digits"), None),
        # What the method needs besides the documented inputs is not excluded.
        (Rule("random", ("serial",), 8, "digits"), EIGHT_DIGITS),
        (Rule("keyed-derivation", ("mac",), 8, "digits"), EIGHT_DIGITS),
        (Rule("counter", ("random",), 8, "digits"), EIGHT_DIGITS),
        (Rule("hash", ("secret-key", "mac"), 8, "digits"), EIGHT_DIGITS),
        (Rule("hash", ("mac", "other"), 8, "digits"), EIGHT_DIGITS),
        (Rule(None, (), 8, "digits"), EIGHT_DIGITS),
        (Rule("random", ("random",), 8, "digits", random_bits=20), 20),
        (Rule("random", ("random",), 8, "digits", random_bits=64), EIGHT_DIGITS),
        # Written with fewer digits than it has.
        (Rule("random", ("random",), 8, "digits", random_bits=26.5), EIGHT_DIGITS),
        (Rule("random", ("random",), 8, "digits", random_bits=26), EIGHT_DIGITS),
        (Rule("random", ("random",), 8, "digits", random_bits=25.5), 25.5),
        (Rule("random", ("random",), random_bits=64), 64),
        (Rule("hash", ("secret-key",), 8, "digits", random_bits=1), EIGHT_DIGITS),
        (Rule("keyed-derivation", ("random",), 8, "digits", random_bits=1), EIGHT_DIGITS),
    ],
)
def test_the_most_that_is_left_to_guess(rule, bits):
    assert entropy_bits(rule) == (bits if bits is None else pytest.approx(bits))


@pytest.mark.parametrize(
    ("rule", "bits"),
    [
        (Rule(length=3, alphabet="ab"), 3.0),
        (Rule(length=3, alphabet="ab", prefix="Q"), 2.0),
        (Rule(length=3, alphabet="ab", prefix="QQQQ"), 0.0),
        (Rule(length=3, alphabet="a"), 0.0),
        (Rule(length=3), None),
        (Rule(alphabet="ab"), None),
    ],
)
def test_the_space_is_that_of_the_characters_behind_the_fixed_part(rule, bits):
    assert space_bits(rule) == bits


# Uniqueness -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "inputs", "expected"),
    [
        ("constant", ("mac",), ["violation"]),
        ("hash", ("model",), ["violation"]),
        ("hash", ("firmware",), ["violation"]),
        (None, ("model", "firmware"), ["violation"]),
        ("keyed-derivation", ("model",), ["violation"]),
        ("random", ("model",), []),
        ("counter", ("model",), []),
        ("hash", ("date",), ["unknown"]),
        ("hash", ("date", "model"), ["unknown"]),
        ("random", ("date",), []),
        ("counter", ("date",), []),
        ("keyed-derivation", ("secret-key",), ["unknown"]),
        ("keyed-derivation", ("secret-key", "model"), ["unknown"]),
        ("keyed-derivation", ("secret-key", "firmware"), ["unknown"]),
        ("keyed-derivation", ("secret-key", "date"), ["unknown"]),
        ("keyed-derivation", ("secret-key", "serial"), []),
        ("hash", ("serial",), []),
        ("random", ("random",), []),
        (None, (), ["unknown"]),
        ("random", (), []),
    ],
)
def test_inputs_that_devices_share_make_shared_passwords(method, inputs, expected):
    assert kinds(_rule_uniqueness(Rule(method, inputs, 12, ALPHABET))) == expected


def volume(devices, method="random", inputs=("random",), length=1, alphabet="digits", **more):
    return _rule_uniqueness(Rule(method, inputs, length, alphabet, production_volume=devices, **more))


@pytest.mark.parametrize(
    ("devices", "length", "expected", "said"),
    [
        (11, 1, ["violation"], "fewer possible passwords"),
        (10, 1, ["violation"], "birthday"),
        # Of a million values two are alike with more than one half from 1178 devices on: 1178 * 1177 / 2 > 10^6 ln 2.
        (1178, 6, ["violation"], "birthday"),
        (1177, 6, ["note"], "birthday"),
        (46, 6, ["note"], "birthday"),
        (45, 6, [], ""),
        (1, 0, [], ""),
        (2, 0, ["violation"], "fewer"),
    ],
)
def test_possible_passwords_are_held_against_the_production_volume(devices, length, expected, said):
    found = volume(devices, length=length)

    assert kinds(found) == expected
    assert all(said in finding.message for finding in found)


@pytest.mark.parametrize("name", ["refuted_above", "noted_above"])
def test_a_chance_at_the_bound_is_not_above_it(monkeypatch, name):
    chance = -math.expm1(-(100 * 2 ** -(6 * math.log2(10))) * 99 / 2)
    bounds = THRESHOLDS["collision_probability"]
    monkeypatch.setitem(bounds, "noted_above", 0.0)
    monkeypatch.setitem(bounds, name, chance)

    assert kinds(volume(100, length=6)) == (["note"] if name == "refuted_above" else [])
    monkeypatch.setitem(bounds, name, chance * 0.999)
    assert kinds(volume(100, length=6)) == (["violation"] if name == "refuted_above" else ["note"])


@pytest.mark.parametrize(("devices", "expected"), [(10_000, []), (10_001, ["violation"])])
def test_a_counter_gives_each_value_once(devices, expected):
    assert kinds(volume(devices, "counter", ("counter",), 4)) == expected


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        (("random",), ["violation"]),  # ten random bits are 1024 values
        (("random", "mac"), []),
        (("random", "serial"), []),
        (("random", "ssid"), []),
        (("random", "model"), ["violation"]),
    ],
)
def test_what_differs_from_device_to_device_keeps_few_random_bits_apart(inputs, expected):
    assert kinds(volume(2000, inputs=inputs, length=20, random_bits=10)) == expected


def test_an_unknown_number_of_passwords_cannot_be_held_against_the_volume():
    assert kinds(volume(2000, length=None)) == ["unknown"]
    assert kinds(volume(2000, length=400, alphabet="alnum")) == []
    assert "1e+06 possible passwords for 2000 devices" in volume(2000, length=6)[0].found


# Regularity, relation, patterns -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "inputs", "expected"),
    [
        ("constant", ("random",), ["violation"]),
        ("counter", (), ["violation"]),
        ("counter", ("mac",), ["violation"]),
        ("counter", ("random",), ["unknown"]),
        ("counter", ("secret-key",), ["unknown"]),
        (None, ("serial",), ["violation"]),
        (None, ("counter",), ["violation"]),
        (None, ("serial", "date"), ["violation"]),
        (None, ("counter", "date"), ["violation"]),
        (None, ("date",), []),
        (None, ("serial", "mac"), []),
        (None, (), []),
        ("hash", ("serial",), []),
    ],
)
def test_what_is_counted_up_and_not_hidden_is_a_regularity(method, inputs, expected):
    assert kinds(_rule_regularity(Rule(method, inputs))) == expected


@pytest.mark.parametrize("name", PUBLIC)
@pytest.mark.parametrize(
    ("method", "level"),
    [(None, "violation"), ("hash", "violation"), ("random", "unknown"), ("keyed-derivation", "unknown")],
)
def test_only_what_identifies_a_device_or_model_is_a_relation(name, method, level):
    related = name in {"mac", "serial", "ssid", "model"}

    assert kinds(_rule_relation(Rule(method, (name,)))) == [level] * related


@pytest.mark.parametrize(
    "rule",
    [
        Rule("hash", ("random", "mac")),
        Rule("hash", ("secret-key", "mac")),
        Rule("hash"),
        Rule("constant", ("mac",)),
    ],
)
def test_a_secret_input_or_none_at_all_is_no_relation(rule):
    assert _rule_relation(rule) == []


def test_the_relation_names_what_the_method_needs():
    assert "needs a random source" in _rule_relation(Rule("random", ("mac",)))[0].message
    assert "needs a secret key" in _rule_relation(Rule("keyed-derivation", ("mac",)))[0].message
    assert "a hash of public data" in _rule_relation(Rule("hash", ("mac",)))[0].message


@pytest.mark.parametrize(
    ("prefix", "found"), [("root", True), ("Ro-ot-", True), ("r00t", True), ("QZX7", False), ("123", False)]
)
def test_a_fixed_part_of_four_characters_can_be_a_word(prefix, found):
    assert kinds(_rule_pattern(Rule(prefix=prefix))) == ["violation"] * found


def test_examples_are_numbered_and_empty_ones_say_nothing():
    found = _rule_pattern(Rule(examples=("", "K7QM2XW9RT4P", "password1")))

    assert [re.match(r"Example (\d)", finding.message)[1] for finding in found] == ["3"]


# Complexity -------------------------------------------------------------------------------------------------


def drawn_bits(bits):
    return Rule("random", ("random",), 40, "alnum", random_bits=bits)


SIX_DIGITS = 6 * math.log2(10)


@pytest.mark.parametrize(
    ("options", "bits", "expected"),
    [
        ((True, False), SIX_DIGITS, []),
        ((True, False), SIX_DIGITS - 0.01, ["violation"]),
        ((False, False), 64, []),
        ((False, False), 64 - 1e-6, []),  # what rounding may take
        ((False, False), 63.99, ["violation"]),
        ((None, False), SIX_DIGITS, ["unknown"]),
        ((None, False), SIX_DIGITS - 0.01, ["violation"]),
        ((None, False), 63.99, ["unknown"]),
        ((None, False), 64 - 1e-6, []),
        ((None, False), 64, []),
        ((True, True), 63.99, ["violation"]),
        ((True, True), 64, ["unknown"]),
        ((True, True), 111.99, ["unknown"]),
        ((True, True), 112, []),
        ((True, True), 112 - 1e-6, []),
    ],
)
def test_a_secret_has_the_bits_that_the_way_of_guessing_takes(options, bits, expected):
    assert kinds(_rule_complexity(drawn_bits(bits), *options)) == expected


@pytest.mark.parametrize(
    ("rule", "missing"),
    [
        (Rule("random", ("random",)), "(length and alphabet missing)"),
        (Rule("random", ("random",), 8), "(alphabet missing)"),
        (Rule("random", ("random",), None, "digits"), "(length missing)"),
        (Rule("counter", ("counter",), 8, "digits"), "(inputs missing)"),
    ],
)
def test_what_is_missing_to_know_the_size_is_said(rule, missing):
    (finding,) = _rule_complexity(rule, None, False)

    assert finding.kind == "unknown"
    assert missing in finding.message


def test_every_question_is_asked_of_a_rule():
    assert {finding.aspect for finding in examine_rule(Rule("constant", prefix="admin"))} == {
        "uniqueness",
        "regularity",
        "patterns",
        "complexity",
    }
    assert "relation" in {finding.aspect for finding in examine_rule(Rule("hash", ("mac",)))}
