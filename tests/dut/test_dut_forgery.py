"""Requests that a page of somebody else makes, against a service that takes them or does not."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from pytest_etsi.dut.observe.inputs.forgery import ORIGIN, forged
from pytest_etsi.profile import reveal
from pytest_etsi.profile.facts import Request


class Service(BaseHTTPRequestHandler):
    """Takes a change with a session's cookie; class attributes say how careful it is."""

    same_site = ""
    looks_at_origin = False
    wants_json = False
    token = ""
    cors = ""
    changes: list[str] = []  # noqa: RUF012 - of the one service of a test

    def do_GET(self):
        same_site = f"; SameSite={self.same_site}" if self.same_site else ""
        self.say(200, {"Set-Cookie": f"session=abc; Path=/{same_site}"})

    def do_OPTIONS(self):
        allowed = self.cors == "every" or (
            self.cors == "own" and self.headers["Origin"] == "https://app.example"
        )
        headers = {"Access-Control-Allow-Credentials": "true", "Access-Control-Allow-Methods": "PUT"}
        self.say(204, headers | {"Access-Control-Allow-Origin": self.headers["Origin"]} if allowed else {})

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        careful = (
            ("session=abc" not in self.headers.get("Cookie", ""))
            or (self.looks_at_origin and self.headers.get("Origin") == ORIGIN)
            or (self.wants_json and "json" not in self.headers["Content-Type"])
            or (self.token and self.headers.get("X-Token") != self.token)
        )
        if not careful:
            self.changes.append(self.command)
        self.say(403 if careful else 200, {})

    def do_PUT(self):
        self.do_POST()

    def say(self, status, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def service(monkeypatch):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    monkeypatch.setattr(Service, "changes", [])
    yield f"http://127.0.0.1:{server.server_port}/settings"
    server.shutdown()
    thread.join()
    server.server_close()


def made(url, method="POST", body="json", login="cookie"):
    content = {"json": {"name": "x"}} if body == "json" else {"form": {"name": "x"}}
    request = Request(method=method, url=url, headers={"X-Token": "known-to-the-own-page"}, **content)
    with httpx.Client(auth=("home", "word") if login == "basic" else None) as client:
        client.get(url)
        return forged(client, request, reveal(request.json_body), reveal(request.form))


@pytest.mark.parametrize("body", ["json", "form"])
def test_a_service_that_looks_at_nothing_but_the_cookie_is_forged(service, body):
    assert "HTTP 200" in made(service, body=body)
    assert Service.changes == ["POST"]


@pytest.mark.parametrize(
    ("care", "value"),
    [
        ("same_site", "Strict"),
        ("same_site", "Lax"),
        ("looks_at_origin", True),
        ("wants_json", True),
        ("token", "known-to-the-own-page"),
    ],
)
def test_one_measure_is_enough(service, monkeypatch, care, value):
    monkeypatch.setattr(Service, care, value)

    assert made(service) == ""
    assert Service.changes == []


def test_the_login_of_basic_is_sent_along_as_well(service, monkeypatch):
    monkeypatch.setattr(Service, "same_site", "Strict")

    assert made(service, login="basic")


@pytest.mark.parametrize(("cors", "through"), [("", False), ("own", False), ("every", True)])
def test_other_methods_need_leave_in_advance(service, monkeypatch, cors, through):
    monkeypatch.setattr(Service, "cors", cors)

    assert bool(made(service, method="PUT")) is through
    assert Service.changes == (["PUT"] if through else [])
