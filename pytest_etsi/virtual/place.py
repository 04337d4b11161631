"""Where the virtual camera listens: an address and a run of ports, so that several run side by side."""

from __future__ import annotations

import contextlib
import hashlib
import socket
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BLOCK", "Place", "PlaceError", "PortTakenError", "pick", "taken"]

BLOCK = 32
"""Ports of the device itself, from the base on; the site, the cloud and the bench follow after them."""

_PORTS = BLOCK + 6
_FIRST_BASE, _LAST_BASE = 20_000, 32_000
"""Below the ports that systems take for outgoing connections, which could be on any of them for a moment."""

_CANDIDATES = 200


class PlaceError(Exception):
    """No address with enough free ports was found."""


class PortTakenError(Exception):
    """A port that the camera needs belongs to somebody else."""


@contextlib.contextmanager
def taken(host: str, port: int) -> Iterator[None]:
    """Say which port it was that could not be had.

    Raises:
        PortTakenError: one could not.
    """
    try:
        yield
    except OSError as error:
        raise PortTakenError(f"{host}:{port}: {error.strerror or error}") from error


@dataclass(frozen=True, slots=True)
class Place:
    """An address and the ports from `base` on.

    The device's own ports lie in the first 32, at offsets that recall the usual port numbers; the base itself
    stays unused. What is not the device lies behind them.
    """

    host: str
    base: int

    @property
    def https(self) -> int:
        """Of the device."""
        return self.base + 4

    @property
    def http(self) -> int:
        """Of the device."""
        return self.base + 8

    @property
    def telnet(self) -> int:
        """Of the device; closed unless a flaw opens it."""
        return self.base + 23

    @property
    def stray(self) -> int:
        """Of the device; closed unless a flaw opens it."""
        return self.base + 17

    @property
    def rtsps(self) -> int:
        """Of the device."""
        return self.base + 22

    @property
    def mdns(self) -> int:
        """Of the device, UDP."""
        return self.base + 25

    @property
    def ssdp(self) -> int:
        """Of the device, UDP."""
        return self.base + 19

    @property
    def site(self) -> int:
        """Of the manufacturer's web site."""
        return self.base + BLOCK

    @property
    def cloud(self) -> int:
        """Of the associated service, as the internet knows it: where the gateway leads to it."""
        return self.base + BLOCK + 1

    @property
    def control(self) -> int:
        """Of the bench."""
        return self.base + BLOCK + 2

    @property
    def service(self) -> int:
        """Where the associated service really answers, behind the gateway."""
        return self.base + BLOCK + 3

    @property
    def push(self) -> int:
        """Of the associated service's message broker, as the internet knows it."""
        return self.base + BLOCK + 4

    @property
    def broker(self) -> int:
        """Where the message broker really answers, behind the gateway."""
        return self.base + BLOCK + 5

    @property
    def block(self) -> str:
        """The device's ports as a range: ``20000-20031``."""
        return f"{self.base}-{self.base + BLOCK - 1}"

    def taken(self) -> int | None:
        """The first port of the run that cannot be bound now, TCP or UDP; None when all are free."""
        for port in range(self.base, self.base + _PORTS):
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                with socket.socket(_family(self.host), kind) as probe:
                    if kind == socket.SOCK_STREAM:
                        # As the servers do it: a connection that has just ended does not make its port a
                        # taken one.
                        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    try:
                        probe.bind((self.host, port))
                    except OSError:
                        return port
        return None


def pick(host: str | None = None, base: int | None = None, *, seed: str = "") -> Place:
    """A place whose ports are all free at this moment.

    Args:
        host: the address to use. None: on Linux, where all of 127.0.0.0/8 is the computer itself, an address of
            its own; elsewhere 127.0.0.1.
        base: the first port. None: any.
        seed: any text; the same one gives the same place while that is free, as a run that is resumed expects, and
            cameras with different seeds look in different places, so that they do not meet.

    Raises:
        PlaceError: after a bounded number of candidates.
    """
    for attempt in range(_CANDIDATES):
        digest = hashlib.sha256(f"{seed}/{attempt}".encode()).digest()
        address = host or _own_address(digest)
        steps = (_LAST_BASE - _FIRST_BASE) // 40
        place = Place(address, base or _FIRST_BASE + 40 * (int.from_bytes(digest[8:12]) % steps))
        if place.taken() is None:
            return place
    raise PlaceError(f"{host or 'loopback'}: no {_PORTS} free ports in a row after {_CANDIDATES} attempts")


def _own_address(digest: bytes) -> str:
    if not sys.platform.startswith("linux"):
        return "127.0.0.1"
    # Second byte from 64 on: away from 127.0.x.y, where names like localhost and resolvers live.
    return f"127.{64 + digest[0] % 128}.{digest[1]}.{1 + digest[2] % 254}"


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
