"""How the camera is found: answers to questions by multicast DNS (RFC 6762, 6763) and to searches by SSDP (UPnP).

On a network these questions come to everybody at once. The virtual camera shares an interface with other programs, so
it takes them on ports of its own, sent to it alone.
"""

from __future__ import annotations

import asyncio
import re
import struct
from html import escape
from typing import TYPE_CHECKING, cast

from pytest_etsi.virtual.device.identity import SOFTWARE
from pytest_etsi.virtual.flaws import DisclosureFlaw, Flaw, InputFlaw

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pytest_etsi.virtual.place import Place

__all__ = ["HOST", "Discovery", "description"]

HOST = "examplecam.local"
"""The name that multicast DNS gives the camera."""
_KIND = "_https._tcp.local"
_INSTANCE = f"ExampleCam.{_KIND}"
_ALL_KINDS = "_services._dns-sd._udp.local"
_PTR, _TXT, _SRV, _A, _ANY = 12, 16, 33, 1, 255
_TTL_S = 120
_MOST_BYTES = 1024
"""Longer questions are not read."""
_MOST_LABELS = 16
_DEVICE = "urn:schemas-upnp-org:device:Basic:1"
_ROOT = "upnp:rootdevice"


class Discovery:
    """Both answerers.

    Args:
        place: where the camera listens.
        uuid: of this camera; it is drawn at random and says nothing else.
        serial: of this camera; only flaws tell it.
        flaws: of this camera.
    """

    def __init__(self, place: Place, uuid: str, serial: str, flaws: frozenset[Flaw]) -> None:
        self._place = place
        self._uuid = uuid
        self._serial = serial
        self._flaws = flaws
        self._transports: list[asyncio.DatagramTransport] = []

    async def open(self) -> None:
        """Listen; raises `OSError`."""
        place, loop = self._place, asyncio.get_running_loop()
        told = {
            DisclosureFlaw.MDNS_TELLS_SOFTWARE: f"fw={SOFTWARE}",
            DisclosureFlaw.MDNS_TELLS_SERIAL: f"sn={self._serial}",
        }
        names = _Names(
            place,
            ["path=/", *(text for flaw, text in told.items() if flaw in self._flaws)],
            fragile=InputFlaw.CRASH_ON_CUT_QUESTION in self._flaws,
        )
        if DisclosureFlaw.SEARCH_TELLS_SERIAL in self._flaws:
            searches = _Searches(place, self._serial, {_ROOT})
        else:
            searches = _Searches(place, self._uuid)
        for port, answerer in ((place.mdns, names), (place.ssdp, searches)):
            transport, _ = await loop.create_datagram_endpoint(lambda one=answerer: one, (place.host, port))  # type: ignore[misc]
            self._transports.append(transport)

    def close(self) -> None:
        """Listen no more."""
        for transport in self._transports:
            transport.close()
        self._transports = []


class _Answerer(asyncio.DatagramProtocol):
    transport: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        answer = self.answer(data) if len(data) <= _MOST_BYTES else b""
        if answer:
            self.transport.sendto(answer, addr)

    def answer(self, data: bytes) -> bytes:
        """What a datagram is answered with; empty: nothing."""
        raise NotImplementedError


class _Names(_Answerer):
    def __init__(self, place: Place, told: Sequence[str], *, fragile: bool) -> None:
        self._place = place
        self._told = [text.encode() for text in told]
        self._fragile = fragile

    def answer(self, data: bytes) -> bytes:
        question = _question(data)
        if question is None:
            if self._fragile and len(data) > 12 and _labels(_ALL_KINDS).startswith(data[12:]):
                self.transport.close()
            return b""
        identifier, name, kind, encoded = question
        records = self._records(name.casefold(), kind)
        if not records:
            return b""
        # As for a resolver that is none of multicast DNS (RFC 6762, 6.7): with its identifier and its question.
        head = struct.pack(">6H", identifier, 0x8400, 1, len(records), 0, 0)
        return head + encoded + b"".join(records)

    def _records(self, name: str, kind: int) -> list[bytes]:
        place = self._place
        ours = [
            (_ALL_KINDS, _PTR, _labels(_KIND)),
            (_KIND, _PTR, _labels(_INSTANCE)),
            (_INSTANCE, _SRV, struct.pack(">HHH", 0, 0, place.https) + _labels(HOST)),
            (_INSTANCE, _TXT, b"".join(bytes((len(text),)) + text for text in self._told)),
            (HOST, _A, bytes(map(int, place.host.split("."))) if place.host.count(".") == 3 else b""),
        ]
        found = [one for one in ours if one[0].casefold() == name and kind in {one[1], _ANY} and one[2]]
        if found and found[0][:2] == (_KIND, _PTR):
            found += [one for one in ours[2:] if one[2]]  # what has to be asked next
        return [_labels(owner) + struct.pack(">HHIH", type_, 1, _TTL_S, len(body)) + body
                for owner, type_, body in found]  # fmt: skip


def _question(data: bytes) -> tuple[int, str, int, bytes] | None:
    """Identifier, name and type of the one question of a query, and the question as it came; None: something else."""
    if len(data) < 17:
        return None
    identifier, flags, questions = struct.unpack_from(">HHH", data)
    if flags & 0xF800 or questions != 1:
        return None
    labels: list[str] = []
    at = 12
    while at < len(data) and data[at]:
        size = data[at]
        if size > 63 or at + 1 + size >= len(data) or len(labels) >= _MOST_LABELS:
            return None
        labels.append(data[at + 1 : at + 1 + size].decode("latin-1"))
        at += 1 + size
    end = at + 5
    if end > len(data):
        return None
    (kind,) = struct.unpack_from(">H", data, at + 1)
    return identifier, ".".join(labels), kind, data[12:end]


def _labels(name: str) -> bytes:
    return b"".join(bytes((len(part),)) + part.encode() for part in name.split(".")) + b"\0"


class _Searches(_Answerer):
    def __init__(self, place: Place, uuid: str, targets: Collection[str] = ()) -> None:
        self._place = place
        self._uuid = uuid
        self._targets = targets or {"ssdp:all", _ROOT, _DEVICE, f"uuid:{uuid}"}

    def answer(self, data: bytes) -> bytes:
        head, end, _ = data.partition(b"\r\n\r\n")
        wanted = re.search(rb"(?im)^st:[ \t]*([!-~]{1,100})[ \t]*$", head.replace(b"\r\n", b"\n"))
        if not head.startswith(b"M-SEARCH * HTTP/1.1\r\n") or not end or wanted is None:
            return b""
        target = wanted[1].decode()
        if target not in self._targets:
            return b""
        if target == "ssdp:all":
            target = _ROOT
        unique = f"uuid:{self._uuid}" + (f"::{target}" if not target.startswith("uuid:") else "")
        lines = (
            "HTTP/1.1 200 OK",
            "CACHE-CONTROL: max-age=1800",
            "EXT:",
            f"LOCATION: http://{self._place.host}:{self._place.http}/description.xml",
            "SERVER: ExampleCam",
            f"ST: {target}",
            f"USN: {unique}",
        )
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


def description(address: str, uuid: str, *, talkative: bool = False) -> str:
    """The description of the device to which a search leads.

    Args:
        address: of the web page.
        uuid: of this camera.
        talkative: name the version of the software too.
    """
    told = f"<firmwareVersion>{SOFTWARE}</firmwareVersion>" if talkative else ""
    return (
        '<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0">'
        "<specVersion><major>1</major><minor>1</minor></specVersion>"
        f"<device><deviceType>{_DEVICE}</deviceType><friendlyName>ExampleCam</friendlyName>"
        f"<manufacturer>Example Devices</manufacturer><modelName>camera</modelName>{told}"
        f"<UDN>uuid:{uuid}</UDN><presentationURL>{escape(address)}</presentationURL></device></root>"
    )
