"""Flaws of the virtual camera that let people in who should stay outside, and the other way round."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from virtual_process import Process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx

NEW = "quite a new sentence"
FLAWS = (
    "snapshot-without-login",
    "users-without-login",
    "token-prefix",
    "logout-keeps-session",
    "viewer-sees-users",
    "method-override",
    "path-tricks",
    "trusted-address-header",
    "settings-by-get",
    "stream-any-user",
)


@pytest.fixture(scope="module")
def weak(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A camera with all of `FLAWS`, which do not get in each other's way."""
    process = Process(tmp_path_factory.mktemp("weak"), _with(*FLAWS)).start()
    yield process
    assert process.stop() == (0, "")


def _with(*flaws: str) -> tuple[str, ...]:
    return ("--initialized", *(word for flaw in flaws for word in ("--flaw", flaw)))


def _viewer(camera: Process) -> httpx.Client:
    return camera.logged_in(camera.values["viewer_username"], camera.values["viewer_password"])


def _token(client: httpx.Client) -> str:
    return client.headers["Authorization"].removeprefix("Bearer ")


def _device(camera: Process, path: str = "/api/device", **headers: str) -> bool:
    """Whether what only users are told is told."""
    answer = camera.client().get(camera.values["https_url"] + path, headers=headers)
    return answer.status_code == 200 and "serial" in answer.json()


def _picture(camera: Process) -> bool:
    answer = camera.client().get("/api/snapshot")
    return answer.status_code == 200 and answer.headers["Content-Type"] == "image/png"


def _new_account(camera: Process) -> bool:
    stranger = camera.client()
    status = stranger.post("/api/users", json={"username": "guest", "password": NEW}).status_code
    return status == 201 and camera.login(stranger, NEW, "guest").status_code == 200


def _first_characters(camera: Process) -> bool:
    token = _token(camera.owner())
    return _device(camera, Authorization=f"Bearer {token[:8]}{'x' * (len(token) - 8)}")


def _after_logout(camera: Process) -> bool:
    owner = camera.owner()
    assert owner.delete("/api/session").status_code == 204
    return owner.get("/api/device").status_code == 200


def _users_for_viewer(camera: Process) -> bool:
    return _viewer(camera).get("/api/users").status_code == 200


def _overridden(camera: Process) -> bool:
    answer = camera.client().post(
        "/api/settings", json={"status_led": False}, headers={"X-HTTP-Method-Override": "PUT"}
    )
    changed = camera.owner().get("/api/settings").json()["status_led"] is False
    return answer.status_code == 200 and changed


def _doubled_slash(camera: Process) -> bool:
    return _device(camera, "//api/device") and _device(camera, "/api//device")


def _forwarded(camera: Process) -> bool:
    return _device(camera, **{"X-Forwarded-For": "127.0.0.1"})


def _changed_by_get(camera: Process) -> bool:
    camera.client().get("/api/settings?motion_detection=false")
    return camera.owner().get("/api/settings").json()["motion_detection"] is False


def _other_stream_user(camera: Process) -> bool:
    answer = camera.client().get("/stream", auth=("somebody", camera.values["stream_password"]))
    return answer.status_code == 200


CHECKS = dict(
    zip(
        FLAWS,
        (
            _picture,
            _new_account,
            _first_characters,
            _after_logout,
            _users_for_viewer,
            _overridden,
            _doubled_slash,
            _forwarded,
            _changed_by_get,
            _other_stream_user,
        ),
        strict=True,
    )
)


@pytest.mark.parametrize("flaw", FLAWS)
def test_the_way_past_the_login_is_there_with_its_flaw_only(
    weak: Process, camera: Process, flaw: str
) -> None:
    happens = CHECKS[flaw]

    assert (happens(weak), happens(camera)) == (True, False)


def test_what_stays_guarded_stays_guarded(weak: Process) -> None:
    assert not _device(weak)
    assert not _device(weak, Authorization="Bearer x")
    assert _viewer(weak).put("/api/settings", json={"status_led": True}).status_code == 403


def test_every_token_is_the_owners(start: Callable[..., Process]) -> None:
    camera = start(*_with("any-token"))

    assert _device(camera, Authorization="Bearer x")
    assert not _device(camera)


def test_roles_the_owner_and_the_first_start_can_be_got_wrong(
    start: Callable[..., Process], camera: Process
) -> None:
    bad = start(*_with("role-unchecked", "owner-refused", "setup-again"), name="bad")
    change = {"status_led": True}

    assert _viewer(bad).put("/api/settings", json=change).status_code == 200
    assert _viewer(camera).put("/api/settings", json=change).status_code == 403
    assert bad.owner().get("/api/users").status_code == 403
    assert camera.owner().get("/api/users").status_code == 200
    assert bad.client().post("/api/setup", json={"password": NEW}).status_code == 200
    assert camera.client().post("/api/setup", json={"password": NEW}).status_code == 409
    assert bad.login(bad.client(), NEW, "owner").status_code == 200


def test_settings_can_be_open_in_factory_default(start: Callable[..., Process]) -> None:
    change = {"automatic_updates": False}
    bad, good = start("--flaw", "factory-settings-open", name="bad"), start(name="good")
    answers = [item.client().put("/api/settings", json=change) for item in (bad, good)]

    assert [answer.status_code for answer in answers] == [200, 403]
    assert bad.client().get("/api/settings").json()["automatic_updates"] is False
    assert not _device(bad)
