"""Updates, set-up check, examination and waits of the virtual camera, without its servers."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from pytest_etsi.virtual.device import errors
from pytest_etsi.virtual.device.backoff import Backoff
from pytest_etsi.virtual.device.core import Core, Memory
from pytest_etsi.virtual.device.settings import DEFAULT_SETTINGS, changed
from pytest_etsi.virtual.device.setup_check import points
from pytest_etsi.virtual.device.updates import Offer, notice, planned
from pytest_etsi.virtual.device.upkeep import Upkeep
from pytest_etsi.virtual.service.examination import Diagnostics, Examination

NOON = datetime.datetime(2026, 11, 26, 12, tzinfo=datetime.UTC)
TODAY = NOON.date()
OFFER = Offer("1.4.3", "somebody in your network could see the picture.", 75)


def _settings(**changes: Any) -> dict[str, Any]:
    return changed(DEFAULT_SETTINGS, changes, TODAY)


# Settings ---------------------------------------------------------------------------------------------------


def test_a_new_camera_updates_itself_tells_of_it_and_sends_no_diagnostics() -> None:
    assert {
        name: DEFAULT_SETTINGS[name]
        for name in ("automatic_updates", "update_notifications", "postpone_updates_until", "diagnostics")
    } == {
        "automatic_updates": True,
        "update_notifications": True,
        "postpone_updates_until": "",
        "diagnostics": False,
    }


@pytest.mark.parametrize("days", [0, 30])
def test_updates_are_postponed_to_a_day_of_the_next_month(days: int) -> None:
    day = (TODAY + datetime.timedelta(days=days)).isoformat()

    assert _settings(postpone_updates_until=day)["postpone_updates_until"] == day


@pytest.mark.parametrize("value", ["2026-11-25", "2026-12-27", "tomorrow", 7, None, True])
def test_updates_are_not_postponed_to_other_days(value: Any) -> None:
    with pytest.raises(errors.RejectedError):
        _settings(postpone_updates_until=value)


def test_diagnostics_end_with_the_reports() -> None:
    agreed = _settings(diagnostics=True)

    assert changed(agreed, {"reports": False}, TODAY)["diagnostics"] is False


def test_nobody_agrees_to_diagnostics_that_cannot_be_sent() -> None:
    with pytest.raises(errors.RejectedError, match="switched off"):
        _settings(reports=False, diagnostics=True)


# Updates ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "night"),
    [
        (NOON, "2026-11-27"),
        (NOON.replace(hour=3, minute=59), "2026-11-26"),
        (NOON.replace(hour=4), "2026-11-27"),
    ],
)
def test_an_update_is_planned_for_the_next_night(now: datetime.datetime, night: str) -> None:
    assert str(planned(DEFAULT_SETTINGS, now)) == night


def test_a_postponed_update_is_planned_for_the_day_the_owner_named() -> None:
    assert str(planned(_settings(postpone_updates_until="2026-12-03"), NOON)) == "2026-12-03"


def test_a_date_that_has_passed_postpones_nothing() -> None:
    settings = {**DEFAULT_SETTINGS, "postpone_updates_until": "2026-11-01"}

    assert str(planned(settings, NOON)) == "2026-11-27"


def test_nothing_is_planned_while_automatic_updates_are_off() -> None:
    assert planned(_settings(automatic_updates=False), NOON) is None


def test_the_notice_names_version_risk_night_and_interruption() -> None:
    text = notice(OFFER, DEFAULT_SETTINGS, NOON)

    assert all(part in text for part in ("1.4.3", OFFER.risks, "2026-11-27", "75 seconds"))


def test_the_notice_says_how_to_get_an_update_that_is_not_installed_automatically() -> None:
    assert "Automatic installation is switched off" in notice(OFFER, _settings(automatic_updates=False), NOON)


def test_who_does_not_want_notices_gets_none() -> None:
    assert notice(OFFER, _settings(update_notifications=False), NOON) == ""


@pytest.mark.parametrize(
    ("version", "taken"), [("1.4.3", True), ("1.10", True), ("1.4.2", False), ("1.3.9", False)]
)
def test_only_a_newer_version_is_taken(version: str, taken: bool) -> None:
    upkeep = Upkeep(NOON.timestamp)
    upkeep.take_offer({"version": version, "risks": "some"})

    assert (upkeep.offer is not None) is taken


@pytest.mark.parametrize(
    "value",
    [
        7,
        {},
        {"version": "1.4.3"},
        {"version": "1.4.3", "risks": ""},
        {"version": "1.4.3", "risks": "x" * 501},
        {"version": "latest", "risks": "some"},
        {"version": "1.4.3", "risks": "some", "interruption_s": -1},
        {"version": "1.4.3", "risks": "some", "interruption_s": True},
        {"version": "1.4.3", "risks": "some", "run": "rm"},
    ],
)
def test_what_is_no_offer_is_refused_and_leaves_the_one_before(value: Any) -> None:
    upkeep = Upkeep(NOON.timestamp)
    upkeep.offer = OFFER
    with pytest.raises(ValueError, match="expected"):
        upkeep.take_offer(value)

    assert upkeep.offer == OFFER


# Service connector ------------------------------------------------------------------------------------------


def test_the_service_connector_closes_by_itself_after_fifteen_minutes() -> None:
    now = [1000.0]
    upkeep = Upkeep(lambda: now[0])
    before = upkeep.connector_s
    upkeep.open_connector(wanted=True)
    opened = upkeep.connector_s
    now[0] += 900

    assert (before, opened, upkeep.connector_s) == (0.0, 900.0, 0.0)


def test_a_clock_that_jumps_back_does_not_keep_the_connector_open_for_longer() -> None:
    now = [1_000_000.0]
    upkeep = Upkeep(lambda: now[0])
    upkeep.open_connector(wanted=True)
    now[0] = 0.0

    assert upkeep.connector_s == 900.0


# Set-up check -----------------------------------------------------------------------------------------------


def _unsafe(settings: dict[str, Any], *, connector_open: bool = False) -> list[str]:
    found = points(settings, [], connector_open=connector_open, today=TODAY)
    return [point.what for point in found if point.good is False]


def test_a_new_camera_is_set_up_securely() -> None:
    assert _unsafe(_settings()) == []


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"automatic_updates": False}, "Automatic updates"),
        ({"postpone_updates_until": "2026-12-01"}, "Automatic updates"),
        ({"update_notifications": False}, "Update notices"),
    ],
)
def test_the_check_names_what_is_not_secure(changes: dict[str, Any], what: str) -> None:
    assert _unsafe(_settings(**changes)) == [what]


def test_the_check_names_an_open_connector() -> None:
    assert _unsafe(_settings(), connector_open=True) == ["Service connector"]


def test_the_check_asks_whether_the_owner_knows_the_viewers() -> None:
    found = points(_settings(), ["aunt", "guest"], connector_open=False, today=TODAY)
    (viewers,) = (point for point in found if point.what == "Viewers")

    assert (viewers.good, "aunt, guest" in viewers.text) == (None, True)


# Diagnostics and their examination --------------------------------------------------------------------------


def test_failed_logins_of_web_and_stream_are_counted_and_outlive_a_power_cut() -> None:
    store = Memory()
    core = Core(store, "H7KD2MWQX4RT", clock=NOON.timestamp)
    core.initialize({"owner": ("owner", "a long river bends")})
    with pytest.raises(errors.WrongPasswordError):
        core.login("owner", "wrong")
    with pytest.raises(errors.WrongPasswordError):
        core.check_stream("stream", "wrong")
    again = Core(store, "H7KD2MWQX4RT", clock=NOON.timestamp)
    again.boot()

    assert again.diagnostics() == {"restarts": 1, "failed_logins": 2}


def test_a_factory_reset_forgets_counts_and_consent() -> None:
    core = Core(Memory(), "H7KD2MWQX4RT", clock=NOON.timestamp)
    core.initialize({"owner": ("owner", "a long river bends")})
    core.boot()
    core.change_settings(core.login("owner", "a long river bends"), {"diagnostics": True})
    with pytest.raises(errors.WrongPasswordError):
        core.login("owner", "wrong")
    core.factory_reset()

    assert core.diagnostics() == {"restarts": 0, "failed_logins": 0}
    assert core.settings()["diagnostics"] is False


def _examined(*counts: tuple[float, int, int]) -> list[str]:
    examination = Examination()
    for time, restarts, failed in counts:
        examination.add(time, Diagnostics(restarts, failed))
    return examination.anomalies(counts[-1][0])


def test_many_failed_logins_within_an_hour_are_an_anomaly() -> None:
    assert _examined((0, 1, 100), (1800, 1, 119)) == []
    assert _examined((0, 1, 100), (1800, 1, 120)) == ["failed-logins"]


def test_as_many_failed_logins_over_a_day_are_none() -> None:
    assert _examined(*((hour * 3700.0, 1, hour) for hour in range(24))) == []


def test_many_restarts_within_an_hour_are_an_anomaly() -> None:
    assert _examined((0, 10, 0), (1800, 14, 0)) == []
    assert _examined((0, 10, 0), (1800, 15, 0)) == ["restarts"]


def test_a_factory_reset_hides_no_failed_logins() -> None:
    assert _examined((0, 1, 100), (10, 1, 115), (20, 2, 0), (30, 2, 5)) == ["failed-logins"]


# Waits ------------------------------------------------------------------------------------------------------


def test_the_wait_doubles_with_each_failure_up_to_ten_minutes() -> None:
    backoff = Backoff(draw=lambda _low, high: high)

    assert [backoff.next_s() for _ in range(12)] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]


def test_after_an_answer_the_waits_begin_anew() -> None:
    backoff = Backoff(draw=lambda _low, high: high)
    for _ in range(5):
        backoff.next_s()
    backoff.reset()

    assert backoff.next_s() == 1


def test_waits_are_drawn_from_the_upper_half_and_differ() -> None:
    waits = [Backoff().next_s() for _ in range(200)]

    assert all(0.5 <= wait <= 1 for wait in waits)
    assert max(waits) - min(waits) > 0.2
