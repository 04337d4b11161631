"""A ClientHello in the form of SSL 2.0, by which old clients ask for any version (RFC 5246, appendix E.2)."""

from __future__ import annotations

import struct

from pytest_etsi.probes.tls._ssl2 import CIPHERS
from pytest_etsi.probes.tls.client_hello import VERSION_NAMES, ClientHello, NotAClientHelloError
from pytest_etsi.probes.tls.suites import suite_name

__all__ = ["is_ssl2_hello", "parse_ssl2_hello"]

_SSL2 = 0x0002
_SIGNALS = {0x00FF, 0x5600}
"""TLS_EMPTY_RENEGOTIATION_INFO_SCSV and TLS_FALLBACK_SCSV."""
_HEAD = 11
"""Bytes until the first kind of cipher: length, type, version, and three lengths."""


def is_ssl2_hello(data: bytes) -> bool:
    """Whether a stream begins with a hello of this form, as far as it is there; its head has to be."""
    if len(data) < _HEAD or not data[0] & 0x80 or data[2] != 1:
        return False
    version, suites, session, challenge = struct.unpack_from(">HHHH", data, 3)
    length = int.from_bytes(data[:2], "big") & 0x7FFF
    known = version == _SSL2 or 0x0300 <= version <= 0x0304
    return (
        known
        and suites > 0
        and suites % 3 == 0
        and session in {0, 16}
        and 16 <= challenge <= 32
        and length == _HEAD - 2 + suites + session + challenge
    )


def parse_ssl2_hello(data: bytes) -> ClientHello | None:
    """Read the hello that a stream begins with.

    Args:
        data: what the client sent first; `is_ssl2_hello` holds.

    Returns:
        What it offers: the version that it names, and SSL 2.0 where a kind of cipher is only of that. None: not whole.

    Raises:
        NotAClientHelloError: it is none of this form.
    """
    if not is_ssl2_hello(data):
        raise NotAClientHelloError("it does not begin with a hello of the form of SSL 2.0")
    if len(data) < 2 + (int.from_bytes(data[:2], "big") & 0x7FFF):
        return None
    version, size = struct.unpack_from(">HH", data, 3)
    numbers = [int.from_bytes(data[at : at + 3], "big") for at in range(_HEAD, _HEAD + size, 3)]
    old = version == _SSL2 or any(number > 0xFFFF for number in numbers)
    versions = [VERSION_NAMES[version], *([VERSION_NAMES[_SSL2]] if old and version != _SSL2 else [])]
    suites = tuple(
        CIPHERS.get(number, f"0x{number:06X}") if number > 0xFFFF else suite_name(number)
        for number in numbers
        if number not in _SIGNALS
    )
    return ClientHello(tuple(versions), stated_versions=False, suites=suites, fallback=0x5600 in numbers)
