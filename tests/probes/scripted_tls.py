"""A TLS server that says what no program of a distribution says any more; it goes no further than its first flight."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_REFUSED = b"\x15\x03\x01\0\2\2"


@dataclass
class Script:
    """What the server takes and says.

    Attributes:
        suites: accepted suites by version.
        compression: take up DEFLATE.
        secure_renegotiation: answer the signal of RFC 5746.
        heeds_fallback: refuse a hello that says it is a fallback.
        random_end: last bytes of the random value.
        ssl2: what to answer to a hello of SSL 2.0.
        hellos: what was received: (version, suites).
    """

    suites: dict[int, tuple[int, ...]] = field(default_factory=dict)
    compression: bool = False
    secure_renegotiation: bool = True
    heeds_fallback: bool = True
    random_end: bytes = b""
    ssl2: bytes = b""
    hellos: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)

    def answer(self, data: bytes) -> bytes:
        """The answer to a hello; empty when it is not there yet."""
        if data[:1] == b"\x80" and data[2:3] == b"\1":
            return self.ssl2 or _REFUSED + b"\x28"
        if len(data) < 5 or len(data) < 5 + struct.unpack_from("!H", data, 3)[0]:
            return b""
        body = data[9:]
        (version,) = struct.unpack_from("!H", body)
        position = 35 + body[34]
        (size,) = struct.unpack_from("!H", body, position)
        suites = struct.unpack_from(f"!{size // 2}H", body, position + 2)
        compressions = body[position + 3 + size : position + 3 + size + body[position + 2 + size]]
        self.hellos.append((version, suites))
        if any(0x1301 <= suite <= 0x1307 for suite in suites):
            return _REFUSED + b"\x46"
        accepted = self.suites.get(version, ())
        chosen = next((suite for suite in suites if suite in accepted), None)
        if chosen is None:
            return _REFUSED + (b"\x28" if accepted else b"\x46")
        if self.heeds_fallback and 0x5600 in suites and version < max(self.suites):
            return _REFUSED + b"\x56"
        packed = self.compression and 1 in compressions
        hello = struct.pack("!H", version) + bytes(32 - len(self.random_end)) + self.random_end + b"\0"
        hello += struct.pack("!HB", chosen, packed)
        if self.secure_renegotiation and 0x00FF in suites:
            hello += b"\0\5\xff\1\0\1\0"
        messages = b"\2" + len(hello).to_bytes(3, "big") + hello + b"\x0e\0\0\0"
        return b"\x16" + struct.pack("!HH", version, len(messages)) + messages


@contextlib.contextmanager
def serving(script: Script) -> Iterator[int]:
    """Serve on a loopback port, one connection after the other; gives the port."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.1)
    stop = threading.Event()

    def serve() -> None:
        while not stop.is_set():
            with contextlib.suppress(OSError):
                connection, _ = listener.accept()
                with connection:
                    connection.settimeout(2)
                    data = answer = b""
                    while not answer and (more := connection.recv(65536)):
                        data += more
                        answer = script.answer(data)
                    connection.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        stop.set()
        thread.join()
        listener.close()
