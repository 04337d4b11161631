"""DNS messages as mDNS uses them (RFC 1035, RFC 6762): one question out, records in."""

from __future__ import annotations

import ipaddress
import struct
from dataclasses import dataclass

from pytest_etsi import bounds
from pytest_etsi.probes.observation import printable

__all__ = ["Message", "parse", "query"]

_TYPES = {"A": 1, "CNAME": 5, "PTR": 12, "HINFO": 13, "TXT": 16, "AAAA": 28, "SRV": 33}
_NAMES = {number: name for name, number in _TYPES.items()}
_MAX_RECORDS = bounds.DNS.items
_MAX_QUESTIONS = 20
_OF_THE_PROTOCOL = frozenset({41, 47})
"""OPT and NSEC: they say how the protocol is spoken and which types exist."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message of DNS.

    Attributes:
        identifier: of the question and its answer.
        response: it is an answer.
        records: (name, type, text) of each.
        questions: (name, type) of each.
        unread: (name, number of the type) of records whose content has no form here.
        cut: it says that more did not fit, or has more parts than are read.
    """

    identifier: int
    response: bool
    records: tuple[tuple[str, str, str], ...]
    questions: tuple[tuple[str, str], ...] = ()
    unread: tuple[tuple[str, int], ...] = ()
    cut: bool = False


def query(name: str, kind: str, *, identifier: int) -> bytes:
    """A question that wants its answer by unicast (RFC 6762, 5.4). A backslash keeps a dot inside a label."""
    labels = name.rstrip(".").replace("\\.", "\0").split(".")
    encoded = b"".join(
        bytes((len(part),)) + part for part in (label.replace("\0", ".").encode()[:63] for label in labels)
    )
    return (
        struct.pack("!6H", identifier, 0, 1, 0, 0, 0)
        + encoded
        + b"\0"
        + struct.pack("!HH", _TYPES[kind], 0x8001)
    )


def parse(data: bytes) -> Message | None:
    """A message as it came from a device; None: it is none."""
    try:
        return _parse(data)
    except (struct.error, IndexError, ValueError):
        return None


def _parse(data: bytes) -> Message:
    identifier, flags, questions, *counts = struct.unpack_from("!6H", data)
    position = 12
    asked: list[tuple[str, str]] = []
    for _ in range(min(questions, _MAX_QUESTIONS)):
        name, position = _name(data, position)
        (kind,) = struct.unpack_from("!H", data, position)
        asked.append((name, _NAMES.get(kind, str(kind))))
        position += 4
    records: list[tuple[str, str, str]] = []
    unread: list[tuple[str, int]] = []
    for _ in range(min(sum(counts), _MAX_RECORDS)):
        name, position = _name(data, position)
        kind, _, _, length = struct.unpack_from("!HHIH", data, position)
        position += 10
        if position + length > len(data):
            raise ValueError("a record ends after the message")
        if kind in _NAMES:
            records.extend((name, _NAMES[kind], text) for text in _texts(data, position, length, kind))
        elif kind not in _OF_THE_PROTOCOL:
            unread.append((name, kind))
        position += length
    cut = bool(flags & 0x0200) or questions > _MAX_QUESTIONS or sum(counts) > _MAX_RECORDS
    return Message(identifier, bool(flags & 0x8000), tuple(records), tuple(asked), tuple(unread), cut)


def _texts(data: bytes, position: int, length: int, kind: int) -> list[str]:
    body = data[position : position + length]
    if kind in {1, 28}:
        return [str(ipaddress.ip_address(body))]
    if kind in {5, 12}:
        return [_name(data, position)[0]]
    if kind == 33:
        _, _, port = struct.unpack_from("!HHH", body)
        return [f"{_name(data, position + 6)[0]}:{port}"]
    found = []
    while body:
        size = body[0]
        found.append(printable(body[1 : 1 + size], 255))
        body = body[1 + size :]
    return [text for text in found if text]


def _name(data: bytes, position: int) -> tuple[str, int]:
    """A name, and where it ends; compression pointers may only lead backwards, so that they come to an end."""
    labels: list[str] = []
    end = None
    limit = position
    while True:
        size = data[position]
        if size == 0:
            return ".".join(labels), end if end is not None else position + 1
        if size & 0xC0 == 0xC0:
            target = (size & 0x3F) << 8 | data[position + 1]
            if end is None:
                end = position + 2
            if target >= limit:
                raise ValueError("a pointer leads forwards")
            position = limit = target
            continue
        if size & 0xC0 or len(labels) > 127:
            raise ValueError("not a label")
        label = data[position + 1 : position + 1 + size]
        if len(label) != size:
            raise ValueError("a label ends after the message")
        labels.append(printable(label, 63).replace(".", "\\."))
        position += 1 + size
