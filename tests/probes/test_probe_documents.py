"""Web documents are fetched within bounds and read as text, headings and steps."""

from __future__ import annotations

import hashlib

import pytest

from pytest_etsi.probes.http.client import bounded_client
from pytest_etsi.probes.webdocs import Hurdle, Kind, fetch_document
from tests import daemons
from tests.published_pages import published

from hostile_servers import BEHAVIOURS, serve  # isort: skip

HOST = "127.0.0.1"
MANUAL = """<!doctype html><html><head><title>User &amp; manual</title><style>p{}</style></head><body>
<nav>menu</nav><h1>Camera</h1><p>Thank you.</p>
<h2>Change the password</h2><ol><li>Open <b>Settings</b>.</li><li>Choose <i>Password</i>.<p>Confirm.</p></li></ol>
<script>var x = "<h2>not a heading</h2>";</script>
<h2>Factory&nbsp;reset</h2><p>Hold the button.<br>Wait.</p></body></html>"""


def test_a_manual_gives_title_headings_and_steps():
    manual = published(MANUAL, media_type="text/html")

    assert manual.title == "User & manual"
    assert [(heading.level, heading.text) for heading in manual.headings] == [
        (1, "Camera"),
        (2, "Change the password"),
        (2, "Factory reset"),
    ]
    assert manual.headings[2].body == "Hold the button.\nWait."
    assert manual.steps == ("Open Settings.", "Choose Password. Confirm.")
    assert "not a heading" not in manual.text
    assert manual.passages[0].kind is Kind.NAVIGATION
    assert "menu" not in manual.own_text


def test_numbered_paragraphs_are_steps_too():
    page = published("<body><p>1. Open the app</p><p>2) Choose a password</p><p>2024 was a year</p>")

    assert page.steps == ("Open the app", "Choose a password")


@pytest.mark.parametrize(
    "source", ["", "<", "<h1>open", "<![CDATA[x", "<!DOCTYPE [<!ELEMENT", "</ol></li><ol><li>", "&#99999999;"]
)
def test_a_broken_page_is_read_as_far_as_it_goes(source):
    page = published(source, media_type="text/html")

    assert page.readable
    assert all(heading.text in page.text for heading in page.headings)


def test_a_document_is_fetched_with_its_hash(tmp_path):
    with daemons.nginx(tmp_path, pages={"manual.html": MANUAL}) as server, bounded_client([HOST]) as client:
        document = fetch_document(client, f"http://{HOST}:{server.port}/manual.html")

    assert document.available
    assert document.readable
    assert document.sha256 == hashlib.sha256(MANUAL.encode()).hexdigest()
    section = document.section("change .* password")
    assert section is not None
    assert "Open Settings." in section.body


def test_a_missing_document_is_an_observation(tmp_path):
    with daemons.nginx(tmp_path) as server, bounded_client([HOST]) as client:
        document = fetch_document(client, f"http://{HOST}:{server.port}/none")

    assert document.status == 404
    assert not document.available


def test_a_server_that_is_gone_is_an_observation():
    with bounded_client([HOST]) as client:
        document = fetch_document(client, f"http://{HOST}:{daemons.free_port()}/")

    assert document.status == 0
    assert "not fetched" in document.note


def test_a_broken_pdf_is_noted_as_not_readable(tmp_path):
    with daemons.nginx(tmp_path, pages={"m.pdf": "%PDF-1.7 x"}) as server, bounded_client([HOST]) as client:
        document = fetch_document(client, f"http://{HOST}:{server.port}/m.pdf")

    assert document.available
    assert not document.readable
    assert "PDF" in document.note


def test_a_redirect_to_a_host_that_is_not_allowed_is_not_followed():
    with (
        serve(BEHAVIOURS["redirects to another host"]) as port,
        bounded_client([HOST]) as client,
    ):
        seen = fetch_document(client, f"http://{HOST}:{port}/")

    assert seen.origin.refused_host
    assert seen.hurdle is Hurdle.UNREACHED


def test_a_document_beyond_the_limit_is_cut_and_says_so():
    with (
        serve(BEHAVIOURS["sends an HTTP body for ever"]) as port,
        bounded_client([HOST], max_body=5000) as client,
    ):
        document = fetch_document(client, f"http://{HOST}:{port}/")

    assert document.truncated
    assert len(document.text) <= 5000


def test_a_declared_character_set_is_respected():
    body = "<p>Gerät</p>".encode("latin-1")

    def answer(connection):
        connection.recv(4096)
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=iso-8859-1\r\nContent-Length: %d\r\n\r\n"
        connection.sendall(head % len(body) + body)

    with serve(answer) as port, bounded_client([HOST]) as client:
        assert fetch_document(client, f"http://{HOST}:{port}/").text == "Gerät"
