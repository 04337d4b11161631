"""DTLS 1.0 and 1.2 (RFC 4347, RFC 6347): the same questions in datagrams, each from a socket of its own.

To the rest of the probe DTLS 1.2 is TLS 1.2, and DTLS 1.0 is TLS 1.1, which they are made of. Datagrams get lost: a
hello is repeated after pauses that double, with and without its cookie, until its answer is there.
"""

from __future__ import annotations

import os
import socket
import struct
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pytest_etsi.probes._net import Deadline, why
from pytest_etsi.probes.tls._answer import CUT, MAX_FLIGHT, Flight, ending
from pytest_etsi.probes.tls._model import VERSIONS, HelloAnswer

if TYPE_CHECKING:
    from pytest_etsi.probes.tls._hello import HelloOffer

__all__ = ["DATAGRAM_VERSIONS", "DatagramEndpoint"]

DATAGRAM_VERSIONS: dict[str, int] = {"DTLSv1.0": VERSIONS["TLSv1.1"], "DTLSv1.2": VERSIONS["TLSv1.2"]}
"""Versions that are asked for, oldest first, and the numbers of the TLS versions that they are made of."""

_WIRE = {0x0302: 0xFEFF, 0x0303: 0xFEFD}
_PLAIN = {wire: number for number, wire in _WIRE.items()}
_ALERT, _HANDSHAKE = 21, 22
_SERVER_HELLO, _HELLO_VERIFY = 2, 3
_RECORD, _MESSAGE = 13, 12
_MAX_DATAGRAMS = 400
_REPEAT_S = 0.2
"""Seconds until a hello is sent once more, and double that until the next time: several times within two seconds."""


@dataclass(frozen=True, slots=True)
class DatagramEndpoint:
    """Where hellos are sent to, over UDP.

    Attributes:
        host: name or address.
        port: UDP port.
    """

    host: str
    port: int

    def ask(self, offer: HelloOffer, deadline: Deadline, *, flight: bool) -> HelloAnswer:
        """Send a hello, once more with the cookie that the server wants, and read the answer.

        Args:
            offer: version 0x0302 for DTLS 1.0, 0x0303 for DTLS 1.2.
            deadline: for all of it.
            flight: read the messages after the ServerHello as well.
        """
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(
                self.host, self.port, type=socket.SOCK_DGRAM
            )[0]
            with socket.socket(family, kind, protocol) as connection:
                connection.connect(address)
                return _Dialogue(connection, offer, deadline, flight).run()
        except ConnectionRefusedError:
            return HelloAnswer("refused", detail=f"{self.host}:{self.port}/udp: port unreachable")
        except OSError as error:
            return HelloAnswer("refused", detail=f"{self.host}:{self.port}/udp: {why(error)}")


@dataclass(slots=True)
class _Dialogue:
    connection: socket.socket
    offer: HelloOffer
    deadline: Deadline
    flight: bool
    random: bytes = field(default_factory=lambda: os.urandom(32))
    cookie: bytes = b""
    sent: int = 0

    def run(self) -> HelloAnswer:
        answer = self._exchange()
        if answer.kind == "hello":
            # An alert lets the server forget the handshake instead of repeating its flight.
            self.connection.send(b"\x15\xfe\xff" + struct.pack("!HHIH", 0, 0, self.sent, 2) + b"\2\x28")
        return answer

    def _exchange(self) -> HelloAnswer:
        records, pause, received, asked_again = _Records(), _REPEAT_S, 0, 0
        while not self.deadline.expired and received < _MAX_DATAGRAMS:
            self._send()
            until, pause = self.deadline.within(pause), pause * 2
            while received < _MAX_DATAGRAMS and (data := self._receive(until)) is not None:
                received += 1
                if not records.take(data):
                    return HelloAnswer("garbage", first_bytes=data[:64], detail="not a DTLS record")
                if (answer := records.answer(flight=self.flight)) is not None:
                    return answer
                if records.cookie is not None and records.cookie != self.cookie:
                    self.cookie, pause = records.cookie, _REPEAT_S
                    break
                # The first hello may have been answered twice, as it was sent.
                asked_again += records.cookie is not None
                records.cookie = None
        cut = records.answer(flight=False)
        if cut is not None:
            return replace(cut, detail=CUT) if cut.kind == "hello" and self.flight else cut
        if self.cookie and asked_again > 1:
            return HelloAnswer(
                "garbage", first_bytes=self.cookie[:64], detail="asks for a cookie without end"
            )
        if self.cookie:
            # Some stacks refuse without a word; as with a reset, it is so when it happens twice.
            return HelloAnswer("reset", cookie=self.cookie, detail="silent after the cookie")
        return HelloAnswer("silent", detail="no answer in time")

    def _send(self) -> None:
        hello = self.offer.datagram(
            _WIRE[self.offer.version],
            self.cookie,
            self.random,
            message=1 if self.cookie else 0,
            record=self.sent,
        )
        self.connection.send(hello)
        self.sent += 1

    def _receive(self, until: Deadline) -> bytes | None:
        """The next datagram; None: none came in time."""
        left = until.left()
        if left <= 0:
            return None
        self.connection.settimeout(left)
        try:
            return self.connection.recv(65535)
        except TimeoutError:
            return None


class _Message:
    """A handshake message of which fragments come in any order; takes no more room than what came."""

    def __init__(self, kind: int, length: int) -> None:
        self.kind, self.length = kind, length
        self._parts: dict[int, bytes] = {}

    def take(self, offset: int, part: bytes) -> None:
        """Take in a fragment; of two that begin alike, the longer one stays."""
        if len(part) >= len(self._parts.get(offset, b"")):
            self._parts[offset] = part

    def whole(self) -> bytes | None:
        """The body; None while something is missing."""
        body = bytearray()
        for offset, part in sorted(self._parts.items()):
            if offset > len(body):
                return None
            body += part[len(body) - offset :]
        return bytes(body) if len(body) >= self.length else None


class _Records:
    """The records of an answer, put together to handshake messages."""

    def __init__(self) -> None:
        self.cookie: bytes | None = None
        self._alert: int | None = None
        self._messages: dict[int, _Message] = {}
        self._size = 0
        self._first = b""

    def take(self, data: bytes) -> bool:
        """Take in a datagram; False when it is none of DTLS."""
        self._first = self._first or data[:64]
        self._size += len(data)
        position = 0
        while position + _RECORD <= len(data) and self._size <= MAX_FLIGHT:
            kind, major, epoch = struct.unpack_from("!BBxH", data, position)
            (length,) = struct.unpack_from("!H", data, position + 11)
            if kind not in {20, _ALERT, _HANDSHAKE, 23} or major != 0xFE:
                return position > 0
            content = data[position + _RECORD : position + _RECORD + length]
            position += _RECORD + length
            if epoch:
                continue  # encrypted
            if kind == _ALERT and self._alert is None:
                self._alert = ending(content)
            elif kind == _HANDSHAKE:
                self._fragments(content)
        return position > 0 or self._size > MAX_FLIGHT

    def _fragments(self, content: bytes) -> None:
        position = 0
        while position + _MESSAGE <= len(content):
            kind = content[position]
            length = int.from_bytes(content[position + 1 : position + 4], "big")
            (number,) = struct.unpack_from("!H", content, position + 4)
            offset = int.from_bytes(content[position + 6 : position + 9], "big")
            size = int.from_bytes(content[position + 9 : position + 12], "big")
            part = content[position + _MESSAGE : position + _MESSAGE + size]
            position += _MESSAGE + size
            if length > MAX_FLIGHT or offset + len(part) > length or len(self._messages) > 50:
                return
            if kind == _HELLO_VERIFY and len(part) == length and length >= 3:
                self.cookie = part[3 : 3 + part[2]]
                return
            message = self._messages.setdefault(number, _Message(kind, length))
            if message.length == length and (part or not length):
                message.take(offset, part)

    def answer(self, *, flight: bool) -> HelloAnswer | None:
        """What the records say so far; None when more are needed."""
        if self._size > MAX_FLIGHT:
            return HelloAnswer("garbage", first_bytes=self._first, detail="an answer without end")
        whole = b""
        first = min(self._messages, default=0)
        for number in range(first, first + len(self._messages)):
            message = self._messages.get(number)
            body = message.whole() if message is not None else None
            if message is None or body is None or (not whole and message.kind != _SERVER_HELLO):
                break  # lost, or on its way
            whole += bytes([message.kind]) + len(body).to_bytes(3, "big") + body
        if not whole:
            return None if self._alert is None else HelloAnswer("alert", alert=self._alert)
        found = Flight(wanted=flight, first_bytes=self._first).read(whole, ended=self._alert is not None)
        if found is None or found.kind != "hello":
            return found
        return replace(found, version=_PLAIN.get(found.version, found.version))
