"""Messages that no well-behaved client sends, by protocol: truncated, oversized, with lying lengths, at random."""

from __future__ import annotations

import contextlib
import random
import socket
import struct
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from pytest_etsi.probes._net import Deadline, connect, lenient_context, receive, send
from pytest_etsi.probes.coap import ask_core
from pytest_etsi.probes.mqtt import anonymous_connect, connect_packet, encoded_length, text_field

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PROTOCOLS", "Protocol", "answers", "deliver", "messages"]

Protocol: TypeAlias = Literal["mqtt", "coap", "rtsp", "raw"]
PROTOCOLS: tuple[Protocol, ...] = get_args(Protocol)
"""Protocols that messages are made for; raw is any service over TCP."""

_LENGTHS = (1, 64, 256, 1024, 4096, 16_384, 65_536)
_RANDOM = 12
_READ_S = 0.3
_OPTIONS = b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n"


def messages(protocol: Protocol, seed: int) -> Iterator[tuple[str, bytes]]:
    """What it is, and its bytes; lengths go upwards, so that the first that does harm is a short one.

    Args:
        protocol: whose messages they resemble.
        seed: of those that are made up at random.
    """
    yield from {"mqtt": _mqtt, "coap": _coap, "rtsp": _rtsp, "raw": _raw}[protocol]()
    chance = random.Random(seed)  # noqa: S311 - reproducible on purpose
    longest = 1200 if protocol == "coap" else 4096
    for number in range(_RANDOM):
        yield f"random bytes {number}", chance.randbytes(chance.randint(1, longest))


def _mqtt() -> Iterator[tuple[str, bytes]]:
    whole = connect_packet("user", "word", "probe")
    yield "a packet of the reserved type 0", b"\0\0"
    yield "a packet of the reserved type 15", b"\xf0\0"
    yield "CONNECT that ends after its length", whole[:2]
    yield "CONNECT that is half there", whole[: len(whole) // 2]
    yield "CONNECT whose length has five bytes", b"\x10\xff\xff\xff\xff\x7f" + whole[2:]
    yield "CONNECT that claims the greatest length", b"\x10\xff\xff\xff\x7f" + whole[2:]
    yield "CONNECT that claims to be shorter than it is", b"\x10\x02" + whole[2:]
    flags = text_field(b"MQTT") + b"\4\xc2\0\x1e" + text_field(b"probe")
    yield "CONNECT that promises a name and a password", b"\x10" + encoded_length(len(flags)) + flags
    odd = text_field(b"MQTT") + b"\4\x02\0\x1e" + text_field(b"\xff\xfe\0\xed\xa0\x80")
    yield "CONNECT with an identifier that is no UTF-8", b"\x10" + encoded_length(len(odd)) + odd
    publish = text_field(b"a") + b"x"
    yield "PUBLISH before CONNECT", b"\x30" + encoded_length(len(publish)) + publish
    yield "SUBSCRIBE without a filter before CONNECT", b"\x82\x02\0\1"
    for length in _LENGTHS[2:]:
        long = text_field(b"MQTT") + b"\4\x02\0\x1e" + text_field(b"A" * min(length, 65_535))
        yield f"CONNECT with an identifier of {length} bytes", b"\x10" + encoded_length(len(long)) + long
    two = connect_packet(None, None, "probe")
    yield "CONNECT twice", two + two


def _coap() -> Iterator[tuple[str, bytes]]:
    head = b"\x40\x01\x12\x34"
    yield "one byte", b"\x40"
    yield "a header that is not whole", head[:3]
    yield "version 3", b"\xc0" + head[1:]
    yield "a token of 15 bytes", b"\x4f" + head[1:] + bytes(15)
    yield "a token that is not there", b"\x48" + head[1:]
    yield "the reserved option 15", head + b"\xf1x"
    yield "an option longer than the message", head + b"\xbdd\xff"
    yield "an option whose length is not there", head + b"\xbe"
    yield "a payload marker without a payload", head + b"\xff"
    yield "a code of the reserved class 7", b"\x40\xff\x12\x34"
    yield "a block of the greatest number", head + b"\xd3\x0e\xff\xff\xff"
    yield "sixty-four empty options", head + b"\xb0" + b"\0" * 63
    for length in (64, 255, 1000):
        path = b"\xbd" + bytes([length - 13]) if length < 269 else b"\xbe" + struct.pack("!H", length - 269)
        yield f"a path of {length} bytes", head + path + b"A" * length
    for length in (1024, 4096, 16_384, 60_000):
        yield f"a payload of {length} bytes", b"\x40\x02\x12\x34\xff" + b"A" * length


def _rtsp() -> Iterator[tuple[str, bytes]]:
    yield "a request that is half there", _OPTIONS[:9]
    yield "a line that ends without a version", b"OPTIONS *\r\n\r\n"
    yield "another protocol's version", b"OPTIONS * HTTP/9.9\r\nCSeq: 1\r\n\r\n"
    yield "a header without a colon", b"OPTIONS * RTSP/1.0\r\nCSeq 1\r\n\r\n"
    yield "null bytes in a header", b"OPTIONS * RTSP/1.0\r\nCSeq: \0\0\0\r\n\r\n"
    yield "a sequence number of thirty digits", b"OPTIONS * RTSP/1.0\r\nCSeq: " + b"9" * 30 + b"\r\n\r\n"
    yield "a negative length", b"ANNOUNCE * RTSP/1.0\r\nCSeq: 1\r\nContent-Length: -1\r\n\r\nx"
    yield (
        "a length beyond all memory",
        (b"ANNOUNCE * RTSP/1.0\r\nCSeq: 1\r\nContent-Length: 99999999999999\r\n\r\nx"),
    )
    yield "an interleaved frame that claims 65,535 bytes", b"$\0\xff\xffx"
    yield "a thousand headers", b"OPTIONS * RTSP/1.0\r\n" + b"X: y\r\n" * 1000 + b"CSeq: 1\r\n\r\n"
    for length in _LENGTHS[2:]:
        yield (
            f"an address of {length} bytes",
            b"OPTIONS rtsp://" + b"A" * length + b" RTSP/1.0\r\nCSeq: 1\r\n\r\n",
        )
        yield (
            f"a header of {length} bytes",
            b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nX: " + b"A" * length + b"\r\n\r\n",
        )


def _raw() -> Iterator[tuple[str, bytes]]:
    for length in _LENGTHS:
        yield f"{length} times A", b"A" * length
        yield f"{length} null bytes", bytes(length)
        yield f"{length} bytes of value 255", b"\xff" * length
    yield "conversions of printf", b"%s%n%x%p" * 8 + b"\r\n"
    yield "a shell's substitution", b"$(reboot)`reboot`;reboot\r\n"
    yield "line feeds", b"\r\n" * 2000
    yield "escape sequences", b"\x1b[2J\x1b]0;x\x07" * 20


def deliver(host: str, port: int, data: bytes, *, udp: bool, tls: bool, timeout_s: float = 3.0) -> bool:
    """Send a message on a connection of its own, take in an answer, and hang up; whether it could be sent.

    Args:
        host: name or address.
        port: TCP or UDP port.
        data: the message.
        udp: send it as a datagram.
        tls: within TLS; TCP only.
        timeout_s: seconds for all of it.
    """
    deadline = Deadline(timeout_s)
    with contextlib.suppress(OSError, ValueError):
        if udp:
            family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
            with socket.socket(family, kind, protocol) as sender:
                sender.settimeout(_READ_S)
                sender.sendto(data, address)
                with contextlib.suppress(OSError):
                    sender.recv(65536)
            return True
        with contextlib.ExitStack() as stack:
            connection: socket.socket = stack.enter_context(connect(host, port, deadline))
            if tls:
                connection = stack.enter_context(
                    lenient_context().wrap_socket(connection, server_hostname=host)
                )
            # Who hangs up in the middle has had enough of it.
            if send(connection, data, deadline):
                receive(connection, deadline.within(_READ_S), limit=65536)
            return True
    return False


def answers(host: str, port: int, protocol: Protocol, *, tls: bool, timeout_s: float = 3.0) -> bool:
    """Whether the service answers a proper message of its protocol; raw: whether it accepts a connection."""
    if protocol == "coap":
        return ask_core(host, port, timeout_s=timeout_s, tries=1) is not None
    if protocol == "mqtt":
        context = lenient_context() if tls else None
        return anonymous_connect(host, port, timeout_s=timeout_s, context=context) is not None
    deadline = Deadline(timeout_s)
    try:
        with contextlib.ExitStack() as stack:
            connection: socket.socket = stack.enter_context(connect(host, port, deadline))
            if tls:
                connection = stack.enter_context(
                    lenient_context().wrap_socket(connection, server_hostname=host)
                )
            if protocol == "raw":
                return True
            send(connection, _OPTIONS, deadline)
            return receive(connection, deadline, limit=4096)[0].startswith(b"RTSP/")
    except (OSError, ValueError):
        return False
