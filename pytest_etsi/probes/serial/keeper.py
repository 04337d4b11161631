"""Keeps one line open: drains it into a log by a thread, and opens it again under its stable name when it went away."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.probes._net import Deadline
from pytest_etsi.probes.serial.errors import ConsoleError, ConsoleGone, ConsoleShared
from pytest_etsi.probes.serial.line import stable_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_etsi.probes.serial.line import Line
    from pytest_etsi.probes.serial.log import Log
    from pytest_etsi.probes.serial.port import Port

__all__ = ["SHARED", "Keeper"]

SHARED = "a second reader"
"""What the trouble with one begins with."""
_POLL_S = 0.2
_RETRY_S = (0.02, 0.05, 0.1, 0.2, 0.5)


class Keeper:
    """A line that is open, or away for a while, or gone.

    Attributes:
        line: its present settings; with these it is opened again.
        failed: why it is gone for good; None: it is not.

    Args:
        line: its settings.
        log: takes what comes.
        opener: opens the line; told by ``again`` that it was open before.
        trouble: told what is wrong with the bench.
    """

    def __init__(
        self, line: Line, log: Log, opener: Callable[..., Port], trouble: Callable[[str], None]
    ) -> None:
        self.line = line
        self.failed: ConsoleError | None = None
        self._log = log
        self._opener = opener
        self._trouble = trouble
        self._name = line.url
        self._port: Port | None = None
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()
        self._writing = threading.Lock()

    @property
    def is_open(self) -> bool:
        """Whether it was opened, and is not gone for good."""
        return self._thread is not None and self.failed is None

    @property
    def was_opened(self) -> bool:
        """Whether it was opened and not closed."""
        return self._thread is not None

    def open(self) -> None:
        """Open the line; raises `ConsoleError` where it cannot be opened."""
        self._name = stable_name(self.line.url)
        self._port = self._opener(self.line)
        self.failed = None
        self._closing.clear()
        self._thread = threading.Thread(target=self._drain, name=f"console {self.line.url}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Close the line and end the thread."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._closing.set()
        if (port := self._port) is not None:
            port.interrupt()
        thread.join()
        # The thread may have opened the line anew; a descriptor is closed only when nobody reads it any more.
        port, self._port = self._port, None
        if port is not None:
            with self._writing:
                port.close()

    def port(self) -> Port:
        """The open port; one that is away is waited for.

        Raises:
            ConsoleError: it is not open, or gone.
        """
        while self._thread is not None and self.failed is None:
            if (port := self._port) is not None:
                return port
            self._closing.wait(_RETRY_S[0])  # the thread waits for it to come back, and gives up in time
        if self.failed is not None:
            raise self.failed
        raise ConsoleError(f"{self.line.url}: the console is not open")

    def write(self, data: bytes, timeout_s: float) -> None:
        """Write; raises as `Port.write`, and as `port`."""
        port = self.port()  # before the lock, which the thread needs to bring back one that went away
        with self._writing:
            port.write(data, timeout_s)

    def wait(self, seconds: float) -> None:
        """Wait while the thread listens.

        Raises:
            ConsoleError: it is not open, or gone.
        """
        deadline = Deadline(seconds)
        while not deadline.expired:
            if self.failed is not None:
                raise self.failed
            if self._thread is None:
                raise ConsoleError(f"{self.line.url}: the console is not open")
            self._closing.wait(deadline.left(_POLL_S))

    # The thread ---------------------------------------------------------------------------------------------

    def _drain(self) -> None:
        """Read all that comes until the line is closed, or does not come back."""
        while not self._closing.is_set():
            port = self._port
            if port is None:
                return
            try:
                data = port.read(_POLL_S)
            except ConsoleShared as error:
                self._trouble(f"{SHARED}: {error}")
                self._closing.wait(_RETRY_S[0])
            except ConsoleError as error:
                if self._closing.is_set() or not self._reopened(port, error):
                    return
            else:
                if data:
                    self._log.add("<", data)

    def _reopened(self, lost: Port, why: ConsoleError) -> bool:
        """Wait for a line that went away, under its stable name; whether it is back."""
        away = Deadline(self.line.reopen_s)
        self._port = None
        with self._writing:
            lost.close()
        self._log.add("!", f"{why}: what comes until it is back is lost".encode())
        pauses = iter(_RETRY_S)
        pause, error = 0.0, OSError(why)
        while not away.expired:
            if self._closing.wait(away.left(pause)):
                return False
            pause = next(pauses, _RETRY_S[-1])
            try:
                port = self._opener(replace(self.line, url=self._name), again=True)
            except OSError as again:
                error = again
                continue
            self._port = port  # `close` closes it, if it is called just now
            self._trouble(f"the line was away for {away.elapsed:.2f} s; what came meanwhile is lost")
            return True
        self.failed = ConsoleGone(
            f"{self.line.url}: the console went away ({why}) and did not come back within "
            f"{self.line.reopen_s:g} s: {error}"
        )
        self._trouble(str(self.failed))
        with self._log.changed:
            self._log.changed.notify_all()
        return False
