"""UDP services that behave as no device should, for tests: one thread, bounded in time and in what it sends."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MOST = 20_000
_LIFE_S = 60.0

Answer = "Callable[[bytes], Iterator[bytes]]"


@contextlib.contextmanager
def serve_datagrams(answer: Callable[[bytes], Iterator[bytes]], host: str = "127.0.0.1") -> Iterator[int]:
    """Answer every datagram to a free port by what `answer` makes of it; gives the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((host, 0))
        server.settimeout(0.05)
        stopped = threading.Event()

        def run() -> None:
            end = time.monotonic() + _LIFE_S
            while not stopped.is_set() and time.monotonic() < end:
                with contextlib.suppress(OSError):
                    question, peer = server.recvfrom(65536)
                    for sent, datagram in enumerate(answer(question)):
                        if stopped.is_set() or sent > _MOST:
                            break
                        server.sendto(datagram, peer)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            stopped.set()
            thread.join(5)


def _one(datagram: bytes) -> Callable[[bytes], Iterator[bytes]]:
    return lambda question: iter((datagram,))


def _without_end(datagram: bytes, every_s: float = 0.0) -> Callable[[bytes], Iterator[bytes]]:
    def answer(question: bytes) -> Iterator[bytes]:
        for _ in range(_MOST):
            time.sleep(every_s)
            yield datagram

    return answer


def _random_sizes(question: bytes) -> Iterator[bytes]:
    return (os.urandom(size) for size in range(0, 2000, 37))


def _every_length(question: bytes) -> Iterator[bytes]:
    """What was asked, cut at each place."""
    return (question[:length] for length in range(len(question)))


def _mdns(counts: tuple[int, int, int, int], rest: bytes) -> bytes:
    return struct.pack(">6H", 0, 0x8400, *counts) + rest


_NAME = b"\x05_http\x04_tcp\x05local\x00"
_LOOP = b"\xc0\x0c"
_SSDP = b"HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nUSN: uuid:1\r\nSERVER: x\r\n"
_PTR = _NAME + struct.pack(">HHIH", 12, 1, 60, 2)
_DESCRIPTION = b"LOCATION: %s\r\n\r\n"


def _coap(head: bytes) -> Callable[[bytes], Iterator[bytes]]:
    """An acknowledgement with the question's own marks, and then `head`."""
    return lambda question: iter((bytes((0x64, 0x45)) + question[2:8] + head,))


DATAGRAMS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "never answers": lambda question: iter(()),
    "answers with nothing": _one(b""),
    "echoes": lambda question: iter((question,)),
    "answers with one byte": _one(b"\0"),
    "answers with 60 KB": _one(b"A" * 60_000),
    "answers at random": _random_sizes,
    "answers with each part of the question": _every_length,
    "floods": _without_end(b"\0" * 512),
    "drips datagrams for ever": _without_end(b"?", 0.05),
    "sends terminal escapes": _one(b"\x1b]0;owned\x07\x1b[2J<script>alert(1)</script>\r\n"),
    "names loop in mDNS": _one(_mdns((0, 1, 0, 0), _LOOP + struct.pack(">HHIH", 12, 1, 60, 2) + _LOOP)),
    "names point ahead in mDNS": _one(
        _mdns((0, 1, 0, 0), b"\xc0\xff" + struct.pack(">HHIH", 12, 1, 60, 2) + b"\xff\xff")
    ),
    "mDNS says 65,535 records and sends none": _one(_mdns((0, 65535, 65535, 65535), b"")),
    "mDNS says a record of 65,535 bytes": _one(
        _mdns((0, 1, 0, 0), _NAME + struct.pack(">HHIH", 16, 1, 60, 65535) + b"x")
    ),
    "mDNS lists services for ever": _without_end(_mdns((0, 20, 0, 0), (_PTR + b"\xc0\x0c") * 20)),
    "mDNS texts say lengths that are not there": _one(
        _mdns((0, 1, 0, 0), _NAME + struct.pack(">HHIH", 16, 1, 60, 4) + b"\xffabc")
    ),
    "SSDP names a description at another host": _one(_SSDP + _DESCRIPTION % b"http://192.0.2.1/d.xml"),
    "SSDP names a file": _one(_SSDP + _DESCRIPTION % b"file:///etc/passwd"),
    "SSDP names a port that does not exist": _one(_SSDP + _DESCRIPTION % b"http://127.0.0.1:99999999/"),
    "SSDP sends headers of 60 KB": _one(_SSDP + b"X: " + b"y" * 60_000 + b"\r\n\r\n"),
    "SSDP has no end": _one(b"HTTP/1.1 200 OK\r\nLOCATION"),
    "WS-Discovery answers by XML that grows": _one(
        b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><r>&b;</r>'
    ),
    "WS-Discovery answers by XML 5,000 levels deep": _one(b"<a>" * 5000),
    "CoAP ends within an option": _coap(b"\xdd"),
    "CoAP says options that are not there": _coap(b"\xee\xff\xff\xff\xff"),
    "CoAP uses the option length that is reserved": _coap(b"\xff\xff\xff"),
    "CoAP says a token of 15 bytes": _one(b"\x6f\x45\0\0"),
    "SNMP says lengths of 2^56": _one(b"\x30\x87\xff\xff\xff\xff\xff\xff\xff\x02\x01\x01"),
    "SNMP nests without end": _one(b"\x30\x82\x7f\xff" * 1000),
    "SNMP says a length without end": _one(b"\x30\xff" + b"\xff" * 200),
}
"""What each service does, by a sentence."""
