"""Who is let in is told by what the one who may gets, and by answers that only a refusal gets."""

from __future__ import annotations

import http.server
import threading

import httpx
import pytest
from scripted_access import BASE, OWNER, ScriptedDevice, observed

from pytest_etsi.dut.observe.access.http import _ways_around
from pytest_etsi.dut.observe.access.request import ask, judge
from pytest_etsi.dut.reach.anti_forgery import with_token
from pytest_etsi.probes.http.client import bounded_client
from pytest_etsi.profile.facts import Request

GET = Request(url=f"{BASE}/state")
USUAL = httpx.Response(200, json={"led": True})
READ = {"url": f"{BASE}/state", "login": "web"}
CALL = {"method": "POST", "url": f"{BASE}/rpc", "json": {"method": "get"}, "login": "web"}


@pytest.mark.parametrize("status", [401, 403, 407, 302, 404, 410])
def test_what_only_who_may_not_gets_refuses(status):
    tried = judge("nobody", "GET /state", GET, httpx.Response(status, headers={"location": "/login"}), USUAL)

    assert (tried.granted, tried.answered) == (False, True)


@pytest.mark.parametrize("status", [206, 400, 405, 408, 409, 412, 415, 418, 422, 429, 500, 503])
def test_a_status_that_is_no_refusal_of_access_refuses_nobody(status):
    tried = judge("nobody", "GET /state", GET, httpx.Response(status), USUAL)

    assert (tried.granted, tried.answered) == (False, False)


def test_what_is_not_found_by_anybody_refuses_nobody():
    assert not judge("nobody", "GET /state", GET, httpx.Response(404), None).answered


def test_a_token_that_is_none_may_be_called_malformed():
    assert judge("wrong identity", "GET /state", GET, httpx.Response(400), USUAL).answered
    assert not judge("wrong identity", "GET /state", GET, httpx.Response(400), None).answered


def test_another_way_to_write_a_request_may_lead_nowhere():
    assert judge("nobody", "GET //state", GET, httpx.Response(400), USUAL, strict=False).answered


class WantsToken(ScriptedDevice):
    """Answers a call with a conflict and a token until that is sent along; the token goes by header or cookie."""

    header, cookie, status, speaks = "X-Session-Id", "", 409, "Conflict"
    anybody = False

    def _answer(self, request):
        if request.method != "POST" or (
            not self.anybody and OWNER not in request.headers.get("authorization", "")
        ):
            return super()._answer(request)
        given = request.headers.get(self.header) or request.headers.get("X-CSRF-Token")
        if given == "one-time":
            return httpx.Response(200, json={"result": "success"})
        headers = {self.header: "one-time"} if self.header else {}
        headers |= {"Set-Cookie": f"{self.cookie}=one-time; Path=/"} if self.cookie else {}
        return httpx.Response(self.status, headers=headers, text=self.speaks)


@pytest.mark.parametrize(
    ("header", "cookie"), [("X-Session-Id", ""), ("X-CSRF-Token", ""), ("", "csrf_token_P80")]
)
def test_a_token_that_comes_with_the_refusal_is_sent_along(tmp_path, header, cookie):
    device = WantsToken()
    device.header, device.cookie = header, cookie
    seen = observed(tmp_path, device, {"requests": [CALL]})

    assert [one.granted for one in seen.by("with the right")] == [True]
    assert all(one.answered and not one.granted for one in seen.by("nobody"))


def test_who_gets_in_with_the_token_that_anybody_is_given_is_let_in(tmp_path):
    device = WantsToken()
    device.anybody = True

    assert any(one.granted for one in observed(tmp_path, device, {"requests": [CALL]}).by("nobody"))


class GivesTokenToVisitors(ScriptedDevice):
    """Sets a token by a cookie on its first page, and looks at it before it looks at who asks for a change."""

    careless = False

    def _answer(self, request):
        if request.url.path == "/":
            where = {"Location": "/login/", "Set-Cookie": "csrf_token_P80=one-time; Path=/"}
            return httpx.Response(302, headers=where)
        if request.method != "POST":
            return super()._answer(request)
        if request.headers.get("X-CSRF-Token") != "one-time":
            return httpx.Response(400, json={"error": "CSRF validation failed"})
        allowed = self.careless or OWNER in request.headers.get("authorization", "")
        return httpx.Response(200 if allowed else 403, json={"result": "success"} if allowed else {})


@pytest.mark.parametrize("careless", [False, True])
def test_a_stranger_fetches_the_token_that_every_visitor_is_given(tmp_path, careless):
    device = GivesTokenToVisitors()
    device.careless = careless
    seen = observed(tmp_path, device, {"requests": [CALL]})

    assert [one.granted for one in seen.by("with the right")] == [True]
    assert all(one.answered for one in seen.by("nobody"))
    assert any(one.granted for one in seen.by("nobody")) is careless


@pytest.mark.parametrize(("status", "speaks"), [(409, "Conflict"), (400, "bad"), (403, "CSRF token missing")])
def test_who_may_and_lacks_a_token_that_cannot_be_had_is_not_refused(tmp_path, status, speaks):
    device = WantsToken()
    device.header, device.status, device.speaks = "", status, speaks
    with_right = observed(tmp_path, device, {"requests": [CALL]}).by("with the right")

    assert [(one.granted, one.answered) for one in with_right] == [(False, False)]


def test_who_may_and_is_refused_is_refused(tmp_path):
    device = WantsToken()
    device.header, device.status, device.speaks = "", 403, "Forbidden"
    with_right = observed(tmp_path, device, {"requests": [CALL]}).by("with the right")

    assert [(one.granted, one.answered) for one in with_right] == [(False, True)]


def test_a_success_is_not_asked_for_again():
    asked = []
    with httpx.Client(cookies={"csrftoken": "a"}) as client:
        with_token(client, lambda further: asked.append(dict(further)) or USUAL)

    assert asked == [{}]


def test_a_token_of_absurd_length_is_not_sent_back():
    asked = []
    refusal = httpx.Response(403, headers={"X-CSRF-Token": "a" * 5000})
    with httpx.Client() as client:
        with_token(client, lambda further: asked.append(dict(further)) or refusal)

    assert asked == [{}]


class _Guarded(http.server.BaseHTTPRequestHandler):
    """Guards what begins with /state, and finds that below a segment of a dot too."""

    def do_GET(self) -> None:
        status = 401 if self.path.startswith("/state") else 200 if self.path == "/./state?all=1" else 404
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(USUAL.content)

    def log_message(self, *_: object) -> None:
        pass


def test_a_segment_of_a_dot_reaches_the_device_as_it_is_written():
    with http.server.HTTPServer(("127.0.0.1", 0), _Guarded) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        request = Request(url=f"http://127.0.0.1:{server.server_port}/state?all=1")
        with bounded_client(["127.0.0.1"]) as client:
            granted = {
                how: ask(client, "nobody", request, USUAL, how, strict=False, **options).granted
                for how, options in _ways_around(request)
            }
        server.shutdown()

    assert [how for how, one in granted.items() if one] == ["with a dot segment"]
