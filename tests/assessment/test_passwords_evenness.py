"""How much evidence in bits there is that the documented characters are not evenly used."""

from __future__ import annotations

import math
import string
from collections import Counter
from math import log2

import pytest
from password_samples import close, drawn

from pytest_etsi.assessment.passwords import Rule
from pytest_etsi.assessment.passwords._batch_tests import (
    _uneven,
    batch_distribution,
    batch_template,
)


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
