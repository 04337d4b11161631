"""Flaws of logins at the web interface of the virtual camera."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from virtual_process import NEW, Process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="module")
def flawed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A camera with all the flaws that do not disturb each other."""
    names = ("plain-http-login", "lockout-per-connection")
    options = [word for name in names for word in ("--flaw", name)]
    camera = Process(
        tmp_path_factory.mktemp("flawed"), ("--initialized", "--first-lock", "600", *options)
    ).start()
    yield camera
    camera.stop()


def test_flaw_plain_http_login_serves_the_login_over_http(flawed: Process) -> None:
    with httpx.Client(base_url=flawed.values["http_url"], trust_env=False) as client:
        page = client.get("/")
        client.post("/login", data={"username": "owner", "password": flawed.values["owner_password"]})
        behind = client.get("/api/device")

    assert (page.status_code, 'type="password"' in page.text) == (200, True)
    assert behind.json()["serial"] == flawed.values["serial"]


def test_flaw_lockout_per_connection_locks_the_connection_but_not_the_next(flawed: Process) -> None:
    with flawed.client() as client:
        answers = [flawed.login(client, "wrong").status_code for _ in range(6)]
    with flawed.client() as client:
        fresh = flawed.login(client).status_code

    assert (answers, fresh) == ([401] * 5 + [423], 200)


def test_flaw_lockout_believes_headers_locks_whoever_names_no_other_address(
    start: Callable[..., Process],
) -> None:
    camera = start("--initialized", "--first-lock", "600", "--flaw", "lockout-believes-headers")
    client = camera.client()
    answers = [camera.login(client, "wrong").status_code for _ in range(6)]
    client.headers["X-Forwarded-For"] = "192.0.2.77"

    assert (answers, camera.login(client).status_code) == ([401] * 5 + [423], 200)


def test_flaw_no_lockout_answers_fifty_wrong_passwords_alike(start: Callable[..., Process]) -> None:
    camera = start("--initialized", "--flaw", "no-lockout")
    client = camera.client()

    assert {camera.login(client, "wrong").status_code for _ in range(50)} == {401}
    assert camera.login(client).status_code == 200


def test_flaw_lockout_after_50_locks_with_the_fiftieth(start: Callable[..., Process]) -> None:
    camera = start("--initialized", "--first-lock", "600", "--flaw", "lockout-after-50")
    client = camera.client()

    assert [camera.login(client, "wrong").status_code for _ in range(51)] == [401] * 50 + [423]


def test_flaw_lockout_reset_by_any_success_never_locks_with_a_viewer_s_help(
    start: Callable[..., Process],
) -> None:
    camera = start("--initialized", "--flaw", "lockout-reset-by-any-success")
    client = camera.client()
    answers = []
    for _ in range(4):
        answers += [camera.login(client, "wrong").status_code for _ in range(4)]
        camera.login(client, camera.values["viewer_password"], "viewer")

    assert answers == [401] * 16


def test_flaw_password_change_refused_is_an_internal_error(start: Callable[..., Process]) -> None:
    camera = start("--initialized", "--flaw", "password-change-refused")
    old = camera.values["owner_password"]

    assert camera.owner().post("/api/password", json={"old": old, "new": NEW}).status_code == 500
    assert camera.login(camera.client(), old).status_code == 200
    assert camera.login(camera.client(), NEW).status_code == 401


def test_flaw_old_password_stays_valid_lets_both_in(start: Callable[..., Process]) -> None:
    camera = start("--initialized", "--flaw", "old-password-stays-valid")
    old = camera.values["owner_password"]
    camera.owner().post("/api/password", json={"old": old, "new": NEW})

    assert [camera.login(camera.client(), word).status_code for word in (old, NEW, "other")] == [
        200,
        200,
        401,
    ]


@pytest.mark.parametrize("body", [{"skip": True}, {"password": ""}])
def test_flaw_password_not_enforced_lets_in_without_a_password(
    start: Callable[..., Process], body: dict[str, object]
) -> None:
    camera = start("--flaw", "password-not-enforced")

    assert camera.client().post("/api/setup", json=body).json() == {"state": "initialized"}
    assert camera.login(camera.client(), "").status_code == 200


@pytest.mark.parametrize(
    "flaw", ["universal-default-password", "mac-derived-password", "sequential-passwords"]
)
def test_flaws_of_the_label_give_the_stream_that_password(start: Callable[..., Process], flaw: str) -> None:
    camera = start("--initialized", "--flaw", flaw)

    assert (
        camera.client().get("/stream", auth=("stream", camera.values["stream_password"])).status_code == 200
    )
