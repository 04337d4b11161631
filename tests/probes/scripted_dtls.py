"""A DTLS server that goes no further than its first flight, behind a line that loses datagrams."""

from __future__ import annotations

import contextlib
import random
import socket
import struct
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

COOKIE = b"a cookie"


def record(kind: int, content: bytes) -> bytes:
    """One record of DTLS 1.2, not encrypted."""
    return struct.pack("!BHHIHH", kind, 0xFEFD, 0, 0, 0, len(content)) + content


def fragment(kind: int, number: int, body: bytes, offset: int = 0, part: bytes | None = None) -> bytes:
    """A handshake message, or a part of it."""
    part = body if part is None else part
    sizes = [size.to_bytes(3, "big") for size in (len(body), offset, len(part))]
    return bytes([kind]) + sizes[0] + struct.pack("!H", number) + sizes[1] + sizes[2] + part


@dataclass
class Script:
    """What the server takes and says.

    Attributes:
        suites: accepted suites by version, 0xFEFF or 0xFEFD.
        pieces: datagrams that its certificate takes.
        loses: share of the datagrams that is lost, each way.
        seed: of the losses.
    """

    suites: dict[int, tuple[int, ...]] = field(default_factory=dict)
    pieces: int = 3
    loses: float = 0.0
    seed: int = 1

    def answer(self, hello: bytes) -> list[bytes]:
        """The datagrams that answer one."""
        body = hello[25:]
        (version,) = struct.unpack_from("!H", body)
        position = 35 + body[34]
        cookie = body[position + 1 : position + 1 + body[position]]
        position += 1 + body[position]
        (size,) = struct.unpack_from("!H", body, position)
        suites = struct.unpack_from(f"!{size // 2}H", body, position + 2)
        if cookie != COOKIE:
            return [record(22, fragment(3, 0, b"\xfe\xff" + bytes([len(COOKIE)]) + COOKIE))]
        chosen = next((suite for suite in suites if suite in self.suites.get(version, ())), None)
        if chosen is None:
            return [record(21, b"\2\x28")]
        chain = b"\x30" * 900
        listed = (len(chain) + 3).to_bytes(3, "big") + len(chain).to_bytes(3, "big") + chain
        step = -(-len(listed) // self.pieces)
        parts = [
            record(22, fragment(11, 2, listed, start, listed[start : start + step]))
            for start in range(0, len(listed), step)
        ]
        choice = struct.pack("!H", version) + bytes(32) + b"\0" + struct.pack("!HB", chosen, 0)
        return [record(22, fragment(2, 1, choice)), *parts, record(22, fragment(14, 3, b""))]


@contextlib.contextmanager
def serving(script: Script) -> Iterator[int]:
    """Serve on a loopback port; gives the port."""
    chance = random.Random(script.seed)
    with socket.socket(type=socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(0.1)
        stop = threading.Event()

        def serve() -> None:
            while not stop.is_set():
                with contextlib.suppress(OSError):
                    data, peer = server.recvfrom(65535)
                    if data[0] != 22 or chance.random() < script.loses:
                        continue
                    for answer in script.answer(data):
                        if chance.random() >= script.loses:
                            server.sendto(answer, peer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            stop.set()
            thread.join()
