"""A clock that cannot be right decides nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pytest_etsi import clock
from pytest_etsi.verdict import Cause, Inconclusive

RIGHT = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "is_wrong"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), True),
        (datetime(2025, 12, 31, 23, 59, tzinfo=UTC), True),
        (clock.EARLIEST, False),
        (RIGHT, False),
        (datetime(2100, 1, 1, tzinfo=UTC), True),
    ],
)
def test_a_time_before_this_program_or_in_another_century_is_doubted(
    monkeypatch: pytest.MonkeyPatch, at: datetime, is_wrong: bool
) -> None:
    monkeypatch.setattr(clock, "_read", lambda: at)

    assert bool(clock.doubt()) is is_wrong
    assert clock.now_if_known() == (None if is_wrong else at)


def test_what_depends_on_the_date_is_left_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_read", lambda: datetime(1970, 1, 2, tzinfo=UTC))
    with pytest.raises(Inconclusive) as raised:
        clock.now()

    assert raised.value.cause is Cause.BENCH
    assert "1970-01-02" in raised.value.reason
    assert "set the clock" in raised.value.settle


def test_a_clock_that_may_be_right_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_read", lambda: RIGHT)

    assert clock.now() == RIGHT
