"""UDP services, found by their answers: real daemons, small stand-ins, echoes, floods and silence."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from typing import TYPE_CHECKING

import pytest
from work import FAR_TOO_LONG_S

from pytest_etsi.probes.udp.payloads import PAYLOADS
from pytest_etsi.probes.udp.search import FEW_PORTS, UdpAnswer, scan_udp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextlib.contextmanager
def _server(answer: Callable[[bytes], list[bytes]], host: str = "127.0.0.1") -> Iterator[int]:
    """A UDP server on a free port; gives the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as server:
        server.bind((host, 0))
        server.settimeout(0.1)
        ended = threading.Event()

        def serve() -> None:
            while not ended.is_set():
                with contextlib.suppress(TimeoutError, ConnectionRefusedError):
                    data, sender = server.recvfrom(65_535)
                    for one in answer(data):
                        server.sendto(one, sender)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        ended.set()
        thread.join(5)


def _only(answers: tuple[UdpAnswer, ...]) -> UdpAnswer:
    (answer,) = answers
    return answer


def _by_name(name: str) -> bytes:
    return next(payload.data for payload in PAYLOADS if payload.name == name)


def _stun(data: bytes) -> list[bytes]:
    if data[4:8] != b"\x21\x12\xa4\x42":
        return []
    return [struct.pack("!HH", 0x0101, 0) + data[4:20]]


def _coap(data: bytes) -> list[bytes]:
    return [b"\x64\x45" + data[2:8] + b"\xff</light>"] if data[:2] == b"\x44\x01" else []


def _sip(data: bytes) -> list[bytes]:
    return [b"SIP/2.0 200 OK\r\nServer: lamp\r\n\r\n"] if data.startswith(b"OPTIONS sip:") else []


def _names(data: bytes) -> list[bytes]:
    """A server of DNS answers every question, if only by a refusal that repeats it."""
    return [data[:2] + b"\x81\x85" + data[4:]] if data[4:6] == b"\0\1" and len(data) > 16 else []


def _local_names(data: bytes) -> list[bytes]:
    """One of multicast DNS answers what it knows, and is silent otherwise."""
    return [data[:2] + b"\x84\0" + data[4:]] if b"_dns-sd" in data else []


@pytest.mark.parametrize(
    ("answer", "name"),
    [(_stun, "stun"), (_coap, "coap"), (_sip, "sip"), (_names, "dns"), (_local_names, "mdns")],
)
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_service_is_found_on_any_of_few_ports_by_its_answer(
    answer: Callable[[bytes], list[bytes]], name: str, host: str
) -> None:
    with _server(answer, host) as port:
        scan = scan_udp(host, [port], wait_s=0.3)

    found = _only(scan.answers)
    assert (found.port, found.name, found.fits) == (port, name, True)
    assert scan.complete
    assert found.sent >= len(_by_name(name))
    assert found.received > 0


def test_closed_ports_are_told_from_silent_ones() -> None:
    with _server(lambda _: []) as silent, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        closed = taken.getsockname()[1]
        taken.close()
        scan = scan_udp("127.0.0.1", [silent, closed], wait_s=0.3)

    assert scan.answers == ()
    assert scan.silent == (silent,)
    assert scan.closed == 1


def test_an_echo_is_no_known_service() -> None:
    with _server(lambda data: [data]) as port:
        found = _only(scan_udp("127.0.0.1", [port], wait_s=0.3).answers)

    assert (found.name, found.fits) == ("echo", False)


def test_an_answer_to_anything_is_something_unknown() -> None:
    with _server(lambda _: [b"\x1b[2Jhello"]) as port:
        found = _only(scan_udp("127.0.0.1", [port], wait_s=0.3).answers)

    assert (found.name, found.fits) == ("unknown", False)
    assert "\x1b" not in found.text


def test_a_flood_ends_the_search_and_is_bounded() -> None:
    began = time.monotonic()
    with _server(lambda _: [bytes(60_000)] * 50) as port:
        found = _only(scan_udp("127.0.0.1", [port], wait_s=0.3).answers)

    assert found.received > 10 * found.sent
    assert len(found.text) < 1000
    assert time.monotonic() - began < FAR_TOO_LONG_S


def test_of_all_ports_the_usual_ones_are_asked_in_their_own_language() -> None:
    scan = scan_udp("127.0.0.1", wait_s=0.1, tries=1)

    assert scan.asked == len({port for payload in PAYLOADS for port in payload.ports})
    assert scan.asked < FEW_PORTS


def test_a_search_that_is_cut_short_says_so() -> None:
    with _server(lambda _: []) as port:
        scan = scan_udp("127.0.0.1", [port], wait_s=5.0, deadline_s=0.2)

    assert not scan.complete
    assert "deadline" in scan.error


def test_a_name_that_does_not_resolve_is_no_empty_search() -> None:
    scan = scan_udp("no-such-host.invalid", [9])

    assert not scan.complete
    assert scan.error


def test_the_rate_is_kept() -> None:
    times: list[float] = []

    def note(_: bytes) -> list[bytes]:
        times.append(time.monotonic())
        return []

    with _server(note) as port:
        scan_udp("127.0.0.1", [port], wait_s=0.0, tries=1, rate=50)

    assert len(times) == len(PAYLOADS)
    assert times[-1] - times[0] >= 0.9 * (len(PAYLOADS) - 1) / 50


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: payload.name)
def test_a_question_fits_into_one_packet_and_names_its_ports(payload) -> None:
    assert 0 < len(payload.data) <= 1232
    assert all(0 < port < 65536 for port in payload.ports)
    assert payload.ports or payload.name == "empty lines"


def test_a_known_port_is_asked_in_all_languages_beside_the_usual_ones() -> None:
    with _server(_stun) as port:
        scan = scan_udp("127.0.0.1", wait_s=0.2, known=(port,))

    assert port in {one.port for one in scan.answers}
    assert scan.complete


def test_a_host_of_which_nothing_answers_any_more_has_not_been_searched() -> None:
    heard: list[bytes] = []

    def once(data: bytes) -> list[bytes]:
        heard.append(data)
        return [b"hello"] if len(heard) == 1 else []

    with _server(once) as port:
        scan = scan_udp("127.0.0.1", [port], wait_s=0.1)

    assert [one.port for one in scan.answers] == [port]
    assert not scan.complete
    assert f"does not any more: udp/{port}" in scan.error
