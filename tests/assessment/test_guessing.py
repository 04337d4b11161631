"""Guessing over the network: arithmetic, declared protection, observed attempts."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from observed_attempts import attempt

from pytest_etsi.assessment.brute_force import (
    THRESHOLDS,
    compare_with_declared,
    days_to_guess,
    interpret,
    judge_declared,
)
from pytest_etsi.assessment.findings import notes, unknowns, violations
from pytest_etsi.profile.facts import BruteForceFacts

DAY = 86_400


# Arithmetic -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tries", "bits", "days"),
    [
        (5_000, math.log2(1_000_000), 100),
        (240, math.log2(1_000_000), 2083.3),
        (0, 10, math.inf),
        (math.inf, 60, 0),
    ],
)
def test_an_attack_takes_the_time_for_half_of_all_values(tries, bits, days):
    assert days_to_guess(tries, bits) == pytest.approx(days, rel=1e-4)


@given(tries=st.floats(0, 1e300) | st.just(math.inf), bits=st.floats(0, 1000))
def test_an_attack_takes_no_less_than_no_time(tries, bits):
    assert days_to_guess(tries, bits) >= 0


def test_every_threshold_names_its_source_and_who_checked_it():
    for name, entry in THRESHOLDS.items():
        if isinstance(entry, dict):
            assert entry["source"], name
            assert entry["meaning"], name
            assert "checked" in entry or "project" in entry["source"] or name == "addresses", name


# Declared protection ----------------------------------------------------------------------------------------

LOCK = BruteForceFacts(max_attempts=5, lockout_s=3, growth=2, max_lockout_s=DAY, scope="account")
WORDS = (
    "After five wrong passwords the account is locked, at first for three seconds, then for twice as long."
)


@pytest.mark.parametrize(
    "prose", ["", "  ", "-", "n/a", "N.A.", "none", "None.", "TBD", "no protection", "not implemented"]
)
def test_an_empty_or_negative_description_is_refuted(prose):
    (finding,) = violations(judge_declared(prose, None, entropy_bits=60))

    assert finding.aspect == "impracticability"


@pytest.mark.parametrize("prose", ["", "none"])
def test_numbers_without_a_description_are_for_a_person(prose):
    findings = judge_declared(prose, LOCK, entropy_bits=60)

    assert not violations(findings)
    assert unknowns(findings)


def test_a_doubling_lock_before_a_generated_password_is_not_refuted():
    assert not violations(judge_declared(WORDS, LOCK, entropy_bits=59.4))


def test_a_pin_of_four_digits_behind_a_short_lock_is_refuted():
    declared = BruteForceFacts(max_attempts=10, lockout_s=30)

    (finding,) = violations(judge_declared(WORDS, declared, entropy_bits=math.log2(10_000)))

    # 10 tries each 30 s are 28,800 a day, and 10,000 / (2 x 28,800) days are 0.17.
    assert "SP-151-4A" in finding.source
    assert (finding.expected, finding.found) == ("at least 100 days", "0.17 days")


def test_a_counter_of_the_connection_is_refuted():
    declared = BruteForceFacts(max_attempts=3, lockout_s=60, scope="connection")

    (finding,) = violations(judge_declared(WORDS, declared, entropy_bits=30))

    assert "new connection" in finding.message


def test_a_large_secret_needs_no_counter_at_all():
    declared = BruteForceFacts(max_attempts=3, lockout_s=60, scope="connection")

    findings = judge_declared("The token has 128 random bits.", declared, entropy_bits=128)

    assert [finding.kind for finding in findings] == ["note"]


def test_a_small_secret_that_rests_on_its_size_is_refuted():
    declared = BruteForceFacts(entropy_only=True)

    assert violations(judge_declared("The PIN is random.", declared, entropy_bits=20))


def test_a_medium_secret_that_rests_on_its_size_is_for_a_person():
    declared = BruteForceFacts(entropy_only=True)

    findings = judge_declared("The code is random.", declared, entropy_bits=40)

    assert not violations(findings)
    assert unknowns(findings)


@pytest.mark.parametrize(
    "declared",
    [
        None,
        BruteForceFacts(),
        BruteForceFacts(max_attempts=5),
        BruteForceFacts(max_attempts=5, scope="account"),
    ],
)
def test_missing_numbers_are_said_and_never_refuted(declared):
    findings = judge_declared(WORDS, declared, entropy_bits=30)

    assert not violations(findings)
    assert unknowns(findings)


def test_a_lock_of_no_time_is_refuted():
    assert violations(judge_declared(WORDS, BruteForceFacts(max_attempts=5, lockout_s=0), entropy_bits=30))


def test_an_unknown_secret_leaves_the_question_open():
    (finding,) = judge_declared(WORDS, LOCK)

    assert finding.kind == "unknown"


@given(
    attempts=st.integers(1, 50),
    lockout=st.floats(0.1, 1e6),
    stricter=st.floats(1, 100),
    bits=st.floats(0, 128),
)
def test_more_protection_is_never_refuted_where_less_is_not(attempts, lockout, stricter, bits):
    less = BruteForceFacts(max_attempts=attempts, lockout_s=lockout)
    more = BruteForceFacts(max_attempts=attempts, lockout_s=lockout * stricter)

    if violations(judge_declared(WORDS, more, entropy_bits=bits)):
        assert violations(judge_declared(WORDS, less, entropy_bits=bits))


# Observed attempts ------------------------------------------------------------------------------------------


class Device:
    """A login that locks: a model to make traces with."""

    def __init__(self, limit=5, lockout=3.0, growth=2.0, *, counter=lambda a: a["account"], silent=False):
        self.limit, self.lockout, self.growth, self.counter, self.silent = (
            limit,
            lockout,
            growth,
            counter,
            silent,
        )
        self.failures, self.until, self.locks = {}, {}, {}
        self.clock, self.trace = 0.0, []

    def guess(
        self, times=1, *, credential="wrong", account="owner", connection=1, source="10.0.0.2", reset=None
    ):
        for _ in range(times):
            key = self.counter({"account": account, "connection": connection, "source": source})
            if self.clock < self.until.get(key, -1):
                outcome = "refused" if self.silent else "locked"
            elif credential == "right":
                outcome = "accepted"
                for name in list(self.failures) if reset == "all" else [key]:
                    self.failures[name] = self.locks[name] = 0
            else:
                outcome = "refused"
                self.failures[key] = self.failures.get(key, 0) + 1
                if self.failures[key] >= self.limit:
                    number = self.locks.get(key, 0)
                    self.until[key] = self.clock + self.lockout * self.growth**number
                    self.failures[key], self.locks[key] = 0, number + 1
            self.trace.append(
                attempt(self.clock, outcome, 0.01, connection, source, account, credential=credential)
            )
            self.clock += 0.02
        return self

    def wait(self, seconds):
        self.clock += seconds
        return self

    def observed(self):
        return interpret(self.trace)


DECLARED = BruteForceFacts(max_attempts=5, lockout_s=3, growth=2, max_lockout_s=DAY, scope="account")


def test_a_device_that_does_as_declared_gives_no_violation():
    device = Device().guess(8).guess(credential="right").wait(3).guess(7).wait(6.2).guess(credential="right")

    trace = device.observed()

    assert not violations(compare_with_declared(trace, DECLARED))
    assert trace.through_before_first_lock == 5
    assert len(trace.locks) == 2


def test_the_times_of_locks_and_their_growth_are_measured():
    device = Device().guess(5)
    for _ in range(60):
        device.guess().wait(0.2)

    first, second = device.observed().locks[:2]
    low, high = device.observed().growth

    assert first.shortest_s <= 3 <= first.longest_s
    assert second.shortest_s <= 6 <= second.longest_s
    assert low <= 2 <= high


def test_a_missing_lock_is_a_violation():
    device = Device(limit=10**6).guess(20).guess(credential="right")

    (finding,) = violations(compare_with_declared(device.observed(), DECLARED))

    assert "20 wrong attempts in a row got through" in finding.message
    assert "nothing locked" in finding.message


def test_a_lock_after_fifty_instead_of_five_is_a_violation():
    device = Device(limit=50).guess(60)

    (finding,) = violations(compare_with_declared(device.observed(), DECLARED))

    assert finding.found == "50 got through"


def test_a_lock_that_a_new_connection_escapes_is_a_violation():
    device = Device(counter=lambda a: (a["account"], a["connection"])).guess(6).guess(connection=2)

    (finding,) = violations(compare_with_declared(device.observed(), DECLARED))

    assert "new connection" in finding.message


def test_a_new_connection_for_every_few_attempts_shows_the_counter_of_the_connection():
    device = Device(counter=lambda a: (a["account"], a["connection"]))
    for number in range(5):
        device.guess(4, connection=number)
    device.guess(credential="right", connection=99)

    (finding,) = violations(compare_with_declared(device.observed(), DECLARED))

    assert "5 connections" in finding.message


def test_a_counter_that_any_success_resets_is_a_violation():
    device = Device()
    for _ in range(4):
        device.guess(4).guess(credential="right", account="viewer", connection=50, reset="all")
    device.guess(credential="right").guess(6)

    (finding,) = violations(compare_with_declared(device.observed(), DECLARED))

    assert "another account logged in" in finding.message


def test_a_success_of_another_account_explains_nothing_where_nothing_ever_locks():
    device = Device(limit=1000)
    device.guess(4).guess(credential="right", account="viewer", connection=50).guess(16)
    device.guess(credential="right")

    (finding,) = violations(compare_with_declared(device.observed(), DECLARED))

    assert "another account" not in finding.message


def test_an_own_success_begins_a_new_run():
    device = Device().guess(4).guess(credential="right").guess(4).guess(credential="right")

    assert not violations(compare_with_declared(device.observed(), DECLARED))


def test_a_lock_that_is_over_too_early_is_a_violation():
    device = Device(lockout=3, growth=1).guess(6).wait(3.1).guess()

    (finding,) = violations(
        compare_with_declared(device.observed(), BruteForceFacts(max_attempts=5, lockout_s=60))
    )

    assert finding.expected == "locked for 60 s"


def test_a_lock_that_does_not_grow_as_declared_is_a_violation():
    device = Device(lockout=10, growth=1).guess(6).wait(10.5).guess(6).wait(10.5).guess()

    findings = compare_with_declared(
        device.observed(), BruteForceFacts(max_attempts=5, lockout_s=10, growth=3)
    )

    assert [finding.expected for finding in violations(findings)] == ["locked for 30 s"]


def test_the_growth_starts_anew_after_a_success():
    device = Device(lockout=10, growth=2)
    device.guess(6).wait(10.5).guess(credential="right").guess(6).wait(10.5).guess(credential="right")

    declared = BruteForceFacts(max_attempts=5, lockout_s=10, growth=2)

    assert not violations(compare_with_declared(device.observed(), declared))


def test_the_right_value_during_a_lock_is_a_violation():
    trace = [attempt(0.1 * k, "refused", 0.01, 1, "s", "owner") for k in range(5)]
    trace.append(attempt(0.5, "locked", 0.01, 1, "s", "owner"))
    trace.append(attempt(0.6, "accepted", 0.01, 1, "s", "owner", credential="right"))

    (finding,) = violations(compare_with_declared(interpret(trace), DECLARED))

    assert "the right value got through" in finding.message


def test_a_wrong_value_that_is_accepted_is_a_violation():
    trace = interpret([attempt(0, "refused"), attempt(1, "accepted")])

    assert "wrong value was accepted" in violations(compare_with_declared(trace, DECLARED))[0].message


def test_a_stricter_device_gives_notes_only():
    device = Device(limit=3, lockout=60).guess(4)
    for _ in range(40):
        device.wait(1).guess()

    findings = compare_with_declared(device.observed(), DECLARED)

    assert not violations(findings)
    assert any("earlier" in finding.message for finding in notes(findings))


def test_too_few_attempts_say_nothing():
    findings = compare_with_declared(Device().guess(3).observed(), DECLARED)

    assert [finding.kind for finding in findings] == ["unknown"]


def test_no_answer_at_all_says_nothing():
    findings = compare_with_declared(interpret([attempt(k, "no-answer") for k in range(20)]), DECLARED)

    assert [finding.kind for finding in findings] == ["unknown"]


def test_refusals_before_a_silent_lock_are_no_proof_of_guesses():
    device = Device(silent=True).guess(20).guess(credential="right")

    findings = compare_with_declared(device.observed(), DECLARED)

    assert not violations(findings)
    assert unknowns(findings)


def test_a_silent_lock_as_declared_is_seen_by_the_right_value():
    device = Device(silent=True).guess(5).guess(credential="right").wait(3.1).guess(credential="right")

    trace = device.observed()

    assert trace.through_before_first_lock == 5
    assert trace.locks[0].silent
    assert not violations(compare_with_declared(trace, DECLARED))


def test_refusals_without_the_right_value_at_the_end_prove_nothing():
    device = Device(limit=10**6).guess(20)

    findings = compare_with_declared(device.observed(), DECLARED)

    assert not violations(findings)
    assert unknowns(findings)


def test_the_right_value_after_the_lock_could_be_over_proves_nothing():
    device = Device(limit=10**6).guess(20).wait(5).guess(credential="right")

    assert not violations(compare_with_declared(device.observed(), DECLARED))


def test_a_lock_that_came_and_went_between_attempts_is_no_excess():
    device = Device(limit=5, lockout=3, growth=1).guess(5).wait(3.5).guess(5).wait(3.5).guess(6)

    findings = compare_with_declared(device.observed(), BruteForceFacts(max_attempts=5, lockout_s=3))

    assert not violations(findings)


def test_another_account_is_not_an_escape_from_a_lock_of_the_account():
    device = Device().guess(6).guess(2, account="viewer").guess(credential="right", account="viewer")

    assert not violations(compare_with_declared(device.observed(), DECLARED))


def test_another_account_is_an_escape_from_a_global_lock():
    device = Device().guess(6).guess(2, account="viewer")

    declared = BruteForceFacts(max_attempts=5, lockout_s=3, scope="global")

    assert violations(compare_with_declared(device.observed(), declared))


def test_another_address_is_no_escape_where_addresses_are_declared():
    device = Device(counter=lambda a: a["source"]).guess(6).guess(4, source="10.0.0.3").wait(3.2).guess()

    declared = BruteForceFacts(max_attempts=5, lockout_s=3, growth=2, scope="source")

    assert not violations(compare_with_declared(device.observed(), declared))


def test_another_address_is_an_escape_where_the_account_is_declared():
    device = Device(counter=lambda a: a["source"]).guess(6).guess(source="10.0.0.3", connection=2)

    (finding,) = violations(compare_with_declared(device.observed(), DECLARED))

    assert "another address" in finding.message


def test_another_address_is_for_a_person_where_nothing_is_declared_of_it():
    device = Device(counter=lambda a: a["source"]).guess(6).guess(source="10.0.0.3", connection=2)

    findings = compare_with_declared(device.observed(), BruteForceFacts(max_attempts=5, lockout_s=3))

    assert not violations(findings)
    assert unknowns(findings)


def test_attempts_in_flight_when_the_lock_began_are_no_escape():
    # Ten attempts at once: five are examined, five meet the lock, answered in no particular order.
    order = [
        "locked",
        "refused",
        "locked",
        "refused",
        "refused",
        "locked",
        "refused",
        "locked",
        "refused",
        "locked",
    ]
    trace = [attempt(0.001 * k, what, 0.2, k, "s", "owner") for k, what in enumerate(order)]

    observed = interpret(trace)

    assert observed.through_before_first_lock == 5
    assert not violations(compare_with_declared(observed, DECLARED))


def test_a_declared_delay_that_is_not_kept_is_a_violation():
    device = Device(limit=10**6).guess(10)

    (finding,) = violations(compare_with_declared(device.observed(), BruteForceFacts(delay_s=2)))

    assert "faster than the declared delay" in finding.message


def test_a_declared_delay_that_is_kept_gives_no_violation():
    trace = interpret([attempt(3.0 * k, "refused", 2.9) for k in range(10)])

    assert not violations(compare_with_declared(trace, BruteForceFacts(delay_s=3)))


def test_protection_by_size_alone_goes_back_to_the_documents():
    findings = compare_with_declared(
        Device(limit=10**6).guess(30).observed(), BruteForceFacts(entropy_only=True)
    )

    assert [finding.kind for finding in findings] == ["unknown"]


def test_the_measured_figures_are_plain_and_finite():
    figures = Device().guess(8).wait(3).guess(2).observed().to_json()

    assert json.loads(json.dumps(figures, allow_nan=False)) == figures
    assert figures["through"] == 7


@given(
    limit=st.integers(1, 8),
    lockout=st.floats(0.5, 100),
    growth=st.sampled_from([1.0, 1.5, 2.0]),
    waits=st.lists(st.floats(0, 120), max_size=12),
    rounds=st.integers(1, 12),
)
def test_a_device_that_keeps_its_word_is_never_accused(limit, lockout, growth, waits, rounds):
    device = Device(limit, lockout, growth)
    for number in range(rounds):
        device.guess(number + 1, connection=number % 3, account="owner" if number % 4 else "viewer")
        device.guess(credential="right") if number % 5 == 4 else None
        device.wait(waits[number] if number < len(waits) else 0.0)

    declared = BruteForceFacts(max_attempts=limit, lockout_s=lockout, growth=growth, scope="account")

    assert not violations(compare_with_declared(device.observed(), declared))


ROWS = st.tuples(
    st.floats(0, 1000),
    st.sampled_from(["refused", "locked", "accepted", "no-answer"]),
    st.floats(0, 5),
    st.integers(0, 2),
    st.sampled_from(["wrong", "right"]),
)


@given(st.lists(ROWS, max_size=40))
def test_any_sequence_of_attempts_can_be_read(rows):
    attempts = [
        attempt(t, what, took, one, ("", "a", "b")[one], ("", "a", "b")[one], credential=sent)
        for t, what, took, one, sent in rows
    ]

    for scope in (None, "account", "source", "connection", "global"):
        trace = interpret(attempts, scope=scope)
        compare_with_declared(trace, BruteForceFacts(max_attempts=3, lockout_s=5, delay_s=1, scope=scope))
        json.dumps(trace.to_json(), allow_nan=False)
        assert all(lock.shortest_s <= lock.longest_s for lock in trace.locks)
