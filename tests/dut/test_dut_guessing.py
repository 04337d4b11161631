"""Guessing within bounds: what a lock looks like, what escapes it, and how the device is left."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from login_device import LIMIT, OWNER, PASSWORD, HastenedClock, LoginDevice, attempt_at, profile_of
from work import FAR_TOO_LONG_S

from pytest_etsi.assessment import criteria
from pytest_etsi.dut import Dut
from pytest_etsi.dut.observe.brute_force import observe_guessing
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_etsi.assessment.criteria import Findings
    from pytest_etsi.dut.observe.brute_force import GuessingLog


LOCK_S = 60.0
"""Seconds of a lock, far more than a busy machine takes for anything that is done in one."""


@pytest.fixture
def device(device: LoginDevice) -> LoginDevice:
    """The device with long locks, which are not waited for."""
    device.clock = HastenedClock()
    device.lock_s = LOCK_S
    return device


def attacked(
    path: Path, device: LoginDevice, *, scope: str = "account", growth: float = 1, **changes: Any
) -> tuple[GuessingLog, Findings]:
    """The log of an attack and what it comes to, by the clock of the device."""
    limits = {"max_attempts": LIMIT, "lockout_s": LOCK_S, "scope": scope, "growth": growth}
    dut = Dut(profile_of(path, device, facts={"brute_force": limits}, **changes))
    entry = dut.profile.ixit.auth_mech[0]
    dut.require_identity()
    log = observe_guessing(dut, entry, clock=device.clock)
    return log, criteria.brute_force.guessing(entry, log)


def usable(dut: Dut) -> bool:
    return attempt_at(dut).accepted


@pytest.mark.parametrize("shown", ["423", "429", "403", "page"])
def test_a_lock_that_holds_as_documented_leaves_nothing_open(
    tmp_path: Path, device: LoginDevice, shown: str
) -> None:
    device.shown = shown
    log, found = attacked(tmp_path, device)

    assert not found.violations, found
    assert not found.unknowns, found
    assert log.attempts[-1].attempt.accepted


def test_a_login_that_accepts_every_password_is_a_violation(tmp_path: Path, device: LoginDevice) -> None:
    device.takes_any = True
    log, found = attacked(tmp_path, device)

    assert "A wrong value was accepted" in str(found.violations)
    assert log.guesses == 1


def test_a_basic_login_that_ignores_the_password_is_a_violation(tmp_path: Path, device: LoginDevice) -> None:
    device.open = True
    login = {"driver": "http-basic", "url": f"{device.base}/basic", "protected_url": None}
    _, found = attacked(tmp_path, device, login=login)

    assert "A wrong value was accepted" in str(found.violations)


def test_no_lock_at_all_is_a_violation(tmp_path: Path, device: LoginDevice) -> None:
    device.locks = 0
    log, found = attacked(tmp_path, device)

    assert f"{LIMIT + 1} wrong attempts in a row" in str(found.violations)
    assert log.guesses <= log.budget == 12


def test_a_lock_of_the_source_address_is_escaped_from_another(tmp_path: Path, device: LoginDevice) -> None:
    device.per_source = True
    _, found = attacked(tmp_path, device)

    assert "another address" in str(found.violations)


@pytest.mark.parametrize("scope", ["source", "account"])
def test_a_lock_of_the_address_that_a_header_names_is_escaped_by_another_header(
    tmp_path: Path, device: LoginDevice, scope: str
) -> None:
    device.believes = True
    _, found = attacked(tmp_path, device, scope=scope)

    assert "by saying in a header that it comes from another address" in str(found.violations)


def test_a_lock_of_a_name_as_it_is_spelled_is_escaped_by_another_spelling(
    tmp_path: Path, device: LoginDevice
) -> None:
    device.any_case = True
    _, found = attacked(tmp_path, device)

    assert "under another spelling of the user name" in str(found.violations)


def test_a_lock_that_ends_before_its_time_is_a_violation(tmp_path: Path, device: LoginDevice) -> None:
    device.lock_s = LOCK_S / 5
    _, found = attacked(tmp_path, device)

    assert "did not hold" in str(found.violations)


def test_a_silent_lock_is_never_taken_for_one_that_was_counted(tmp_path: Path, device: LoginDevice) -> None:
    device.shown = "silent"
    _, found = attacked(tmp_path, device)

    assert not found.violations, found
    assert found.unknowns


def test_a_lock_that_closes_connections_and_ends_in_time_is_the_documented_one(
    tmp_path: Path, device: LoginDevice
) -> None:
    device.shown = "close"
    log, found = attacked(tmp_path, device)

    assert not found.violations, found
    assert not found.unknowns, found
    assert "first seen locked" in log.summary
    assert usable(Dut(profile_of(tmp_path, device)))


def test_a_device_that_dies_while_locked_does_not_pass(tmp_path: Path, device: LoginDevice) -> None:
    device.crash_after = LIMIT + 2
    with pytest.raises(Inconclusive, match="stopped answering"):
        attacked(tmp_path, device)


def test_refusals_that_differ_each_time_are_no_lock(tmp_path: Path, device: LoginDevice) -> None:
    device.varying, device.locks = True, 0
    _, found = attacked(tmp_path, device)

    assert "wrong attempts in a row" in str(found.violations)
    assert "did not hold" not in str(found)


def test_growth_that_is_documented_and_not_there_is_a_violation(tmp_path: Path, device: LoginDevice) -> None:
    _, found = attacked(tmp_path, device, growth=4)

    assert "Lock 2" in str(found.violations)


def test_growth_beyond_what_is_waited_for_stays_open(tmp_path: Path, device: LoginDevice) -> None:
    _, found = attacked(tmp_path, device, growth=1000)

    assert "a second lock" in str(found.unknowns)


def test_one_source_address_leaves_open_whether_others_are_locked(
    tmp_path: Path, device: LoginDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pytest_etsi.dut.reach.network._can_bind", lambda _: False)
    _, found = attacked(tmp_path, device)

    assert "other source addresses" in str(found.unknowns)


def test_the_device_must_be_the_one_of_the_profile(tmp_path: Path, device: LoginDevice) -> None:
    device.identity["serial"] = "L-2"
    with pytest.raises(Inconclusive, match="does not look like the device"):
        attacked(tmp_path, device)

    assert device.attempts == []


def test_an_absurd_wait_is_not_waited_for(tmp_path: Path, device: LoginDevice) -> None:
    device.until[OWNER] = float("inf")
    device.shown = "423"
    device.waits = "999999999"
    began = time.monotonic()
    with pytest.raises(Inconclusive, match="not accepted: locked"):
        attacked(tmp_path, device)

    assert time.monotonic() - began < FAR_TOO_LONG_S


def test_no_password_is_in_the_log(tmp_path: Path, device: LoginDevice) -> None:
    log, _ = attacked(tmp_path, device)

    assert PASSWORD not in str(log.to_json())
