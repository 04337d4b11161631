r"""A serial console that is heard all the time: a thread drains it as long as it is open, whatever else runs.

A device whose output nobody takes may never come up, and lines that nobody reads are lost; so `expect` and
`read_for` look at what the thread has put into the log and never at the line.
"""

from __future__ import annotations

import contextlib
import re
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi import bounds
from pytest_etsi.probes._net import Deadline
from pytest_etsi.probes.serial.errors import ConsoleError, ConsoleShared, ConsoleTimeout
from pytest_etsi.probes.serial.keeper import SHARED, Keeper
from pytest_etsi.probes.serial.line import Line
from pytest_etsi.probes.serial.log import Log, Transcript
from pytest_etsi.probes.serial.port import Port, open_port
from pytest_etsi.probes.serial.text import plain
from pytest_etsi.probes.serial.view import ConsoleMatch, View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType
    from typing import Self

    from pytest_etsi.probes.serial.logfile import LogFile

__all__ = ["Console", "ConsoleMatch"]

_POLL_S = 0.2
_MAX_TEXT = 4 * 1024 * 1024
_BREAK_S = 0.25


class Console:
    r"""A serial console.

    What it says is text: escape sequences are taken away, and every line ends in ``\n``, however the device ends it.
    The bytes themselves are in `log`.

    Attributes:
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
        timeout_s: float = bounds.CONSOLE.step_s,
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
        line = line if isinstance(line, Line) else Line(line)
        self.timeout_s = timeout_s
        self.log = Log(line.url, file=file, **({"kept": kept} if kept is not None else {}))
        self.troubles: list[str] = []
        self.speeds: list[tuple[int, int]] = []
        self.typed = False
        self._asked_at: int | None = None
        self._file = file
        self._keeper = Keeper(line, self.log, opener, self.trouble)
        self._view = View(self.log, line.encoding, 0)

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def line(self) -> Line:
        """How it is opened and spoken to, at present."""
        return self._keeper.line

    @property
    def url(self) -> str:
        """The console's URL."""
        return self.line.url

    @property
    def is_open(self) -> bool:
        """Whether the console is open and its line is there."""
        return self._keeper.is_open

    @property
    def baudrate(self) -> int:
        """The present speed, in symbols per second."""
        return self.line.baudrate

    def open(self) -> None:
        """Open the line, once; from now on it is drained.

        Raises:
            ConsoleError: it cannot be opened.
        """
        if self._keeper.was_opened:
            return
        self._keeper.open()
        self.speeds.append((self.log.end, self.line.baudrate))
        self.note(f"opened at {self.line.baudrate} baud")

    def close(self) -> None:
        """Close the line; the log stays."""
        if self._keeper.was_opened:
            self._keeper.close()
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
        if self._asked_at is None:
            self._asked_at = self.log.end  # an answer may be there before the writing has returned
        for piece in (data,) if not pace else _characters(text, data, self.line.encoding):
            self.typed = True
            self._keeper.write(piece, self.timeout_s)
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
        self._keeper.port().hold_break(on=True)
        try:
            yield
        finally:
            with contextlib.suppress(ConsoleError):
                self._keeper.port().hold_break(on=False)

    def set_speed(self, baudrate: int) -> None:
        """Change the speed; what comes from now on is read at it.

        Raises:
            ConsoleUnsettable: the adapter cannot; the former speed is set again.
        """
        port, former = self._keeper.port(), self.line.baudrate
        try:
            port.set_speed(baudrate)
        except ConsoleError as error:
            with contextlib.suppress(ConsoleError):
                port.set_speed(former)
            self.trouble(str(error))
            raise
        self._keeper.line = replace(self.line, baudrate=baudrate)
        self.speeds.append((self.log.end, baudrate))
        self.log.add("!", f"{baudrate} baud".encode())

    def set_wires(self, dtr: bool | None = None, rts: bool | None = None) -> None:
        """Set DTR and RTS; None: leave it. Raises `ConsoleUnsettable`."""
        self._keeper.port().set_wires(dtr, rts)
        self._keeper.line = replace(
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
                self._asked_at = None
                return found
            if more and not late:
                continue
            if late:
                self._require_alone()
                raise ConsoleTimeout(self.url, wanted.pattern, limit, view.text, self._where())
            if self._keeper.failed is not None:
                raise self._keeper.failed
            self.log.wait(view.at, deadline.left(_POLL_S))

    def read_for(self, seconds: float) -> str:
        """Listen for a while, and leave what comes in the buffer.

        Returns:
            What has come since something was sent that nothing was expected or listened for after; otherwise since now.
        """
        start = self.log.end if self._asked_at is None else self._asked_at
        self._asked_at = None
        self._keeper.wait(seconds)
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
            self._keeper.wait(deadline.left(for_s - silent_s))

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

    def _require_alone(self) -> None:
        for what in self.troubles:
            if what.startswith(SHARED):
                raise ConsoleShared(f"{self.url}: {what}")

    def _where(self) -> str:
        file = f", in {self._file.path}" if self._file is not None else ""
        troubles = "".join(f"\nbench: {what}" for what in self.troubles)
        return f"transcript: {self.log.end} bytes received{file}{troubles}"


def _characters(text: str | bytes, data: bytes, encoding: str) -> Iterator[bytes]:
    """A text character by character, or bytes one by one."""
    if isinstance(text, bytes):
        return (data[at : at + 1] for at in range(len(data)))
    return (character.encode(encoding, "replace") for character in text)
