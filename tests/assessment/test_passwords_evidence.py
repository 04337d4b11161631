"""How much evidence each search over a batch has, in bits: what a shorter description saves, less what naming it takes."""

from __future__ import annotations

import math
import re
import string
from collections import Counter
from math import comb, inf, log2

import pytest
from password_samples import ALPHABET, RULE, drawn

from pytest_etsi.assessment.passwords import Rule, Sample, _batch, _model, examine_batch
from pytest_etsi.assessment.passwords._batch_tests import (
    _constant_step,
    _orders,
    _parts,
    _uneven,
    _weighs,
    batch_counter,
    batch_distribution,
    batch_positions,
    batch_relation,
    batch_template,
)
from pytest_etsi.assessment.passwords._evidence import Piece, at_least, shortest
from pytest_etsi.assessment.passwords._patterns import common_passwords


@pytest.fixture
def evidence(monkeypatch):
    """The most that the bound of a batch can be until a search finds nothing: its evidence in bits."""

    def bits_of(search, *arguments):
        low, high = 0.001, 4096.0
        while high - low > 1e-6:
            middle = (low + high) / 2
            monkeypatch.setattr(_model, "BATCH_BITS", middle)
            found = [finding for finding in search(*arguments) if finding.kind == "violation"]
            low, high = (middle, high) if found else (low, middle)
        return low

    return bits_of


def close(bits):
    return pytest.approx(bits, abs=1e-4)


def test_evidence_that_just_reaches_the_bound_refutes(monkeypatch):
    monkeypatch.setattr(_model, "BATCH_BITS", 30.0)

    assert _model.beyond_chance(30.0)
    assert not _model.beyond_chance(29.999)
    assert _weighs(30.0, 0.1, 0.1)
    assert not _weighs(29.999, 0.1, 0.1)
    assert not _weighs(30.0, 0.099, 0.1)


# Hits and descriptions --------------------------------------------------------------------------------------


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


# Counters ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "modulus", "bits"),
    [
        # All of three differences are 1 of 2^20 values; naming 1 takes 3 bits, as naming -1 does.
        ([4, 5, 6, 7], 2**20, 3 * 20 - 3),
        ([7, 6, 5, 4], 2**20, 3 * 20 - 3),
        ([2**20 - 2, 2**20 - 1, 0, 1], 2**20, 3 * 20 - 3),
        # 4 takes two bits twice more, and a step that is larger than the root no more than its place among all.
        ([0, 4, 8, 12], 2**20, 3 * 20 - 7),
        ([0, 300_000, 600_000, 900_000], 2**20, 3 * 20 - 20),
        # Half of the differences are enough to look, fewer are not; those of 0 say nothing.
        ([0, 1, 2, 12, 32], 2**40, at_least(2, 4, 2**-40) - 3),
        ([0, 1, 2, 12, 32, 82], 2**40, 0.0),
        ([9, 9, 9], 2**20, 0.0),
        ([9], 2**20, 0.0),
        ([0, 0, 0, 1], 1, 0.0),
        # Among few values neighbours meet by chance as often as the values are used: 1-2 and 2-3, 2 of 3 times 3.
        ([1, 2, 3], 4, at_least(2, 2, 1 / 4) - log2(4)),
        ([1, 2, 3], 65536, at_least(2, 2, 2 / 9) - 3),
        ([1, 2, 3], 65537, at_least(2, 2, 1 / 65537) - 3),
        ([5, 6, 5, 6], 1000, at_least(2, 3, 4 / 16) - 3),
        ([999, 0, 1], 1000, at_least(2, 2, 2 / 9) - 3),
    ],
)
def test_a_constant_step_weighs_by_its_chance_less_its_name(values, modulus, bits):
    assert _constant_step(values, modulus) == pytest.approx(bits)


def numbers(start, step, count, length, alphabet):
    """Numbers that go up by a step, written in an alphabet."""
    size, found = len(alphabet), []
    for value in (start + step * k for k in range(count)):
        digits = [alphabet[value // size**place % size] for place in reversed(range(length))]
        found.append("".join(digits))
    return found


def test_a_counter_in_which_every_character_changes_is_found(evidence):
    step = 31**12 // 7 + 5
    bodies = numbers(31**11, step, 20, 12, ALPHABET)

    assert not batch_positions(bodies, RULE)
    # 78 parts in the order of the rule; customary orders leave out characters or have more of them.
    orders = len(_orders(bodies, RULE))
    assert evidence(batch_counter, bodies, RULE) == close(
        19 * 12 * log2(31) - 12 * log2(31) - log2(78 * orders)
    )
    (found,) = examine_batch(samples(*bodies), RULE)
    assert found.aspect == "regularity"
    assert "the passwords go on by a constant step" in found.message


def test_digits_of_different_lengths_are_read_as_numbers(evidence):
    bodies = [str(value) for value in range(999_950, 1_000_050, 7)]  # 15 devices

    assert evidence(batch_counter, bodies, None) == close(14 * log2(10**7) - (2 * log2(7) + 3))
    assert "read as numbers" in batch_counter(bodies, None)[0].message


def test_a_counter_beside_a_random_part_is_located(evidence):
    half = drawn(ALPHABET, 6, seed=12)
    bodies = [half()[:4] + number + half()[:4] for number in numbers(31, 31**3 // 3, 30, 4, ALPHABET)]

    (found,) = batch_counter(bodies, RULE)

    assert "characters 5 to 8 of the passwords" in found.message


def test_a_fixed_beginning_makes_a_counter_no_less_likely():
    bodies = ["QQQQ2", "QQQQ3", "QQQQ4"]
    alphabet = "Q23456789"

    parts = {(first, end): bits for bits, first, end in _parts(bodies, Rule(alphabet=alphabet)) if bits}

    assert parts.keys() == {(4, 5)}


@pytest.mark.parametrize(
    ("others", "found"),
    [(0, True), (5, True), (6, False)],  # 20 of 20, 20 of 25 and 20 of 26 have the length
)
def test_four_of_five_passwords_of_a_length_are_enough_for_a_counter(others, found):
    bodies = numbers(31**11, 31**12 // 7 + 5, 20, 12, ALPHABET) + ["ABC"] * others

    assert bool(batch_counter(bodies, RULE)) == found


@pytest.mark.parametrize("bodies", [["", "", "", "", "x"], ["AB", "AB", "AB", "AB", "C"], ["Q7", "Q7"]])
def test_what_does_not_change_is_no_counter(bodies):
    assert batch_counter(bodies, RULE) == []


def test_characters_count_in_the_order_of_the_rule_and_in_customary_ones():
    place = {character: number for number, character in enumerate("QWERTZ")}

    assert _orders(["ZERT"], Rule(alphabet="QWERTZQ"))[0] == place
    assert [len(order) for order in _orders(["0123456789"], None)] == [10, 16, 16]
    assert [len(order) for order in _orders(["7AZ"], None)] == [36, 36, 62]
    assert [len(order) for order in _orders(["7AZ"], Rule(alphabet="alnum"))] == [36, 36, 62]
    assert _orders(["-+"], None) == [{"+": 0, "-": 1}]


# Fixed characters -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bodies", "fixed", "said"),
    [
        (
            ["QQQ" + text for text in ("ABCD", "BCDE", "CDEF", "DEFG")],
            3,
            "3 of 7 .* 4 devices .the first 3.,",
        ),
        (["ABCDQ", "BCDEQ", "CDEFQ"], 1, "1 of 5 .*.the last 1.,"),
        (["ABQQCD", "BCQQDE"], 2, "2 of 6 .*.2 in between.,"),
        (["QAXBQ", "QBXCQ"], 3, "3 of 5 .*.the first 1, the last 1, 1 in between.,"),
        (["QAB", "QAB"], 3, "3 of 3 .*.all of them.,"),
    ],
)
def test_characters_that_are_the_same_weigh_for_every_further_device(
    evidence, monkeypatch, bodies, fixed, said
):
    length, further = len(bodies[0]), len(bodies) - 1

    bits = evidence(batch_positions, bodies, RULE)

    assert bits == close(fixed * further * log2(31) - log2(comb(length, fixed)))
    monkeypatch.setattr(_model, "BATCH_BITS", 1.0)
    assert re.search(said, batch_positions(bodies, RULE)[0].message)


def test_signs_between_groups_may_be_the_same_unless_they_are_drawn(evidence):
    bodies = [f"{left}-{right}" for left, right in ("AB", "CD", "EF", "GH")]
    signs = Rule(alphabet="ABCDEFGH-")

    assert batch_positions(bodies * 9, RULE) == []
    assert evidence(batch_positions, bodies, signs) == close(3 * log2(9) - log2(3))


@pytest.mark.parametrize(("rule", "noted"), [(None, True), (Rule(alphabet="A"), True), (RULE, False)])
def test_different_lengths_are_noted_where_no_rule_states_one(rule, noted):
    found = batch_positions(["QQ", "QQQ", "QQQQ"], rule)

    assert [finding.message for finding in found] == ["The passwords have 3 different lengths."] * noted
    assert {finding.kind for finding in found} <= {"note"}


# Even use ---------------------------------------------------------------------------------------------------


def test_uneven_use_weighs_by_the_bound_of_agrawal():
    # 100 times one of 4 characters: n D = 100 ln 4 nats, 3 degrees of freedom.
    nats, free = 100 * math.log(4), 3
    chance = math.exp(-nats) * (math.e * nats / free) ** free

    bits, loss = _uneven(Counter("a" * 100), 4)

    assert bits == pytest.approx(-log2(chance))
    assert loss == pytest.approx((nats - 1.5) / 100 / math.log(2))
    assert _uneven(Counter("abcd"), 4) == (0.0, 0.0)
    assert _uneven(Counter(), 4) == (0.0, 0.0)
    assert _uneven(Counter("aaa"), 1) == (0.0, 0.0)


def test_few_of_the_documented_characters_weigh_over_all_passwords(evidence):
    rule = Rule("random", ("random",), 4, "ABCDEFGH")
    bodies = ["ABCD", "BCDA", "CDAB", "DABC"] * 5  # 80 characters, each of four 20 times

    assert evidence(batch_distribution, bodies, rule) == close(_uneven(Counter("ABCD" * 20), 8)[0])
    (found,) = batch_distribution(bodies * 3, rule)
    assert "(4 occur among 240)" in found.message


def test_a_position_weighs_less_the_more_positions_there_are(evidence):
    rule = Rule("random", ("random",), 4, "ABCDEFGH")
    others = ["BCD", "CDE", "DEF", "EFG", "FGH", "GHC", "HGE", "HFB"] * 8
    bodies = ["AB"[number % 2] + rest for number, rest in enumerate(others)]  # even over all, but for A and B

    column = _uneven(Counter("AB" * 32), 8)[0] - log2(4)
    assert evidence(batch_distribution, bodies, rule) == close(column)
    found = batch_distribution(bodies, rule)
    assert [finding.message[:14] for finding in found] == ["At positions 1"]


@pytest.mark.parametrize(
    "rule",
    [
        None,
        Rule("random", length=4),
        Rule("counter", ("counter",), 4, "ABCDEFGH"),
        Rule("random", ("random",), 4, "BCDEFGH"),  # A is outside, which is said elsewhere
    ],
)
def test_even_use_is_asked_only_of_documented_characters_that_are_drawn(rule):
    assert batch_distribution(["AAAB", "AABA", "ABAA"] * 40, rule) == []


@pytest.mark.parametrize("method", [None, "random", "keyed-derivation", "hash"])
def test_even_use_is_asked_of_every_method_that_draws(method):
    rule = Rule(method, ("random",), 4, "ABCDEFGH")

    assert batch_distribution(["AAAB", "AABA", "ABAA"] * 40, rule)


@pytest.mark.parametrize(("used", "uneven"), [("ABCDE", True), ("ABCDEF", False)])
def test_a_position_counts_where_it_loses_half_a_bit(used, uneven):
    rule = Rule("random", ("random",), 8, "ABCDEFGH")
    # Each line has every character once, so that they are even over all; the first has five or six of eight.
    bodies = [first + "ABCDEFGH".replace(first, "") for first in used * 120]

    found = [one.message for one in batch_distribution(bodies, rule)]

    assert any(message.startswith("At positions 1,") for message in found) == uneven


def test_a_position_that_never_changes_is_said_elsewhere():
    rule = Rule("random", ("random",), 8, "ABCDEFGH")
    others = ["BCDEFGH"[turn:] + "BCDEFGH"[:turn] for turn in range(7)] * 20

    assert batch_distribution([f"A{rest}" for rest in others], rule) == []


@pytest.mark.parametrize("name", ["hex", "base32"])
def test_cases_do_not_make_few_letters_many(evidence, name):
    rule = Rule("random", ("random",), 4, name)
    size = {"hex": 16, "base32": 32}[name]

    assert evidence(batch_distribution, ["abCD", "ABcd"] * 20, rule) == close(
        _uneven(Counter("abcd" * 40), size)[0]
    )


@pytest.mark.parametrize("name", ["hex", "base32"])
def test_both_cases_of_a_letter_are_one_character(name):
    draw = drawn("abcdef234567" if name == "hex" else string.ascii_lowercase + "234567", 16)
    rule = Rule("random", ("random",), 16, name)
    few = ["aB" * 8, "Ab" * 8] * 20
    even = [draw().upper() if number % 2 else draw() for number in range(60)]

    assert batch_distribution(few, rule)
    if name == "base32":
        assert batch_distribution(even, rule) == []


def test_one_documented_character_is_evenly_used():
    assert batch_distribution(["AAAA"] * 40, Rule("random", ("random",), 4, "A")) == []


def test_positions_are_not_compared_where_lengths_differ():
    rule = Rule("random", ("random",), None, "ABCDEFGH")
    bodies = ["AB"[number % 2] + rest for number, rest in enumerate(["BCD", "CDEFGH", "DEFGHC", "EFG"] * 16)]

    assert not [found for found in batch_distribution(bodies, rule) if "positions" in found.message]


# Reserved positions -----------------------------------------------------------------------------------------


def test_a_position_that_only_has_digits_weighs_by_their_share(evidence):
    rule = Rule("random", ("random",), 2, "ABCDEFGHIJ23456789")
    bodies = ["A2", "23", "C4", "D5", "E6", "F7"] * 6

    # 8 of 18 characters are digits. Of three kinds (digits, capitals, letters) or none one is named at each position.
    assert evidence(batch_template, bodies, rule) == close(36 * log2(18 / 8) - log2(4) - log2(4))
    assert evidence(batch_template, [*bodies, "2H"], rule) < 1  # neither position keeps to one kind


@pytest.mark.parametrize(
    ("bodies", "rule"),
    [
        (["A2", "B3"] * 40, None),
        (["A2", "B3"] * 40, Rule(length=2)),
        (["A2", "B3"] * 40, Rule(alphabet="alnum")),
        (["A2", "B3", "C44"] * 40, Rule(alphabet="ABC234")),
        (["A2", "B3", "C4"] * 40, Rule(alphabet="AB234")),  # C is outside
        (["22", "33"] * 40, Rule(alphabet="23456")),  # there are only digits
    ],
)
def test_positions_are_reserved_only_against_a_documented_mix_of_kinds(bodies, rule):
    assert batch_template(bodies, rule) == []


def test_the_kind_of_all_digits_that_there_are_is_found():
    bodies = [first + second for first, second in zip("A2BCD3" * 20, "23" * 60, strict=True)]

    (found,) = batch_template(bodies, Rule("random", ("random",), 2, "ABCDEFG23"))

    assert "(2 digits)" in found.message


@pytest.mark.parametrize(
    ("characters", "kind"),
    [("234", "digits"), ("ABC", "capitals"), ("abc", "small letters"), ("aBc", "letters")],
)
def test_the_kind_that_a_position_is_reserved_for_is_named(characters, kind):
    rule = Rule("random", ("random",), 2, "ABCDEFGHabcdefgh23456789")
    bodies = [first + second for first, second in zip("A2bB3c" * 20, characters * 40, strict=True)]

    (found,) = batch_template(bodies, rule)

    assert f"(2 {kind})" in found.message


# Equal and listed ones --------------------------------------------------------------------------------------


def samples(*passwords):
    return [Sample(f"S{number:03d}", "", "", text) for number, text in enumerate(passwords)]


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


# Relations --------------------------------------------------------------------------------------------------


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
