"""Listening for connections of a device, on an address of this machine."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

__all__ = ["Listener"]

_PAUSE_S = 0.1


class Listener:
    """Listens from ``with`` on until its end, and gives each connection to `serve`, one after the other.

    Args:
        address: of this machine.
        serve: takes a connection, and sees to its end.
        most: connections that are taken.
        longest_s: seconds for which the end of one that is being served is waited for.

    Attributes:
        ended: set when no more are taken.
    """

    def __init__(
        self, address: str, serve: Callable[[socket.socket], None], *, most: int, longest_s: float
    ) -> None:
        self._address = address
        self._give = serve
        self._most = most
        self._longest_s = longest_s
        self.ended = threading.Event()

    def __enter__(self) -> Self:
        family = socket.AF_INET6 if ":" in self._address else socket.AF_INET
        self._server = socket.create_server((self._address, 0), family=family, backlog=16)
        self._server.settimeout(_PAUSE_S)
        self._thread = threading.Thread(target=self._serve, name="listener", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ended.set()
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)  # whoever waits for a connection need not wait on
        self._thread.join(self._longest_s)
        self._server.close()

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._server.getsockname()[1])

    def _serve(self) -> None:
        left = self._most
        while left and not self.ended.is_set():
            try:
                connection, _ = self._server.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            left -= 1
            self._give(connection)
