"""A clock that shows a day before this version was made, or one of another century, is not set, and decides nothing."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest

from pytest_etsi import clock
from pytest_etsi.assessment._data import read_json
from pytest_etsi.assessment.crypto import _catalogue
from pytest_etsi.probes.tls.false_certificate import _validity

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def showing(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets the clock."""

    def show(text: str) -> None:
        at = datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)
        monkeypatch.setattr(clock, "_read", lambda: at)

    return show


@pytest.mark.parametrize(
    ("shown", "day"),
    [
        ("1970-01-01T00:00:07", None),
        ("1979-12-31T23:59:59", None),
        ("2026-10-31T23:59:59", None),
        ("2026-11-01T00:00:00", datetime.date(2026, 11, 1)),
        ("2031-05-01T12:00:00", datetime.date(2031, 5, 1)),
        ("2100-01-01T00:00:00", None),
    ],
)
def test_the_present_day_is_known_from_when_this_version_was_made(
    showing: Callable[[str], None], shown: str, day: datetime.date | None
) -> None:
    showing(shown)

    assert clock.today() == day
    assert (shown[:10] in clock.doubt()) is (day is None)


def test_this_version_was_made_when_its_reference_data_were_compiled() -> None:
    assert f"{clock.MADE:%Y-%m}" == read_json("cryptography.json")["compiled"]


@pytest.mark.parametrize(("shown", "year"), [("1970-01-01", 2026), ("2031-05-01", 2031)])
def test_a_clock_that_is_not_set_prolongs_no_end_of_a_method(
    showing: Callable[[str], None], shown: str, year: int
) -> None:
    showing(shown)

    assert _catalogue.this_year() == year


def test_an_impostor_at_a_bench_without_a_clock_is_in_time_whatever_the_device_believes(
    showing: Callable[[str], None],
) -> None:
    showing("1970-01-01")
    begin, end = _validity()

    for year in (1971, 2026, 2040):
        assert begin < datetime.datetime(year, 1, 1, tzinfo=datetime.UTC) < end


def test_an_impostor_is_in_time_for_a_device_whose_clock_is_months_away(
    showing: Callable[[str], None],
) -> None:
    showing("2027-01-01")
    begin, end = _validity()

    assert begin < datetime.datetime(2026, 8, 1, tzinfo=datetime.UTC)
    assert end > datetime.datetime(2027, 6, 1, tzinfo=datetime.UTC)
    assert (end - begin).days <= 398
