"""Binary protocols that wait for the client: Modbus/TCP and the Android debug bridge."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.services._model import Challenge, Service

if TYPE_CHECKING:
    from pytest_etsi.probes.services._talk import Talk

__all__ = ["answers_adb", "answers_modbus"]

# Transaction 0x5e21, protocol 0, unit 255: read the basic device identification (Modbus V1.1b3, 6.21).
_MODBUS = bytes.fromhex("5e21 0000 0005 ff 2b 0e 01 00")

# What a device calls itself; a server that only repeats what it hears would answer "host".
_STATES = re.compile(rb"(?:device|recovery|sideload|rescue|bootloader)\b")


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
