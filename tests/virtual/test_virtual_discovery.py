"""How the virtual camera is found in its network."""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING

import httpx
import pytest

from pytest_etsi.probes.discovery.search import mdns, ssdp

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtual_process import Process

KIND = "_https._tcp.local"


def _asked(camera: Process, port: str, message: bytes) -> bytes:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(0.5)
        client.connect((camera.values["host"], int(camera.values[port])))
        client.send(message)
        try:
            return client.recv(2000)
        except TimeoutError:
            return b""


def _question(name: str, kind: int, *, questions: int = 1, flags: int = 0) -> bytes:
    labels = b"".join(bytes((len(part),)) + part.encode() for part in name.split("."))
    return struct.pack(">6H", 7, flags, questions, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", kind, 1)


def test_the_camera_tells_by_multicast_dns_where_its_page_is(camera: Process) -> None:
    values = camera.values

    seen = mdns(values["host"], port=int(values["mdns"]))

    assert seen.services == (KIND,)
    assert set(seen.records) == {
        ("_services._dns-sd._udp.local", "PTR", KIND),
        (KIND, "PTR", f"ExampleCam.{KIND}"),
        (f"ExampleCam.{KIND}", "SRV", f"examplecam.local:{values['https']}"),
        (f"ExampleCam.{KIND}", "TXT", "path=/"),
        ("examplecam.local", "A", values["host"]),
    }


def test_names_are_compared_without_regard_to_case_and_the_question_comes_back(camera: Process) -> None:
    question = _question("ExampleCam._HTTPS._tcp.LOCAL", 16)

    answer = _asked(camera, "mdns", question)

    assert struct.unpack_from(">6H", answer) == (7, 0x8400, 1, 1, 0, 0)
    assert answer[12 : len(question)] == question[12:]
    assert answer.endswith(b"\x06path=/")


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\0" * 12,
        _question("_ipp._tcp.local", 12),
        _question(KIND, 33),
        _question(KIND, 12, flags=0x8400),
        _question(KIND, 12, questions=2),
        _question(KIND, 12)[:-3],
        _question(".".join(["a"] * 40), 12),
        _question(KIND, 12)[:12] + b"\xc0\x0c\0\x0c\0\1",
        _question(KIND, 12) + bytes(2000),
    ],
)
def test_questions_for_something_else_get_no_answer(camera: Process, message: bytes) -> None:
    assert _asked(camera, "mdns", message) == b""


def test_a_search_by_ssdp_leads_to_the_description(camera: Process) -> None:
    values = camera.values

    seen = ssdp(values["host"], port=int(values["ssdp"]))

    assert {one.location for one in seen.answers} == {f"{values['http_url']}/description.xml"}
    page = httpx.get(f"{values['http_url']}/description.xml", trust_env=False)
    assert page.headers["content-type"].startswith("text/xml")
    assert f"uuid:{values['uuid']}" in page.text
    assert values["https_url"] in page.text
    assert values["serial"] not in page.text
    assert values["software"] not in page.text


@pytest.mark.parametrize(
    "message",
    [
        b"M-SEARCH * HTTP/1.1\r\n\r\n",
        b"M-SEARCH * HTTP/1.1\r\nST: urn:schemas-upnp-org:device:MediaServer:1\r\n\r\n",
        b"M-SEARCH * HTTP/1.1\r\nST: ssdp:all\r\n",
        b"NOTIFY * HTTP/1.1\r\nST: ssdp:all\r\n\r\n",
        b"M-SEARCH * HTTP/1.1\r\nST: ssdp:all\r\n\r\n" + b"x" * 2000,
    ],
)
def test_searches_for_something_else_get_no_answer(camera: Process, message: bytes) -> None:
    assert _asked(camera, "ssdp", message) == b""


def test_flaws_make_the_answers_tell_more(start: Callable[..., Process]) -> None:
    camera = start("--initialized", "--flaw", "mdns-tells-software", "--flaw", "description-tells-software")
    values = camera.values

    told = mdns(values["host"], port=int(values["mdns"])).records
    page = httpx.get(f"{values['http_url']}/description.xml", trust_env=False)

    assert (f"ExampleCam.{KIND}", "TXT", f"fw={values['software']}") in told
    assert f"<firmwareVersion>{values['software']}</firmwareVersion>" in page.text


def test_flaws_tell_the_serial_number_to_who_asks_in_the_right_way(start: Callable[..., Process]) -> None:
    camera = start("--initialized", "--flaw", "mdns-tells-serial", "--flaw", "search-tells-serial")
    serial = camera.values["serial"]

    def searched(target: str) -> bytes:
        return _asked(camera, "ssdp", f"M-SEARCH * HTTP/1.1\r\nST: {target}\r\n\r\n".encode())

    assert f"\x06path=/{chr(len(serial) + 3)}sn={serial}".encode() in _asked(
        camera, "mdns", _question(f"ExampleCam.{KIND}", 16)
    )
    assert searched("ssdp:all") == b""
    assert f"USN: uuid:{serial}::upnp:rootdevice".encode() in searched("upnp:rootdevice")


def test_nothing_answers_without_power_or_network(start: Callable[..., Process]) -> None:
    camera = start("--initialized")

    camera.bench("POST", "/network", {"up": False})
    with pytest.raises(ConnectionRefusedError):
        _asked(camera, "mdns", _question(KIND, 12))
    camera.bench("POST", "/network", {"up": True})
    assert _asked(camera, "mdns", _question(KIND, 12))
