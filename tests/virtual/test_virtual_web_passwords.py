"""Passwords at the web interface of the virtual camera: their changes, the stream, and the lock."""

from __future__ import annotations

import base64
import concurrent.futures
import math
from typing import TYPE_CHECKING

import pytest
from virtual_process import NEW, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtual_process import Process


def test_the_web_password_is_changed_and_other_sessions_end(own: Process) -> None:
    here, there = own.owner(), own.owner()
    old = own.values["owner_password"]
    answer = here.post("/api/password", json={"old": old, "new": NEW})

    assert (answer.status_code, answer.json()) == (200, {"changed": True})
    assert own.login(own.client(), NEW).status_code == 200
    assert own.login(own.client(), old).status_code == 401
    assert (here.get("/api/device").status_code, there.get("/api/device").status_code) == (200, 401)


def test_people_change_their_passwords_in_the_forms_of_the_account_page(own: Process) -> None:
    client = own.client()
    client.post("/login", data={"username": "owner", "password": own.values["owner_password"]})
    web = client.post("/account/password", data={"old": own.values["owner_password"], "new": NEW})
    stream = client.post("/account/stream-password", data={"old": own.values["stream_password"], "new": NEW})
    refused = client.post("/account/password", data={"old": "wrong", "new": NEW})

    assert "The web password has been changed." in web.text
    assert "The stream password has been changed." in stream.text
    assert (refused.status_code, "Wrong password." in refused.text) == (403, True)
    assert own.login(own.client(), NEW).status_code == 200
    assert own.client().get("/stream", auth=("stream", NEW)).status_code == 200


@pytest.mark.parametrize("new", ["", "short", "password123"])
def test_a_bad_new_password_is_refused(own: Process, new: str) -> None:
    old = own.values["owner_password"]

    assert own.owner().post("/api/password", json={"old": old, "new": new}).status_code == 422
    assert own.login(own.client(), old).status_code == 200


def test_the_owner_changes_the_stream_password(own: Process) -> None:
    old = own.values["stream_password"]
    answer = own.owner().post("/api/stream-password", json={"old": old, "new": NEW})

    assert answer.status_code == 200
    assert own.client().get("/stream", auth=("stream", NEW)).status_code == 200
    assert own.client().get("/stream", auth=("stream", old)).status_code == 401


def test_the_stream_asks_for_its_password_by_basic_authentication(camera: Process) -> None:
    answer = camera.client().get("/stream")

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith('Basic realm="camera stream"')


def test_the_stream_is_shown_to_who_knows_the_password_of_the_label(camera: Process) -> None:
    answer = camera.client().get("/stream", auth=("stream", camera.values["stream_password"]))

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")


@pytest.mark.parametrize(
    "header", ["Basic", "Basic !", "Basic " + base64.b64encode(b"\xff:x").decode(), "Basic eA==", "Digest x"]
)
def test_an_unreadable_authorization_is_no_attempt(camera: Process, header: str) -> None:
    client = camera.client()
    answers = {client.get("/stream", headers={"Authorization": header}).status_code for _ in range(6)}

    assert answers == {401}
    assert client.get("/stream", auth=("stream", camera.values["stream_password"])).status_code == 200


def test_five_wrong_passwords_lock_the_stream(own: Process) -> None:
    client = own.client()
    wrong = [client.get("/stream", auth=("stream", "wrong")).status_code for _ in range(6)]
    right = client.get("/stream", auth=("stream", own.values["stream_password"]))

    assert wrong == [401] * 5 + [423]
    assert right.status_code == 423
    assert 0 < int(right.headers["Retry-After"]) <= 600
    assert own.login(own.client()).status_code == 200


def test_five_wrong_passwords_from_five_connections_lock(own: Process) -> None:
    assert [own.login(own.client(), "wrong").status_code for _ in range(5)] == [401] * 5
    locked = own.login(own.client())
    remaining = locked.json()["retry_after"]

    assert (locked.status_code, locked.json()["error"], locked.headers["Retry-After"]) == (
        423,
        "locked",
        f"{math.ceil(remaining)}",
    )
    assert 0 < remaining <= 600
    assert own.client().post("/login", data={"username": "owner", "password": "x"}).status_code == 423


def test_a_lock_comes_to_its_end(start: Callable[..., Process]) -> None:
    camera = start("--initialized", "--first-lock", "1")
    for _ in range(5):
        camera.login(camera.client(), "wrong")

    assert until(5, lambda: camera.login(camera.client()).status_code == 200)


def test_attempts_in_parallel_get_no_more_through_than_attempts_in_a_row(own: Process) -> None:
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: own.login(own.client(), "wrong").status_code, range(32)))

    assert answers.count(401) == 5
    assert answers.count(423) == 27


def test_a_lock_of_one_account_leaves_the_other_in(own: Process) -> None:
    for _ in range(5):
        own.login(own.client(), "wrong")

    assert own.login(own.client(), own.values["viewer_password"], "viewer").status_code == 200


def test_who_is_logged_in_stays_so_while_the_account_is_locked(own: Process) -> None:
    owner = own.owner()
    for _ in range(5):
        own.login(own.client(), "wrong")

    assert owner.get("/api/device").status_code == 200
