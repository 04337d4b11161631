"""Services that the camera should not have: each belongs to a flaw."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

from pytest_etsi.virtual.flaws import Flaw, InterfaceFlaw, LoginFlaw

if TYPE_CHECKING:
    from pytest_etsi.virtual.place import Place

__all__ = ["Strays"]

_PAGE = b'<!DOCTYPE html><html lang="en"><title>debug</title><pre>heap 41%, tasks 12</pre></html>'
_ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
    % len(_PAGE)
) + _PAGE


class _Discovery(asyncio.DatagramProtocol):
    """Tells everybody who asks that there is a camera."""

    transport: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if data.startswith(b"M-SEARCH"):
            self.transport.sendto(b"HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nUSN: uuid:camera\r\n\r\n", addr)


class _Tftp(_Discovery):
    """Says that a file is not there, as a server does that waits for software."""

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if data[:2] == b"\0\x01":
            self.transport.sendto(b"\0\x05\0\x01File not found\0", addr)


class Strays:
    """The services of the flaws that are active.

    Args:
        place: where the camera listens.
        flaws: of this camera.
    """

    def __init__(self, place: Place, flaws: frozenset[Flaw]) -> None:
        self._place = place
        self._flaws = flaws
        self._servers: list[asyncio.Server] = []
        self._transports: list[asyncio.DatagramTransport] = []

    async def open(self, state: str, *, debug: bool = False) -> None:
        """Open those that the flaws open in a state of the camera, and the page for developers; raises `OSError`."""
        loop, host = asyncio.get_running_loop(), self._place.host
        if (
            debug
            or InterfaceFlaw.DEBUG_PORT in self._flaws
            or (InterfaceFlaw.SETUP_PORT in self._flaws and state == "factory-default")
        ):
            self._servers.append(await asyncio.start_server(_debug_page, host, self._place.stray))
        if InterfaceFlaw.TCP_BESIDE_UDP in self._flaws:
            self._servers.append(await asyncio.start_server(_debug_page, host, self._place.mdns))
        if LoginFlaw.FTP_LOGIN in self._flaws:
            self._servers.append(await asyncio.start_server(_ftp, host, self._place.stray))
        for flaw, protocol in ((InterfaceFlaw.UDP_DISCOVERY, _Discovery), (InterfaceFlaw.TFTP_SERVER, _Tftp)):
            if flaw in self._flaws:
                transport, _ = await loop.create_datagram_endpoint(protocol, (host, self._place.stray))
                self._transports.append(transport)

    def close(self) -> None:
        """Close all of them."""
        for server in self._servers:
            server.close()
        for transport in self._transports:
            transport.close()
        self._servers, self._transports = [], []


async def _debug_page(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        async with asyncio.timeout(5):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(_ANSWER)
            await writer.drain()
    except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        pass
    finally:
        writer.close()


_COMMANDS = 20
"""After which the server for files hangs up."""
_FTP = {b"USER": b"331 Password required.", b"PASS": b"530 Login incorrect.", b"QUIT": b"221 Bye."}


async def _ftp(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A server for files (RFC 959) that lets nobody in."""
    try:
        writer.write(b"220 camera FTP server ready.\r\n")
        for _ in range(_COMMANDS):
            async with asyncio.timeout(30):
                await writer.drain()
                command = (await reader.readuntil(b"\n"))[:4].upper()
            writer.write(_FTP.get(command, b"502 Not implemented.") + b"\r\n")
            if command == b"QUIT":
                break
        await writer.drain()
    except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        pass
    finally:
        writer.close()
