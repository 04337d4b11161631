"""Asking ports by raw SYN packets: half the packets of a connection, and none that a device has to keep in mind."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import secrets
import select
import socket
import struct
from typing import TYPE_CHECKING

from pytest_etsi.probes._net import why

if TYPE_CHECKING:
    from pytest_etsi.probes.ports._engine import Heard

__all__ = ["SynTechnique"]

_SYN, _RST, _ACK = 0x02, 0x04, 0x10
_WINDOW = 64240
_OPTIONS = struct.pack(">BBH", 2, 4, 1460)  # the segment size, as every usual stack says it
_RECEIVE_BUFFER = 4 * 1024 * 1024
_IPV6_CHECKSUM = 7
_CHECKSUM_AT = 16
_SO_ATTACH_FILTER = 26
_SHORTAGE = {errno.ENOBUFS, errno.EAGAIN, errno.ENOMEM}
_LARGEST = 128
_TCP = struct.Struct(">H6xIxB")
"""Source port, acknowledgement and flags."""
_PACKET = struct.Struct(">HHIIBBHHH4s")


class SynTechnique:
    """SYN packets from one port that is held for as long; the kernel itself resets what a port answers.

    An answer counts only when it acknowledges the secret number of this scan.

    Raises (from the constructor):
        OSError: this process may not send raw packets (PermissionError), or there is no way to the host.
    """

    method = "tcp-syn"

    def __init__(self, family: int, address: tuple[object, ...], capacity: int) -> None:
        """Ask `address`, as `socket.getaddrinfo` gives it."""
        self.capacity = max(1, capacity)
        self.shortage = ""
        self._version = 4 if family == socket.AF_INET else 6
        self._number = secrets.randbits(32)
        with contextlib.ExitStack() as stack:
            self._raw = stack.enter_context(socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_TCP))
            self._raw.setblocking(False)
            self._raw.connect((address[0], 0, *address[2:]))
            self._held = stack.enter_context(socket.socket(family, socket.SOCK_STREAM))
            self._held.bind((self._raw.getsockname()[0], 0, *self._raw.getsockname()[2:]))
            self._port: int = self._held.getsockname()[1]
            self._raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
            if self._version == 6:
                self._raw.setsockopt(socket.IPPROTO_IPV6, _IPV6_CHECKSUM, _CHECKSUM_AT)
            _only_to(self._raw, self._port, self._version)
            self._resources = stack.pop_all()
        self._sum = self._partial_sum(str(self._raw.getsockname()[0]), str(address[0]))

    def ask(self, ports: list[int], heard: Heard) -> list[int]:
        """Send a SYN to each port."""
        head, number, port_sum, send, pending = (
            self._port,
            self._number,
            self._sum,
            self._raw.send,
            heard.pending,
        )
        make = _PACKET.pack
        for at, port in enumerate(ports):
            total = port_sum + port
            total = (total & 0xFFFF) + (total >> 16)
            checksum = ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF
            packet = make(head, port, number, 0, 0x60, _SYN, _WINDOW, checksum, 0, _OPTIONS)
            try:
                send(packet)
                pending.append(port)
            except OSError as error:
                if error.errno in _SHORTAGE:
                    self.shortage = f"this machine: {why(error)}"
                    return ports[at:]
                heard.unreachable.append(port)
        self.shortage = ""
        return []

    def hear(self, seconds: float, heard: Heard) -> None:
        """Take what came back."""
        if not select.select([self._raw], [], [], seconds)[0]:
            return
        receive, wanted = self._raw.recv, (self._number + 1) & 0xFFFFFFFF
        shows_ip, fields = self._version == 4, _TCP.unpack_from
        for _ in range(self.capacity):
            try:
                packet = receive(_LARGEST)
            except BlockingIOError:
                return
            except OSError:
                continue  # an ICMP message about an earlier packet: its port stays silent
            start = (packet[0] & 15) * 4 if shows_ip and packet else 0
            if len(packet) < start + 20:
                continue
            port, acknowledged, flags = fields(packet, start)
            if acknowledged != wanted or not flags & _ACK:
                continue
            if flags & _RST:
                heard.closed.append(port)
            elif flags & _SYN:
                heard.open.append(port)

    def give_up(self, port: int) -> None:
        """Nothing is kept for a port."""

    def close(self) -> None:
        """Close the sockets; the kernel forgets the rest."""
        self._resources.close()

    def _partial_sum(self, source: str, target: str) -> int:
        """The checksum of a packet as far as it is the same for every port; of IPv6 the kernel does it."""
        if self._version == 6:
            return 0
        pseudo = socket.inet_aton(source) + socket.inet_aton(target) + struct.pack(">BBH", 0, 6, 24)
        header = _PACKET.pack(self._port, 0, self._number, 0, 0x60, _SYN, _WINDOW, 0, 0, _OPTIONS)
        return sum(struct.unpack(">18H", pseudo + header))


def _only_to(raw: socket.socket, port: int, version: int) -> None:
    """Let the kernel drop every packet to another port than this one before it is copied to us.

    Without the filter a busy machine would fill the buffer with the segments of every other connection.
    """
    load_byte, load_half, load_at, equal, give = 0xB1, 0x48, 0x28, 0x15, 0x06
    # IPv4: X = length of the IP header, A = half word at X + 2. A raw IPv6 socket does not show the IP header.
    port_in_a = [(load_byte, 0, 0, 0), (load_half, 0, 0, 2)] if version == 4 else [(load_at, 0, 0, 2)]
    program = [*port_in_a, (equal, 0, 1, port), (give, 0, 0, 0xFFFF), (give, 0, 0, 0)]
    code = b"".join(struct.pack("=HBBI", *line) for line in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    raw.setsockopt(
        socket.SOL_SOCKET,
        _SO_ATTACH_FILTER,
        bytes(struct.pack("@HP", len(program), ctypes.addressof(buffer))),
    )
