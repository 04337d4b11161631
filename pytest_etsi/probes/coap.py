"""CoAP over UDP (RFC 7252): which resources a server names without a login."""

from __future__ import annotations

import os
import re
import socket
import struct

from pytest_etsi import bounds
from pytest_etsi.probes._net import Deadline
from pytest_etsi.probes.observation import printable

__all__ = ["ask_core", "parse_answer"]

_ACK, _NON = 2, 1


def ask_core(
    host: str, port: int = 5683, *, timeout_s: float = bounds.COAP.step_s, tries: int = 2
) -> str | None:
    """Ask for ``/.well-known/core`` (RFC 6690).

    Args:
        host: name or address.
        port: UDP port.
        timeout_s: seconds to wait for one answer.
        tries: times that the question is sent.

    Returns:
        The links, or the code of the answer where it has none ("4.01"); None: nothing answered in CoAP.
    """
    identifier, token = struct.unpack("!H", os.urandom(2))[0], os.urandom(4)
    request = struct.pack("!BBH", 0x40 | len(token), 1, identifier) + token + b"\xbb.well-known\x04core"
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, socket.SOCK_DGRAM) as client:
            client.connect(address)
            for _ in range(tries):
                client.send(request)
                deadline = Deadline(timeout_s)
                for _ in range(20):
                    client.settimeout(max(0.001, deadline.left()))
                    try:
                        answer = client.recv(65536)
                    except TimeoutError:
                        break
                    found = parse_answer(answer, identifier, token)
                    if found is not None:
                        return found
                    if deadline.expired:
                        break
    except OSError:
        return None
    return None


def parse_answer(data: bytes, identifier: int, token: bytes) -> str | None:
    """The payload of an answer to a question with these marks, or its code; None: it is no such answer."""
    if len(data) < 4 + len(token) or data[0] >> 6 != 1 or data[0] & 0x0F != len(token):
        return None
    kind, code, answered = data[0] >> 4 & 3, data[1], struct.unpack("!H", data[2:4])[0]
    if kind not in {_ACK, _NON} or not 2 <= code >> 5 <= 5 or data[4 : 4 + len(token)] != token:
        return None
    if kind == _ACK and answered != identifier:
        return None
    links = re.search(rb"\xff(<.*)", data[4 + len(token) :], re.DOTALL)
    return printable(links[1], 400) if links else f"{code >> 5}.{code & 31:02}"
