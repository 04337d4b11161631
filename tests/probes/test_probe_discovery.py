"""Discovery asks the device's own address, believes only its answers and follows none to another host."""

from __future__ import annotations

import contextlib
import re
import struct

import pytest
from answering_datagrams import HOST, KINDS, message, name, question, record, udp
from hypothesis import given
from hypothesis import strategies as st

from pytest_etsi.probes._xml import XmlError, elements
from pytest_etsi.probes.disclosure import from_discovery
from pytest_etsi.probes.discovery import _dns
from pytest_etsi.probes.discovery.search import mdns, parse_ssdp, ssdp, ws_discovery
from pytest_etsi.probes.services import identify_udp
from tests import daemons

RECORDS = {
    (KINDS, 12): [record(KINDS, 12, name("_http._tcp.local"))],
    ("_http._tcp.local", 12): [record("_http._tcp.local", 12, name("Lamp._http._tcp.local"))],
    ("Lamp._http._tcp.local", 16): [record("Lamp._http._tcp.local", 16, b"\x0cfirmware=1.2\x07owner=a")],
    ("Lamp._http._tcp.local", 33): [
        record("Lamp._http._tcp.local", 33, struct.pack("!HHH", 0, 0, 8080) + name("lamp.local"))
    ],
}


def responder(request):
    found = RECORDS.get(question(request), [])
    if found:
        yield message(*found, identifier=request[:2])


def test_services_and_their_texts_are_enumerated_by_mdns():
    with udp(responder) as port:
        seen = mdns(HOST, port=port, timeout_s=0.3)

    assert seen.answered
    assert seen.services == ("_http._tcp.local",)
    assert ("Lamp._http._tcp.local", "TXT", "firmware=1.2") in seen.records
    assert ("Lamp._http._tcp.local", "SRV", "lamp.local:8080") in seen.records


def test_texts_of_mdns_are_disclosed():
    with udp(responder) as port:
        items = from_discovery(mdns(HOST, port=port, timeout_s=0.3), own=[HOST])

    assert ("mdns", "firmware=1.2") in {(item.field, item.text) for item in items}


def test_a_silent_port_answers_no_discovery():
    with udp(lambda request: []) as port:
        assert not mdns(HOST, port=port, timeout_s=0.1).answered
        assert not ssdp(HOST, port=port, timeout_s=0.1).answers
        assert not ws_discovery(HOST, port=port, timeout_s=0.1).answers


def test_an_echo_is_no_answer():
    with udp(lambda request: [request]) as port:
        assert not mdns(HOST, port=port, timeout_s=0.1).answered
        assert not ssdp(HOST, port=port, timeout_s=0.1).answers
        assert not ws_discovery(HOST, port=port, timeout_s=0.1).answers
        assert identify_udp(HOST, port, timeout_s=0.1).kind == "unknown"


DESCRIPTION = (
    '<root xmlns="urn:schemas-upnp-org:device-1-0"><device><friendlyName>Lamp</friendlyName>'
    "<serialNumber>L-77</serialNumber></device></root>"
)


def found_at(location):
    return (
        f"HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nUSN: uuid:1::upnp:rootdevice\r\n"
        f"SERVER: Linux/5.15 UPnP/1.0 Lamp/1.2\r\nLOCATION: {location}\r\n\r\n"
    ).encode()


def test_descriptions_are_fetched_from_the_device_and_from_nobody_else(tmp_path):
    with daemons.nginx(tmp_path, pages={"d.xml": DESCRIPTION}) as web:
        places = [f"http://{HOST}:{web.port}/d.xml", "http://192.0.2.1/d.xml"]
        with udp(lambda request: [found_at(place) for place in places]) as port:
            seen = ssdp(HOST, port=port, timeout_s=0.3)

    assert ("serialNumber", "L-77") in seen.described
    assert seen.elsewhere == ("http://192.0.2.1/d.xml",)
    assert {(item.field, item.full) for item in from_discovery(seen, own=[HOST])} >= {
        ("upnp", "serialNumber: L-77"),
        ("upnp", "Server: Linux/5.15 UPnP/1.0 Lamp/1.2"),
    }


def test_a_description_with_entities_is_refused(tmp_path):
    bomb = '<!DOCTYPE r [<!ENTITY a "xxxxxxxx"><!ENTITY b "&a;&a;&a;">]><r>&b;</r>'
    with (
        daemons.nginx(tmp_path, pages={"d.xml": bomb}) as web,
        udp(lambda request: [found_at(f"http://{HOST}:{web.port}/d.xml")]) as port,
    ):
        seen = ssdp(HOST, port=port, timeout_s=0.3)

    assert {name for name, _ in seen.described} == {"Server"}
    assert "document type" in str(seen.gaps)


def test_a_match_of_ws_discovery_has_to_relate_to_the_question():
    def match(identifier):
        return (
            '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><ProbeMatches><ProbeMatch>'
            f"<RelatesTo>{identifier}</RelatesTo><Types>dn:NetworkVideoTransmitter</Types>"
            "<Scopes>onvif://www.onvif.org/name/Cam onvif://www.onvif.org/hardware/X1</Scopes>"
            "<XAddrs>http://127.0.0.1/onvif/device_service</XAddrs></ProbeMatch></ProbeMatches></e:Body></e:Envelope>"
        ).encode()

    with udp(lambda request: [match(re.search(rb"uuid:([0-9a-f-]+)", request)[1].decode())]) as port:
        seen = ws_discovery(HOST, port=port, timeout_s=0.3)
    with udp(lambda request: [match("another")]) as port:
        other = ws_discovery(HOST, port=port, timeout_s=0.2)

    assert seen.answers[0].types == ("dn:NetworkVideoTransmitter",)
    assert "onvif://www.onvif.org/hardware/X1" in seen.answers[0].scopes
    assert not other.answers


@pytest.mark.parametrize(
    "text",
    ["<a>" * 100, "<a><b></a>", "", '<!DOCTYPE a SYSTEM "http://192.0.2.1/x"><a>x</a>', "<a>&nope;</a>"],
)
def test_xml_that_is_not_plain_is_refused(text):
    with pytest.raises(XmlError):
        list(elements(text.encode()))


def test_xml_gives_local_names_and_texts():
    assert list(elements(b'<x:a xmlns:x="u"><x:b>1</x:b><c> </c></x:a>')) == [("b", "1")]


@given(st.binary(max_size=200))
def test_any_datagram_is_dns_or_not(data):
    found = _dns.parse(data)

    assert found is None or all(text.isprintable() for _, _, text in found.records)


def test_a_pointer_that_leads_to_itself_ends():
    assert _dns.parse(struct.pack("!6H", 0, 0x8400, 0, 1, 0, 0) + b"\xc0\x0c" + bytes(10)) is None


@given(st.binary(max_size=200))
def test_any_datagram_is_ssdp_or_not(data):
    found = parse_ssdp(data)

    assert found is None or data.lstrip().upper().startswith((b"HTTP/1.", b"NOTIFY"))


@given(st.binary(max_size=200))
def test_any_bytes_are_xml_or_refused(data):
    with contextlib.suppress(XmlError):
        for _, text in elements(data):
            assert text
