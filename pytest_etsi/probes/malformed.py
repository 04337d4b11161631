"""Messages that no well-behaved client sends, by protocol: truncated, oversized, with lying lengths, at random."""

from __future__ import annotations

import contextlib
import random
import socket
import struct
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from pytest_etsi import bounds
from pytest_etsi.probes._net import Deadline, connect, lenient_context, receive, send
from pytest_etsi.probes.coap import ask_core
from pytest_etsi.probes.discovery import _dns
from pytest_etsi.probes.mqtt.connection import anonymous_connect, connect_packet, encoded_length, text_field

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["DATAGRAMS", "PROTOCOLS", "Protocol", "answers", "deliver", "messages"]

Protocol: TypeAlias = Literal["mqtt", "coap", "rtsp", "mdns", "ssdp", "raw"]
PROTOCOLS: tuple[Protocol, ...] = get_args(Protocol)
"""Protocols that messages are made for; raw is any service over TCP."""
DATAGRAMS: frozenset[Protocol] = frozenset({"coap", "mdns", "ssdp"})
"""Those over UDP."""

_LENGTHS = (1, 64, 256, 1024, 4096, 16_384, 65_536)
_RANDOM = 12
_READ_S = 0.15
"""How long an answer is waited for; whether the service bore the message is asked afterwards."""
_READ_DATAGRAM_S = 0.05
_OPTIONS = b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n"
_KINDS = _dns.query("_services._dns-sd._udp.local", "PTR", identifier=0x1234)
_SEARCH = b'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ssdp:all\r\n\r\n'


def messages(protocol: Protocol, seed: int) -> Iterator[tuple[str, bytes]]:
    """What it is, and its bytes; lengths go upwards, so that the first that does harm is a short one.

    Args:
        protocol: whose messages they resemble.
        seed: of those that are made up at random.
    """
    made = {"mqtt": _mqtt, "coap": _coap, "rtsp": _rtsp, "mdns": _mdns, "ssdp": _ssdp, "raw": _raw}
    yield from made[protocol]()
    chance = random.Random(seed)  # noqa: S311 - reproducible on purpose
    longest = 1200 if protocol in DATAGRAMS else 4096
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


def _mdns() -> Iterator[tuple[str, bytes]]:
    head, question = _KINDS[:12], _KINDS[12:]
    yield "one byte", b"\0"
    yield "a header that is not whole", head[:11]
    yield "a question that is not there", head
    yield "a question that is half there", _KINDS[:-7]
    yield "65,535 questions that are not there", head[:4] + b"\xff\xff" + head[6:] + question
    yield "65,535 records of each kind that are not there", head[:4] + b"\xff" * 8 + question
    yield "a label longer than the message", head + b"\x3fabc"
    yield "a label of the reserved kind", head + b"\x80abc\0\0\x0c\0\1"
    yield "a name that points to itself", head + b"\xc0\x0c\0\x0c\0\1"
    yield "a name that points behind the message", head + b"\xff\xff\0\x0c\0\1"
    yield "two names that point to each other", head + b"\xc0\x0e\xc0\x0c\0\x0c\0\1"
    yield "a name of 300 labels", head + b"\1a" * 300 + b"\0\0\x0c\0\1"
    yield "a name of null bytes and line feeds", head + b"\x08\0\n\r\0\xff\xfe.." + b"\0\0\x0c\0\1"
    yield "a type that does not exist", _KINDS[:-4] + b"\xff\xfe\0\1"
    yield "an operation that does not exist", head[:2] + b"\x78\0" + _KINDS[4:]
    record = question[:-4] + b"\0\x0c\0\1\0\0\0\x78"
    yield "an answer whose content is not there", head[:2] + b"\x84\0\0\0\0\1\0\0\0\0" + record + b"\xff\xff"
    yield "an answer that points to itself", head[:2] + b"\x84\0\0\0\0\1\0\0\0\0" + record + b"\0\2\xc0\x0c"
    for length in (512, 1472, 9000, 60_000):
        yield f"a question with {length} bytes behind it", _KINDS + b"A" * length


def _ssdp() -> Iterator[tuple[str, bytes]]:
    line, rest = b"M-SEARCH * HTTP/1.1\r\n", b'MAN: "ssdp:discover"\r\nMX: 1\r\nST: '
    yield "a search that is half there", _SEARCH[:20]
    yield "a search without an end", _SEARCH[:-4]
    yield "a line that ends without a version", b"M-SEARCH *\r\n\r\n"
    yield "another protocol's version", b"M-SEARCH * RTSP/9.9\r\n" + rest + b"ssdp:all\r\n\r\n"
    yield "a header without a colon", line + b"ST ssdp:all\r\n\r\n"
    yield "a search for nothing", line + rest + b"\r\n\r\n"
    yield "null bytes in the target", line + rest + b"\0\0\0\r\n\r\n"
    yield "a target that is no UTF-8", line + rest + b"\xff\xfe\xed\xa0\x80\r\n\r\n"
    yield "conversions of printf as target", line + rest + b"%s%n%x%p%s%n\r\n\r\n"
    yield "a negative time to wait", line + b"MX: -1\r\nST: ssdp:all\r\n\r\n"
    yield "a time to wait beyond all numbers", line + b"MX: " + b"9" * 40 + b"\r\nST: ssdp:all\r\n\r\n"
    yield "a length beyond all memory", line + b"Content-Length: 99999999999999\r\nST: ssdp:all\r\n\r\n"
    yield "a thousand headers", line + b"X: y\r\n" * 1000 + b"ST: ssdp:all\r\n\r\n"
    for length in (256, 1024, 4096, 60_000):
        yield f"a target of {length} bytes", line + rest + b"A" * length + b"\r\n\r\n"
        yield f"a uuid of {length} bytes", line + rest + b"uuid:" + b"1" * length + b"\r\n\r\n"


def _raw() -> Iterator[tuple[str, bytes]]:
    for length in _LENGTHS:
        yield f"{length} times A", b"A" * length
        yield f"{length} null bytes", bytes(length)
        yield f"{length} bytes of value 255", b"\xff" * length
    yield "conversions of printf", b"%s%n%x%p" * 8 + b"\r\n"
    yield "a shell's substitution", b"$(reboot)`reboot`;reboot\r\n"
    yield "line feeds", b"\r\n" * 2000
    yield "escape sequences", b"\x1b[2J\x1b]0;x\x07" * 20


def deliver(
    host: str, port: int, data: bytes, *, udp: bool, tls: bool, timeout_s: float = bounds.MALFORMED.step_s
) -> bool:
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
                sender.settimeout(_READ_DATAGRAM_S)
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


def answers(
    host: str, port: int, protocol: Protocol, *, tls: bool, timeout_s: float = bounds.MALFORMED.step_s
) -> bool:
    """Whether the service answers a proper message of its protocol; raw: whether it accepts a connection."""
    if protocol in {"mdns", "ssdp"}:
        return _answers_datagram(host, port, _KINDS if protocol == "mdns" else _SEARCH, timeout_s)
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


def _answers_datagram(host: str, port: int, question: bytes, timeout_s: float) -> bool:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, kind, protocol) as asking:
            asking.settimeout(timeout_s)
            asking.connect(address)
            asking.send(question)
            answer = asking.recv(65536)
    except OSError:
        return False
    return answer[:2] == question[:2] if question is _KINDS else answer.startswith(b"HTTP/1.1 200")
