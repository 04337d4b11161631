"""The first start: what a device in factory default lets us do, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from login_device import PASSWORD, LoginDevice, attempt_at, profile_of

from pytest_etsi.dut import Dut
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_etsi.dut.observe.first_start import FirstStart


@pytest.fixture(autouse=True)
def soon_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytest_etsi.dut.observe.first_start._READY_WITHIN_S", 0.3)


def started(path: Path, device: LoginDevice, **changes: Any) -> FirstStart:
    device.locks = 0
    dut = Dut(profile_of(path, device, **changes))
    return dut.first_start(dut.profile.ixit.auth_mech[0])


def test_a_device_that_wants_a_password_first_offers_no_way_in(tmp_path: Path, device: LoginDevice) -> None:
    seen = started(tmp_path, device)
    seen.require_shown()

    assert seen.ways_in == ()
    assert device.passwords == {PASSWORD}


def test_a_password_that_may_be_left_empty_is_a_way_in(tmp_path: Path, device: LoginDevice) -> None:
    device.skippable = True
    seen = started(tmp_path, device)

    assert "empty password" in str(seen.ways_in)
    assert seen.restored


def test_a_device_that_takes_every_password_is_a_way_in(tmp_path: Path, device: LoginDevice) -> None:
    device.takes_any = True
    seen = started(tmp_path, device)

    assert "before set-up" in str(seen.ways_in)


def test_a_usual_password_is_a_way_in(tmp_path: Path, device: LoginDevice) -> None:
    class WithDefault(LoginDevice):
        def _judge(self, request: Any, username: str, password: str) -> Any:
            refusal = super()._judge(request, username, password)
            return None if not self.initialized and password == "12345" else refusal

    with WithDefault().running() as own:
        seen = started(tmp_path, own)

    assert "'12345'" in str(seen.ways_in)


def test_a_protected_resource_that_opens_before_set_up_is_a_way_in(
    tmp_path: Path, device: LoginDevice
) -> None:
    class OpenAtFirst(LoginDevice):
        async def _private(self, request: Any) -> Any:
            self.open = not self.initialized
            return await super()._private(request)

    with OpenAtFirst().running() as own:
        seen = started(tmp_path, own)

    assert "/private without a login before set-up" in str(seen.ways_in)


def test_a_reset_that_resets_nothing_shows_nothing(tmp_path: Path, device: LoginDevice) -> None:
    device.reset_works = False
    with pytest.raises(Inconclusive, match="old password still works"):
        started(tmp_path, device)

    assert device.passwords == {PASSWORD}


def test_a_reset_that_leaves_the_login_unreachable_is_not_a_pass(tmp_path: Path, device: LoginDevice) -> None:
    class Unreachable(LoginDevice):
        def _judge(self, request: Any, username: str, password: str) -> Any:
            self.crash_after = 0 if self.initialized else -1
            return super()._judge(request, username, password)

    with Unreachable().running() as own, pytest.raises(Inconclusive, match="does not answer"):
        started(tmp_path, own)


def test_logins_that_are_not_answered_show_nothing(tmp_path: Path, device: LoginDevice) -> None:
    class FallsSilent(LoginDevice):
        def _judge(self, request: Any, username: str, password: str) -> Any:
            self.crash_after = -1 if not self.initialized and password == "admin" else 0
            return super()._judge(request, username, password)

    with FallsSilent().running() as own:
        seen = started(tmp_path, own)

    assert seen.ways_in == ()
    with pytest.raises(Inconclusive, match="not everything was answered"):
        seen.require_shown()


def test_the_device_is_set_up_again_after_an_error_in_between(
    tmp_path: Path, device: LoginDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("in between")

    monkeypatch.setattr("pytest_etsi.dut.observe.first_start._early_logins", fails)
    with pytest.raises(RuntimeError, match="in between"):
        started(tmp_path, device)

    assert device.initialized
    assert device.passwords == {PASSWORD}


def test_another_device_is_not_reset(tmp_path: Path, device: LoginDevice) -> None:
    device.identity["serial"] = "L-2"
    with pytest.raises(Inconclusive, match="does not look like"):
        started(tmp_path, device)

    assert device.initialized


@pytest.mark.parametrize("identity", [{}, {"model": "Lamp"}, {"model": "Lamp", "serial": None}])
def test_a_device_that_says_too_little_of_itself_is_not_taken_for_the_right_one(
    tmp_path: Path, device: LoginDevice, identity: dict[str, Any]
) -> None:
    device.identity = identity
    dut = Dut(profile_of(tmp_path, device))

    assert dut.observed_identity()["verified"] is False


def test_an_identity_that_the_profile_does_not_state_is_not_verified(
    tmp_path: Path, device: LoginDevice
) -> None:
    device.identity = {}
    dut_without_serial = {"manufacturer": "Example", "model": "Lamp", "hardware": "A", "software": "1.0"}
    dut = Dut(profile_of(tmp_path, device, dut=dut_without_serial))

    assert dut.observed_identity()["verified"] is None
    with pytest.raises(Inconclusive):
        dut.require_identity()


def test_the_lock_of_early_guesses_is_waited_for(tmp_path: Path, device: LoginDevice) -> None:
    dut = Dut(profile_of(tmp_path, device))
    seen = dut.first_start(dut.profile.ixit.auth_mech[0])
    seen.require_shown()

    assert seen.early_logins[-1][1].outcome == "locked"
    assert attempt_at(dut).accepted
