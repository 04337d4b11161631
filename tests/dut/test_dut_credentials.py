"""Changing a credential and changing it back, whatever the device does in between."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from login_device import PASSWORD, LoginDevice, attempt_at, profile_of
from work import FAR_TOO_LONG_S

from pytest_etsi import bounds
from pytest_etsi.dut import Dut
from pytest_etsi.dut.observe import credentials
from pytest_etsi.dut.observe.credentials import new_passwords
from pytest_etsi.dut.reach.recovery import Recovery
from pytest_etsi.evidence import EvidenceStore
from pytest_etsi.redaction import Redactor
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from pytest_etsi.dut.observe.credentials import CredentialChange


def changed(dut: Dut) -> CredentialChange:
    return dut.credential_change(dut.profile.ixit.auth_mech[0])


def test_a_change_takes_effect_and_is_undone(tmp_path: Path, device: LoginDevice) -> None:
    seen = changed(Dut(profile_of(tmp_path, device)))
    seen.require_change()
    seen.require_shown()

    assert not seen.violations
    assert seen.restored
    assert seen.old_session_ended is False
    assert device.passwords == {PASSWORD}


def test_a_former_password_that_goes_on_working_is_a_violation(tmp_path: Path, device: LoginDevice) -> None:
    device.change = "keeps-old"
    seen = changed(Dut(profile_of(tmp_path, device)))

    assert "former credential is still accepted" in str(seen.violations)
    assert not seen.without_effect


def test_a_change_that_is_only_said_to_be_made_is_a_violation(tmp_path: Path, device: LoginDevice) -> None:
    device.change = "lies"
    seen = changed(Dut(profile_of(tmp_path, device)))

    assert seen.without_effect
    assert "new credential is not accepted" in str(seen.violations)
    assert seen.restored


def test_a_device_that_wants_a_special_character_can_be_changed(tmp_path: Path, device: LoginDevice) -> None:
    device.change = "strict"
    seen = changed(Dut(profile_of(tmp_path, device)))

    assert seen.change.accepted
    assert not seen.violations


def test_a_refused_change_leaves_the_profiles_password(tmp_path: Path, device: LoginDevice) -> None:
    device.change = "refused"
    kept = tmp_path / "recovery.json"
    seen = changed(Dut(profile_of(tmp_path, device), recovery=kept))

    assert seen.change.outcome == "refused"
    assert seen.restored
    assert not kept.exists()


def test_a_change_that_is_made_without_an_answer_is_undone(tmp_path: Path, device: LoginDevice) -> None:
    device.change = "closes"
    device.locks = 0
    kept = tmp_path / "recovery.json"
    dut = Dut(profile_of(tmp_path, device), recovery=kept)
    seen = changed(dut)

    assert seen.change.outcome == "no-answer"
    assert "made all the same" in str(seen.notes)
    assert device.passwords == {PASSWORD}
    assert not kept.exists()


@pytest.mark.parametrize("shown", ["423", "429"])
def test_a_locked_login_refuses_no_former_password(
    tmp_path: Path, device: LoginDevice, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pytest_etsi.dut.observe.credentials._BACK_WITHIN_S", 0.1)
    device.locks, device.lock_s, device.shown = 1, 3600, shown
    device.change = "lies"
    seen = changed(Dut(profile_of(tmp_path, device, facts={"brute_force": None})))

    assert seen.old is not None
    assert seen.old.outcome == "locked"
    with pytest.raises(Inconclusive, match="no verdict on the former credential"):
        seen.require_shown()


def test_a_power_cut_that_fails_is_reported_and_the_password_comes_back(
    tmp_path: Path, device: LoginDevice
) -> None:
    cut = {"power-cycle": {"kind": "http", "url": f"{device.base}/nothing", "expect": [200]}}
    access = profile_access(device, operations=cut)
    seen = changed(Dut(profile_of(tmp_path, device, access=access)))

    assert device.passwords == {PASSWORD}
    assert not seen.violations
    with pytest.raises(Inconclusive, match="power cut"):
        seen.require_shown()


@pytest.mark.parametrize(("permissions", "cut"), [(("change-credentials",), False), (("outage",), True)])
def test_power_is_cut_only_with_the_permission_of_this_run(
    tmp_path: Path, device: LoginDevice, permissions: tuple[str, ...], cut: bool
) -> None:
    operations = {"power-cycle": {"kind": "http", "method": "GET", "url": f"{device.base}/identity"}}
    profile = profile_of(tmp_path, device, access=profile_access(device, operations=operations))
    seen = changed(Dut(profile, permissions=permissions))

    assert (seen.new_after_power_cycle is not None) == cut


def profile_access(device: LoginDevice, **changes: Any) -> dict[str, Any]:
    network = {"hosts": ["127.0.0.1"], "ports": str(device.port), "ports_because": "shared"}
    identity = {"url": f"{device.base}/identity", "fields": {"serial": "serial"}}
    return {"network": network, "identity": identity} | changes


def test_new_passwords_reach_no_evidence(tmp_path: Path, device: LoginDevice) -> None:
    made: list[str] = []
    redact = Redactor()

    def new_secret(value: str) -> None:
        made.append(value)
        redact.add(value)

    dut = Dut(profile_of(tmp_path, device), on_secret=new_secret)
    dut.attach(EvidenceStore(tmp_path / "results", redact).scope("5.1-4-2/a", "web"))
    changed(dut)
    kept = b"".join(path.read_bytes() for path in (tmp_path / "results").rglob("*") if path.is_file())

    assert made
    assert set(made) & set(device.attempts) == set(made)
    assert kept
    assert not any(secret.encode() in kept for secret in (*made, PASSWORD))


def test_a_kept_password_is_a_secret_of_the_next_run_too(tmp_path: Path, device: LoginDevice) -> None:
    kept = tmp_path / "recovery.json"
    Recovery(kept).keep("web", "Left-By-A-Run-1")
    made: list[str] = []
    Dut(profile_of(tmp_path, device), on_secret=made.append, recovery=kept)

    assert made == ["Left-By-A-Run-1"]


def test_a_silent_device_does_not_make_the_kept_password_forgotten(
    tmp_path: Path, device: LoginDevice
) -> None:
    kept = tmp_path / "recovery.json"
    Recovery(kept).keep("web", "Left-By-A-Run-1")
    dut = Dut(profile_of(tmp_path, device), recovery=kept)
    device.crash_after = -1
    device.passwords = {"Left-By-A-Run-1"}
    with pytest.raises(Inconclusive):
        dut.login("web")
    device.crash_after = 0

    assert json.loads(kept.read_text())["1-AuthMech"] == {"web": ["Left-By-A-Run-1"]}
    dut.login("web").close()


def test_somebody_who_has_restored_the_device_makes_the_kept_password_forgotten(
    tmp_path: Path, device: LoginDevice
) -> None:
    kept = tmp_path / "recovery.json"
    Recovery(kept).keep("web", "Left-By-A-Run-1")
    dut = Dut(profile_of(tmp_path, device), recovery=kept)
    dut.login("web").close()

    assert not kept.exists()
    assert dut.live_password(dut.profile.ixit.auth_mech[0]) == PASSWORD


@pytest.mark.parametrize("where", ["_try_patiently", "_after_power_cycle", "_has_ended"])
def test_time_that_is_up_at_any_moment_ends_the_unit_and_not_the_way_back(
    tmp_path: Path, device: LoginDevice, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Waiting for an answer between the change and its undoing; in the change itself it is told later."""
    limits: list[bounds.Limit] = []

    def waits(*_: object) -> None:
        limits[0].end = time.monotonic()
        bounds._arm()  # which tells it at once where a limit counts
        assert where == "_has_ended", "it counts while something is only looked at"

    monkeypatch.setattr(credentials, where, waits)
    kept = tmp_path / "recovery.json"
    dut = Dut(profile_of(tmp_path, device), recovery=kept)
    with pytest.raises(bounds.OutOfTime), bounds.at_most(FAR_TOO_LONG_S) as limit:  # noqa: PT012
        assert limit is not None
        limits.append(limit)
        changed(dut)

    assert device.passwords == {PASSWORD}
    assert not kept.exists()


def test_an_operation_that_does_not_end_is_ended_and_the_unit_left_open(
    tmp_path: Path, device: LoginDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "OPERATION", bounds.Question(0.01, 0.05))
    dut = Dut(
        profile_of(tmp_path, device), operations={"hang": lambda _: threading.Event().wait(FAR_TOO_LONG_S)}
    )
    with pytest.raises(Inconclusive, match=r"'hang' failed: it was ended when it had taken 0\.05 s"):
        dut.operations.run("hang")


_KILLED_BETWEEN = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from pytest_etsi.dut import Dut
from pytest_etsi.dut.observe import credentials
from pytest_etsi.profile import load_profile

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

credentials._try_patiently = die  # what follows the change
dut = Dut(load_profile(sys.argv[2]), recovery=Path(sys.argv[3]))
dut.credential_change(dut.profile.ixit.auth_mech[0])
"""


@pytest.mark.parametrize("kills", [1, 2])
def test_a_killed_run_leaves_a_file_by_which_the_next_one_restores_the_device(
    tmp_path: Path, device: LoginDevice, kills: int
) -> None:
    profile = profile_of(tmp_path, device)
    kept = tmp_path / "results" / "recovery.json"
    for _ in range(kills):
        done = subprocess.run(
            [sys.executable, "-c", _KILLED_BETWEEN, str(Path(__file__).parent), str(profile.path), str(kept)],
            timeout=30,
            check=False,
        )
        assert done.returncode == -signal.SIGKILL
    assert PASSWORD not in device.passwords
    assert kept.stat().st_mode & 0o077 == 0
    seen = changed(Dut(profile, recovery=kept))

    assert seen.restored
    assert device.passwords == {PASSWORD}
    assert not kept.exists()


def test_of_several_kept_passwords_the_one_that_counts_is_found(tmp_path: Path, device: LoginDevice) -> None:
    kept = tmp_path / "recovery.json"
    recovery = Recovery(kept)
    recovery.keep("web", "Made-And-Set-1")
    recovery.keep("web", "Made-But-Not-Set-2")
    device.passwords = {"Made-And-Set-1"}
    dut = Dut(profile_of(tmp_path, device), recovery=kept)

    assert dut.live_password(dut.profile.ixit.auth_mech[0]) == "Made-And-Set-1"
    assert json.loads(kept.read_text())["1-AuthMech"] == {"web": ["Made-And-Set-1"]}


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"1-AuthMech": {"web": 5}}', '{"1-AuthMech": {"web": []}}']
)
def test_a_spoilt_recovery_file_keeps_nothing(tmp_path: Path, content: str) -> None:
    file = tmp_path / "recovery.json"
    file.write_text(content)

    assert Recovery(file).passwords() == ()


@pytest.mark.parametrize(
    ("password", "lengths"),
    [
        ({}, (16, 12)),
        ({"min_length": 20}, (20, 20)),
        ({"max_length": 8}, (8, 8)),
        ({"max_length": 8, "generation": {"length": 8}}, (8, 8)),
        ({"generation": {"length": 14}}, (14, 12)),
    ],
)
def test_new_passwords_keep_to_the_stated_lengths(
    tmp_path: Path, device: LoginDevice, password: dict[str, Any], lengths: tuple[int, int]
) -> None:
    entry = profile_of(tmp_path, device, facts={"password": password}).ixit.auth_mech[0]
    first, second = new_passwords(entry)

    assert (len(first), len(second)) == lengths
    assert first.isalnum()
    assert not second.isalnum()


def test_a_wrong_password_in_the_profile_changes_nothing(tmp_path: Path, device: LoginDevice) -> None:
    dut = Dut(profile_of(tmp_path, device, login={"password": "not-the-password"}))
    with pytest.raises(Inconclusive, match="not accepted"):
        changed(dut)

    assert device.passwords == {PASSWORD}
    assert attempt_at(dut).accepted
