"""How many wrong attempts a documented prevention lets through."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pytest_etsi.profile.facts import BruteForceFacts, GenerationFacts

DAY = 86_400.0


def counted(facts: BruteForceFacts, seconds: float) -> int:
    """The same by playing it through, attempt by attempt."""
    now, lock, done = 0.0, facts.lockout_s or 0.0, 0
    limit = math.inf if facts.max_lockout_s is None else facts.max_lockout_s
    while done < 10_000:
        now += facts.delay_s or 0.0
        if now > seconds or (not facts.delay_s and now >= seconds):
            break
        done += 1
        if done % (facts.max_attempts or 1) == 0:
            now += min(lock, limit)
            lock *= facts.growth
    return done


@pytest.mark.parametrize(
    ("facts", "day"),
    [
        ({"max_attempts": 5, "lockout_s": 60}, 7200),
        ({"max_attempts": 5, "lockout_s": 60, "growth": 2}, 55),
        ({"max_attempts": 5, "lockout_s": 60, "growth": 2, "max_lockout_s": 60}, 7200),
        ({"max_attempts": 5, "lockout_s": 86_400}, 5),
        ({"delay_s": 1}, 86_400),
        ({"max_attempts": 5, "lockout_s": 0, "delay_s": 2}, 43_200),
        ({"max_attempts": 10, "lockout_s": 60, "delay_s": 1}, 12_350),
        ({}, math.inf),
        ({"max_attempts": 5}, math.inf),
        ({"entropy_only": True}, math.inf),
    ],
)
def test_guesses_of_a_day(facts: dict[str, float], day: float) -> None:
    assert BruteForceFacts.model_validate(facts).guesses_per_day() == day


def test_a_year_has_365_days_and_the_locks_go_on_growing() -> None:
    facts = BruteForceFacts(max_attempts=5, lockout_s=60, growth=2)

    assert facts.guesses_per_year() == 100


def test_a_doubling_lock_with_a_bound_settles_at_that_bound() -> None:
    facts = BruteForceFacts(max_attempts=5, lockout_s=3, growth=2, max_lockout_s=DAY)

    assert 5 * 365 < facts.guesses_per_year() < 5 * (365 + 20)


def test_a_hardly_growing_lock_is_computed_in_bounded_time() -> None:
    facts = BruteForceFacts(max_attempts=1, lockout_s=1e-3, growth=1.0000001)

    # By hand: n locks last 1e4 * (1.0000001**n - 1) s; a year is reached at n = ln(3154.6) / 1e-7.
    assert facts.guesses_per_year() == pytest.approx(8.0566e7, rel=1e-3)


def test_nothing_gets_through_in_no_time() -> None:
    assert BruteForceFacts(max_attempts=5, lockout_s=60).guesses(0) == 0


ATTEMPTS = st.integers(1, 50)
WHOLE = st.integers(1, 5000).map(float)
FACTS = st.builds(
    lambda attempts, lock, growth, more, delay: BruteForceFacts(
        max_attempts=attempts,
        lockout_s=lock,
        growth=growth,
        max_lockout_s=None if more is None else lock + more,
        delay_s=delay,
    ),
    ATTEMPTS,
    WHOLE,
    st.sampled_from([1.0, 2.0, 3.0, 10.0]),
    st.none() | WHOLE,
    st.sampled_from([None, 0.0, 1.0, 3.0]),
)


@given(FACTS, st.integers(1, 100_000))
def test_the_formula_agrees_with_playing_it_through(facts: BruteForceFacts, seconds: int) -> None:
    played = counted(facts, seconds)

    assert facts.guesses(seconds) == played or played == 10_000


@given(FACTS, st.floats(0, 1e7), st.floats(0, 1e7))
def test_a_longer_period_never_lets_fewer_through(facts: BruteForceFacts, one: float, two: float) -> None:
    assert facts.guesses(min(one, two)) <= facts.guesses(max(one, two))


@given(FACTS, st.integers(1, 1_000_000), st.data())
def test_a_stricter_prevention_never_lets_more_through(
    facts: BruteForceFacts, seconds: int, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(["max_attempts", "lockout_s", "growth", "max_lockout_s", "delay_s"]))
    value = getattr(facts, name)
    changed = {
        "max_attempts": lambda: max(1, value - 1),
        "lockout_s": lambda: min(value + 7, facts.max_lockout_s or math.inf),
        "growth": lambda: value + 1,
        "max_lockout_s": lambda: None if value is None else value + 11,
        "delay_s": lambda: (value or 0.0) + 1,
    }[name]()

    assert facts.model_copy(update={name: changed}).guesses(seconds) <= facts.guesses(seconds)


@given(
    st.integers(1, 1000),
    st.floats(0, 1e9),
    st.floats(1, 1000),
    st.none() | st.floats(0, 1e12),
    st.floats(0, 1e6),
    st.floats(0, 1e10),
)
def test_any_numbers_give_a_result_at_once(
    attempts: int, lock: float, growth: float, longest: float | None, delay: float, seconds: float
) -> None:
    limit = None if longest is None else lock + longest
    facts = BruteForceFacts(
        max_attempts=attempts, lockout_s=lock, growth=growth, max_lockout_s=limit, delay_s=delay
    )

    assert facts.guesses(seconds) >= 0


@pytest.mark.parametrize(
    ("alphabet", "size"),
    [("digits", 10), ("hex", 16), ("base32", 32), ("alnum", 62), ("aab", 2), (None, None)],
)
def test_an_alphabet_is_named_or_written_out(alphabet: str | None, size: int | None) -> None:
    characters = GenerationFacts(alphabet=alphabet).characters

    assert (None if characters is None else len(characters)) == size


@pytest.mark.parametrize(
    ("rates", "seconds", "most"),
    [
        ([{"attempts": 5, "per_s": 60, "window": "sliding"}], 59, 5),
        ([{"attempts": 5, "per_s": 60, "window": "sliding"}], 60, 10),
        ([{"attempts": 5, "per_s": 60, "window": "fixed"}], 59, 10),
        ([{"attempts": 5, "per_s": 60}], 3600, 310),
        ([{"attempts": 3, "per_s": 60, "window": "sliding"}, {"attempts": 10, "per_s": 3600}], 86400, 260),
    ],
)
def test_limits_per_time_let_through_as_much_as_the_windows_allow(rates, seconds, most):
    assert BruteForceFacts(rates=rates).guesses(seconds) == most


def test_a_limit_per_time_beside_a_lock_lets_through_what_both_do():
    lock = {"max_attempts": 10, "lockout_s": 3600}
    rate = {"attempts": 1, "per_s": 60, "window": "sliding"}

    assert BruteForceFacts(**lock, rates=[rate]).guesses(300) == 6
    assert BruteForceFacts(**lock, rates=[rate]).guesses(86400) == BruteForceFacts(**lock).guesses(86400)


def test_a_limit_per_next_to_no_time_is_none():
    with pytest.raises(ValidationError):
        BruteForceFacts(rates=[{"attempts": 5, "per_s": 1e-308}])
