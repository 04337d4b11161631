"""A prevention that the documents deny in several words is none, and a lock until a restart has its arithmetic."""

from __future__ import annotations

import math

import pytest
from observed_attempts import attempt
from pydantic import ValidationError

from pytest_etsi.assessment.brute_force import compare_with_declared, interpret, judge_declared
from pytest_etsi.assessment.findings import violations
from pytest_etsi.profile.facts import BruteForceFacts

YEAR_S = 365 * 86_400


@pytest.mark.parametrize(
    "prose",
    [
        "None; nothing slows guessing down.",
        "None. There is no lockout and no delay.",
        "None, attempts are not limited.",
        "No lockout, no delay.",
        "There is no lock; the number of attempts is unlimited.",
        "No prevention is implemented: guesses are not counted.",
    ],
)
def test_what_is_denied_more_than_once_is_no_prevention(prose):
    assert "No brute force prevention is documented" in str(violations(judge_declared(prose, None)))


@pytest.mark.parametrize(
    "prose",
    [
        "None; the password has 20 random characters.",
        "None, except a lock after ten wrong passwords.",
        "No delay, but a lock after five attempts.",
        "There is no lock. Each attempt takes two seconds.",
        "Nothing gets in without the key of the owner.",
        "No more than five attempts are possible.",
        "No attempt is answered within two seconds.",
    ],
)
def test_what_is_something_after_all_is_not_called_none(prose):
    assert not violations(judge_declared(prose, None))


def test_attempts_that_are_compared_with_nothing_say_how_fast_they_got_through():
    tried = [attempt(number * 0.1, "refused", 0.01) for number in range(21)]
    (found,) = compare_with_declared(interpret(tried), None)

    assert found.kind == "unknown"
    assert "21 wrong attempts got through, 10.4 per second, and nothing locked" in found.message


# A lock until a restart -------------------------------------------------------------------------------------

UNTIL = BruteForceFacts(max_attempts=5, until="restart")


@pytest.mark.parametrize("seconds", [1, 86_400, YEAR_S])
def test_a_lock_until_a_restart_lets_only_the_first_attempts_through(seconds):
    assert UNTIL.guesses(seconds) == 5
    assert BruteForceFacts(max_attempts=5, until="restart", growth=2).guesses(seconds) == 5


def test_a_delay_counts_before_a_lock_until_a_restart():
    assert BruteForceFacts(max_attempts=5, until="restart", delay_s=2).guesses(6) == 3


def test_a_lock_until_a_restart_is_a_limit_in_numbers():
    assert UNTIL.first_lock_s == math.inf
    found = judge_declared("Five wrong passwords lock it until it restarts.", UNTIL, entropy_bits=20)

    assert not violations(found)


def test_a_lock_until_a_restart_has_no_time():
    with pytest.raises(ValidationError, match="neither lockout_s nor max_lockout_s"):
        BruteForceFacts(max_attempts=5, until="restart", lockout_s=30)


def test_a_lock_until_a_restart_that_is_seen_to_end_is_a_violation():
    tried = [
        *(attempt(float(number), "refused", 0.01) for number in range(5)),
        attempt(5.0, "locked", 0.01),
        attempt(40.0, "accepted", 0.01, credential="right"),
    ]

    assert "did not hold" in str(violations(compare_with_declared(interpret(tried), UNTIL)))
