"""Published documents are fetched from allowed hosts only, without cookies, and kept for runs without a network."""

from __future__ import annotations

import socket
import time

import pytest
from pydantic import ValidationError

from pytest_etsi.dut.reach.documents import Documents
from pytest_etsi.dut.reach.network import Network
from pytest_etsi.dut.reach.recording import Recorder
from pytest_etsi.dut.reach.shelf import Shelf
from pytest_etsi.probes.http.client import HostNotAllowed, bounded_client
from pytest_etsi.probes.webdocs import Hurdle, fetch, fetch_document
from pytest_etsi.profile.facts import Reference
from pytest_etsi.verdict import Cause, Inconclusive
from tests.criteria.documents import profile_of
from tests.probes.scripted_web import HOST, site
from tests.published.pdf_files import lines_of

HTML = {"Content-Type": "text/html; charset=utf-8"}
TEXT = "<html><body><p>We confirm the receipt of your report within three days.</p></body></html>"


def answer(it, path):
    """A maker's site with every way that leads nowhere."""
    if path == "/policy":
        return 200, HTML, TEXT
    if path.startswith("/round"):
        return 302, {"Location": "/round2" if path == "/round" else "/round"}, ""
    if path == "/needs-cookie":
        return 302, {"Location": "/needs-cookie", "Set-Cookie": "seen=1"}, ""
    if path.startswith("/on/"):
        return 302, {"Location": f"/on/{int(path[4:]) + 1}"}, ""
    if path == "/moved":
        return 301, {"Location": "/policy", "Set-Cookie": "a=1"}, ""
    if path == "/away":
        return 302, {"Location": "http://elsewhere.example/policy"}, ""
    if path == "/old/deep/link":
        return 302, {"Location": "/"}, ""
    return (
        (200, HTML, "<p>Cameras for your home, and much more text about them.")
        if path == "/"
        else (404, HTML, "no")
    )


@pytest.fixture(scope="module")
def maker():
    with site(answer) as server:
        yield server


@pytest.fixture
def client():
    with bounded_client([HOST]) as made:
        yield made


def test_the_way_to_a_document_is_shown_and_no_cookie_goes_back(maker, client):
    document = fetch_document(client, f"http://{HOST}:{maker.port}/moved")

    assert [hop.status for hop in document.origin.hops] == [301, 200]
    assert document.origin.final_url.endswith("/policy")
    assert document.origin.cookies
    assert not client.cookies
    assert document.whole
    assert not any(name == "set-cookie" for name, _ in document.origin.headers)


@pytest.mark.parametrize("path", ["/round", "/needs-cookie", "/on/1"])
def test_redirects_that_lead_nowhere_end_and_are_told(maker, client, path):
    document = fetch_document(client, f"http://{HOST}:{maker.port}{path}")

    assert document.hurdle is Hurdle.GONE
    assert document.origin.circle
    assert document.origin.cookies == (path == "/needs-cookie")


def test_a_host_that_nobody_named_is_not_asked_and_told(maker, client):
    document = fetch_document(client, f"http://{HOST}:{maker.port}/away")

    assert (document.hurdle, document.origin.refused_host) == (Hurdle.UNREACHED, "elsewhere.example")


def test_an_old_link_to_the_start_page_is_not_the_document(maker, client):
    assert fetch_document(client, f"http://{HOST}:{maker.port}/old/deep/link").hurdle is Hurdle.ANOTHER


def test_a_name_that_leads_to_a_private_address_is_refused_unless_that_is_named(monkeypatch, maker):
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (HOST, maker.port))],
    )
    url = f"http://maker.example:{maker.port}/policy"

    with (
        bounded_client(["maker.example"], public_only=True) as client,
        pytest.raises(HostNotAllowed, match="private"),
    ):
        fetch_document(client, url)
    with bounded_client(["maker.example", HOST], public_only=True) as client:
        assert fetch_document(client, url).whole


def test_all_answers_on_the_way_share_one_limit_of_time(maker):
    def slow(_, path):
        time.sleep(0.15)
        return 302, {"Location": f"{path}x"}, ""

    with site(slow) as server, bounded_client([HOST]) as client:
        document = fetch_document(client, f"http://{HOST}:{server.port}/", deadline_s=0.4)

    assert document.hurdle is Hurdle.UNREACHED
    assert len(document.origin.hops) < 4


def documents(maker, shelf, *, facts=None):
    network = {"hosts": ["192.0.2.7"], "documents_hosts": [f"{HOST}:{maker.port}"]}
    profile = profile_of({"2-UserInfo": {"facts": facts or {}}}, access={"network": network})
    recorder = Recorder()
    return Documents(profile, Network(profile, recorder), recorder, shelf), recorder


def test_what_was_fetched_is_read_again_without_a_network(tmp_path, maker):
    url = f"http://{HOST}:{maker.port}/policy"
    there, recorder = documents(maker, Shelf(tmp_path))
    seen = there.see(url)
    names = [name for name, _ in recorder.drain()]
    asked = len(maker.asked)
    again, _ = documents(maker, Shelf(tmp_path, offline=True))
    kept = again.see(f"{url}#contact")

    assert (kept.passages, kept.origin.fetched) == (seen.passages, seen.origin.fetched)
    assert (kept.origin.kept, seen.origin.kept) == (True, False)
    assert len(maker.asked) == asked
    assert names == [f"published-{seen.sha256[:12]}", "document"]


def test_what_is_not_kept_is_named_with_its_address(tmp_path, maker):
    url = f"http://{HOST}:{maker.port}/policy"
    there, _ = documents(maker, Shelf(tmp_path, offline=True))

    with pytest.raises(Inconclusive) as raised:
        there.see(url)

    assert raised.value.cause is Cause.ACCESS
    assert url in raised.value.reason


def test_a_copy_that_is_no_longer_as_it_was_written_is_none(tmp_path, maker):
    url = f"http://{HOST}:{maker.port}/policy"
    with bounded_client([HOST]) as client:
        Shelf(tmp_path).keep(fetch(client, url))
    (copy,) = tmp_path.glob("*.bin")

    assert Shelf(tmp_path).find(url) is not None
    copy.write_bytes(b"another")
    assert Shelf(tmp_path).find(url) is None
    copy.unlink()
    assert Shelf(tmp_path).find(url) is None


def reference(maker, **parts):
    there, recorder = documents(maker, Shelf(), facts={"sensors": parts})
    return there, there._profile.ixit.user_info.facts.sensors, recorder


def test_a_file_is_read_as_a_page_is_and_only_the_pages_that_count(tmp_path, maker):
    path = tmp_path / "manual.pdf"
    path.write_bytes(lines_of("First page.", "Second page.", "Third page.", "Fourth page."))
    there, named, _ = reference(maker, file=str(path), pages="2, 4-9")
    document = there.read(named)

    assert [one.text for one in document.passages] == ["Second page.", "Fourth page."]
    assert document.pages == 4


def test_a_place_on_the_device_is_read_as_it_was_typed_with_the_hash_of_its_photo(tmp_path, maker):
    photo = tmp_path / "label.jpg"
    photo.write_bytes(b"\xff\xd8\xff picture")
    there, named, recorder = reference(
        maker, where="label on the underside", photo=str(photo), reads="ExampleCam 2"
    )
    document = there.read(named)

    assert [one.text for one in document.passages] == ["ExampleCam 2"]
    assert document.whole
    assert [name for name, _ in recorder.drain()] == [f"published-{document.sha256[:12]}", "document"]


def test_a_place_that_nobody_has_typed_is_open(maker):
    there, named, _ = reference(maker, where="label on the underside")

    with pytest.raises(Inconclusive, match="not typed") as raised:
        there.read(named)

    assert raised.value.cause is Cause.INFORMATION


def test_a_field_names_its_document_by_its_fact_and_otherwise_by_its_text(maker):
    field = "Publication of Support Period"
    led = [{"where": "quick start card", "reads": "https://m.example/support"}]
    for facts, named, leading in (
        ({}, ["https://m.example/text", "https://m.example/two"], []),
        (
            {"support_period": {"url": "https://m.example/fact", "led_by": led}},
            ["https://m.example/fact"],
            ["quick start card"],
        ),
    ):
        info = {field: "See https://m.example/text, and https://m.example/two.", "facts": facts}
        profile = profile_of({"2-UserInfo": info})
        there = Documents(profile, Network(profile, Recorder()), Recorder())

        assert [one.named for one in there.named(field)] == named
        assert [one.named for one in there.leading_to(field)] == leading


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        ({"url": "https://m.example/", "where": "box"}, "expected one of url, file and where"),
        ({"url": "https://m.example/", "reads": "x"}, "expected where"),
        ({"url": "https://m.example/", "pages": "x"}, "expected pages"),
    ],
)
def test_a_reference_names_one_place(parts, problem):
    with pytest.raises(ValidationError, match=problem):
        Reference.model_validate(parts)
