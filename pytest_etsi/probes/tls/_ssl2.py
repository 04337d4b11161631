"""SSL 2.0: a hello and an answer of their own shape (draft-hickman-netscape-ssl, RFC 6101 appendix E)."""

from __future__ import annotations

import os
import struct
from typing import TYPE_CHECKING

from pytest_etsi.probes._net import receive, send
from pytest_etsi.probes.tls._model import HelloAnswer

if TYPE_CHECKING:
    from pytest_etsi.probes._net import Deadline
    from pytest_etsi.probes.tls._ask import StreamEndpoint

__all__ = ["CIPHERS", "ask_ssl2"]

CIPHERS = {
    0x010080: "SSL_CK_RC4_128_WITH_MD5",
    0x020080: "SSL_CK_RC4_128_EXPORT40_WITH_MD5",
    0x030080: "SSL_CK_RC2_128_CBC_WITH_MD5",
    0x040080: "SSL_CK_RC2_128_CBC_EXPORT40_WITH_MD5",
    0x050080: "SSL_CK_IDEA_128_CBC_WITH_MD5",
    0x060040: "SSL_CK_DES_64_CBC_WITH_MD5",
    0x0700C0: "SSL_CK_DES_192_EDE3_CBC_WITH_MD5",
}
"""Kinds of ciphers of SSL 2.0, three bytes each, by number."""
_MAX_ANSWER = 40 * 1024


def ask_ssl2(endpoint: StreamEndpoint, deadline: Deadline) -> tuple[HelloAnswer, tuple[str, ...]]:
    """Ask for SSL 2.0.

    Returns:
        The answer ("hello" with the certificate when the server speaks it), and the names of its cipher suites.
    """
    connection = endpoint.open(deadline)
    if isinstance(connection, HelloAnswer):
        return connection, ()
    with connection:
        if not send(connection, _hello(), deadline):
            return HelloAnswer("reset", detail="the connection broke while the hello was sent"), ()
        data, end = receive(connection, deadline, limit=_MAX_ANSWER, enough=_whole)
    return _read(data, end)


def _hello() -> bytes:
    ciphers = b"".join(number.to_bytes(3, "big") for number in CIPHERS)
    body = b"\1\0\2" + struct.pack("!HHH", len(ciphers), 0, 16) + ciphers + os.urandom(16)
    return struct.pack("!H", 0x8000 | len(body)) + body


def _whole(data: bytes) -> bool:
    """Whether the answer is there, or is plainly none of SSL 2.0."""
    if len(data) < 3:
        return False
    if not data[0] & 0x80 or data[2] != 4:
        return True
    return len(data) >= 2 + (int.from_bytes(data[:2], "big") & 0x7FFF)


def _read(data: bytes, end: str) -> tuple[HelloAnswer, tuple[str, ...]]:
    if len(data) >= 13 and data[0] & 0x80 and data[2] == 4:
        version, size, ciphers, _ = struct.unpack_from("!HHHH", data, 5)
        offered = data[13 + size : 13 + size + ciphers]
        if version == 2 and ciphers % 3 == 0 and len(offered) == ciphers:
            numbers = [int.from_bytes(offered[start : start + 3], "big") for start in range(0, ciphers, 3)]
            names = tuple(CIPHERS.get(number, f"0x{number:06X}") for number in numbers)
            chain = (data[13 : 13 + size],) if size else ()
            return HelloAnswer("hello", version=2, certificates=chain), names
        return HelloAnswer("garbage", first_bytes=data[:64], detail="a broken answer of SSL 2.0"), ()
    if len(data) >= 7 and data[0] == 21 and data[1] == 3:
        return HelloAnswer("alert", alert=data[6]), ()
    if end in {"closed", "reset"} or data:
        # An error message of SSL 2.0, another protocol, or nothing: either way it does not speak it.
        return HelloAnswer("closed", first_bytes=data[:64], detail="no SSL 2.0"), ()
    return HelloAnswer("silent", detail="no answer in time"), ()
