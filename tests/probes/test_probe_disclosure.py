"""What a device tells without a login is collected item by item: a real web server, and answers made for it."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_etsi.probes.disclosure import DEVICE, collect, from_response
from pytest_etsi.probes.http._page_text import page_text
from pytest_etsi.probes.services import Service
from tests import daemons

from hostile_servers import serve  # isort: skip

HOST = "127.0.0.1"


def test_nginx_tells_its_version_its_pages_and_a_listing(tmp_path):
    pages = {"index.html": "<title>Lamp</title><!-- todo --><p>hello</p>", "files/a.txt": "x"}
    with daemons.nginx(tmp_path, pages=pages, server="autoindex on;") as server:
        seen = collect(HOST, [Service(HOST, server.port, kind="http")], timeout_s=2)

    told = {(item.field, item.name): item.text for item in seen.items}
    assert told["header", "Server"].startswith("nginx/")
    assert told["title", ""]
    assert any(item.field == "comment" and item.text == "todo" for item in seen.items)
    assert any(item.field == "listing" and "a.txt" in item.text for item in seen.items)
    assert not seen.gaps


def test_nginx_that_hides_its_version_tells_none(tmp_path):
    with daemons.nginx(tmp_path, server="server_tokens off;") as server:
        seen = collect(HOST, [Service(HOST, server.port, kind="http")], timeout_s=2)

    assert {item.text for item in seen.items if item.name == "Server"} == {"nginx"}
    assert not [item for item in seen.items if item.field == "listing"]


def test_a_certificate_tells_names(tmp_path):
    with daemons.nginx(tmp_path, tls=True) as server:
        seen = collect(HOST, [Service(HOST, server.port, kind="https", tls=True)], timeout_s=2)

    told = {(item.name, item.text) for item in seen.items if item.field == "certificate"}
    assert ("subject CN", "device under test") in told
    assert ("name", DEVICE) in told


def test_a_banner_is_an_item_and_other_hosts_are_left_out():
    mine, other = (
        Service(HOST, 22, kind="ssh", banner="SSH-2.0-x"),
        Service("192.0.2.1", 22, kind="ssh", banner="y"),
    )

    seen = collect(HOST, [mine, other])

    assert [(item.field, item.text) for item in seen.items] == [("banner", "SSH-2.0-x")]


def test_a_server_that_stops_answering_is_a_gap():
    with serve(lambda connection: connection.close()) as port:
        seen = collect(HOST, [Service(HOST, port, kind="http")], timeout_s=0.5, deadline_s=5)

    assert any("not answered" in gap for gap in seen.gaps)


def test_a_service_that_nobody_recognised_is_a_gap():
    seen = collect(HOST, [Service(HOST, 9, kind="unknown")])

    assert any("not recognised" in gap for gap in seen.gaps)


def test_a_link_to_another_host_is_not_followed(tmp_path):
    with daemons.nginx(tmp_path, server="return 302 http://192.0.2.1/x;") as server:
        seen = collect(HOST, [Service(HOST, server.port, kind="http")], timeout_s=1)

    assert any(item.name == "Location" and "192.0.2.1" in item.text for item in seen.items)
    assert not seen.gaps


def test_json_realms_and_cookies_are_taken_apart():
    response = httpx.Response(
        401,
        headers=[
            ("content-type", "application/json"),
            ("www-authenticate", 'Basic realm="lamp 7"'),
            ("set-cookie", "PHPSESSID=0123456789; path=/"),
        ],
        json={"device": {"fw": "1.2.3", "ids": [4, None]}},
    )

    told = {(item.field, item.name, item.text) for item in from_response(response, own=[HOST], port=80)}

    assert ("realm", "", "lamp 7") in told
    assert ("cookie", "", "PHPSESSID") in told
    assert {("json", "device.fw", "1.2.3"), ("json", "device.ids", "4")} <= told
    assert not any("0123456789" in text for _, _, text in told)


def test_the_own_address_is_replaced_and_a_longer_one_is_not():
    response = httpx.Response(200, headers={"x-a": "10.0.0.5:80", "x-b": "110.0.0.5", "x-c": "10.0.0.55"})

    told = {item.name: item.text for item in from_response(response, own=["10.0.0.5"], port=80)}

    assert told["X-A"] == f"{DEVICE}:80"
    assert (told["X-B"], told["X-C"]) == ("110.0.0.5", "10.0.0.55")


@settings(max_examples=50)
@given(st.text(max_size=400))
def test_any_page_is_read(text):
    for name, piece in page_text(f"<p>{text}"):
        assert name in {"title", "generator", "comment", "text", "script"}
        assert piece.strip()


@settings(max_examples=50)
@given(
    st.binary(max_size=400), st.sampled_from(["text/html", "application/json", "text/plain", "", "image/png"])
)
def test_any_answer_gives_bounded_printable_items(content, kind):
    response = httpx.Response(200, headers={"content-type": kind}, content=content)

    for item in from_response(response, own=[HOST], port=80):
        assert item.text.isprintable()
        assert len(item.text) < 5000


def answered(text, kind="text/xml"):
    response = httpx.Response(200, headers={"content-type": kind}, text=text)
    return {(item.field, item.name): item.text for item in from_response(response, own=(), port=80)}


def test_the_parts_of_an_xml_document_are_items_of_their_own():
    told = answered(
        '<?xml version="1.0"?>\n<root version="2.0" xmlns="urn:x"><device><modelNumber>7</modelNumber>'
        '<part version="2.4.1"/></device><!-- built on lab-7 --></root>'
    )

    assert told["xml", "modelNumber"] == "7"
    assert told["xml", "part version"] == "2.4.1"
    assert told["comment", ""] == "built on lab-7"
    assert answered('<device version="2.4.1"/>')["xml", "device version"] == "2.4.1"
    # The versions of XML and of the format are none of the device.
    assert not {text for text in told.values() if "1.0" in text or text == "2.0"}


def test_xml_that_is_broken_is_told_line_by_line_without_its_declaration():
    told = answered('<?xml version="1.0"?><root><a>firmware 2.4.1</root>')

    assert told["text", ""] == "<root><a>firmware 2.4.1</root>"


def test_what_stands_far_behind_in_a_long_line_is_an_item_too():
    long = "a " * 1500 + "firmware 2.4.1 " + "b " * 1500
    response = httpx.Response(200, headers={"content-type": "text/plain"}, text=long)
    items = from_response(response, own=(), port=80)

    assert any("firmware 2.4.1" in item.text for item in items)
    assert all(len(item.text) <= 400 for item in items)


def test_pages_that_a_long_list_leads_to_are_asked_or_said_not_to_be():
    content = "".join(f'<a href="/page{number}">' for number in range(80)).encode()
    asked = []

    def page(connection):
        request = connection.recv(4096)
        asked.append(request.split()[1].decode())
        body = content if asked[-1] == "/" else b"page"
        head = (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
        )
        connection.sendall(head % len(body) + body)

    with serve(page) as port:
        seen = collect(HOST, [Service(HOST, port, kind="http")], timeout_s=1, max_requests=50)

    pages = {path for path in asked if path.startswith("/page")}
    assert 0 < len(pages) < 80
    assert f"leads to more than 50 pages, {80 - len(pages)} were not asked" in str(seen.gaps)


def test_a_script_is_read_to_its_end_and_lines_beyond_what_is_kept_are_a_gap():
    script = "\n".join(f"a{number}();" for number in range(500)) + "\nconst key='L-77'"
    response = httpx.Response(200, headers={"content-type": "application/javascript"}, text=script)
    assert any("L-77" in item.text for item in from_response(response, own=(), port=80))

    lines = "\n".join(f"line {number}" for number in range(300)).encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % len(lines)

    def page(connection):
        connection.recv(4096)
        connection.sendall(head + lines)

    with serve(page) as port:
        seen = collect(HOST, [Service(HOST, port, kind="http")], timeout_s=1, max_requests=3)
    assert "more than 200 different text items" in str(seen.gaps)


@given(st.text(st.characters(codec="ascii", min_codepoint=33, max_codepoint=126), min_size=1, max_size=5000))
def test_no_forty_characters_in_a_row_go_unseen(text):
    response = httpx.Response(200, headers={"content-type": "text/plain"}, text=text)
    seen = [item.text for item in from_response(response, own=(), port=80)]

    assert all(
        any(text[start : start + 40] in piece for piece in seen)
        for start in range(0, max(1, len(text) - 40), 40)
    ) or text.startswith("<")


def test_what_coap_and_snmp_tell_is_asked_in_their_languages(tmp_path):
    (tmp_path / "snmpd.conf").write_text("rocommunity public\nsysDescr Lamp 7\n")
    ports = daemons.free_port(), daemons.free_port()
    # Both listen on TCP as well, by which it is seen that they are there.
    commands = (
        [daemons.program("coap-server-notls"), "-A", HOST, "-p", str(ports[0]), "-v", "0"],
        [
            *(daemons.program("snmpd"), "-f", "-Lo", "-C", "-c", str(tmp_path / "snmpd.conf"), "-I", "-smux"),
            *(f"{protocol}:{HOST}:{ports[1]}" for protocol in ("udp", "tcp")),
        ],
    )
    with (
        daemons.running("coap", tmp_path, commands[0], HOST, ports[0]) as coap,
        daemons.running("snmpd", tmp_path, commands[1], HOST, ports[1]) as snmp,
    ):
        services = [
            Service(HOST, coap.port, "udp", kind="coap", banner="dEESETSI"),
            Service(HOST, snmp.port, "udp", kind="snmp", banner="0"),
        ]
        seen = collect(HOST, services, timeout_s=2)

    told = {(item.field, item.name): item.text for item in seen.items}
    assert told["coap", ""].startswith("</")
    assert told["snmp", "sysDescr"] == "Lamp 7"
    assert not [item for item in seen.items if item.field == "banner"]
    assert not seen.gaps


def test_what_a_broker_tells_everybody_is_collected(tmp_path):
    with daemons.mosquitto(tmp_path, anonymous=True) as broker:
        told = collect(HOST, [Service(HOST, broker.port, kind="mqtt")])
    with daemons.mosquitto(tmp_path / "closed", users={"home": "Kaffeetasse-77-blau"}) as broker:
        closed = collect(HOST, [Service(HOST, broker.port, kind="mqtt")])

    items = {item.name: item.text for item in told.items}
    assert items["$SYS/broker/version"].startswith("mosquitto version ")
    assert closed.items == ()


@pytest.mark.parametrize(
    ("connack", "open_"), [(b"\x20\x02\0\x05", False), (b"\x20\x02\0\x03", True), (b"\x20\x02\0\x00", False)]
)
def test_a_broker_that_is_not_available_leaves_open_what_it_tells(connack, open_):
    def behave(connection):
        connection.recv(512)
        connection.sendall(connack)
        connection.recv(512)

    with serve(behave) as port:
        seen = collect(HOST, [Service(HOST, port, kind="mqtt")])

    assert any("neither takes nor refuses" in gap for gap in seen.gaps) == open_
