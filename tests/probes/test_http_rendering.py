"""Pages that scripts draw, as Chromium draws them: what is found in them, and what they cannot do."""

from __future__ import annotations

import socket
import tempfile
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import daemons
import pytest

from pytest_etsi.probes.http import rendering
from pytest_etsi.probes.http.logins import explore
from pytest_etsi.probes.http.rendering import Rendered, render
from pytest_etsi.probes.services import identify

HOST = "127.0.0.1"
START = '<!doctype html><body><app-root></app-root><script src="main.js" type="module"></script></body>'
# The kind of the field is put together, so that reading the script does not show it.
DRAWS = """const e = document.querySelector("app-root");
e.innerHTML = "<input id=u name=u><input id=p name=p type=" + ["pass", "word"].join("") + ">";"""
LEADS = """const e = document.querySelector("app-root");
if (location.hash == "#/login") { %s } else { e.innerHTML = "<a href='#/login'>Sign in</a>"; }"""


@pytest.fixture
def _chromium():
    daemons.program("chromium")


needs_chromium = pytest.mark.usefixtures("_chromium")


@contextmanager
def interface(script, host=HOST):
    """A single-page interface: the start page for every path but its script; gives its URL and what was asked."""
    asked = []

    class Device(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            body, kind = (script, "text/javascript") if self.path == "/main.js" else (START, "text/html")
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_):
            pass

    class Server(ThreadingHTTPServer):
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

    server = Server((host, 0), Device)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://{f'[{host}]' if ':' in host else host}:{server.server_port}/", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def forms(seen):
    return [one.detail for one in seen.challenges if one.kind == "form"]


def test_a_page_that_is_not_drawn_is_said_to_be_unread():
    with interface(DRAWS) as (url, _):
        seen = explore(url)

    assert not forms(seen)
    assert not seen.complete
    assert any("were read and not run" in note for note in seen.notes)


@needs_chromium
def test_a_form_that_a_script_draws_counts_like_others():
    with interface(DRAWS) as (url, _):
        seen = explore(url, render=render)

    assert len(forms(seen)) == 1
    assert any("drawn by Chromium" in note for note in seen.notes)


@needs_chromium
@pytest.mark.parametrize("written", ["0:0:0:0:0:0:0:1", "::FFFF:127.0.0.1"])
def test_a_page_at_an_address_of_version_6_is_drawn_however_it_is_written(written):
    with interface(DRAWS, "::" if "127" in written else "::1") as (url, _):
        port = url.rpartition(":")[2]
        seen = explore(f"http://[{written}]:{port}", render=render)

    assert len(forms(seen)) == 1, seen.notes


@needs_chromium
def test_a_page_at_an_address_that_chromium_cannot_write_stays_unread():
    seen = render("http://[fe80::1%25eth0]/")

    assert "address with the name of an interface" in seen.error


@needs_chromium
def test_an_address_where_nothing_answers_is_no_page():
    port = daemons.free_port()

    assert render(f"http://{HOST}:{port}/") == Rendered("", "Chromium gave no document")


@needs_chromium
def test_a_form_behind_a_link_that_a_script_draws_is_found():
    with interface(LEADS % DRAWS.partition("\n")[2]) as (url, _):
        seen = explore(url, render=render)

    assert len(forms(seen)) == 1


@needs_chromium
def test_a_service_is_recognised_with_the_login_that_is_drawn():
    with interface(DRAWS) as (url, _):
        found = identify(HOST, int(url.rpartition(":")[2].strip("/")), render=render)

    assert [one.secret for one in found.challenges if one.kind == "form"] == ["password"]


@needs_chromium
def test_a_page_without_a_login_stays_open_once_drawn():
    with interface('document.body.innerHTML = "<p>All is well"') as (url, _):
        seen = explore(url, render=render)

    assert not forms(seen)
    assert not seen.complete
    assert any("which were run; no login was found" in note for note in seen.notes)


@needs_chromium
def test_scripts_reach_nothing_but_the_device():
    with interface("", "127.0.0.2") as (other, asked):
        name = other.replace("127.0.0.2", "localhost")
        script = "".join(
            f'try {{ await fetch("{goal}{number}", {{mode: "no-cors"}}) }} catch (e) {{}}\n'
            f'document.body.appendChild(new Image()).src = "{goal}image";\n'
            for number, goal in enumerate((other, name))
        )
        with interface(f'{script}document.body.dataset.done = "yes";') as (url, _):
            seen = render(url)

    assert 'data-done="yes"' in seen.text, seen.error
    assert asked == []


@needs_chromium
def test_a_page_that_never_ends_is_given_up_and_leaves_nothing_behind(monkeypatch):
    with tempfile.TemporaryDirectory() as place, interface("for (;;) {}") as (url, _):
        Path(place).chmod(0o755)
        monkeypatch.setattr(tempfile, "tempdir", place)
        seen = render(url, timeout_s=5)

        assert seen == Rendered("", "the page was not drawn within 5 s")
        assert list(Path(place).iterdir()) == []


def test_memory_beyond_the_bound_ends_the_browser(monkeypatch, everybodys):
    monkeypatch.setattr(rendering, "_MOST_MEMORY", 0)
    monkeypatch.setattr(rendering, "_PROGRAMS", (program(everybodys, "exec sleep 60"),))

    assert "of memory" in render(f"http://{HOST}:1/").error


def test_a_document_without_end_ends_the_browser(monkeypatch, everybodys):
    monkeypatch.setattr(rendering, "_PROGRAMS", (program(everybodys, "exec cat /dev/zero"),))

    assert "grew beyond" in render(f"http://{HOST}:1/").error


def test_a_browser_that_fails_is_no_page(monkeypatch, everybodys):
    monkeypatch.setattr(rendering, "_PROGRAMS", (program(everybodys, "exit 3"),))

    assert render(f"http://{HOST}:1/") == Rendered("", "Chromium ended with 3")


def test_without_a_browser_the_page_stays_unread(monkeypatch):
    monkeypatch.setattr(rendering, "_PROGRAMS", ())
    with interface(DRAWS) as (url, _):
        seen = explore(url, render=render)

    assert not seen.complete
    assert any("Chromium is not installed" in note for note in seen.notes)


@pytest.fixture
def everybodys():
    """A directory that an unprivileged user can enter, unlike the temporary ones of pytest."""
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        yield Path(place)


def program(directory, does):
    """A program that stands in for the browser, which an unprivileged user can start."""
    path = directory / "browser"
    path.write_text(f"#!/bin/sh\n{does}\n")
    path.chmod(0o755)
    return str(path)
