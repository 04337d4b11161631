"""The observed protection against guessing held against the declared one, attempt by attempt (5.1-5-2 b)."""

from __future__ import annotations

import pytest
from observed_attempts import attempt

from pytest_etsi.assessment.brute_force import compare_with_declared, interpret
from pytest_etsi.profile.facts import BruteForceFacts


def attempts(text, *, every_s=1.0, connection=1, begin_s=0.0):
    """One attempt a letter: r a wrong value is refused, l locked, a the right value is accepted, w a wrong one is."""
    told = {
        "r": ("refused", "wrong"),
        "l": ("locked", "wrong"),
        "a": ("accepted", "right"),
        "w": ("accepted", "wrong"),
    }
    return [
        attempt(
            begin_s + number * every_s,
            told[letter][0],
            0.01,
            connection,
            credential=told[letter][1],
        )
        for number, letter in enumerate(text)
    ]


def compared(tried, **numbers):
    return compare_with_declared(interpret(tried), BruteForceFacts(**numbers))


def said(findings, level):
    return " / ".join(finding.message for finding in findings if finding.kind == level)


def test_a_lock_as_declared_gives_nothing_to_say():
    tried = [*attempts("rrrl"), *attempts("a", begin_s=63.0)]

    assert not compared(tried, max_attempts=3, lockout_s=60)


def test_a_lock_whose_time_is_not_declared_is_open():
    tried = [*attempts("rrrl"), *attempts("a", begin_s=63.0)]

    assert "The time of the lock is not declared" in said(compared(tried, max_attempts=3), "unknown")


def test_a_lock_that_was_not_reached_is_open():
    found = compared(attempts("rr"), max_attempts=3, lockout_s=60)

    assert "No lock was reached: 2 wrong attempts in a row got through" in said(found, "unknown")


def test_a_delay_that_too_few_attempts_could_show_is_open():
    found = compared(attempts("r"), delay_s=2)

    assert "Too few attempts in a row got through" in said(found, "unknown")


@pytest.mark.parametrize("every_s", [2.0, 2.5])
def test_attempts_that_keep_the_declared_delay_give_nothing_to_say(every_s):
    assert not compared(attempts("rrrr", every_s=every_s), delay_s=2)


def test_attempts_that_are_faster_than_the_declared_delay_are_a_violation():
    found = compared(attempts("rrrr", every_s=0.5), delay_s=2)

    assert "faster than" in said(found, "violation")


def test_the_end_of_a_lock_by_a_new_connection_is_named_as_the_way_around_it():
    tried = [*attempts("rrrl", connection=1), *attempts("a", connection=2, begin_s=5.0)]

    assert "got through over a new connection before its time" in said(
        compared(tried, max_attempts=3, lockout_s=60), "violation"
    )


def test_a_lock_that_was_met_on_both_connections_was_escaped_by_neither():
    tried = [
        *attempts("rrrl", connection=1),
        *attempts("l", connection=2, begin_s=4.0),
        *attempts("a", connection=2, begin_s=5.0),
    ]
    found = compared(tried, max_attempts=3, lockout_s=60)

    assert "got through before its time" in said(found, "violation")


def test_a_lock_that_ends_too_early_on_its_own_connection_is_a_violation():
    tried = [*attempts("rrrl", connection=1), *attempts("a", connection=1, begin_s=5.0)]

    assert "got through before its time" in said(compared(tried, max_attempts=3, lockout_s=60), "violation")


def test_a_wrong_value_that_is_accepted_is_a_violation_whatever_is_declared():
    assert "A wrong value was accepted" in said(
        compare_with_declared(interpret(attempts("w")), None), "violation"
    )


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({}, "Neither a number of attempts nor a delay"),
        ({"entropy_only": True}, "Only the size of the secret"),
    ],
)
def test_a_protection_without_numbers_is_open(numbers, words):
    assert words in said(compared(attempts("rrr"), **numbers), "unknown")
