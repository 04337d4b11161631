"""Binary protocols: CoAP over TCP and SMUX, which speak first; Modbus/TCP and the Android debug bridge, which wait."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.services._model import Challenge, Service

if TYPE_CHECKING:
    from pytest_etsi.probes.services._talk import Greeting, Talk

__all__ = ["answers_adb", "answers_modbus", "greets"]

_CSM = 0xE1  # 7.01, capabilities and settings: what both sides of CoAP over TCP send first (RFC 8323, 5.3)
_SMUX_CLOSE = b"A\x01"  # a SMUX peer that is not known is sent a ClosePDU with a reason (RFC 1227)

# Transaction 0x5e21, protocol 0, unit 255: read the basic device identification (Modbus V1.1b3, 6.21).
_MODBUS = bytes.fromhex("5e21 0000 0005 ff 2b 0e 01 00")

# What a device calls itself; a server that only repeats what it hears would answer "host".
_STATES = re.compile(rb"(?:device|recovery|sideload|rescue|bootloader)\b")


def greets(talk: Talk, greeting: Greeting) -> Service | None:
    """Recognise what a binary protocol says first."""
    data = greeting.data
    if _is_csm(data):
        return talk.service("coap+tcp", (), data)
    if len(data) == 3 and data.startswith(_SMUX_CLOSE) and data[2] <= 5:
        return talk.service("smux", (), data, note="a master agent of SNMP, which takes subagents")
    return None


def _is_csm(data: bytes) -> bool:
    """Whether the bytes are one CSM message of CoAP over TCP: length, code, options (RFC 8323, 3.2)."""
    if len(data) < 2 or data[0] & 0x0F:
        return False
    short = data[0] >> 4
    extended = {13: (1, 13), 14: (2, 269)}.get(short)
    if short == 15:
        return False
    if extended is None:
        return data[1] == _CSM and len(data) == 2 + short
    size, base = extended
    if len(data) < 2 + size:
        return False
    return data[1 + size] == _CSM and len(data) == 2 + size + base + int.from_bytes(data[1 : 1 + size], "big")


def answers_modbus(talk: Talk) -> Service | None:
    """Read the device identification, which changes nothing."""
    answer = talk.exchange(
        _MODBUS, lambda seen: len(seen) >= 6 and len(seen) >= 6 + int.from_bytes(seen[4:6], "big")
    )
    if len(answer) < 9 or answer[:4] != _MODBUS[:4] or len(answer) != 6 + int.from_bytes(answer[4:6], "big"):
        return None
    if answer[7] == 0xAB:
        return talk.service(
            "modbus", (), f"Modbus exception {answer[8]}", note="Modbus has no authentication"
        )
    if answer[7:9] != b"\x2b\x0e" or len(answer) < 14:
        return None
    objects: list[str] = []
    position = 14
    while position + 2 <= len(answer) and len(objects) < 10:
        length = answer[position + 1]
        objects.append(printable(answer[position + 2 : position + 2 + length], 60))
        position += 2 + length
    return talk.service("modbus", (), " ".join(objects), note="Modbus has no authentication")


def answers_adb(talk: Talk) -> Service | None:
    """Say hello; no key is offered, so that nobody is asked to allow anything."""
    banner = b"host::\0"
    command = int.from_bytes(b"CNXN", "little")
    hello = (
        struct.pack("<6I", command, 0x01000000, 4096, len(banner), sum(banner), command ^ 0xFFFFFFFF) + banner
    )
    answer = talk.exchange(hello, lambda seen: len(seen) >= 24)
    if len(answer) < 24:
        return None
    (said,), (magic,) = struct.unpack("<I", answer[:4]), struct.unpack("<I", answer[20:24])
    if said ^ 0xFFFFFFFF != magic:
        return None
    name = answer[:4]
    if name == b"AUTH":
        return talk.service("adb", (Challenge("adb", "asks for a signature", "key"),), "AUTH")
    if name == b"STLS":
        return talk.service(
            "adb", (Challenge("adb", "asks for TLS with a key", "key"),), "STLS", starttls=True
        )
    if name == b"CNXN" and _STATES.match(answer[24:]):
        talk.notes.append("a debug connection without any credential is accepted")
        return talk.service("adb", (), re.sub(rb"\0.*", b"", answer[24:], flags=re.DOTALL) or b"CNXN")
    return None
