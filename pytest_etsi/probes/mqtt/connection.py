"""MQTT connections: one CONNECT, with or without credentials, and the broker's answer (MQTT 3.1.1 and 5)."""

from __future__ import annotations

import os
import struct
import time
from contextlib import closing
from typing import TYPE_CHECKING

from pytest_etsi import bounds
from pytest_etsi.probes._net import Deadline, connect, receive, send, why
from pytest_etsi.probes.login import LoginAttempt, LoginOutcome
from pytest_etsi.probes.observation import printable

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Callable

__all__ = [
    "CODES",
    "OTHER_VERSION",
    "REFUSALS",
    "anonymous_connect",
    "attempt",
    "closes_on_connect",
    "connect_packet",
    "encoded_length",
    "open_connection",
    "text_field",
]

CODES: dict[int, str] = {
    0: "accepted",
    1: "unacceptable protocol version",
    2: "client identifier rejected",
    3: "server unavailable",
    4: "bad user name or password",
    5: "not authorized",
    0x84: "unsupported protocol version",
    0x85: "client identifier not valid",
    0x86: "bad user name or password",
    0x87: "not authorized",
    0x88: "server unavailable",
    0x89: "server busy",
    0x8A: "banned",
    0x8C: "bad authentication method",
    0x97: "quota exceeded",
    0x9F: "connection rate exceeded",
}
"""Return codes of CONNACK (MQTT 3.1.1, table 3.1; MQTT 5, table 3-1)."""
REFUSALS = frozenset({4, 5, 0x86, 0x87, 0x8C})
"""Codes that refuse the credentials, or that there are none."""
OTHER_VERSION = frozenset({1, 0x84})
"""Codes of a broker that speaks another version of the protocol."""
_CLOSES = 5
_WAITS_S = 0.4
"""Seconds for which a broker waits at least for the rest of a packet."""


def attempt(
    host: str,
    port: int,
    username: str | None,
    password: str | None,
    *,
    timeout_s: float = bounds.MQTT.step_s,
    context: ssl.SSLContext | None = None,
    server_name: str | None = None,
    client_id: str | None = None,
    source: str | None = None,
) -> LoginAttempt:
    """Connect once with the given credentials.

    MQTT knows one CONNECT per connection, so every attempt has a connection of its own.

    Args:
        host: name or address.
        port: TCP port.
        username: None: a connection without user name.
        password: None: a connection without password.
        timeout_s: seconds for all of it.
        context: TLS context; None: without TLS.
        server_name: name for TLS; by default the host.
        client_id: client identifier; by default a random one.
        source: local address to connect from.
    """
    deadline = Deadline(timeout_s)
    started = time.monotonic()

    def connected() -> socket.socket:
        return open_connection(host, port, deadline, context, server_name=server_name, source=source)

    try:
        code, detail, end = _in_either_version(connected, username, password, client_id, deadline)
        closes = code is None and end in {"closed", "reset"} and closes_on_connect(connected, deadline)
    except (OSError, ValueError) as error:
        outcome: LoginOutcome = "timeout" if isinstance(error, TimeoutError) else "refused"
        return LoginAttempt("mqtt", host, port, username, outcome, why(error), deadline.elapsed)
    seconds = round(time.monotonic() - started, 6)
    if closes:
        outcome, detail = "rejected", "closed in place of a CONNACK"
    elif code is None:
        outcome = {"closed": "closed", "reset": "closed", "timeout": "timeout"}.get(end, "garbage")  # type: ignore[assignment]
    elif code == 0:
        outcome = "accepted"
    else:
        outcome = "rejected" if code in REFUSALS else "refused"
    return LoginAttempt("mqtt", host, port, username, outcome, detail, seconds, code=code)


def _in_either_version(
    connected: Callable[[], socket.socket],
    username: str | None,
    password: str | None,
    client_id: str | None,
    deadline: Deadline,
) -> tuple[int | None, str, str]:
    """CONNECT as 3.1.1, and as 5 where the broker does not speak that; as `_exchange`."""
    for version in (4, 5):
        with closing(connected()) as connection:
            packet = connect_packet(username, password, client_id, version=version)
            code, detail, end = _exchange(connection, packet, deadline)
        if version == 4:
            first = code, detail, end
        if code not in OTHER_VERSION and not (code is None and end in {"closed", "reset"}):
            return code, detail, end
    return first


def closes_on_connect(connected: Callable[[], socket.socket], deadline: Deadline) -> bool:
    """Whether a server waits for the last byte of a CONNECT without credentials and closes upon it.

    Only who reads the packet's length does that: it is a broker that refuses by closing (MQTT 3.1.1, 3.2.2.3).
    """
    packet = connect_packet(None, None, None)
    with closing(connected()) as connection:
        if not send(connection, packet[:-1], deadline):
            return False
        early, end = receive(connection, deadline.within(_WAITS_S), limit=64)
        if early or end != "timeout" or not send(connection, packet[-1:], deadline):
            return False
        answer, end = receive(connection, deadline, limit=64)
    return end in {"closed", "reset"} and not answer


def anonymous_connect(
    host: str,
    port: int,
    *,
    timeout_s: float = bounds.MQTT.step_s,
    context: ssl.SSLContext | None = None,
    server_name: str | None = None,
) -> tuple[int, str] | None:
    """Connect without credentials.

    Returns:
        The code of the CONNACK and what it means, or None when this is no MQTT broker. A broker that closes in place of
        a CONNACK counts as saying "not authorized".
    """
    deadline = Deadline(timeout_s)

    def connected() -> socket.socket:
        return open_connection(host, port, deadline, context, server_name=server_name)

    try:
        code, detail, end = _in_either_version(connected, None, None, None, deadline)
        if code is None and end in {"closed", "reset"} and closes_on_connect(connected, deadline):
            return _CLOSES, "closes upon a CONNECT without credentials"
    except (OSError, ValueError):
        return None
    return None if code is None else (code, detail)


def open_connection(
    host: str,
    port: int,
    deadline: Deadline,
    context: ssl.SSLContext | None,
    *,
    server_name: str | None = None,
    source: str | None = None,
) -> socket.socket:
    """A connection, within TLS where there is a context; raises OSError or ValueError."""
    plain = connect(host, port, deadline, source)
    if context is None:
        return plain
    try:
        plain.settimeout(max(0.001, deadline.left()))
        return context.wrap_socket(plain, server_hostname=server_name or host)
    except BaseException:
        plain.close()
        raise


def _exchange(connection: socket.socket, packet: bytes, deadline: Deadline) -> tuple[int | None, str, str]:
    if not send(connection, packet, deadline):
        return None, "the connection broke while CONNECT was sent", "closed"
    answer, end = receive(connection, deadline, limit=64, enough=lambda seen: len(seen) >= 4)
    # MQTT 5 adds properties, of which the length says how many; the reason stands at the same place.
    if (
        len(answer) >= 4
        and answer[0] == 0x20
        and answer[1] >= 2
        and answer[2] in {0, 1}
        and answer[3] in CODES
    ):
        send(connection, b"\xe0\0", deadline)  # DISCONNECT
        code = answer[3]
        return code, f"CONNACK {code}: {CODES[code]}", end
    if answer:
        return None, f"not a CONNACK: {printable(answer, 40)}", "garbage"
    return (
        None,
        {"closed": "closed without an answer", "reset": "reset without an answer"}.get(end, "no answer"),
        end,
    )


def connect_packet(
    username: str | None, password: str | None, client_id: str | None, *, version: int = 4
) -> bytes:
    """A CONNECT packet (3.1) with a clean session and 30 s keep-alive; version 4 is MQTT 3.1.1, 5 has no properties."""
    flags = 0x02
    payload = text_field((client_id or f"probe-{os.urandom(4).hex()}").encode())
    if username is not None:
        flags |= 0x80
        payload += text_field(username.encode())
    elif password is not None:
        # MQTT 3.1.1 has no password without a user name.
        flags |= 0x80
        payload += text_field(b"")
    if password is not None:
        flags |= 0x40
        payload += text_field(password.encode())
    properties = b"\0" if version == 5 else b""
    body = text_field(b"MQTT") + bytes((version, flags)) + struct.pack("!H", 30) + properties + payload
    return b"\x10" + encoded_length(len(body)) + body


def text_field(content: bytes) -> bytes:
    """A text as MQTT writes it: its length, and its bytes."""
    return struct.pack("!H", len(content)) + content


def encoded_length(number: int) -> bytes:
    """The remaining length of a packet (2.2.3)."""
    encoded = bytearray()
    while True:
        number, low = divmod(number, 128)
        encoded.append(low | (0x80 if number else 0))
        if not number:
            return bytes(encoded)
