"""UDP servers on loopback, each a function from a request to the datagrams that it is answered with."""

from __future__ import annotations

import contextlib
import re
import socket
import struct
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

HOST = "127.0.0.1"
KINDS = "_services._dns-sd._udp.local"
PTR, TXT, SRV = 12, 16, 33


@contextlib.contextmanager
def udp(answer: Callable[[bytes], Iterable[bytes]]) -> Iterator[int]:
    """Serve, and give the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((HOST, 0))
        stopped = threading.Event()

        def loop() -> None:
            while not stopped.is_set():
                request, sender = server.recvfrom(65536)
                for datagram in answer(request) if request else ():
                    server.sendto(datagram, sender)

        thread = threading.Thread(target=loop)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            stopped.set()
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waker:
                waker.sendto(b"", server.getsockname())
            thread.join(5)


def name(text: str) -> bytes:
    """A name of DNS."""
    return b"".join(bytes((len(part),)) + part for part in text.encode().split(b".")) + b"\0"


def record(owner: str, kind: int, body: bytes) -> bytes:
    """A record of DNS."""
    return name(owner) + struct.pack("!HHIH", kind, 0x8001, 120, len(body)) + body


def message(*records: bytes, identifier: bytes = b"\0\0", flags: int = 0x8400) -> bytes:
    """An answer of DNS."""
    return identifier + struct.pack("!5H", flags, 0, len(records), 0, 0) + b"".join(records)


def question(request: bytes) -> tuple[str, int]:
    """Name and type that a query asks for."""
    labels, position = [], 12
    while request[position]:
        labels.append(request[position + 1 : position + 1 + request[position]].decode())
        position += 1 + request[position]
    (kind,) = struct.unpack_from("!H", request, position + 1)
    return ".".join(labels), kind


def target(request: bytes) -> str:
    """What a search by SSDP asks for."""
    found = re.search(rb"(?im)^ST: *(\S+)\r?$", request)
    return found[1].decode() if found else ""
