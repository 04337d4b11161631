"""HTTP as no device should speak it, for tests."""

from __future__ import annotations

import gzip
import itertools
import random
import time
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

_LIFE_S = 60.0
_PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
_JSON = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_ZEROS = b"\0" * (32 * 1024 * 1024)


def _always(answer: bytes) -> Callable[[socket.socket], None]:
    """The same answer to everything."""

    def behave(connection: socket.socket) -> None:
        while connection.recv(65536):
            connection.sendall(answer)

    return behave


def _in_turn(*answers: bytes) -> Callable[[socket.socket], None]:
    """One answer after the other, over all connections."""
    turns = itertools.cycle(answers)

    def behave(connection: socket.socket) -> None:
        while connection.recv(65536):
            connection.sendall(next(turns))

    return behave


def _once(answer: bytes) -> Callable[[socket.socket], None]:
    """One answer, whose end is the end of the connection."""

    def behave(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(answer)

    return behave


def _never_ending(head: bytes, pieces: Callable[[], bytes]) -> Callable[[socket.socket], None]:
    """A piece every tenth of a second."""

    def behave(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(head)
        end = time.monotonic() + _LIFE_S
        while time.monotonic() < end:
            connection.sendall(pieces())
            time.sleep(0.1)

    return behave


def _sized(head: bytes, body: bytes) -> bytes:
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


def _anything(connection: socket.socket) -> None:
    """Any status with any header, as chance will have it."""
    chance = random.Random(303645)
    while connection.recv(65536):
        status = chance.randrange(100, 1000)
        connection.sendall(
            b"HTTP/1.1 %d \xff\xfe\r\n%s: %s\r\n\r\n" % (status, chance.randbytes(4).hex().encode(), b"?")
        )


def _before_asked(connection: socket.socket) -> None:
    connection.sendall(_sized(_PAGE, b"<title>early</title>") * 3)
    _always(_sized(_PAGE, b"late"))(connection)


def _moved(to: bytes) -> bytes:
    return b"HTTP/1.1 302 Found\r\nLocation: " + to + b"\r\nContent-Length: 0\r\n\r\n"


def _raw_deflate_bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(_ZEROS) + packer.flush()


_ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + level, b"&%c;" % (97 + level) * 10) for level in range(9))
    + b"]><r>&j;</r>"
)

WEB: dict[str, Callable[[socket.socket], None]] = {
    "says a negative length": _always(_PAGE + b"Content-Length: -5\r\n\r\nhello"),
    "says two lengths": _always(_PAGE + b"Content-Length: 5\r\nContent-Length: 900\r\n\r\nhello"),
    "says a length of 30 digits": _always(_PAGE + b"Content-Length: " + b"9" * 30 + b"\r\n\r\nhello"),
    "says a length and chunks": _always(
        _PAGE + b"Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    ),
    "sends a chunk of 2^64 bytes": _always(
        _PAGE + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nhello"
    ),
    "sends a chunk whose length is no number": _always(
        _PAGE + b"Transfer-Encoding: chunked\r\n\r\nhello\r\n"
    ),
    "sends a chunk with endless extensions": _never_ending(
        _PAGE + b"Transfer-Encoding: chunked\r\n\r\n5", lambda: b";x=" + b"y" * 1000
    ),
    "sends trailers for ever": _never_ending(
        _PAGE + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", lambda: b"X-Trailer: y\r\n"
    ),
    "drips a body": _never_ending(_PAGE + b"\r\n", lambda: b"<"),
    "sends one header of 8 MB": _once(_PAGE + b"X-Long: " + b"y" * 8_000_000 + b"\r\n\r\n"),
    "sends 50,000 headers": _once(_PAGE + b"".join(b"X-%d: y\r\n" % at for at in range(50_000)) + b"\r\n"),
    "sends a status line of 8 MB": _once(b"HTTP/1.1 200 " + b"O" * 8_000_000 + b"\r\n\r\n"),
    "sends a header without a name": _always(_PAGE + b": value\r\nContent-Length: 0\r\n\r\n"),
    "sends null bytes in headers": _always(_PAGE + b"Ser\0ver: cam\0era\r\nContent-Length: 0\r\n\r\n"),
    "sets a thousand cookies": _once(
        _PAGE + b"".join(b"Set-Cookie: c%d=%s\r\n" % (at, b"v" * 50) for at in range(1000)) + b"\r\n"
    ),
    "asks for credentials in a thousand ways": _always(
        b"HTTP/1.1 401 No\r\n"
        + b"".join(b'WWW-Authenticate: Scheme%d realm="x"\r\n' % at for at in range(90))
        + b"Content-Length: 0\r\n\r\n"
    ),
    "asks for Digest without a nonce": _always(
        b'HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm="", qop="auth,,,", algorithm=MD9\r\nContent-Length: 0\r\n\r\n'
    ),
    "sends a bomb in a bomb": _always(
        _sized(_PAGE + b"Content-Encoding: gzip, gzip\r\n", gzip.compress(gzip.compress(_ZEROS, 9), 9))
    ),
    "sends a bomb of raw deflate": _always(
        _sized(_PAGE + b"Content-Encoding: deflate\r\n", _raw_deflate_bomb())
    ),
    "sends a bomb in chunks": _once(
        _PAGE
        + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in [gzip.compress(_ZEROS, 9)])
        + b"0\r\n\r\n"
    ),
    "says gzip and sends none": _always(_sized(_PAGE + b"Content-Encoding: gzip\r\n", b"no gzip at all")),
    "sends gzip that ends early": _always(
        _sized(_PAGE + b"Content-Encoding: gzip\r\n", gzip.compress(b"x" * 9)[:15])
    ),
    "says an unknown coding": _always(_sized(_PAGE + b"Content-Encoding: br, zstd, x-own\r\n", b"\x8b\x00")),
    "says an unknown character set": _always(
        _sized(b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-99\r\n", b"\xff")
    ),
    "redirects to a file": _always(_moved(b"file:///etc/passwd")),
    "redirects to a script": _always(_moved(b"javascript:alert(1)")),
    "redirects to nothing": _always(_moved(b"")),
    "redirects to a port that does not exist": _always(_moved(b"http://127.0.0.1:99999/")),
    "redirects in a ring of two": _in_turn(_moved(b"/a"), _moved(b"/b")),
    "redirects into names that grow": _never_ending(
        b"HTTP/1.1 302 Found\r\nLocation: /", lambda: b"x" * 5000
    ),
    "switches protocols unasked": _always(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x05hello"
    ),
    "speaks HTTP 0.9": _once(b"<html><title>old</title></html>"),
    "answers before it is asked": _before_asked,
    "answers anything": _anything,
    "sends JSON 100,000 levels deep": _always(_sized(_JSON, b'{"a":' * 100_000)),
    "sends JSON numbers of 100,000 digits": _always(_sized(_JSON, b'{"a":' + b"9" * 100_000 + b"}")),
    "sends lone surrogates in JSON": _always(
        _sized(_JSON, b'{"name": "\\ud800\\udfff\\ud800", "\\u0000": 1e999}')
    ),
    "sends XML entities that grow": _always(
        _sized(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n", _ENTITIES)
    ),
    "sends forms to elsewhere": _always(
        _sized(_PAGE, b"<form method=post action=http://192.0.2.1/x><input type=password name=p></form>" * 50)
    ),
    "sends a form with 20,000 fields": _always(
        _sized(
            _PAGE,
            b"<form method=post>" + b"".join(b"<input name=f%d>" % at for at in range(20_000)) + b"</form>",
        )
    ),
    "sends a page of links into itself": _always(
        _sized(_PAGE, b"".join(b"<a href='/p/%d'>x</a>" % at for at in range(20_000)))
    ),
    "sends titles that never close": _always(_sized(_PAGE, b"<title>" * 5000 + b"\x1b[2Jx" + b"<!--" * 5000)),
}
"""What each server does, by a sentence."""
