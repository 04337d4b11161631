"""SNMP over UDP: does the agent answer to the community "public" (v2c), and does it speak version 3?"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass

from pytest_etsi import bounds
from pytest_etsi.probes._net import Deadline, why
from pytest_etsi.probes.observation import Observation, printable

__all__ = ["SnmpObservation", "probe_snmp"]

_SYS_DESCR = bytes((0x2B, 6, 1, 2, 1, 1, 1, 0))
_INTEGER, _OCTETS, _NULL, _OID, _SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
_GET, _RESPONSE, _REPORT = 0xA0, 0xA2, 0xA8


@dataclass(frozen=True, slots=True)
class SnmpObservation(Observation):
    """What an SNMP agent answered.

    Attributes:
        host: as asked for.
        port: UDP port.
        v2c_public: it answered to the community "public" of version 2c.
        description: the system description it gave then.
        v3: it answered to the discovery of version 3.
        engine_id: its engine identifier then, hex.
        closed: the port is closed.
        first_bytes: an answer that is not SNMP.
        error: why nothing could be asked.
        duration_s: seconds.
    """

    host: str
    port: int
    v2c_public: bool = False
    description: str = ""
    v3: bool = False
    engine_id: str = ""
    closed: bool = False
    first_bytes: bytes = b""
    error: str = ""
    duration_s: float = 0.0

    @property
    def answered(self) -> bool:
        """Whether anything came back."""
        return self.v2c_public or self.v3 or bool(self.first_bytes)


def probe_snmp(
    host: str, port: int = 161, *, timeout_s: float = bounds.SNMP.step_s, tries: int = 2
) -> SnmpObservation:
    """Ask an SNMP agent for its description (v2c, "public") and for its engine (v3).

    Args:
        host: name or address.
        port: UDP port.
        timeout_s: seconds to wait for one answer.
        tries: times that each question is sent.
    """
    clock = Deadline(2 * tries * timeout_s)
    public, closed, error = _ask(host, port, _get_request(), timeout_s, tries)
    if closed or error:
        return SnmpObservation(host, port, closed=closed, error=error, duration_s=clock.elapsed)
    discovery, closed, error = _ask(host, port, _discovery(), timeout_s, tries)
    description = _description(public)
    engine = _engine_id(discovery)
    strange = b"" if description is not None or engine is not None else (public or discovery)
    return SnmpObservation(
        host,
        port,
        v2c_public=description is not None,
        description=printable(description or b"", 255),
        v3=engine is not None,
        engine_id=(engine or b"").hex(),
        closed=closed,
        first_bytes=strange[:64],
        error=error,
        duration_s=clock.elapsed,
    )


def _ask(host: str, port: int, message: bytes, timeout_s: float, tries: int) -> tuple[bytes, bool, str]:
    """The answer (empty: none), whether the port is closed, and why it could not be asked."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
    except OSError as error:
        return b"", False, why(error)
    for _ in range(tries):
        try:
            with socket.socket(family, kind, protocol) as connection:
                connection.settimeout(timeout_s)
                connection.connect(address)
                if connection.getsockname()[:2] == connection.getpeername()[:2]:
                    return b"", True, ""  # it would talk to itself
                connection.send(message)
                return connection.recv(65535), False, ""
        except TimeoutError:
            continue
        except ConnectionRefusedError:
            return b"", True, ""
        except OSError as error:
            return b"", False, why(error)
    return b"", False, ""


def _get_request() -> bytes:
    variable = _tlv(_SEQUENCE, _tlv(_SEQUENCE, _tlv(_OID, _SYS_DESCR) + _tlv(_NULL, b"")))
    request = _tlv(_GET, _integer(_identifier()) + _integer(0) + _integer(0) + variable)
    return _tlv(_SEQUENCE, _integer(1) + _tlv(_OCTETS, b"public") + request)


def _discovery() -> bytes:
    """An empty request of version 3, which an agent answers with its engine identifier (RFC 3414, 4)."""
    number = _identifier()
    header = _tlv(_SEQUENCE, _integer(number) + _integer(65507) + _tlv(_OCTETS, b"\x04") + _integer(3))
    nothing = _tlv(_OCTETS, b"")
    security = _tlv(_SEQUENCE, nothing + _integer(0) + _integer(0) + nothing * 3)
    request = _tlv(_GET, _integer(number) + _integer(0) + _integer(0) + _tlv(_SEQUENCE, b""))
    scoped = _tlv(_SEQUENCE, nothing * 2 + request)
    return _tlv(_SEQUENCE, _integer(3) + header + _tlv(_OCTETS, security) + scoped)


def _description(answer: bytes) -> bytes | None:
    """The first value of a version 2c response; None when this is none."""
    message = _items(answer)
    if not message or message[0][0] != _SEQUENCE:
        return None
    parts = _items(message[0][1])
    if len(parts) < 3 or parts[0] != (_INTEGER, b"\x01") or parts[2][0] != _RESPONSE:
        return None
    fields = _items(parts[2][1])
    variables = _items(fields[3][1]) if len(fields) > 3 else []
    values = _items(variables[0][1]) if variables else []
    return values[1][1] if len(values) > 1 else b""


def _engine_id(answer: bytes) -> bytes | None:
    """The engine identifier in a version 3 message; None when this is none."""
    message = _items(answer)
    if not message or message[0][0] != _SEQUENCE:
        return None
    parts = _items(message[0][1])
    if len(parts) < 3 or parts[0] != (_INTEGER, b"\x03") or parts[2][0] != _OCTETS:
        return None
    security = _items(parts[2][1])
    fields = _items(security[0][1]) if security else []
    # The question has an empty one; a server that only repeats it is no agent.
    return (fields[0][1] or None) if fields else None


def _identifier() -> int:
    return int.from_bytes(os.urandom(2), "big") + 1


def _integer(number: int) -> bytes:
    return _tlv(_INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _tlv(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes((size,)) if size < 128 else bytes((0x82,)) + size.to_bytes(2, "big")
    return bytes((tag,)) + length + content


def _items(data: bytes) -> list[tuple[int, bytes]]:
    """Tags and contents of the values that stand side by side; what is cut off or malformed ends the list."""
    found: list[tuple[int, bytes]] = []
    position = 0
    while position + 2 <= len(data) and len(found) < 64:
        tag, size = data[position], data[position + 1]
        position += 2
        if size & 0x80:
            count = size & 0x7F
            if count == 0 or count > 4 or position + count > len(data):
                break
            size = int.from_bytes(data[position : position + count], "big")
            position += count
        if position + size > len(data):
            break
        found.append((tag, data[position : position + size]))
        position += size
    return found
