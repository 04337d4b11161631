"""How much evidence in bits there is that passwords are counted up, or have characters that never change."""

from __future__ import annotations

import re
from math import comb, log2

import pytest
from password_samples import ALPHABET, RULE, close, drawn, samples

from pytest_etsi.assessment.passwords import Rule, _model, examine_batch
from pytest_etsi.assessment.passwords._batch_tests import (
    _constant_step,
    _orders,
    _parts,
    batch_counter,
    batch_positions,
)
from pytest_etsi.assessment.passwords._evidence import at_least


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
