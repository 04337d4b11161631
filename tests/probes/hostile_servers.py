"""Servers that behave as no device should, for tests: one thread per connection, all of them bounded."""

from __future__ import annotations

import contextlib
import gzip
import random
import socket
import struct
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LIFE_S = 60.0
_FLOOD = 96 * 1024 * 1024


@contextlib.contextmanager
def serve(behave: Callable[[socket.socket], None], host: str = "127.0.0.1", port: int = 0) -> Iterator[int]:
    """Let every connection to a port (0: a free one) be treated by `behave`; gives the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(128)
    listener.settimeout(0.1)
    stopped = threading.Event()
    connections: list[socket.socket] = []

    def handle(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(_LIFE_S)
            behave(connection)

    def accept() -> None:
        while not stopped.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            connections.append(connection)
            threading.Thread(target=handle, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        stopped.set()
        thread.join(5)
        listener.close()
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def _wait(connection: socket.socket) -> None:
    """Take everything and answer nothing, until the other side goes."""
    end = time.monotonic() + _LIFE_S
    while time.monotonic() < end and connection.recv(65536):
        pass


def _drip(connection: socket.socket, data: bytes, every_s: float = 0.2) -> None:
    for byte in data:
        connection.sendall(bytes((byte,)))
        time.sleep(every_s)


def _flood(connection: socket.socket, head: bytes, piece: bytes) -> None:
    connection.sendall(head)
    block = piece * max(1, 65536 // len(piece))
    for _ in range(_FLOOD // len(block)):
        connection.sendall(block)


def _after_request(answer: Callable[[socket.socket], None]) -> Callable[[socket.socket], None]:
    def behave(connection: socket.socket) -> None:
        connection.recv(65536)
        answer(connection)

    return behave


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _say(data: bytes, *, wait: bool = True) -> Callable[[socket.socket], None]:
    def behave(connection: socket.socket) -> None:
        connection.sendall(data)
        if wait:
            _wait(connection)

    return behave


def _reply(data: bytes) -> Callable[[socket.socket], None]:
    def behave(connection: socket.socket) -> None:
        while connection.recv(65536):
            connection.sendall(data)

    return behave


def _echo(connection: socket.socket) -> None:
    while data := connection.recv(65536):
        connection.sendall(data)


def _redirect_loop(connection: socket.socket) -> None:
    number = random.Random(1).randrange(1 << 30)
    while connection.recv(65536):
        number += 1
        head = f"HTTP/1.1 302 Found\r\nLocation: /{number}/{'x' * 50}\r\nContent-Length: 0\r\n\r\n"
        connection.sendall(head.encode())


def _garbage(connection: socket.socket) -> None:
    noise = random.Random(303645)
    connection.sendall(noise.randbytes(50_000))
    _wait(connection)


def _tls(*records: bytes) -> Callable[[socket.socket], None]:
    return _reply(b"".join(records))


def _record(content: bytes, *, kind: int = 22, length: int | None = None) -> bytes:
    return struct.pack("!BHH", kind, 0x0303, len(content) if length is None else length) + content


def _server_hello(suite: int, version: int = 0x0303) -> bytes:
    body = struct.pack("!H", version) + b"\x01" * 32 + b"\0" + struct.pack("!H", suite) + b"\0"
    return b"\x02" + struct.pack("!I", len(body))[1:] + body


_BOMB = gzip.compress(b"\0" * (64 * 1024 * 1024), 9)
_ESCAPES = b"\x1b]0;owned\x07\x1b[2J\x1b[31m\x9b2J\r\n\x00\x7f\xe2\x80\xae<script>alert(1)</script>"
_HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
_KEXINIT = b"\x14" + b"\0" * 16

BEHAVIOURS: dict[str, Callable[[socket.socket], None]] = {
    "accepts and never speaks": _wait,
    "closes at once": lambda connection: None,
    "resets at once": _reset,
    "resets after the first request": _after_request(_reset),
    "closes after the first request": _after_request(lambda connection: None),
    "drips a letter at a time": lambda connection: _drip(connection, b"A" * 400),
    "drips an SSH banner": lambda connection: _drip(connection, b"SSH-2.0-drip" * 40),
    "drips HTTP headers": lambda connection: _drip(connection, _HTTP + b"X: y\r\n" * 50),
    "drips a TLS record": lambda connection: _drip(connection, _record(_server_hello(0xC02F))),
    "sends a banner of 1 GB": lambda connection: _flood(connection, b"SSH-2.0-", b"A"),
    "sends lines for ever": lambda connection: _flood(connection, b"", b"welcome\r\n"),
    "sends null bytes for ever": lambda connection: _flood(connection, b"", b"\0"),
    "negotiates Telnet options for ever": lambda connection: _flood(
        connection, b"", b"\xff\xfd\x18\xff\xfb\x22"
    ),
    "sends HTTP headers for ever": _after_request(
        lambda connection: _flood(connection, _HTTP, b"X-Filler: " + b"y" * 100 + b"\r\n")
    ),
    "sends an HTTP body for ever": _after_request(
        lambda connection: _flood(connection, _HTTP + b"\r\n", b"<a href=/x>")
    ),
    "sends chunks for ever": _after_request(
        lambda connection: _flood(
            connection, _HTTP + b"Transfer-Encoding: chunked\r\n\r\n", b"5\r\nhello\r\n"
        )
    ),
    "announces more than it sends": _reply(_HTTP + b"Content-Length: 1000000000\r\n\r\nshort"),
    "answers 100 for ever": _after_request(
        lambda connection: _flood(connection, b"", b"HTTP/1.1 100 Continue\r\n\r\n")
    ),
    "redirects in a loop": _redirect_loop,
    "redirects to itself": _reply(b"HTTP/1.1 301 Gone\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"),
    "redirects to another host": _reply(
        b"HTTP/1.1 301 Gone\r\nLocation: http://192.0.2.1/\r\nContent-Length: 0\r\n\r\n"
    ),
    "sends a decompression bomb": _reply(
        _HTTP + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(_BOMB) + _BOMB
    ),
    "sends a broken status line": _reply(b"HTTP/9.9 abc\r\n\r\n"),
    "sends deeply nested HTML": _reply(
        _HTTP + b"Connection: close\r\n\r\n" + b"<div>" * 20000 + b"<form>" * 2000
    ),
    "sends terminal escapes": _say(_ESCAPES),
    "sends terminal escapes in HTTP": _reply(
        _HTTP + b'WWW-Authenticate: Basic realm="' + _ESCAPES[:9] + b'"\r\nContent-Length: 0\r\n\r\n'
    ),
    "sends terminal escapes in an SSH banner": _say(b"SSH-2.0-" + _ESCAPES + b"\r\n"),
    "sends random bytes": _garbage,
    "echoes": _echo,
    "lies about the length of a TLS record": _tls(_record(b"\x02\0\0\x05", length=16000)),
    "sends an empty TLS record": _tls(_record(b"")),
    "sends a TLS record that is too long": _tls(_record(b"x" * 100, length=65535)),
    "sends a cut ServerHello": _tls(_record(_server_hello(0xC02F)[:20])),
    "lies about the length of a ServerHello": _tls(_record(b"\x02\xff\xff\xff" + b"\0" * 100)),
    "chooses a suite that was not offered": _tls(_record(_server_hello(0xDEAD))),
    "chooses an unknown TLS version": _tls(_record(_server_hello(0xC02F, 0x9999))),
    "alternates TLS alerts for ever": _after_request(
        lambda connection: _flood(connection, b"", _record(b"\x01\x5a", kind=21))
    ),
    "sends an SSH packet of 4 GB": _say(b"SSH-2.0-x\r\n" + b"\xff\xff\xff\xff\x04" + b"\x14" * 100),
    "sends cut SSH algorithm lists": _say(
        b"SSH-2.0-x\r\n"
        + struct.pack("!IB", len(_KEXINIT) + 9, 4)
        + _KEXINIT
        + b"\x7f\xff\xff\xff"
        + b"\0" * 4
    ),
    "sends an endless CONNACK": _reply(b"\x20\xff\xff\xff\xff\xff"),
    "asks for a login for ever": _reply(b"login: "),
}
"""What each server does, by a sentence."""
