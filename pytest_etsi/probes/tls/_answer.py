"""What a server's first flight says (RFC 5246, 7.4; RFC 8446, 4.1.3 and 4.1.4).

Every length in it is the device's word, and is held against what is there.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace

from pytest_etsi import bounds
from pytest_etsi.probes.tls._model import VERSIONS, HelloAnswer
from pytest_etsi.probes.tls._numbers import dh_group
from pytest_etsi.probes.tls.suites import cipher_suites

__all__ = ["CUT", "MAX_FLIGHT", "Flight", "ending", "parse"]

MAX_FLIGHT = bounds.TLS.most
"""Bytes that are read of one answer at most."""

CUT = "the rest of the flight after its ServerHello did not come"
"""Detail of an answer of which only the choice is known."""

_CHANGE, _ALERT, _HANDSHAKE, _DATA = 20, 21, 22, 23
_MAX_RECORD = 18432
_MAX_WARNINGS = 64
"""Bytes of alerts that may come before an answer; two each."""
_ALWAYS_FATAL = frozenset({0, 10, 20, 21, 22, 30, 40, 47, 48, 49, 50, 51, 60, 70, 71, 80, 86, 109, 120})
"""Alerts that end a connection at whatever level they are sent (RFC 5246, 7.2; RFC 8446, 6), close_notify first."""


def parse(data: bytes, *, flight: bool) -> HelloAnswer | None:
    """Make sense of the bytes so far; None when more are needed.

    Args:
        data: all that was received.
        flight: wait for the messages after the ServerHello too.
    """
    handshake, alerts = bytearray(), bytearray()
    alert: int | None = None
    position = 0
    while position + 5 <= len(data):
        kind, version, length = struct.unpack_from("!BHH", data, position)
        if kind not in {_CHANGE, _ALERT, _HANDSHAKE, _DATA} or version >> 8 != 3 or length > _MAX_RECORD:
            if position == 0:
                return HelloAnswer("garbage", first_bytes=data[:64], detail="not a TLS record")
            break
        content = data[position + 5 : position + 5 + length]
        if kind == _HANDSHAKE:
            handshake += content
        elif kind == _ALERT:
            alerts += content
            if (alert := ending(alerts)) is not None:
                break
            if len(alerts) > _MAX_WARNINGS:
                return HelloAnswer("garbage", first_bytes=data[:64], detail="alerts without end")
        if len(content) < length:
            break
        position += 5 + length
    if handshake:
        found = Flight(wanted=flight, first_bytes=data[:64]).read(bytes(handshake), ended=alert is not None)
        if found is not None or alert is None:
            return found
    if alert is not None:
        return HelloAnswer("alert", alert=alert)
    if data and data[0] not in {_ALERT, _HANDSHAKE}:
        return HelloAnswer("garbage", first_bytes=data[:64], detail="not a TLS record")
    return None


def ending(alerts: bytes | bytearray) -> int | None:
    """The first alert that ends the connection; None: none so far.

    Args:
        alerts: alerts without their records, of two bytes each; the last one may be cut.
    """
    pairs = zip(alerts[::2], alerts[1::2], strict=False)
    return next((number for level, number in pairs if level == 2 or number in _ALWAYS_FATAL), None)


@dataclass(slots=True)
class Flight:
    """The handshake messages of an answer, one after the other.

    Attributes:
        wanted: the messages after the ServerHello are wanted too.
        first_bytes: what to show when it is not TLS.
    """

    wanted: bool
    first_bytes: bytes

    def read(self, handshake: bytes, *, ended: bool) -> HelloAnswer | None:
        """Read the messages; None when more are needed.

        Args:
            handshake: the messages without their records.
            ended: nothing will follow.
        """
        answer: HelloAnswer | None = None
        position = 0
        while position + 4 <= len(handshake):
            kind = handshake[position]
            length = int.from_bytes(handshake[position + 1 : position + 4], "big")
            body = handshake[position + 4 : position + 4 + length]
            if len(body) < length:
                if length > MAX_FLIGHT and answer is not None:
                    return replace(answer, detail=f"a handshake message of {length:,} bytes was not read")
                if length > MAX_FLIGHT:
                    return self._garbage("a handshake message without end")
                break
            position += 4 + length
            if answer is None:
                answer = server_hello(body) if kind == 2 else None
                if answer is None:
                    return self._garbage("not a ServerHello")
                if not self.wanted or answer.version == VERSIONS["TLSv1.3"]:
                    return answer
            elif kind == 11:
                answer = replace(answer, certificates=_chain(body))
            elif kind == 12:
                answer = _with_key_exchange(answer, body)
            elif kind == 13:
                answer = replace(answer, client_certificate=True)
            elif kind == 14:
                return answer
        return answer if ended else None

    def _garbage(self, detail: str) -> HelloAnswer:
        return HelloAnswer("garbage", first_bytes=self.first_bytes, detail=detail)


def server_hello(body: bytes) -> HelloAnswer | None:
    """The answer in a ServerHello or HelloRetryRequest; None when it is malformed."""
    if len(body) < 38:
        return None
    (version,) = struct.unpack_from("!H", body)
    position = 35 + body[34]
    if position + 3 > len(body):
        return None
    session_id = body[35:position]
    suite, compression = struct.unpack_from("!HB", body, position)
    extensions = _extensions(body[position + 3 :])
    chosen = extensions.get(43, b"")
    if len(chosen) == 2:
        (version,) = struct.unpack("!H", chosen)
    share = extensions.get(51, b"")
    group = int.from_bytes(share[:2], "big") if version == VERSIONS["TLSv1.3"] else 0
    return HelloAnswer(
        "hello",
        version=version,
        suite=suite,
        compression=compression,
        random=body[2:34],
        session_id=session_id,
        extensions=extensions,
        group=group,
    )


def _extensions(rest: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    if len(rest) < 2:
        return found
    end = min(len(rest), 2 + struct.unpack_from("!H", rest)[0])
    position = 2
    while position + 4 <= end:
        number, length = struct.unpack_from("!HH", rest, position)
        if position + 4 + length > end:
            break
        found[number] = rest[position + 4 : position + 4 + length]
        position += 4 + length
    return found


def _chain(body: bytes) -> tuple[bytes, ...]:
    found: list[bytes] = []
    position = 3
    while position + 3 <= len(body) and len(found) < 20:
        length = int.from_bytes(body[position : position + 3], "big")
        found.append(body[position + 3 : position + 3 + length])
        position += 3 + length
    return tuple(item for item in found if item)


def _with_key_exchange(answer: HelloAnswer, body: bytes) -> HelloAnswer:
    """The answer with what a ServerKeyExchange says; unchanged where that cannot be read."""
    suite = cipher_suites().get(answer.suite)
    exchange = suite.key_exchange.removesuffix("_EXPORT") if suite else ""
    position = 0
    if suite and suite.authentication == "PSK" and exchange in {"DHE", "ECDHE"}:
        position = 2 + int.from_bytes(body[:2], "big")  # after the identity hint (RFC 4279)
    if exchange in {"ECDHE", "ECDH"}:
        if body[position : position + 1] != b"\3" or position + 4 > len(body):
            return answer
        group = int.from_bytes(body[position + 1 : position + 3], "big")
        signed_at = position + 4 + body[position + 3]
        return replace(answer, group=group, signature=_signature(answer, body, signed_at))
    if exchange in {"DHE", "DH"}:
        prime = _number(body, position)
        if prime is None:
            return answer
        signed_at = position
        for _ in range(3):  # prime, generator, public value
            signed_at += 2 + int.from_bytes(body[signed_at : signed_at + 2], "big")
        plain = prime.lstrip(b"\0")
        return replace(
            answer, group=dh_group(plain), dh_prime=plain, signature=_signature(answer, body, signed_at)
        )
    return answer


def _number(body: bytes, position: int) -> bytes | None:
    length = int.from_bytes(body[position : position + 2], "big")
    number = body[position + 2 : position + 2 + length]
    return number if length and len(number) == length else None


def _signature(answer: HelloAnswer, body: bytes, position: int) -> int:
    """Number of the signature algorithm; it stands before the signature in TLS 1.2, when there is one."""
    if answer.version not in {VERSIONS["TLSv1.2"], 0xFEFD} or position + 4 > len(body):
        return 0
    return int.from_bytes(body[position : position + 2], "big")
