"""What first payloads are: recognised by their form, decoded as far as facts need, or measured."""

from __future__ import annotations

import ipaddress
import math
import re
import struct
from collections import Counter
from functools import lru_cache
from typing import Any

from pytest_etsi.probes.observation import printable

__all__ = ["coap", "dhcp", "http_request", "measure", "mqtt_connect", "ntp", "plain_tcp", "plain_udp", "stun"]

_METHODS = re.compile(
    rb"(GET|POST|PUT|HEAD|DELETE|OPTIONS|PATCH|CONNECT|TRACE|PROPFIND|M-SEARCH|NOTIFY|SUBSCRIBE|DESCRIBE|SETUP|PLAY)"
    rb" ([^ \r\n]{1,2048}) (HTTP|RTSP)/\d"
)
_LINES = {
    b"220 ": "ftp or smtp", b"220-": "ftp or smtp", b"* OK": "imap", b"+OK ": "pop3", b"EHLO": "smtp", b"HELO": "smtp",
    b"HTTP": "http", b"RTSP": "rtsp", b"AMQP": "amqp", b"NICK": "irc", b"RFB ": "vnc",
}  # fmt: skip
_LEAST = 64
"""Bytes below which nothing is said of unknown content."""
_MOST = 4096
"""Bytes of unknown content that are measured."""


def plain_tcp(data: bytes) -> str:
    """Name of a protocol in clear that begins so; empty: none that is known."""
    if match := _METHODS.match(data):
        return match[3].decode().lower()
    if (found := _LINES.get(data[:4])) is not None:
        return found
    if len(data) >= 3 and data[0] == 0xFF and 0xFB <= data[1] <= 0xFE:
        return "telnet"
    return "mqtt" if _mqtt_body(data) is not None else ""


def http_request(data: bytes) -> tuple[str, str, str, str] | None:
    """Method, host, path without query, and scheme of the authorization; None: no request."""
    match = _METHODS.match(data)
    if match is None:
        return None
    head = data.partition(b"\r\n\r\n")[0][:16_384]
    host = re.search(rb"\r\nhost:[ \t]*([^\r\n]*)", head, re.IGNORECASE)
    scheme = re.search(rb"\r\nauthorization:[ \t]*([!-~]{1,20})", head, re.IGNORECASE)
    path = match[2].partition(b"?")[0]
    return (
        match[1].decode(),
        printable(host[1].strip(), 255) if host else "",
        printable(path, 200),
        printable(scheme[1], 20) if scheme else "",
    )


def _mqtt_body(data: bytes) -> int | None:
    """Where the body of a CONNECT begins."""
    if len(data) < 8 or data[0] != 0x10:
        return None
    at = 1
    while at < 5 and data[at] & 0x80:
        at += 1
    at += 1
    return at if data[at : at + 6] in {b"\0\4MQTT", b"\0\6MQIs"} else None


def mqtt_connect(data: bytes) -> tuple[str, str, bool, bool, bool] | None:
    """Version, client identifier, whether there are user name, password and will; None: not whole, or none."""
    at = _mqtt_body(data)
    if at is None:
        return None
    try:
        at += 2 + struct.unpack_from(">H", data, at)[0]
        level, flags = data[at], data[at + 1]
        at += 4
        if level == 5:  # properties
            length, shift = 0, 0
            while True:
                byte = data[at]
                at += 1
                length |= (byte & 0x7F) << shift
                shift += 7
                if not byte & 0x80 or shift > 28:
                    break
            at += length
        (size,) = struct.unpack_from(">H", data, at)
        identifier = data[at + 2 : at + 2 + size]
        if len(identifier) < size:
            return None
    except (struct.error, IndexError):
        return None
    version = {3: "3.1", 4: "3.1.1", 5: "5.0"}.get(level, str(level))
    return version, printable(identifier, 64), bool(flags & 0x80), bool(flags & 0x40), bool(flags & 0x04)


def plain_udp(data: bytes, port: int) -> str:
    """Name of a protocol in clear that a datagram to or from `port` holds; empty: none that is known."""
    if data.startswith((b"M-SEARCH ", b"NOTIFY ")):
        return "ssdp"
    if data[:4] == b"HTTP" and port == 1900:
        return "ssdp"
    if b"schemas.xmlsoap.org/ws/2005/04/discovery" in data[:2048]:
        return "ws-discovery"
    if port == 69 and data[:1] == b"\0":
        return "tftp"
    if port in {161, 162} and data[:1] == b"\x30":
        return "snmp"
    return "syslog" if port == 514 and data[:1] == b"<" else ""


_DHCP_TYPES = ("", "discover", "offer", "request", "decline", "ack", "nak", "release", "inform")


def dhcp(data: bytes) -> dict[str, Any] | None:
    """What a message of DHCP says: the fields of `DhcpMessage`."""
    if len(data) < 241 or data[236:240] != b"\x63\x82\x53\x63":
        return None
    options: dict[int, bytes] = {}
    at = 240
    while at + 1 < len(data) and data[at] != 255:
        if data[at] == 0:
            at += 1
            continue
        length = data[at + 1]
        options.setdefault(data[at], data[at + 2 : at + 2 + length])
        at += 2 + length
    number = (options.get(53) or b"\0")[0]
    servers = options.get(6, b"")
    return {
        "type": _DHCP_TYPES[number] if number < len(_DHCP_TYPES) else str(number),
        "hostname": printable(options.get(12, b""), 64),
        "vendor_class": printable(options.get(60, b""), 64),
        "server": str(ipaddress.ip_address(options[54])) if len(options.get(54, b"")) == 4 else "",
        "name_servers": tuple(
            str(ipaddress.ip_address(servers[i : i + 4])) for i in range(0, len(servers) - 3, 4)
        ),
    }


def ntp(data: bytes) -> str | None:
    """Version and mode of a message of NTP, and whether something proves its origin."""
    if len(data) < 48:
        return None
    version, mode = data[0] >> 3 & 7, data[0] & 7
    names = {1: "symmetric", 2: "symmetric", 3: "client", 4: "server", 5: "broadcast", 6: "control"}
    if not 1 <= version <= 4 or mode not in names:
        return None
    proved = ", authenticated" if len(data) >= 68 else ""
    return f"version {version}, {names[mode]}{proved}"


_COAP_METHODS = {1: "GET", 2: "POST", 3: "PUT", 4: "DELETE", 5: "FETCH", 6: "PATCH", 7: "iPATCH"}


def coap(data: bytes) -> str | None:
    """Method and path of a request of CoAP, or the code of an answer (RFC 7252)."""
    if len(data) < 4 or data[0] >> 6 != 1 or data[0] & 15 > 8 or data[1] >> 5 not in {0, 2, 4, 5}:
        return None
    if data[1] not in _COAP_METHODS:
        return f"{data[1] >> 5}.{data[1] & 31:02d}"
    at, option = 4 + (data[0] & 15), 0
    path = []
    for _ in range(64):
        if at >= len(data) or data[at] == 0xFF:
            break
        sizes = []
        delta, length = data[at] >> 4, data[at] & 15
        at += 1
        for value in (delta, length):
            more = {13: 1, 14: 2}.get(value, 0)
            extra = {13: 13, 14: 269}.get(value, value)
            sizes.append(extra + int.from_bytes(data[at : at + more], "big") if more else value)
            at += more
        if 15 in {delta, length}:
            return None
        option += sizes[0]
        if option == 11:
            path.append(printable(data[at : at + sizes[1]], 100))
        at += sizes[1]
    return f"{_COAP_METHODS[data[1]]} /{'/'.join(path)}"


def stun(data: bytes) -> str | None:
    """Class and method of a message of STUN (RFC 8489)."""
    if len(data) < 20 or data[0] >> 6 or data[4:8] != b"\x21\x12\xa4\x42":
        return None
    (kind, length) = struct.unpack_from(">HH", data)
    if length % 4 or length + 20 > len(data):
        return None
    group = (kind >> 7 & 2) | (kind >> 4 & 1)
    method = kind & 0xF | kind >> 1 & 0x70 | kind >> 2 & 0xF80
    names = {1: "binding", 3: "allocate", 4: "refresh", 6: "send", 7: "data", 8: "create permission"}
    return f"{names.get(method, method)} {('request', 'indication', 'success', 'error')[group]}"


def measure(data: bytes) -> str:
    """What unknown content looks like by itself.

    Returns:
        "unknown-high-entropy": its bytes are spread as if drawn at random, so it is encrypted or compressed;
        "unknown-low-entropy": it is not; "unknown": fewer than 64 bytes.
    """
    data = data[:_MOST]
    count = len(data)
    if count < _LEAST:
        return "unknown"
    entropy = -sum(part / count * math.log2(part / count) for part in Counter(data).values())
    # Few bytes cannot hit every value equally often, and vary: the margin is some four standard deviations.
    high = entropy >= _entropy_of_chance(count) - 0.06 - 24 / count
    return "unknown-high-entropy" if high else "unknown-low-entropy"


@lru_cache(maxsize=_MOST)
def _entropy_of_chance(count: int) -> float:
    """Entropy in bits per byte that is to be expected of as many bytes drawn at random (each value: Poisson)."""
    rate = count / 256
    lost = sum(
        math.exp(-rate + times * math.log(rate) - math.lgamma(times + 1)) * times * math.log2(times)
        for times in range(2, int(rate + 12 * math.sqrt(rate)) + 12)
    )
    return math.log2(count) - lost / rate
