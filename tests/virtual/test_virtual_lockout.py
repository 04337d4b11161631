"""The lockout of the virtual camera, with a clock that the tests move."""

from __future__ import annotations

import pytest

from pytest_etsi.virtual.device.lockout import Lockout, Policy


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def lockout(clock: Clock) -> Lockout:
    return Lockout(Policy(), clock)


def _fail(lockout: Lockout, times: int, account: str = "owner") -> None:
    for _ in range(times):
        lockout.failed(account)


def test_four_failures_do_not_lock(lockout: Lockout) -> None:
    _fail(lockout, 4)

    assert lockout.remaining_s("owner") == 0


def test_the_fifth_failure_locks_for_two_seconds(lockout: Lockout) -> None:
    _fail(lockout, 5)

    assert lockout.remaining_s("owner") == 2


def test_a_lock_ends_when_its_time_has_passed(lockout: Lockout, clock: Clock) -> None:
    _fail(lockout, 5)
    clock.now += 2

    assert lockout.remaining_s("owner") == 0


def test_every_further_lock_is_twice_as_long_up_to_a_day(lockout: Lockout, clock: Clock) -> None:
    lengths = []
    for _ in range(20):
        _fail(lockout, 5)
        lengths.append(lockout.remaining_s("owner"))
        clock.now += lengths[-1]

    assert lengths == [min(86_400, 2 * 2**n) for n in range(20)]


def test_the_longest_lock_holds_however_many_there_were() -> None:
    assert Policy().lock_s(10_000_000) == 86_400


def test_without_growth_every_lock_is_equal() -> None:
    assert Policy(growth=1).lock_s(100) == 2


def test_another_account_is_not_locked(lockout: Lockout) -> None:
    _fail(lockout, 5)

    assert lockout.remaining_s("viewer") == 0


def test_a_success_forgets_the_account_s_failures_and_growth(lockout: Lockout, clock: Clock) -> None:
    _fail(lockout, 5)
    clock.now += 2
    lockout.succeeded("owner")
    _fail(lockout, 5)

    assert lockout.remaining_s("owner") == 2


def test_a_success_of_another_account_forgets_nothing(lockout: Lockout) -> None:
    _fail(lockout, 4)
    lockout.succeeded("viewer")
    _fail(lockout, 1)

    assert lockout.remaining_s("owner") == 2


def test_a_clock_that_jumps_back_does_not_lock_for_longer_than_a_day(lockout: Lockout, clock: Clock) -> None:
    _fail(lockout, 5)
    clock.now -= 10_000_000

    assert lockout.remaining_s("owner") == 86_400


def test_the_counters_survive_being_written_and_read(lockout: Lockout, clock: Clock) -> None:
    _fail(lockout, 5)
    clock.now += 2
    _fail(lockout, 4)
    again = Lockout(Policy(), clock)
    again.load(lockout.to_json())
    _fail(again, 1)

    assert again.remaining_s("owner") == 4


def test_a_policy_without_a_limit_never_locks_and_remembers_nothing(clock: Clock) -> None:
    lockout = Lockout(Policy(max_attempts=None), clock)
    _fail(lockout, 1000)

    assert (lockout.remaining_s("owner"), lockout.counters) == (0, {})
