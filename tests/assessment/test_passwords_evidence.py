"""How much evidence a search over a batch has, in bits: hits, equal passwords, and relations to public data."""

from __future__ import annotations

from math import comb, inf, log2

import pytest
from password_samples import ALPHABET, RULE, close, drawn, samples

from pytest_etsi.assessment.passwords import Rule, Sample, _batch, _model
from pytest_etsi.assessment.passwords._batch_tests import (
    _weighs,
    batch_relation,
)
from pytest_etsi.assessment.passwords._evidence import Piece, at_least, shortest
from pytest_etsi.assessment.passwords._patterns import common_passwords


def test_evidence_that_just_reaches_the_bound_refutes(monkeypatch):
    monkeypatch.setattr(_model, "BATCH_BITS", 30.0)

    assert _model.beyond_chance(30.0)
    assert not _model.beyond_chance(29.999)
    assert _weighs(30.0, 0.1, 0.1)
    assert not _weighs(29.999, 0.1, 0.1)
    assert not _weighs(30.0, 0.099, 0.1)


@pytest.mark.parametrize(
    ("count", "total", "chance", "bits"),
    [
        (5, 5, 1 / 8, 15.0),  # all hit: a factor of 8 each
        (1, 2, 1 / 4, 2 - log2(3)),  # half at a quarter: 2 (1/2 log2 2 + 1/2 log2 2/3)
        (1, 4, 1 / 4, 0.0),  # as often as by chance
        (1, 5, 1 / 4, 0.0),  # less often
        (1, 5, 0.0, inf),  # what cannot happen
        (0, 5, 0.0, 0.0),
        (0, 5, 1 / 4, 0.0),
        (3, 3, 1.0, 0.0),
    ],
)
def test_hits_weigh_by_how_much_more_often_than_by_chance_they_occur(count, total, chance, bits):
    assert at_least(count, total, chance) == pytest.approx(bits)


def test_a_description_saves_what_its_pieces_are_cheaper_than_characters():
    wide, narrow = Piece(0, 3, "piece", 4.0), Piece(1, 3, "piece", 3.0)
    literal = 5 - log2(0.8)  # of 32 characters each

    best = shortest("abcd", 32, [narrow, wide])

    assert best.pieces == (wide, Piece(3, 4, "literal", literal))
    assert best.bits == pytest.approx(4 * 5 - 4 - literal)
    assert shortest("abcd", 32, []).bits == pytest.approx(4 * log2(0.8))


def test_repeated_values_weigh_by_how_many_devices_could_have_been_alike(evidence):
    rule = Rule("random", ("random",), 4, "digits")
    batch = samples(*(f"{number * 37:04d}" for number in range(195)), *["7777"] * 3, "0000", "0037")
    n, spare = 200, 4
    assert len({sample.password for sample in batch}) == n - spare

    chance = comb(n, spare) * (n / 10**4) ** spare
    (found,) = _batch._batch_duplicates(batch, rule)

    assert chance > 1
    assert found.kind == "unknown"
    assert "5 equal pairs (3 of 200 devices" in found.message
    assert f"by chance {comb(n, 2) / 10**4:.1e} equal pairs" in found.message
    eight = Rule("random", ("random",), 8, "digits")
    longer = [Sample(one.serial, "", "", one.password + "1234") for one in batch]
    assert evidence(_batch._batch_duplicates, longer, eight) == close(
        -log2(comb(n, spare) * (n / 10**8) ** spare)
    )


def test_what_is_drawn_is_bounded_by_characters_and_by_random_bits():
    bodies = ["ABCDEFGH", "ABCDEFGHJK"]

    assert _batch._bits_of_a_value(bodies, None) == pytest.approx(8 * log2(26))
    assert _batch._bits_of_a_value(bodies, RULE) == pytest.approx(8 * log2(31))
    few = Rule("random", ("random",), 10, ALPHABET, random_bits=16)
    assert _batch._bits_of_a_value(bodies, few) == 16
    public = Rule("hash", ("mac",), 10, ALPHABET)  # nothing is drawn, and two devices are alike all the same
    assert _batch._bits_of_a_value(bodies, public) == pytest.approx(8 * log2(31))
    unstated = Rule("random", ("random",), alphabet=ALPHABET)
    assert _batch._bits_of_a_value(bodies, unstated) == pytest.approx(8 * log2(31))


def test_listed_passwords_are_drawn_by_chance_in_two_cases():
    four = sum(len(word) == 4 for word in common_passwords())

    assert _batch._chance_of_listed(Rule(length=4, alphabet="digits")) == pytest.approx(2 * four / 10**4)
    assert _batch._chance_of_listed(Rule(length=6, alphabet=ALPHABET, prefix="V-")) == pytest.approx(
        2 * four / 31**4
    )
    assert _batch._chance_of_listed(Rule(length=4, alphabet="ab")) == 1.0
    assert _batch._chance_of_listed(Rule(length=400, alphabet="alnum")) == 0.0
    for unstated in (None, Rule(length=4), Rule(alphabet="digits")):
        assert _batch._chance_of_listed(unstated) == 0.0


def test_one_well_known_number_among_few_possible_ones_can_be_chance():
    rule = Rule("random", ("random",), 4, "digits")
    batch = samples(*(f"{number * 37 + 5:04d}" for number in range(30)), "1234")
    common = [sample for sample in batch if sample.password == "1234"]

    assert _batch._common_ones(common, batch, rule).kind == "unknown"
    assert _batch._common_ones(batch, batch, RULE).kind == "violation"
    assert _batch._common_ones(common, batch, None).kind == "violation"


@pytest.mark.parametrize("alphabet", [ALPHABET, "0123456789"])
def test_equal_characters_weigh_by_how_often_they_meet_by_chance(evidence, alphabet):
    draw = drawn(alphabet, 5, seed=5)
    batch = [Sample(f"{digit}{digit}", "", "", draw() + digit) for digit in "7034925681" * 4]
    bodies = [sample.password for sample in batch]

    assert evidence(batch_relation, batch, bodies, None) == close(40 * log2(10) - log2(2 * 6))


@pytest.mark.parametrize(("count", "said"), [(200, "200 of 200 devices"), (250, "200 of 200 devices")])
def test_two_hundred_devices_are_compared_with_their_own_data(count, said):
    batch = [
        Sample(f"{100_000 + 7919 * number}", "", "", f"{100_000 + 7919 * number}") for number in range(count)
    ]

    (found,) = batch_relation(batch, [sample.password for sample in batch], None)

    assert said in found.message


def test_a_hundred_and_twenty_eight_characters_of_a_password_are_looked_at():
    assert _model.body_of("x" * 300, None) == "x" * 128
    assert _model.body_of("V-" + "x" * 300, Rule(prefix="V-")) == "x" * 126


def test_a_character_that_follows_the_serial_number_weighs_for_each_device(evidence):
    draw = drawn(ALPHABET, 5, seed=5)
    last = "7A3K9Q2MXT" * 4
    batch = [Sample(f"{digit}{digit}", "", "", draw() + digit) for digit in last]
    bodies = [sample.password for sample in batch]

    bits = evidence(batch_relation, batch, bodies, RULE)

    # 40 of 40 agree; evenly used digits would in one of ten; 2 characters of the serial number times 6 of the password.
    assert bits == close(40 * log2(10) - log2(2 * 6))
    (found,) = batch_relation(batch, bodies, RULE)
    assert "Characters 6 of the passwords repeat characters of the serial number" in found.message


@pytest.mark.parametrize(
    ("column", "name"), [("serial", "the serial number"), ("mac", "the MAC address"), ("ssid", "the SSID")]
)
def test_characters_of_every_public_datum_are_compared(column, name):
    draw = drawn("0123456789ABCDEF", 4, seed=6)
    batch, texts = [], drawn("0123456789ABCDEF", 12, seed=8)
    for _ in range(40):
        text = texts()
        kept = {"serial": "", "mac": "", "ssid": ""} | {column: text}
        batch.append(Sample(password=draw() + text[3], **kept))

    (found,) = batch_relation(batch, [sample.password for sample in batch], RULE)

    assert f"Characters 5 of the passwords repeat characters of {name} of" in found.message


def test_a_relation_weighs_over_the_devices_that_show_it(evidence):
    draw = drawn(ALPHABET, 6, seed=9)
    batch = [Sample(f"{100_000 + 7919 * number}", "", "", draw()) for number in range(10)]
    for place in (2, 5, 7):
        batch[place] = Sample(batch[place].serial, "", "", batch[place].serial)
    bodies = [sample.password for sample in batch]
    size = _model.batch_size(bodies, None)

    # Three of ten: 3 bits name one of four sources, digits have no case.
    assert evidence(batch_relation, batch, bodies, None) == close(
        3 * (6 * log2(size) - 3) - log2(comb(10, 3))
    )


def test_equal_constant_characters_are_no_relation():
    batch = [Sample("7", "", "", f"7{text}") for text in ("AB", "CD", "EF", "GH", "KM", "NP")] * 5

    assert batch_relation(batch, [sample.password for sample in batch], RULE) == []
