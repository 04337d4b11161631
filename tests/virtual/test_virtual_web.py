"""The web interface of the virtual camera: pages, API, first start."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx
import pytest
from virtual_process import NEW

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtual_process import Process

PROTECTED = [
    ("GET", "/api/device"),
    ("GET", "/api/settings"),
    ("PUT", "/api/settings"),
    ("GET", "/api/updates"),
    ("GET", "/api/check"),
    ("DELETE", "/api/service-data"),
    ("PUT", "/api/connector"),
    ("GET", "/api/snapshot"),
    ("POST", "/api/password"),
    ("POST", "/api/stream-password"),
    ("GET", "/api/users"),
    ("POST", "/api/users"),
    ("DELETE", "/api/users/viewer"),
    ("GET", "/api/session"),
    ("DELETE", "/api/session"),
]


@pytest.mark.parametrize(("method", "path"), PROTECTED)
def test_protected_addresses_want_a_login(camera: Process, method: str, path: str) -> None:
    answer = camera.client().request(method, path, json={})

    assert (answer.status_code, answer.json()) == (401, {"error": "authentication required"})


def test_an_invented_token_is_no_login(camera: Process) -> None:
    headers = {"Authorization": "Bearer x"}

    assert camera.client().get("/api/device", headers=headers).status_code == 401


def test_what_the_camera_tells_everybody_identifies_no_device(camera: Process) -> None:
    client = camera.client()
    told = "".join(client.get(path).text for path in ("/", "/api/info", "/api/setup", "/login", "/nowhere"))

    assert not [name for name in ("serial", "mac", "ssid", "software") if camera.values[name] in told]


def test_the_start_page_asks_for_a_password_in_a_form(camera: Process) -> None:
    page = camera.client().get("/").text

    assert re.search(r'<form method="post" action="/login">.*type="password"', page)


def test_the_server_does_not_tell_its_software(camera: Process) -> None:
    assert camera.client().get("/").headers["Server"] == "ExampleCam"


def test_an_unknown_address_of_the_api_is_answered_in_json(camera: Process) -> None:
    answer = camera.client().get("/api/nowhere")

    assert (answer.status_code, answer.json()) == (404, {"error": "not found"})


def test_a_wrong_method_is_answered_with_the_right_ones(camera: Process) -> None:
    answer = camera.client().put("/api/login", json={})

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{",
        b'{"username": "owner"}',
        b'{"username": "owner", "password": 7}',
        b"[" * 10_000,
        b"\xff",
    ],
    ids=["empty", "list", "torn", "incomplete", "number", "deep", "binary"],
)
def test_a_malformed_request_is_refused_and_not_counted(camera: Process, content: bytes) -> None:
    client = camera.client()
    answers = {client.post("/api/login", content=content).status_code for _ in range(6)}

    assert answers == {400}
    assert camera.login(client).status_code == 200


def test_a_huge_request_is_refused(camera: Process) -> None:
    assert camera.client().post("/api/login", content=b" " * 100_000).status_code == 413


def test_every_http_request_is_sent_on_to_https(camera: Process) -> None:
    with httpx.Client(base_url=camera.values["http_url"], trust_env=False) as client:
        answers = [
            client.get("/"),
            client.post("/api/login?x=1", json={"username": "owner", "password": "x"}),
            client.get("/stream", headers={"Host": "evil.example"}),
        ]

    assert [(answer.status_code, answer.headers["Location"], answer.text) for answer in answers] == [
        (301, camera.values["https_url"] + path, "") for path in ("/", "/api/login?x=1", "/stream")
    ]


def test_the_login_gives_a_token_that_opens_the_api(camera: Process) -> None:
    owner = camera.owner()
    device = owner.get("/api/device").json()

    assert device == {
        key: camera.values[key] for key in ("manufacturer", "model", "hardware", "software", "serial", "mac")
    }


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(camera: Process) -> None:
    client = camera.client()
    wrong, unknown = camera.login(client, "wrong"), camera.login(client, "wrong", "nobody")
    camera.login(client)

    assert (wrong.status_code, wrong.json()) == (unknown.status_code, unknown.json())
    assert wrong.status_code == 401


def test_the_session_says_whose_it_is_and_ends_when_deleted(camera: Process) -> None:
    owner = camera.owner()
    whose = owner.get("/api/session").json()

    assert whose == {"username": "owner", "role": "owner"}
    assert owner.delete("/api/session").status_code == 204
    assert owner.get("/api/device").status_code == 401


def test_settings_are_changed_and_kept(camera: Process) -> None:
    owner = camera.owner()
    before = owner.get("/api/settings").json()
    changed = owner.put("/api/settings", json={"status_led": False})
    after = owner.get("/api/settings").json()
    owner.put("/api/settings", json=before)

    assert changed.json() == after == {**before, "status_led": False}


def test_a_strange_setting_is_refused_with_its_name(camera: Process) -> None:
    answer = camera.owner().put("/api/settings", json={"colour": "red"})

    assert (answer.status_code, "colour" in answer.json()["detail"]) == (422, True)


def test_the_snapshot_is_a_png(camera: Process) -> None:
    answer = camera.owner().get("/api/snapshot")

    assert answer.headers["Content-Type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG\r\n\x1a\n")


def test_a_viewer_is_created_looks_and_is_removed(camera: Process) -> None:
    owner = camera.owner()
    created = owner.post("/api/users", json={"username": "guest", "password": NEW})
    again = owner.post("/api/users", json={"username": "guest", "password": NEW})
    guest = camera.logged_in("guest", NEW)
    looked = guest.get("/api/snapshot").status_code
    changed = guest.put("/api/settings", json={"name": "Mine"}).status_code
    users = owner.get("/api/users").json()
    removed = owner.delete("/api/users/guest").status_code

    assert (created.status_code, again.status_code, looked, changed, removed) == (201, 409, 200, 403, 204)
    assert {"username": "guest", "role": "viewer"} in users
    assert guest.get("/api/session").status_code == 401


def test_people_log_in_with_the_form_and_get_a_guarded_cookie(camera: Process) -> None:
    client = camera.client()
    form = {"username": "owner", "password": camera.values["owner_password"]}
    answer = client.post("/login", data=form)
    cookie = answer.headers["Set-Cookie"]

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Strict"))
    assert camera.values["serial"] in client.get("/").text


def test_a_wrong_password_in_the_form_shows_the_form_again(camera: Process) -> None:
    client = camera.client()
    answer = client.post("/login", data={"username": "owner", "password": "wrong"})
    camera.login(client)

    assert answer.status_code == 401
    assert "Wrong user name or password." in answer.text
    assert "Set-Cookie" not in answer.headers


def test_people_log_out(camera: Process) -> None:
    client = camera.client()
    client.post("/login", data={"username": "owner", "password": camera.values["owner_password"]})
    token = client.cookies["session"]
    client.post("/logout")

    assert (
        client.get("/api/device", cookies=None, headers={"Authorization": f"Bearer {token}"}).status_code
        == 401
    )


def test_pages_behind_the_login_send_to_it(camera: Process) -> None:
    answer = camera.client().get("/account")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")


def test_the_words_of_the_manual_are_the_words_of_the_page(camera: Process) -> None:
    client = camera.client()
    client.post("/login", data={"username": "owner", "password": camera.values["owner_password"]})
    page = client.get("/").text + client.get("/account").text
    manual = camera.client().get(camera.values["manual_url"]).text
    chapters = re.findall(r'<section id="change-[^"]*">.*?</section>', manual, re.DOTALL)
    quoted = [word for chapter in chapters for word in re.findall("&quot;([^.&]+)&quot;", chapter)]

    assert len(quoted) >= 10
    assert [word for word in quoted if f">{word}<" not in page] == []


def test_before_the_first_start_nothing_but_the_wizard_works(start: Callable[..., Process]) -> None:
    new = start()
    client = new.client()
    answers = [client.request(method, path, json={"old": "", "new": ""}) for method, path in PROTECTED]
    answers.append(new.login(client, ""))

    assert {(answer.status_code, answer.text) for answer in answers} == {(403, '{"error": "setup required"}')}
    assert client.get("/stream", auth=("stream", new.values["stream_password"])).status_code == 403
    assert client.post("/login", data={"username": "owner", "password": ""}).status_code == 403
    assert "choose your own web password" in client.get("/").text


def test_the_wizard_takes_a_good_password_once(start: Callable[..., Process]) -> None:
    new = start()
    client = new.client()
    bad = [{"password": ""}, {"password": "short"}, {"password": "password123"}, {"skip": True}]

    assert {client.post("/api/setup", json=body).status_code for body in bad} == {422}
    assert client.post("/setup", data={"password": ""}).status_code == 422
    assert client.post("/api/setup", json={"password": NEW}).json() == {"state": "initialized"}
    assert client.post("/api/setup", json={"password": NEW}).status_code == 409
    assert client.post("/setup", data={"password": NEW}).status_code == 409
    assert new.login(client, NEW).status_code == 200


def test_people_finish_the_wizard_in_its_form(start: Callable[..., Process]) -> None:
    new = start()
    answer = new.client().post("/setup", data={"password": NEW})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")
    assert new.login(new.client(), NEW).status_code == 200
