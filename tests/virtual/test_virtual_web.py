"""The web interface of the virtual camera: pages, API, stream, TLS."""

from __future__ import annotations

import base64
import concurrent.futures
import math
import re
import socket
import ssl
import time
import warnings
from typing import TYPE_CHECKING

import httpx
import pytest
from virtual_process import Process

from pytest_etsi.virtual.values import TLS12_SUITES, TLS13_SUITES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NEW = "quite a new sentence"

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


# Without a login --------------------------------------------------------------------------------------------


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


# With a login -----------------------------------------------------------------------------------------------


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
    manual = httpx.get(camera.values["manual_url"], trust_env=False).text
    chapters = re.findall(r'<section id="change-[^"]*">.*?</section>', manual, re.DOTALL)
    quoted = [word for chapter in chapters for word in re.findall("&quot;([^.&]+)&quot;", chapter)]

    assert len(quoted) >= 10
    assert [word for word in quoted if f">{word}<" not in page] == []


# Changes of passwords, each on a camera of its own ----------------------------------------------------------


@pytest.fixture
def own(start: Callable[..., Process]) -> Process:
    return start("--initialized")


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


# Stream -----------------------------------------------------------------------------------------------------


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
    assert (right.status_code, right.headers["Retry-After"]) == (423, "2")
    assert own.login(own.client()).status_code == 200


# Lockout on the wire ----------------------------------------------------------------------------------------


def test_five_wrong_passwords_from_five_connections_lock_for_two_seconds_and_then_for_four(
    own: Process,
) -> None:
    assert [own.login(own.client(), "wrong").status_code for _ in range(5)] == [401] * 5
    began = time.monotonic()
    locked = own.login(own.client())
    remaining = locked.json()["retry_after"]

    assert (locked.status_code, locked.json()["error"], locked.headers["Retry-After"]) == (
        423,
        "locked",
        f"{math.ceil(remaining)}",
    )
    assert 0 < remaining <= 2
    assert own.client().post("/login", data={"username": "owner", "password": "x"}).status_code == 423
    time.sleep(max(0.0, remaining - (time.monotonic() - began)) + 0.05)
    for _ in range(5):
        assert own.login(own.client(), "wrong").status_code == 401
    assert 2 < own.login(own.client()).json()["retry_after"] <= 4


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


# First start ------------------------------------------------------------------------------------------------


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


# TLS --------------------------------------------------------------------------------------------------------


def _context(maximum: ssl.TLSVersion, ciphers: str = "ALL:@SECLEVEL=0") -> ssl.SSLContext:
    """A client that takes everything that this computer's OpenSSL can do, up to a version."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers(ciphers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = maximum
    return context


def _handshake(camera: Process, context: ssl.SSLContext, port: str = "https") -> tuple[str | None, str]:
    address = camera.values["host"], int(camera.values[port])
    with socket.create_connection(address, 5) as raw, context.wrap_socket(raw) as tls:
        cipher = tls.cipher()
        assert cipher
        return tls.version(), cipher[0]


@pytest.mark.parametrize("port", ["https", "cloud"])
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_obsolete_tls_is_refused(camera: Process, port: str, version: ssl.TLSVersion) -> None:
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        _handshake(camera, _context(version), port)


@pytest.mark.parametrize(
    "suite", ["ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA", "ECDHE-ECDSA-AES128-CCM"]
)
def test_other_suites_than_the_documented_are_refused(camera: Process, suite: str) -> None:
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        _handshake(camera, _context(ssl.TLSVersion.TLSv1_2, f"{suite}:@SECLEVEL=0"))


@pytest.mark.parametrize("suite", TLS12_SUITES)
def test_every_documented_suite_of_tls_1_2_is_taken(camera: Process, suite: str) -> None:
    name = suite.removeprefix("TLS_").removesuffix("_SHA256" if "CHACHA20" in suite else "")
    openssl = name.replace("_WITH_", "-").replace("AES_", "AES").replace("_", "-")

    assert _handshake(camera, _context(ssl.TLSVersion.TLSv1_2, openssl)) == ("TLSv1.2", openssl)


def test_tls_1_3_is_taken_with_a_documented_suite(camera: Process) -> None:
    version, suite = _handshake(camera, _context(ssl.TLSVersion.TLSv1_3))

    assert (version, suite in TLS13_SUITES) == ("TLSv1.3", True)


def test_the_certificate_withstands_the_strictest_check(camera: Process) -> None:
    context = camera.tls()
    context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
    address = camera.values["host"], int(camera.values["https"])
    with (
        socket.create_connection(address, 5) as raw,
        context.wrap_socket(raw, server_hostname=camera.values["host"]) as tls,
    ):
        subject = tls.getpeercert()

    assert subject
    assert ("IP Address", camera.values["host"]) in subject["subjectAltName"]


# Flaws ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def flawed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A camera with all the flaws that do not disturb each other."""
    names = ("plain-http-login", "obsolete-tls", "lockout-per-connection")
    options = [word for name in names for word in ("--flaw", name)]
    camera = Process(tmp_path_factory.mktemp("flawed"), ("--initialized", *options)).start()
    yield camera
    camera.stop()


def test_flaw_plain_http_login_serves_the_login_over_http(flawed: Process) -> None:
    with httpx.Client(base_url=flawed.values["http_url"], trust_env=False) as client:
        page = client.get("/")
        client.post("/login", data={"username": "owner", "password": flawed.values["owner_password"]})
        behind = client.get("/api/device")

    assert (page.status_code, 'type="password"' in page.text) == (200, True)
    assert behind.json()["serial"] == flawed.values["serial"]


@pytest.mark.parametrize(
    ("version", "name"), [(ssl.TLSVersion.TLSv1, "TLSv1"), (ssl.TLSVersion.TLSv1_1, "TLSv1.1")]
)
def test_flaw_obsolete_tls_takes_old_versions(flawed: Process, version: ssl.TLSVersion, name: str) -> None:
    assert _handshake(flawed, _context(version))[0] == name


def test_flaw_obsolete_tls_takes_suites_in_cbc_mode(flawed: Process) -> None:
    context = _context(ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES256-SHA:@SECLEVEL=0")

    assert _handshake(flawed, context) == ("TLSv1.2", "ECDHE-ECDSA-AES256-SHA")


def test_flaw_tls_cbc_suites_takes_them_with_tls_12_only(start: Callable[..., Process]) -> None:
    weak = start("--initialized", "--flaw", "tls-cbc-suites")
    suite = "ECDHE-ECDSA-AES128-SHA"

    assert _handshake(weak, _context(ssl.TLSVersion.TLSv1_2, suite)) == ("TLSv1.2", suite)
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        _handshake(weak, _context(ssl.TLSVersion.TLSv1_1))


def test_flaw_obsolete_tls_still_takes_what_is_documented(flawed: Process) -> None:
    assert flawed.owner().get("/api/device").status_code == 200


def test_flaw_lockout_per_connection_locks_the_connection_but_not_the_next(flawed: Process) -> None:
    with flawed.client() as client:
        answers = [flawed.login(client, "wrong").status_code for _ in range(6)]
    with flawed.client() as client:
        fresh = flawed.login(client).status_code

    assert (answers, fresh) == ([401] * 5 + [423], 200)


def test_flaw_no_lockout_answers_fifty_wrong_passwords_alike(start: Callable[..., Process]) -> None:
    camera = start("--initialized", "--flaw", "no-lockout")
    client = camera.client()

    assert {camera.login(client, "wrong").status_code for _ in range(50)} == {401}
    assert camera.login(client).status_code == 200


def test_flaw_lockout_after_50_locks_with_the_fiftieth(start: Callable[..., Process]) -> None:
    camera = start("--initialized", "--flaw", "lockout-after-50")
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
