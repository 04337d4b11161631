"""Discovery of devices that speak mDNS and SSDP in their own way: what they tell is collected, or named as not read."""

from __future__ import annotations

import struct

import pytest
from answering_datagrams import HOST, KINDS, PTR, SRV, TXT, message, name, question, record, target, udp
from hostile_servers import serve

from pytest_etsi.probes.disclosure import collect, from_discovery
from pytest_etsi.probes.discovery.search import mdns, parse_ssdp, ssdp, ws_discovery
from pytest_etsi.probes.services import Service

LAMP = "Lamp 7._http._tcp.local"
PLACE = struct.pack("!HHH", 0, 0, 8080) + name("lamp.local")
TEXT = b"\x09serial=77"


def lamp(request: bytes) -> tuple[bytes, ...]:
    """Answers each question by one datagram with one record."""
    known = {
        (KINDS, PTR): name("_http._tcp.local"),
        ("_http._tcp.local", PTR): name(LAMP),
        (LAMP, SRV): PLACE,
        (LAMP, TXT): TEXT,
    }
    asked = question(request)
    return (message(record(*asked, known[asked]), identifier=request[:2]),) if asked in known else ()


def asked_mdns(answer, **options):
    with udp(answer) as port:
        return mdns(HOST, port=port, timeout_s=0.25, **options)


def asked_ssdp(answer, **options):
    with udp(answer) as port:
        return ssdp(HOST, port=port, timeout_s=0.15, **options)


def test_what_mdns_tells_is_complete_where_each_question_is_answered_again():
    seen = asked_mdns(lamp)

    assert (LAMP, "TXT", "serial=77") in seen.records
    assert (LAMP, "SRV", "lamp.local:8080") in seen.records
    assert seen.gaps == ()


def test_an_enumeration_that_is_answered_by_an_instance_leads_to_its_details():
    def answer(request):
        if question(request) == (KINDS, PTR):
            return (message(record(KINDS, PTR, name(LAMP)), identifier=request[:2]),)
        return lamp(request) if LAMP in question(request) else ()

    seen = asked_mdns(answer)

    assert (LAMP, "TXT", "serial=77") in seen.records
    assert (LAMP, "SRV", "lamp.local:8080") in seen.records


def test_records_that_come_in_a_datagram_each_are_all_collected():
    def answer(request):
        if question(request) != (KINDS, PTR):
            return ()
        one = [("_http._tcp.local", PTR, name(LAMP)), (LAMP, SRV, PLACE), (LAMP, TXT, TEXT)]
        records = [record(KINDS, PTR, name("_http._tcp.local")), *(record(*each) for each in one)]
        return [message(each, identifier=request[:2]) for each in records]

    seen = asked_mdns(answer)

    assert {kind for _, kind, _ in seen.records} == {"PTR", "SRV", "TXT"}


def test_an_announcement_that_comes_first_does_not_end_the_question():
    def answer(request):
        return (message(record("other.local", 1, bytes((192, 0, 2, 1)))), *lamp(request))

    assert (LAMP, "TXT", "serial=77") in asked_mdns(answer).records


def test_a_service_that_no_enumeration_tells_is_found_by_its_usual_kind():
    seen = asked_mdns(lambda request: () if question(request)[0] == KINDS else lamp(request))

    assert (LAMP, "TXT", "serial=77") in seen.records


def test_names_in_capital_letters_are_the_same_names():
    def answer(request):
        wanted = question(request)
        if wanted == (KINDS, PTR):
            return (message(record(KINDS.upper(), PTR, name("_HTTP._TCP.LOCAL")), identifier=request[:2]),)
        return [message(record("_HTTP._TCP.local", PTR, name(LAMP)))] if wanted[1] == PTR else lamp(request)

    assert (LAMP, "TXT", "serial=77") in asked_mdns(answer).records


def test_a_responder_that_falls_silent_leaves_the_search_open():
    questions = []

    def answer(request):
        questions.append(question(request))
        return lamp(request) if questions.count((KINDS, PTR)) < 2 and question(request)[1] == PTR else ()

    assert "no longer answered as before" in str(asked_mdns(answer).gaps)


@pytest.mark.parametrize(
    ("datagram", "words"),
    [
        (b"\0\0\x84\0\0\0\0\1\0\0\0\0\xff", "could not be read as DNS"),
        (message(record(LAMP, TXT, TEXT), flags=0), "not marked as an answer"),
        (message(record(LAMP, TXT, TEXT), flags=0x8600), "was cut"),
        (message(record(LAMP, 257, b"x")), "type 257"),
        (message(record(LAMP, 47, b"x")), ""),
    ],
    ids=["broken", "no answer", "cut", "another type", "a type of the protocol"],
)
def test_what_of_mdns_cannot_be_read_is_a_gap(datagram, words):
    seen = asked_mdns(lambda request: (*lamp(request), datagram))

    assert words in str(seen.gaps)
    assert bool(seen.gaps) == bool(words)


ASKED = [mdns, ssdp, ws_discovery]


@pytest.mark.parametrize("ask", ASKED)
def test_silence_is_a_gap_where_the_documents_name_what_is_silent(ask):
    with udp(lambda request: ()) as port:
        assert ask(HOST, port=port, timeout_s=0.05).gaps == ()
        assert ask(HOST, port=port, timeout_s=0.05, expected=True).gaps


def found(location="", kind="upnp:rootdevice", *, ends="\r\n", more=(), first="HTTP/1.1 200 OK"):
    lines = [first, f"ST: {kind}", f"USN: uuid:1::{kind}", "SERVER: Lamp/1.2", *more]
    return ends.join([*lines, *([f"LOCATION: {location}"] if location else []), "", ""]).encode()


def test_a_device_that_answers_only_to_its_root_tells_its_own_kinds_when_asked_for_them():
    kinds = {
        "upnp:rootdevice": [found(), found(kind="urn:lamp:device:bulb:1")],
        "urn:lamp:device:bulb:1": [found(kind="urn:lamp:device:bulb:1"), found(kind="b")],
        "b": [found(kind="b")],
    }

    def answer(request):
        return kinds.get(target(request), ())

    seen = asked_ssdp(answer)

    assert {one.target for one in seen.answers} == {"upnp:rootdevice", "urn:lamp:device:bulb:1", "b"}
    assert seen.gaps == ()


def test_a_device_that_hears_only_what_is_addressed_to_the_group_is_heard():
    seen = asked_ssdp(lambda request: [found()] if b"HOST: 239.255.255.250:1900" in request else [])

    assert seen.answers
    assert seen.gaps == ()


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_they_like_and_headers_be_written_in_small_letters(ends):
    text = found("http://192.0.2.1/d.xml", ends=ends, more=["x-serial : 77"]).decode()
    seen = parse_ssdp(text.replace("LOCATION", "location").replace("SERVER", "server").encode())

    assert seen.server == "Lamp/1.2"
    assert seen.location == "http://192.0.2.1/d.xml"
    assert seen.headers == (("x-serial", "77"),)


def test_what_a_header_says_on_several_lines_is_told_whole():
    answer = found(
        "http://192.0.2.1/d.xml", more=["  serial 77", "X-Id: 1", "X-Id: 2", "LOCATION: http://b/"]
    )
    seen = parse_ssdp(answer)

    assert (seen.server, seen.headers) == ("Lamp/1.2 serial 77", (("X-Id", "1, 2"),))
    assert seen.location == "http://b/"


def test_an_announcement_is_read_like_an_answer_and_shows_no_completeness():
    first = found(first="NOTIFY * HTTP/1.1").replace(b"ST:", b"NT:")
    seen = asked_ssdp(lambda request: [first] if target(request) == "ssdp:all" else [])

    assert seen.answers[0].target == "upnp:rootdevice"
    assert "answered no search twice" in str(seen.gaps)


def test_headers_of_its_own_and_the_name_of_a_device_are_told():
    seen = asked_ssdp(lambda request: [found(more=["X-Serial: 77"])])

    items = {item.full for item in from_discovery(seen, own=[HOST])}
    assert {"X-Serial: 77", "UDN: uuid:1", "Server: Lamp/1.2"} <= items


def test_an_answer_that_cannot_be_read_is_a_gap():
    seen = asked_ssdp(lambda request: [found(), b"HTTP/1.1 500 no\r\n\r\n"])

    assert "could not be read as SSDP" in str(seen.gaps)


def test_an_answer_that_comes_once_leaves_the_search_open():
    given = []

    def answer(request):
        given.append(request)
        return [found()] if len(given) == 1 else []

    assert asked_ssdp(answer).gaps


def test_a_description_at_another_host_leaves_open_what_is_told():
    with udp(lambda request: [found("http://192.0.2.1/d.xml")]) as port:
        seen = collect(HOST, [Service(HOST, port, "udp", kind="ssdp")])

    assert f"udp/{port}: the description http://192.0.2.1/d.xml is at another host" in str(seen.gaps)


def test_a_description_at_another_address_of_the_device_is_read():
    body = b"<root><serialNumber>L-77</serialNumber></root>"

    def page(connection):
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))

    with serve(page) as web:
        seen = asked_ssdp(lambda request: [found(f"http://localhost:{web}/d.xml")], own=["localhost"])

    assert ("serialNumber", "L-77") in seen.described
    assert not seen.elsewhere


def test_a_description_that_is_not_there_is_a_gap():
    def page(connection):
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 8\r\n\r\n<a>x</a>")

    with serve(page) as web:
        seen = asked_ssdp(lambda request: [found(f"http://{HOST}:{web}/d.xml")])

    assert "HTTP 404" in str(seen.gaps)
    assert not seen.described
