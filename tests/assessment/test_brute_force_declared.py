"""What is declared against guessing: refuted only where that is certain (5.1-5-1 a)."""

from __future__ import annotations

from math import log2

import pytest

from pytest_etsi.assessment.brute_force import THRESHOLDS, judge_declared, success_probability
from pytest_etsi.assessment.brute_force._declared import limits
from pytest_etsi.profile.facts import BruteForceFacts

YEAR_S = 365 * 24 * 60 * 60
PROSE = "After some wrong attempts the account is locked."


def judged(prose=PROSE, entropy_bits=None, user_chosen=False, **numbers):
    declared = BruteForceFacts(**numbers) if numbers else None
    return judge_declared(prose, declared, entropy_bits=entropy_bits, user_chosen=user_chosen)


def kinds(findings):
    return [finding.kind for finding in findings]


@pytest.mark.parametrize(
    ("numbers", "limited"),
    [
        ({}, False),
        ({"max_attempts": 5}, False),
        ({"lockout_s": 60}, False),
        ({"max_attempts": 5, "lockout_s": 0}, False),
        ({"delay_s": 0}, False),
        ({"max_attempts": 5, "lockout_s": 60}, True),
        ({"delay_s": 1}, True),
    ],
)
def test_attempts_are_limited_by_a_delay_or_by_a_lock_with_its_time(numbers, limited):
    assert limits(BruteForceFacts(**numbers)) == limited


def test_no_description_without_numbers_is_refuted_and_nothing_else_is_said():
    assert kinds(judged("none")) == ["violation"]
    assert kinds(judged("none", entropy_bits=200)) == ["violation"]
    assert kinds(judged("none", max_attempts=5)) == ["violation"]
    assert "No brute force prevention is documented" in judged("none")[0].message


@pytest.mark.parametrize(
    "numbers", [{"delay_s": 1}, {"max_attempts": 5, "lockout_s": 60}, {"entropy_only": True}]
)
def test_no_description_beside_numbers_is_open_and_the_numbers_are_judged(numbers):
    description, *numbers_judged = judged("none", entropy_bits=20, **numbers)

    assert description.kind == "unknown"
    assert "give numbers" in description.message
    assert numbers_judged


def test_a_description_that_is_elsewhere_is_not_missing():
    assert kinds(judged("See AuthMech-2.")) == ["unknown"]
    assert kinds(judged("see annex")) == ["unknown"]
    assert kinds(judged("see annex", delay_s=1)) == ["unknown"]


@pytest.mark.parametrize("more_bits", [0, 1])
def test_a_secret_resists_by_its_size_up_to_the_accepted_chance(monkeypatch, more_bits):
    bits = 60
    fast = success_probability(YEAR_S * THRESHOLDS["unthrottled_rate_per_s"]["fast"], bits)
    monkeypatch.setitem(THRESHOLDS["probability"]["accepted_below"], "value", fast)

    assert kinds(judged(entropy_bits=bits + more_bits)) == ["note"]
    assert kinds(judged(entropy_bits=bits - 0.01)) == ["unknown"]
    assert kinds(judged(entropy_bits=bits + more_bits, user_chosen=True)) == ["unknown"]


def test_a_counter_of_the_connection_stays_refuted_whatever_else_is_open():
    once = {"scope": "connection", "max_attempts": 5}

    assert kinds(judged(**once)) == ["violation", "unknown"]
    assert kinds(judged(**once, lockout_s=0)) == ["violation", "violation"]
    assert kinds(judged(scope="connection")) == ["violation", "unknown"]
    assert kinds(judged(**once, lockout_s=60)) == ["violation", "unknown"]
    assert kinds(judged(scope="connection", entropy_only=True)) == ["unknown"]


def test_a_counter_of_the_address_is_noted():
    assert kinds(judged(scope="source", max_attempts=5, lockout_s=60)) == ["note", "unknown"]
    assert kinds(judged(scope="account", max_attempts=5, lockout_s=60)) == ["unknown"]


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ({"max_attempts": 5}, "without its time"),
        ({"max_attempts": 5, "lockout_s": 0}, "no time at all"),
        ({"max_attempts": 5, "delay_s": 2}, "size of the secret is not known"),
        ({"max_attempts": 5, "lockout_s": 0, "delay_s": 2}, "size of the secret is not known"),
        ({"lockout_s": 60}, "Neither a lock nor a delay"),
        ({"delay_s": 2}, f"lets {YEAR_S // 2} attempts in a year through"),
        ({"entropy_only": True}, "no limit that can be computed"),
    ],
)
def test_what_keeps_a_rate_from_being_computed_is_said(numbers, said):
    (finding,) = judged(**numbers)

    assert said in finding.message
    assert finding.kind == ("violation" if "no time" in said else "unknown")


@pytest.mark.parametrize(("slow", "expected"), [(1, "unknown"), (4, "violation")])
def test_without_any_limit_the_slow_rate_of_attempts_refutes(monkeypatch, slow, expected):
    # Once a second for a year is 2^24.9 attempts: 2^-11 of 36 bits, and four times as many are 2^-9.
    monkeypatch.setitem(THRESHOLDS["unthrottled_rate_per_s"], "slow", slow)

    assert kinds(judged(entropy_bits=36, entropy_only=True)) == [expected]


def bound(monkeypatch, name, value):
    monkeypatch.setitem(THRESHOLDS["probability"][name], "value", value)


@pytest.mark.parametrize(
    ("numbers", "attempts"),
    [
        ({"delay_s": 2}, YEAR_S // 2),
        # As if every attempt after the first lock locked again: 4 beside those that the locks of a year let through.
        (
            {"max_attempts": 5, "lockout_s": 3600},
            4 + BruteForceFacts(max_attempts=1, lockout_s=3600).guesses(YEAR_S),
        ),
        ({"entropy_only": True}, YEAR_S),
        ({"entropy_only": True, "max_attempts": 5, "lockout_s": 3600}, YEAR_S),
    ],
)
@pytest.mark.parametrize(
    ("user_chosen", "name"), [(False, "refuted_above"), (True, "user_chosen_refuted_above")]
)
def test_guessing_is_refuted_by_the_least_attempts_above_the_bound(
    monkeypatch, numbers, attempts, user_chosen, name
):
    chance = success_probability(attempts, 40)
    other = {"refuted_above", "user_chosen_refuted_above"} - {name}

    bound(monkeypatch, *other, 1.0 if user_chosen else 0.0)
    bound(monkeypatch, name, chance)
    at_the_bound = judged(entropy_bits=40, user_chosen=user_chosen, **numbers)
    bound(monkeypatch, name, chance * 0.9999999)
    above = judged(entropy_bits=40, user_chosen=user_chosen, **numbers)

    assert "violation" not in kinds(at_the_bound)
    assert kinds(above) == ["violation"]
    assert ("chosen by the user" in above[0].message) == user_chosen


@pytest.mark.parametrize(
    ("numbers", "attempts"),
    [
        ({"delay_s": 2}, YEAR_S // 2),
        ({"max_attempts": 5, "lockout_s": 3600}, 5 * YEAR_S // 3600),
        ({"entropy_only": True}, 10_000 * YEAR_S),
    ],
)
def test_guessing_is_open_by_the_most_attempts_above_the_bound(monkeypatch, numbers, attempts):
    chance = success_probability(attempts, 60)
    bound(monkeypatch, "user_chosen_refuted_above", 1.0)

    bound(monkeypatch, "accepted_below", chance)
    assert judged(entropy_bits=60, user_chosen=True, **numbers) == ()
    bound(monkeypatch, "accepted_below", chance * 0.9999999)
    assert kinds(judged(entropy_bits=60, user_chosen=True, **numbers)) == ["unknown"]


def test_success_doubles_with_a_bit_less_and_with_twice_the_attempts():
    assert success_probability(1024, 20) == pytest.approx(2**-10)
    assert success_probability(1, 1074) > 0
    assert success_probability(0, 0) == 0
    assert success_probability(3, log2(3)) == pytest.approx(1)
    for wrong in ((-1, 3), (3, -1)):
        with pytest.raises(ValueError, match="negative"):
            success_probability(*wrong)
