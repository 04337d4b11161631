"""Each protocol is recognised by its speech, on any port: real daemons, and truthful stubs where there is none."""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import struct
import subprocess
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_etsi.probes.coap import ask_core, parse_answer
from pytest_etsi.probes.services import identify, identify_udp, product_of
from pytest_etsi.probes.services._grpc import _frames
from tests import daemons

from hostile_servers import serve  # isort: skip

HOST = "127.0.0.1"


def answering(*pairs):
    """A server that answers a request by the first pair whose beginning fits, and otherwise hangs up."""

    def behave(connection):
        request = connection.recv(65536)
        for beginning, answer in pairs:
            if request.startswith(beginning):
                connection.sendall(answer(request) if callable(answer) else answer)
                connection.recv(1)
                return

    return behave


def greeting(first, *pairs):
    """A server that greets and then answers line by line."""

    def behave(connection):
        connection.sendall(first)
        while request := connection.recv(4096):
            answer = next(
                (answer for beginning, answer in pairs if request.startswith(beginning)), b"500 what?\r\n"
            )
            connection.sendall(answer)

    return behave


@contextlib.contextmanager
def running(command, ready, **more):
    """A daemon until the block ends; `ready()` tells when it answers."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
    try:
        end = time.monotonic() + 10
        while not ready() and time.monotonic() < end:
            assert process.poll() is None, f"{command[0]} ended with {process.returncode}"
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        process.wait(10)


def udp_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


# The number never decides -----------------------------------------------------------------------------------


@pytest.mark.skipif(os.geteuid() != 0, reason="ports below 1024 may be taken by root only")
def test_the_port_number_decides_nothing(tmp_path):
    with (
        daemons.nginx(tmp_path / "web", host="127.93.4.1", port=22) as web,
        daemons.dropbear(tmp_path / "ssh", host="127.93.4.1", port=443) as shell,
        daemons.mosquitto(tmp_path / "mqtt", host="127.93.4.1", port=80, anonymous=True) as broker,
    ):
        found = [identify(one.host, one.port).kind for one in (web, shell, broker)]

    assert found == ["http", "ssh", "mqtt"]


# Real daemons -----------------------------------------------------------------------------------------------


def test_the_web_server_of_busybox_is_recognised(tmp_path):
    (tmp_path / "index.html").write_text("<title>Lamp</title>", encoding="ascii")
    port = daemons.free_port()
    command = [daemons.program("busybox"), "httpd", "-f", "-p", f"{HOST}:{port}", "-h", str(tmp_path)]

    def ready():
        with socket.socket() as probe:
            return probe.connect_ex((HOST, port)) == 0

    with running(command, ready):
        service = identify(HOST, port)

    assert (service.kind, service.speaks, service.challenges) == ("http", (), ())


def test_the_coap_server_of_libcoap_names_its_resources():
    path = daemons.program("coap-server-notls")
    port = udp_port()
    with running([path, "-A", HOST, "-p", str(port)], lambda: ask_core(HOST, port, timeout_s=0.2, tries=1)):
        service = identify_udp(HOST, port)

    assert service.kind == "coap"
    assert "</" in service.banner


def test_an_snmp_agent_is_recognised_on_an_odd_port(tmp_path):
    path = daemons.program("snmpd")
    port = udp_port()
    (tmp_path / "snmpd.conf").write_text(
        f"rocommunity public\nagentaddress udp:{HOST}:{port}\n", encoding="ascii"
    )
    command = [
        path,
        "-f",
        "-C",
        "-c",
        str(tmp_path / "snmpd.conf"),
        "-Lf",
        str(tmp_path / "log"),
        "-p",
        str(tmp_path / "pid"),
    ]
    with running(
        command,
        lambda: identify_udp(HOST, port, timeout_s=0.1).kind == "snmp",
        env=os.environ | {"SNMP_PERSISTENT_DIR": str(tmp_path)},
    ):
        service = identify_udp(HOST, port, timeout_s=0.3)

    assert service.kind == "snmp"
    assert service.challenges


def test_banners_of_real_daemons_give_product_and_version(tmp_path):
    with daemons.nginx(tmp_path / "a") as server:
        web = identify(HOST, server.port)
    with daemons.sshd(tmp_path / "b") as server:
        shell = identify(HOST, server.port)

    assert (web.product, web.version[:2]) == ("nginx", "1.")
    assert shell.product == "OpenSSH"
    assert shell.version[0].isdigit()


# Stubs ------------------------------------------------------------------------------------------------------


def test_modbus_is_recognised_by_its_device_identification():
    objects = b"\x00\x04ACME\x01\x02P1\x02\x031.2"
    body = b"\x2b\x0e\x01\x01\x00\x00\x03" + objects

    def reply(request):
        return request[:4] + struct.pack("!H", 1 + len(body)) + request[6:7] + body

    with serve(answering((b"\x5e\x21\x00\x00", reply))) as port:
        service = identify(HOST, port, timeout_s=0.5)

    assert (service.kind, service.banner) == ("modbus", "ACME P1 1.2")


def test_modbus_that_refuses_the_question_is_modbus_all_the_same():
    with serve(answering((b"\x5e\x21\0\0", lambda seen: seen[:4] + b"\0\x03\xff\xab\x01"))) as port:
        assert identify(HOST, port, timeout_s=0.5).kind == "modbus"


def test_an_echo_is_not_modbus_nor_adb_nor_mqtt():
    with serve(lambda connection: connection.sendall(connection.recv(4096))) as port:
        assert identify(HOST, port, timeout_s=0.3).kind == "unknown"


def adb(name, payload=b""):
    command = int.from_bytes(name, "little")
    return struct.pack("<6I", command, 1, 0, len(payload), sum(payload), command ^ 0xFFFFFFFF) + payload


@pytest.mark.parametrize(("name", "challenges"), [(b"AUTH", {"adb"}), (b"CNXN", set())])
def test_adb_with_and_without_a_key(name, challenges):
    with serve(answering((b"CNXN", adb(name, b"device::ro.product.name=x\0")))) as port:
        service = identify(HOST, port, timeout_s=0.5)

    assert service.kind == "adb"
    assert {one.kind for one in service.challenges} == challenges
    assert bool(challenges) != ("without any credential" in service.note)


SETTINGS = b"\0\0\0\x04\0\0\0\0\0"


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (b"\x10application/grpc", "grpc"),
        (bytes.fromhex("8b1d75d0620d263d4c4d6564"), "grpc"),
        (b"\x09text/html", "http2"),
    ],
)
def test_grpc_is_told_from_other_http_2(value, kind):
    block = b"\x88\x5f" + value
    headers = struct.pack("!I", len(block))[1:] + b"\x01\x04" + struct.pack("!I", 1) + block
    with serve(answering((b"PRI * HTTP/2.0", SETTINGS + headers))) as port:
        assert identify(HOST, port, timeout_s=0.5).kind == kind


def test_a_connection_request_of_tr_069_is_recognised_by_what_it_says():
    answer = b'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm="%s", nonce="1"\r\nContent-Length: 0\r\n\r\n'
    with serve(answering((b"GET", answer % b"TR-069 Connection Request"), (b"POST", answer % b"x"))) as port:
        cpe = identify(HOST, port, timeout_s=0.5)
    with serve(answering((b"GET", answer % b"lamp"), (b"POST", answer % b"lamp"))) as port:
        other = identify(HOST, port, timeout_s=0.5)

    assert (cpe.kind, cpe.speaks) == ("http", ("tr-069",))
    assert other.speaks == ()


PAGE = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def test_onvif_answers_with_its_time():
    body = b'<Envelope><tds:GetSystemDateAndTimeResponse xmlns:tds="http://www.onvif.org/ver10/device/wsdl"/></Envelope>'
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    with serve(answering((b"POST /onvif/device_service", answer), (b"GET", PAGE))) as port:
        assert identify(HOST, port, timeout_s=0.5).speaks == ("onvif",)


def test_a_websocket_has_to_answer_the_key():
    def accept(request):
        key = request.split(b"Sec-WebSocket-Key: ")[1].split(b"\r\n")[0]
        import base64

        digest = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
        return (
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: "
            + digest
            + b"\r\n\r\n"
        )

    wrong = b"HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: AAAA\r\n\r\n"
    with serve(answering((b"GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade", accept), (b"", PAGE))) as port:
        assert identify(HOST, port, timeout_s=0.5).speaks == ("websocket",)
    with serve(answering((b"GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade", wrong), (b"", PAGE))) as port:
        assert identify(HOST, port, timeout_s=0.5).speaks == ()


@pytest.mark.parametrize(
    ("behave", "kind"),
    [
        (greeting(b"220 mail ESMTP\r\n", (b"EHLO", b"250-mail\r\n250 STARTTLS\r\n")), "smtp"),
        (greeting(b"* OK ready\r\n", (b"a1", b"* CAPABILITY IMAP4rev1 STARTTLS\r\na1 OK\r\n")), "imap"),
        (greeting(b"+OK ready\r\n", (b"CAPA", b"+OK\r\nSTLS\r\n.\r\n")), "pop3"),
        (
            greeting(
                b"220 ftp\r\n",
                (b"USER", b"331 password\r\n"),
                (b"FEAT", b"211-ext\r\n AUTH TLS\r\n211 end\r\n"),
            ),
            "ftp",
        ),
    ],
    ids=["smtp", "imap", "pop3", "ftp"],
)
def test_starttls_is_seen(behave, kind):
    with serve(behave) as port:
        service = identify(HOST, port, timeout_s=0.5)

    assert (service.kind, service.starttls) == (kind, True)


def test_mail_without_starttls_has_none():
    with serve(greeting(b"220 mail ESMTP\r\n", (b"EHLO", b"250-mail\r\n250 SIZE 1\r\n"))) as port:
        assert not identify(HOST, port, timeout_s=0.5).starttls


def test_a_closed_udp_port_is_closed():
    assert identify_udp(HOST, udp_port(), timeout_s=0.1).kind == "closed"


@pytest.mark.parametrize(
    ("banner", "product"),
    [
        ("SSH-2.0-OpenSSH_9.2p1 Debian-2", ("OpenSSH", "9.2p1")),
        ("SSH-2.0-dropbear_2022.83", ("dropbear", "2022.83")),
        ("HTTP/1.1 200 OK; Server: lighttpd/1.4.69", ("lighttpd", "1.4.69")),
        ("220 (vsFTPd 3.0.3)", ("vsFTPd", "3.0.3")),
        ("HTTP/1.1 200 OK", ("", "")),
        ("camera login:", ("", "")),
    ],
)
def test_a_banner_gives_product_and_version(banner, product):
    assert product_of(banner) == product


@given(st.binary(max_size=80))
def test_any_datagram_is_coap_or_not(data):
    assert parse_answer(data, 7, b"abcd") is None or data[4:8] == b"abcd"


@given(st.binary(max_size=80))
def test_any_bytes_are_frames_or_not(data):
    assert sum(9 + len(body) for _, body in _frames(data)) <= len(data)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (
            bytes.fromhex("50e1 23800100 20"),
            "coap+tcp",
        ),  # of libcoap: the largest message, block-wise transfer
        (bytes.fromhex("00e1"), "coap+tcp"),
        (bytes.fromhex("d001e1") + bytes(14), "coap+tcp"),
        (bytes.fromhex("410101"), "smux"),
        (bytes.fromhex("50e1 238001"), "unknown"),  # shorter than it says
        (bytes.fromhex("50e2 2380010020"), "unknown"),  # another message
        (bytes.fromhex("410109"), "unknown"),
    ],
)
def test_binary_protocols_that_speak_first_are_recognised(data, kind):
    with serve(greeting(data)) as port:
        assert identify(HOST, port, timeout_s=0.5, deadline_s=3).kind == kind
