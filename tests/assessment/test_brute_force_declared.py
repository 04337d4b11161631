"""What is declared against guessing: refuted only where that is certain (5.1-5-1 a)."""

from __future__ import annotations

from math import log2

import pytest

from pytest_etsi.assessment.brute_force import days_to_guess, judge_declared
from pytest_etsi.assessment.brute_force._declared import limits
from pytest_etsi.profile.facts import BruteForceFacts

DAY_S = 24 * 60 * 60
YEAR_S = 365 * DAY_S
PROSE = "After some wrong attempts the account is locked."


def judged(prose=PROSE, entropy_bits=None, **numbers):
    declared = BruteForceFacts(**numbers) if numbers else None
    return judge_declared(prose, declared, entropy_bits=entropy_bits)


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
        ({"rates": [{"attempts": 5, "per_s": 60}]}, True),
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


@pytest.mark.parametrize(("bits", "kind"), [(63.9, "unknown"), (64, "note"), (128, "note")])
@pytest.mark.parametrize("numbers", [{"entropy_only": True}, {"delay_s": 1}])
def test_a_secret_drawn_at_random_needs_no_limit_from_64_bits_on(numbers, bits, kind):
    assert kinds(judged(entropy_bits=bits, **numbers)) == [kind]


def test_a_counter_of_the_connection_stays_refuted_whatever_else_is_open():
    once = {"scope": "connection", "max_attempts": 5}

    assert kinds(judged(**once)) == ["violation", "unknown"]
    assert kinds(judged(**once, lockout_s=0)) == ["violation", "violation"]
    assert kinds(judged(scope="connection")) == ["violation", "unknown"]
    assert kinds(judged(**once, lockout_s=60)) == ["violation", "unknown"]
    assert kinds(judged(scope="connection", entropy_only=True)) == ["unknown"]


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ({"max_attempts": 5}, "without its time"),
        ({"max_attempts": 5, "lockout_s": 0}, "no time at all"),
        ({"max_attempts": 5, "delay_s": 2}, "size of the secret is not known"),
        ({"max_attempts": 5, "lockout_s": 0, "delay_s": 2}, "size of the secret is not known"),
        ({"lockout_s": 60}, "Neither a lock nor a delay"),
        ({"delay_s": 0}, "No lock is stated"),
        ({"delay_s": 1}, "86400 tries get through in 24 h"),
        ({"delay_s": 2}, "so that 100 days take 23 bits, 7 random digits"),
        ({"delay_s": 1e9}, "so that 100 days take 0 bits, 0 random digits"),
        ({"delay_s": 2}, f"{DAY_S // 2} tries get through in 24 h"),
        ({"entropy_only": True}, "any number of failures in a row"),
    ],
)
def test_what_keeps_the_time_of_an_attack_from_being_computed_is_said(numbers, said):
    (finding,) = judged(**numbers)

    assert said in finding.message
    assert finding.kind == ("violation" if "no time" in said else "unknown")


@pytest.mark.parametrize(
    ("numbers", "tries_a_day"),
    [
        ({"delay_s": 2}, 43_200),
        ({"max_attempts": 5, "lockout_s": 3600}, 120),
        ({"max_attempts": 10, "lockout_s": 60, "scope": "account"}, 14_400),
        # Nothing slows tries down: counted as one in ten seconds, in favour of the device.
        ({"entropy_only": True}, 8_640),
        ({"entropy_only": True, "max_attempts": 5, "lockout_s": 3600}, 8_640),
    ],
)
def test_guessing_is_refuted_below_a_hundred_days_and_not_from_there_on(numbers, tries_a_day):
    enough = log2(100 * 2 * tries_a_day)

    assert days_to_guess(tries_a_day, enough) == pytest.approx(100)
    assert kinds(judged(entropy_bits=enough - 0.01, **numbers)) == ["violation"]
    assert kinds(judged(entropy_bits=enough + 0.01, **numbers)) == ["unknown"]


@pytest.mark.parametrize(
    ("digits", "numbers"),
    [
        (6, {"max_attempts": 10, "lockout_s": 3600}),
        (8, {"max_attempts": 5, "lockout_s": 60}),
        (6, {"max_attempts": 3, "lockout_s": 30, "growth": 2, "max_lockout_s": DAY_S}),
    ],
)
def test_what_lies_between_the_methodology_and_the_guideline_is_for_a_person_who_sees_both(digits, numbers):
    (finding,) = judged(entropy_bits=digits * log2(10), **numbers)

    assert finding.kind == "unknown"
    assert "days, of at least 100 (CLS SP-151-4A)" in finding.message
    assert "failures in a row get through in a year, of at most 100 (SP 800-63B)" in finding.message
    assert "SP-151-4A" in finding.source
    assert "800-63B" in finding.source


@pytest.mark.parametrize(
    ("attempts", "kind"),
    [(100, "note"), (101, "unknown")],
)
def test_a_lock_that_ends_guessing_within_a_hundred_failures_meets_both_figures(attempts, kind):
    assert kinds(judged(entropy_bits=30, max_attempts=attempts, until="restart")) == [kind]


def test_a_lock_that_grows_is_counted_over_the_days_that_are_asked_for():
    # On its first day it lets 75 tries through, later five a day: half of 10,000 values take years.
    numbers = {"max_attempts": 5, "lockout_s": 2, "growth": 2, "max_lockout_s": DAY_S}

    assert BruteForceFacts(**numbers).guesses(DAY_S) > 50
    assert kinds(judged(entropy_bits=4 * log2(10), **numbers)) == ["unknown"]


@pytest.mark.parametrize("numbers", [{"max_attempts": 5, "lockout_s": 30}, {"delay_s": 1}])
def test_a_secret_of_unknown_size_is_refuted_by_nothing_and_both_figures_are_shown(numbers):
    (finding,) = judged(**numbers)

    assert finding.kind == "unknown"
    assert "random digits (CLS SP-151-4A)" in finding.message
    assert "of at most 100 (SP 800-63B)" in finding.message


@pytest.mark.parametrize(("attempts", "kind"), [(10, "violation"), (9, "unknown")])
def test_a_counter_of_the_source_is_refuted_from_a_chance_of_one_in_a_hundred_on(attempts, kind):
    (finding,) = judged(entropy_bits=3 * log2(10), max_attempts=attempts, until="restart", scope="source")

    assert finding.kind == kind
    assert "one source finds it" in finding.message
    assert "254 of a usual network" in finding.message


def test_a_counter_of_the_source_never_meets_the_limit_of_one_account():
    (finding,) = judged(entropy_bits=30, max_attempts=5, until="restart", scope="source")

    assert finding.kind == "unknown"
    assert "counted for each source address" in finding.message


@pytest.mark.parametrize("wrong", [(-1, 3), (3, -1)])
def test_the_time_of_an_attack_takes_no_negative_number(wrong):
    with pytest.raises(ValueError, match="negative"):
        days_to_guess(*wrong)


def test_a_limit_per_time_is_judged_by_what_it_lets_through():
    rate = {"attempts": 5, "per_s": 60, "window": "sliding"}
    (weak,) = judged(entropy_bits=log2(10**4), rates=[rate])
    (strong,) = judged(entropy_bits=log2(10**9), rates=[rate])

    assert weak.kind == "violation"
    assert "5 wrong attempts in any 60 s" in weak.message
    assert strong.kind == "unknown"


def test_a_limit_per_time_for_each_source_leaves_each_its_first_attempts():
    (found,) = judged(entropy_bits=6, scope="source", rates=[{"attempts": 2, "per_s": 86400 * 365}])

    assert found.kind == "violation"
    assert "before it is first refused with a chance of 3.12%" in found.message


OPEN = {"a place left to be filled in": "A lock after ___ attempts.", "none here, and elsewhere perhaps": "None on the device; the cloud locks the account."}  # fmt: skip


@pytest.mark.parametrize("prose", OPEN.values(), ids=OPEN)
@pytest.mark.parametrize(
    ("bits", "numbers", "beside"),
    [
        (128, {"delay_s": 1}, "note"),
        (30, {"max_attempts": 5, "until": "restart"}, "note"),
        (30, {}, "unknown"),
        (3, {"delay_s": 1}, "violation"),
    ],
)
def test_a_description_that_leaves_it_open_stays_open_whatever_the_numbers_show(prose, bits, numbers, beside):
    found = judged(prose, bits, **numbers)

    assert kinds(found) == ["unknown", beside]
    assert "leaves open what the prevention is" in found[0].message


def test_a_hundred_days_are_enough():
    """128 tries in a hundred days against 256 values: half of these take as long as that."""
    assert kinds(judged(entropy_bits=8, max_attempts=128, until="restart")) == ["unknown"]
    assert kinds(judged(entropy_bits=8, max_attempts=129, until="restart")) == ["violation"]


@pytest.mark.parametrize(
    ("attempts", "digits", "one", "all_of_them"), [(9, 6, "1 in 111,111", "0.23%"), (9, 3, "0.9%", "100%")]
)
def test_the_chance_of_all_addresses_of_a_network_is_shown_beside_that_of_one(
    attempts, digits, one, all_of_them
):
    (found,) = judged(entropy_bits=digits * log2(10), max_attempts=attempts, until="restart", scope="source")

    assert (
        f"with a chance of {one}, all 254 of a usual network with {all_of_them}, of less than 1%"
        in found.message
    )
