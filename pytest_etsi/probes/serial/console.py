r"""A serial console that is heard all the time: a thread drains it as long as it is open, whatever else runs.

A device whose output nobody takes may never come up, and lines that nobody reads are lost; so `expect` and
`read_for` look at what the thread has put into the log and never at the line.
"""

from __future__ import annotations

import contextlib
import re
import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pytest_etsi.probes._net import Deadline
from pytest_etsi.probes.observation import Observation
from pytest_etsi.probes.serial.errors import ConsoleError, ConsoleGone, ConsoleShared, ConsoleTimeout
from pytest_etsi.probes.serial.line import Line, stable_name
from pytest_etsi.probes.serial.log import Log, LogFile, Transcript
from pytest_etsi.probes.serial.port import Port, open_port
from pytest_etsi.probes.serial.text import plain
from pytest_etsi.probes.serial.view import View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType
    from typing import Self

__all__ = ["Console", "ConsoleMatch"]

_POLL_S = 0.2
_MAX_TEXT = 4 * 1024 * 1024
_RETRY_S = (0.02, 0.05, 0.1, 0.2, 0.5)
_BREAK_S = 0.25


@dataclass(frozen=True, slots=True)
class ConsoleMatch(Observation):
    """What `Console.expect` found.

    Attributes:
        before: text before the match.
        text: the matched text.
        after: text that had been received behind it; it stays in the buffer.
        groups: groups of the pattern.
        waited_s: seconds until it was there.
        dropped: bytes before it that came faster than they could be looked at; 0: none.
    """

    before: str
    text: str
    after: str
    groups: tuple[str | None, ...]
    waited_s: float
    dropped: int = 0


class Console:
    r"""A serial console.

    What it says is text: escape sequences are taken away, and every line ends in ``\n``, however the device ends it.
    The bytes themselves are in `log`.

    Attributes:
        line: how it is opened and spoken to.
        log: all that went over it, with positions.
        troubles: what was wrong with the bench: a second reader, settings that were not taken, gaps.
        speeds: position and speed, for every speed since it was opened.
        typed: whether anything was ever sent.

    Example:
        with Console("socket://192.0.2.7:2001") as console:
            console.send_line("help")
            console.expect(r"^commands: (.*)$", timeout_s=3)
    """

    def __init__(
        self,
        line: Line | str,
        *,
        timeout_s: float = 10.0,
        file: LogFile | None = None,
        opener: Callable[..., Port] = open_port,
        kept: int | None = None,
    ) -> None:
        """Prepare; nothing is opened yet.

        Args:
            line: its settings, or its URL.
            timeout_s: default of `expect` and limit for writing, in seconds.
            file: writes down what comes, as it comes.
            opener: opens the line; tests have their own.
            kept: bytes to keep in memory; None: 16 MiB.
        """
        self.line = line if isinstance(line, Line) else Line(line)
        self.timeout_s = timeout_s
        self.log = Log(self.line.url, file=file, **({"kept": kept} if kept is not None else {}))
        self.troubles: list[str] = []
        self.speeds: list[tuple[int, int]] = []
        self.typed = False
        self._file = file
        self._opener = opener
        self._name = self.line.url
        self._port: Port | None = None
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()
        self._failed: ConsoleError | None = None
        self._writing = threading.Lock()
        self._view = View(self.log, self.line.encoding, 0)

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def url(self) -> str:
        """The console's URL."""
        return self.line.url

    @property
    def is_open(self) -> bool:
        """Whether the console is open and its line is there."""
        return self._thread is not None and self._failed is None

    @property
    def baudrate(self) -> int:
        """The present speed, in symbols per second."""
        return self.line.baudrate

    def open(self) -> None:
        """Open the line, once; from now on it is drained.

        Raises:
            ConsoleError: it cannot be opened.
        """
        if self._thread is not None:
            return
        self._name = stable_name(self.line.url)
        self._port = self._opener(self.line)
        self._failed = None
        self._closing.clear()
        self.speeds.append((self.log.end, self.line.baudrate))
        self.log.add("!", f"opened at {self.line.baudrate} baud".encode())
        self._thread = threading.Thread(target=self._drain, name=f"console {self.line.url}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Close the line; the log stays."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._closing.set()
        port = self._port
        if port is not None:
            port.interrupt()
        thread.join()
        # The thread may have opened the line anew meanwhile; a descriptor is closed only when nobody reads it any more.
        port, self._port = self._port, None
        if port is not None:
            with self._writing:
                port.close()
        if self._file is not None:
            self._file.close()

    # Speaking -----------------------------------------------------------------------------------------------

    def send(self, text: str | bytes, *, pace_s: float | None = None) -> None:
        """Write text; line ends are yours to give.

        Args:
            text: the text, or bytes as they are.
            pace_s: seconds between characters; None: the line's. Some consoles lose, or hang on, what comes faster
                than a person types.

        Raises:
            ConsoleError: the console is not open, or does not take it.
        """
        data = text.encode(self.line.encoding, "replace") if isinstance(text, str) else bytes(text)
        pace = self.line.pace_s if pace_s is None else pace_s
        with self._writing:
            for piece in (data,) if not pace else _characters(text, data, self.line.encoding):
                self.typed = True
                self._open_port().write(piece, self.timeout_s)
                self.log.add(">", piece)
                if pace:
                    time.sleep(pace)

    def send_line(self, text: str = "", *, end: str | None = None, pace_s: float | None = None) -> None:
        """Type a line and end it as the line's settings say, or by `end`; otherwise as `send`."""
        self.send(text + (self.line.end if end is None else end), pace_s=pace_s)

    def send_break(self, seconds: float = _BREAK_S) -> None:
        """Send a BREAK, which restarts some devices and stops others; raises as `Port.hold_break`."""
        with self._held_low():
            time.sleep(seconds)
        self.log.add("!", f"BREAK of {seconds:g} s".encode())

    @contextlib.contextmanager
    def unfed(self) -> Iterator[None]:
        """Hold the transmit line low meanwhile: an idle line is high, and keeps some devices alive without supply.

        For the time in which the device has no power, and no longer. Where the line cannot be held, that is a trouble.
        """
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(self._held_low())
            except ConsoleError as error:
                self.trouble(f"the line could not be held low while the device was off: {error}")
            yield

    @contextlib.contextmanager
    def _held_low(self) -> Iterator[None]:
        self._open_port().hold_break(on=True)
        try:
            yield
        finally:
            if self._port is not None:
                self._port.hold_break(on=False)

    def set_speed(self, baudrate: int) -> None:
        """Change the speed; what comes from now on is read at it.

        Raises:
            ConsoleUnsettable: the adapter cannot; the former speed is set again.
        """
        port, former = self._open_port(), self.line.baudrate
        try:
            port.set_speed(baudrate)
        except ConsoleError as error:
            with contextlib.suppress(ConsoleError):
                port.set_speed(former)
            self.trouble(str(error))
            raise
        self.line = replace(self.line, baudrate=baudrate)
        self.speeds.append((self.log.end, baudrate))
        self.log.add("!", f"{baudrate} baud".encode())

    def set_wires(self, dtr: bool | None = None, rts: bool | None = None) -> None:
        """Set DTR and RTS; None: leave it. Raises `ConsoleUnsettable`."""
        self._open_port().set_wires(dtr, rts)
        self.line = replace(
            self.line,
            dtr=self.line.dtr if dtr is None else dtr,
            rts=self.line.rts if rts is None else rts,
        )
        self.log.add("!", f"DTR {self.line.dtr}, RTS {self.line.rts}".encode())

    # Listening ----------------------------------------------------------------------------------------------

    def mark(self) -> int:
        """The position behind all that has come so far: `expect(..., since=mark)` sees nothing of it."""
        return self.log.end

    def expect(
        self, pattern: str | re.Pattern[str], timeout_s: float | None = None, *, since: int | None = None
    ) -> ConsoleMatch:
        r"""Wait until the text received matches, and take it out of the buffer up to the end of the match.

        Args:
            pattern: regular expression, searched for with `re.search` and `re.MULTILINE`; lines end in ``\n``.
            timeout_s: seconds to wait; the console's default when None.
            since: a `mark`: nothing that came before it is looked at, now or later.

        Raises:
            ConsoleTimeout: it did not come.
            ConsoleGone: the console is gone.
            ConsoleShared: another program reads the line.
        """
        wanted = re.compile(pattern, re.MULTILINE) if isinstance(pattern, str) else pattern
        limit = self.timeout_s if timeout_s is None else timeout_s
        if since is not None and since > self._view.began:
            self._view = View(self.log, self.line.encoding, since)
        view, deadline = self._view, Deadline(limit)
        while True:
            late = deadline.expired
            more = view.pull()
            # A long text is looked at whole only when nothing more comes for the moment, and in the end.
            match = view.search(wanted, whole=late or not more)
            if match:
                before, after = view.text[: match.start()], view.text[match.end() :]
                found = ConsoleMatch(before, match[0], after, match.groups(), deadline.elapsed, view.dropped)
                view.take(match.end())
                return found
            if more and not late:
                continue
            if late:
                self._require_alone()
                raise ConsoleTimeout(self.url, wanted.pattern, limit, view.text, self._where())
            if self._failed is not None:
                raise self._failed
            self.log.wait(view.at, deadline.left(_POLL_S))

    def read_for(self, seconds: float) -> str:
        """Listen for a while; gives what came, and leaves it in the buffer."""
        start = self.log.end
        self._sleep(seconds)
        return self.text(start)

    def quiet(self, for_s: float, within_s: float) -> bool:
        """Wait until nothing has come for `for_s` seconds, for at most `within_s`; whether that was reached.

        Raises:
            ConsoleGone: the console is gone.
        """
        deadline, began = Deadline(within_s), time.monotonic()
        while True:
            silent_s = time.monotonic() - max(self.log.heard_at, began)
            if silent_s >= for_s:
                return True
            if deadline.expired:
                return False
            self._sleep(deadline.left(for_s - silent_s))

    def text(self, since: int = 0, *, limit: int = _MAX_TEXT) -> str:
        """What came from the position `since` on, as text; at most `limit` bytes of it."""
        return plain(self.log.read(since, limit)[0], self.line.encoding)

    @property
    def buffer(self) -> str:
        """What has been received and not been expected yet, as text."""
        while self._view.pull():
            continue
        return self._view.text

    def clear(self) -> None:
        """Forget what is in the buffer; the log keeps it."""
        self._view = View(self.log, self.line.encoding, self.log.end)

    @property
    def transcript(self) -> Transcript:
        """All that went over the console so far, as far as it is kept."""
        return self.log.transcript()

    def trouble(self, what: str) -> None:
        """Note something that is wrong with the bench."""
        if what not in self.troubles:
            self.troubles.append(what)
            self.log.add("!", what.encode())

    def note(self, what: str) -> None:
        """Note in the log what happens around the line: power, buttons, who asks for what."""
        self.log.add("!", what.encode())

    # Inside -------------------------------------------------------------------------------------------------

    def _sleep(self, seconds: float) -> None:
        """Wait; the thread listens.

        Raises:
            ConsoleGone: the console is gone.
        """
        deadline = Deadline(seconds)
        while not deadline.expired:
            if self._failed is not None:
                raise self._failed
            if self._thread is None:
                raise ConsoleError(f"{self.url}: the console is not open")
            self._closing.wait(deadline.left(_POLL_S))

    def _require_alone(self) -> None:
        for what in self.troubles:
            if what.startswith(_SHARED):
                raise ConsoleShared(f"{self.url}: {what}")

    def _open_port(self) -> Port:
        while self._thread is not None and self._failed is None:
            if (port := self._port) is not None:
                return port
            self._closing.wait(_RETRY_S[0])  # it is away; the thread waits for it, and gives up in time
        if self._failed is not None:
            raise self._failed
        raise ConsoleError(f"{self.url}: the console is not open")

    def _drain(self) -> None:
        """Read all that comes until the console is closed, or its line does not come back."""
        while not self._closing.is_set():
            port = self._port
            if port is None:
                return
            try:
                data = port.read(_POLL_S)
            except ConsoleShared as error:
                self.trouble(f"{_SHARED}: {error}")
                time.sleep(_RETRY_S[0])
                continue
            except ConsoleError as error:
                if self._closing.is_set() or not self._reopened(port, error):
                    return
                continue
            if data:
                self.log.add("<", data)

    def _reopened(self, lost: Port, why: ConsoleError) -> bool:
        """Wait for a line that went away, under its stable name; whether it is back."""
        away = Deadline(self.line.reopen_s)
        self._port = None
        with self._writing:
            lost.close()
        self.log.add("!", f"{why}: what comes until it is back is lost".encode())
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
            if self._closing.is_set():
                port.close()
                return False
            self._port = port
            self.trouble(f"the line was away for {away.elapsed:.2f} s; what came meanwhile is lost")
            return True
        failed = ConsoleGone(
            f"{self.url}: the console went away ({why}) and did not come back within {self.line.reopen_s:g} s: {error}"
        )
        self.trouble(str(failed))
        self._failed = failed
        with self.log.changed:
            self.log.changed.notify_all()
        return False

    def _where(self) -> str:
        file = f", in {self._file.path}" if self._file is not None else ""
        troubles = "".join(f"\nbench: {what}" for what in self.troubles)
        return f"transcript: {self.log.end} bytes received{file}{troubles}"


_SHARED = "a second reader"


def _characters(text: str | bytes, data: bytes, encoding: str) -> Iterator[bytes]:
    """A text character by character, or bytes one by one."""
    if isinstance(text, bytes):
        return (data[at : at + 1] for at in range(len(data)))
    return (character.encode(encoding, "replace") for character in text)
