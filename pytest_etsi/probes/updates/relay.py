"""A relay: what a device says to a server, and the server to the device, goes through unchanged and unread."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
import time
from typing import TYPE_CHECKING

from pytest_etsi import bounds
from pytest_etsi.probes.listener import Listener
from pytest_etsi.probes.updates.met import Met

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["Relay"]

_MOST = 200
"""Connections that are passed on; more come from a gateway that leads the relay to itself."""
_CHUNK = 64 * 1024
_PAUSE_S = 0.1


class Relay:
    """Listens from ``with`` on until its end.

    Args:
        address: address of this machine to listen on.
        host: of the genuine server.
        port: of the genuine server.
    """

    def __init__(self, address: str, host: str, port: int) -> None:
        self._listener = Listener(address, self._taken, most=_MOST, longest_s=bounds.RELAY.step_s)
        self._genuine = (host, port)
        self._came = self._carried = 0
        self._objections: list[str] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Relay:
        self._listener.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.__exit__(kind, error, trace)

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return self._listener.port

    def met(self) -> Met:
        """What has been seen so far."""
        with self._lock:
            return Met(self._came, tuple(self._objections), carried=self._carried)

    def _taken(self, connection: socket.socket) -> None:
        with self._lock:
            self._came += 1
        threading.Thread(target=self._pass_on, args=(connection,), name="relayed", daemon=True).start()

    def _pass_on(self, device: socket.socket) -> None:
        with device:
            try:
                genuine = socket.create_connection(self._genuine, bounds.RELAY.step_s)
            except OSError as error:
                with self._lock:
                    self._objections.append(f"the genuine server: {error.strerror or type(error).__name__}")
                return
            with genuine, contextlib.suppress(OSError):
                self._carry(device, genuine)

    def _carry(self, device: socket.socket, genuine: socket.socket) -> None:
        """Both ways, until both ends have said all, one breaks off, or nothing has come for a long time."""
        onward = {device: genuine, genuine: device}
        for one in onward:
            one.settimeout(bounds.RELAY.step_s)
        open_ends = set(onward)
        last = time.monotonic()
        while (
            open_ends and not self._listener.ended.is_set() and time.monotonic() - last < bounds.RELAY.whole_s
        ):
            ready, _, _ = select.select(list(open_ends), [], [], _PAUSE_S)
            for end in ready:
                last = time.monotonic()
                data = end.recv(_CHUNK)
                if data:
                    onward[end].sendall(data)
                    if end is genuine:
                        with self._lock:
                            self._carried += len(data)
                else:
                    open_ends.discard(end)
                    with contextlib.suppress(OSError):
                        onward[end].shutdown(socket.SHUT_WR)
