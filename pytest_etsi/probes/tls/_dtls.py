"""DTLS 1.0 and 1.2 (RFC 4347, RFC 6347): the same questions in datagrams, each from a socket of its own.

To the rest of the probe DTLS 1.2 is TLS 1.2, and DTLS 1.0 is TLS 1.1, which they are made of.
"""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pytest_etsi.probes._net import Deadline, why
from pytest_etsi.probes.tls._answer import MAX_FLIGHT, Flight
from pytest_etsi.probes.tls._model import VERSIONS, HelloAnswer

if TYPE_CHECKING:
    from pytest_etsi.probes.tls._hello import HelloOffer

__all__ = ["DATAGRAM_VERSIONS", "DatagramEndpoint"]

DATAGRAM_VERSIONS: dict[str, int] = {"DTLSv1.0": VERSIONS["TLSv1.1"], "DTLSv1.2": VERSIONS["TLSv1.2"]}
"""Versions that are asked for, oldest first, and the numbers of the TLS versions that they are made of."""

_WIRE = {0x0302: 0xFEFF, 0x0303: 0xFEFD}
_PLAIN = {wire: number for number, wire in _WIRE.items()}
_ALERT, _HANDSHAKE = 21, 22
_HELLO_VERIFY = 3
_RECORD, _MESSAGE = 13, 12
_MAX_DATAGRAMS = 200
_AFTER_COOKIE_S = 1.5  # a server that has just sent a cookie is there, and calculates no longer than this


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

    def run(self) -> HelloAnswer:
        wire = _WIRE[self.offer.version]
        answer = self._exchange(wire, b"", 0)
        if isinstance(answer, bytes):
            self.deadline = self.deadline.within(_AFTER_COOKIE_S)
            answer = self._exchange(wire, answer, 1)
            if isinstance(answer, bytes):
                return HelloAnswer("garbage", first_bytes=answer[:64], detail="asks for a cookie without end")
            if answer.kind == "silent":
                # Some stacks refuse without a word; as with a reset, it is so when it happens twice.
                return HelloAnswer("reset", detail="silent after the cookie")
        if answer.kind == "hello":
            # An alert lets the server forget the handshake instead of repeating its flight.
            self.connection.send(b"\x15\xfe\xff" + struct.pack("!HHIH", 0, 0, 2, 2) + b"\2\x28")
        return answer

    def _exchange(self, wire: int, cookie: bytes, sequence: int) -> HelloAnswer | bytes:
        """The answer to a hello; bytes: the cookie that it has to carry."""
        self.connection.send(self.offer.datagram(wire, cookie, sequence))
        records = _Records()
        for _ in range(_MAX_DATAGRAMS):
            left = self.deadline.left()
            if left <= 0:
                break
            self.connection.settimeout(left)
            try:
                data = self.connection.recv(65535)
            except TimeoutError:
                break
            if not records.take(data):
                return HelloAnswer("garbage", first_bytes=data[:64], detail="not a DTLS record")
            if records.cookie is not None:
                return records.cookie
            if (answer := records.answer(flight=self.flight)) is not None:
                return answer
        return records.answer(flight=False) or HelloAnswer("silent", detail="no answer in time")


class _Records:
    """The records of an answer, put together to handshake messages."""

    def __init__(self) -> None:
        self.cookie: bytes | None = None
        self._alert: int | None = None
        self._messages: dict[int, tuple[int, bytearray, set[int]]] = {}
        self._size = 0
        self._first = b""

    def take(self, data: bytes) -> bool:
        """Take in a datagram; False when it is none of DTLS."""
        self._first = self._first or data[:64]
        self._size += len(data)
        position = 0
        while position + _RECORD <= len(data):
            kind, major, epoch = struct.unpack_from("!BBxH", data, position)
            (length,) = struct.unpack_from("!H", data, position + 11)
            if kind not in {20, _ALERT, _HANDSHAKE, 23} or major != 0xFE:
                return position > 0
            content = data[position + _RECORD : position + _RECORD + length]
            position += _RECORD + length
            if epoch:
                continue  # encrypted
            if kind == _ALERT and len(content) >= 2 and (content[0] == 2 or content[1] == 0):
                self._alert = content[1]
            elif kind == _HANDSHAKE:
                self._fragments(content)
        return position > 0

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
            _, body, missing = self._messages.setdefault(
                number, (kind, bytearray(length), set(range(length)))
            )
            if len(body) == length:
                body[offset : offset + len(part)] = part
                missing.difference_update(range(offset, offset + len(part)))

    def answer(self, *, flight: bool) -> HelloAnswer | None:
        """What the records say so far; None when more are needed."""
        whole = b""
        for number in sorted(self._messages):
            kind, body, missing = self._messages[number]
            if missing:
                break
            whole += bytes([kind]) + len(body).to_bytes(3, "big") + bytes(body)
        if self._size > MAX_FLIGHT:
            return HelloAnswer("garbage", first_bytes=self._first, detail="an answer without end")
        if not whole:
            return None if self._alert is None else HelloAnswer("alert", alert=self._alert)
        found = Flight(wanted=flight, first_bytes=self._first).read(whole, ended=self._alert is not None)
        if found is None or found.kind != "hello":
            return found
        return replace(found, version=_PLAIN.get(found.version, found.version))
