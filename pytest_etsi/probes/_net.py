"""Sockets with a deadline: what the probes share below their protocols."""

from __future__ import annotations

import socket
import ssl
import time
import warnings
from functools import cache
from typing import TYPE_CHECKING

from pytest_etsi import bounds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MAX_READ = bounds.CONNECTION.most
"""Bytes that a probe reads from one connection at most, unless it says otherwise."""


class Deadline:
    """A point in time that a probe must not pass."""

    __slots__ = ("_end", "seconds", "started")

    def __init__(self, seconds: float) -> None:
        """Start the clock; `seconds` from now the time is up."""
        self.seconds = seconds
        self.started = time.monotonic()
        self._end = self.started + seconds

    def left(self, at_most: float | None = None) -> float:
        """Seconds that are left, never below zero and never more than `at_most`."""
        left = max(0.0, self._end - time.monotonic())
        return left if at_most is None else min(left, at_most)

    @property
    def expired(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self._end

    @property
    def elapsed(self) -> float:
        """Seconds since the start, rounded to microseconds."""
        return round(time.monotonic() - self.started, 6)

    def within(self, seconds: float) -> Deadline:
        """A shorter deadline inside this one."""
        return Deadline(self.left(seconds))


def connect(host: str, port: int, deadline: Deadline, source: str | None = None) -> socket.socket:
    """Connect to a TCP port.

    Raises:
        OSError: refused, unreachable, no such name, or no time left (TimeoutError).
    """
    left = deadline.left()
    if left <= 0:
        raise TimeoutError(f"no time left to connect to {host}:{port}")
    connection = socket.create_connection(
        (host, port), timeout=left, source_address=(source, 0) if source else None
    )
    try:
        if connection.getsockname() == connection.getpeername():
            # Linux may connect a socket to itself when the port lies in the range of its own client ports.
            raise ConnectionRefusedError(f"{host}:{port} is closed (the connection met itself)")
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError:
        connection.close()
        raise
    return connection


def receive(
    connection: socket.socket,
    deadline: Deadline,
    *,
    limit: int = MAX_READ,
    enough: Callable[[bytes], bool] = bool,
) -> tuple[bytes, str]:
    """Read until `enough` of the data says so.

    Returns:
        The data and why reading ended: "enough", "closed", "reset", "timeout" or "limit".
    """
    data = bytearray()
    while True:
        left = deadline.left()
        if left <= 0:
            return bytes(data), "timeout"
        connection.settimeout(left)
        try:
            chunk = connection.recv(min(65536, limit - len(data)))
        except TimeoutError:
            return bytes(data), "timeout"
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return bytes(data), "timeout"
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
            return bytes(data), "closed"
        except OSError:
            return bytes(data), "reset"
        if not chunk:
            return bytes(data), "closed"
        data += chunk
        if enough(bytes(data)):
            return bytes(data), "enough"
        if len(data) >= limit:
            return bytes(data), "limit"


def send(connection: socket.socket, data: bytes, deadline: Deadline) -> bool:
    """Send all of `data`; False when the peer is gone or takes it too slowly."""
    connection.settimeout(max(0.001, deadline.left()))
    try:
        connection.sendall(data)
    except OSError:
        return False
    return True


class _SettledContext(ssl.SSLContext):
    """A context whose protocols are settled, whoever sets the same ones again, as httpcore does for each connection.

    To set them while another thread begins a connection is not safe.
    """

    _protocols: tuple[str, ...] = ()

    def set_alpn_protocols(self, alpn_protocols: Iterable[str]) -> None:
        """Set them, unless they are set already."""
        protocols = tuple(alpn_protocols)
        if protocols != self._protocols:
            super().set_alpn_protocols(protocols)
            self._protocols = protocols


@cache
def lenient_context(*, alpn: tuple[str, ...] = ()) -> ssl.SSLContext:
    """The TLS context that talks to nearly every device: it verifies nothing and accepts weak settings.

    For observing only: whether the settings are acceptable is for others to judge. It is the same for all connections,
    since to make one takes longer than a handshake, and is not to be changed. A connection knows nothing of another one
    all the same: a session is resumed only where it is handed on.
    """
    return new_lenient_context(alpn=alpn)


def new_lenient_context(*, alpn: tuple[str, ...] = ()) -> ssl.SSLContext:
    """One as `lenient_context` gives it, which may be changed."""
    context = _SettledContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    context.options |= 0x4  # SSL_OP_LEGACY_SERVER_CONNECT: servers without secure renegotiation
    if alpn:
        context.set_alpn_protocols(alpn)
    return context


def url_host(host: str) -> str:
    """The host as it stands in a URL: IPv6 addresses in brackets."""
    return f"[{host}]" if ":" in host else host


def why(error: BaseException) -> str:
    """An operating-system or TLS error in a few words."""
    if isinstance(error, ConnectionRefusedError):
        return "connection refused"
    if isinstance(error, TimeoutError):
        return "timed out"
    if isinstance(error, ConnectionResetError | BrokenPipeError):
        return "connection reset"
    if isinstance(error, ssl.SSLError):
        return f"TLS: {error.reason or error}"
    if isinstance(error, socket.gaierror):
        return f"the name does not resolve ({error.strerror})"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return f"{type(error).__name__}: {error}"
