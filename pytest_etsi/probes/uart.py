"""A serial console through any pyserial URL: send, expect with a time limit, and a transcript of everything.

The URL may be a device file, a pseudo terminal, ``socket://host:port``, ``rfc2217://host:port`` or ``loop://``.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_etsi import bounds
from pytest_etsi.probes._net import Deadline
from pytest_etsi.probes.observation import Observation, printable

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from serial import Serial

__all__ = ["Console", "ConsoleError", "ConsoleMatch", "ConsoleTimeout", "Transcript", "TranscriptLine"]

_POLL_S = 0.02
_MAX_BUFFER = bounds.CONSOLE.most
_MAX_TRANSCRIPT = 16 * 1024 * 1024
_SHOWN = 600
_SAME_LINE_S = 0.05


@dataclass(frozen=True, slots=True)
class ConsoleMatch(Observation):
    """What `Console.expect` found.

    Attributes:
        before: text before the match.
        text: the matched text.
        after: text that had been received behind it; it stays in the buffer.
        groups: groups of the pattern.
        waited_s: seconds until it was there.
    """

    before: str
    text: str
    after: str
    groups: tuple[str | None, ...]
    waited_s: float


@dataclass(frozen=True, slots=True)
class TranscriptLine(Observation):
    """One read or write: when (UTC), in which direction ("<" from the device, ">" to it), and the bytes."""

    at: datetime
    direction: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Transcript(Observation):
    """All that went over a console.

    Attributes:
        url: the console.
        lines: reads and writes in their order.
        truncated: bytes were left out because there were too many.
    """

    url: str
    lines: tuple[TranscriptLine, ...]
    truncated: bool

    @property
    def received(self) -> bytes:
        """What the device sent."""
        return b"".join(line.data for line in self.lines if line.direction == "<")

    def text(self) -> str:
        """The transcript for people: a line per read or write, nothing in it acts on a terminal."""
        return "".join(
            f"{line.at.strftime('%H:%M:%S.%f')[:-3]} {line.direction} {printable(line.data, 4000)}\n"
            for line in self.lines
        )


class ConsoleError(Exception):
    """The console could not be opened, or is gone."""


class ConsoleTimeout(ConsoleError):  # noqa: N818 - as TimeoutError's kin it reads better so
    """What was expected did not come.

    Attributes:
        pattern: what was expected.
        buffer: what stood in the buffer instead.
    """

    def __init__(self, url: str, pattern: str, timeout_s: float, buffer: str, log: str) -> None:
        """Describe what was waited for, and what came instead."""
        self.pattern = pattern
        self.buffer = buffer
        shown = printable(buffer[-_SHOWN:], _SHOWN, lines=True) if buffer else "(nothing)"
        super().__init__(
            f"{url}: {pattern!r} did not come within {timeout_s:g} s\nlast received: {shown}\n{log}"
        )


class Console:
    r"""A serial console.

    Example:
        with Console("socket://192.0.2.7:2001") as console:
            console.send("help\n")
            console.expect(r"commands: (.*)", timeout_s=3)
    """

    def __init__(
        self,
        url: str,
        *,
        baudrate: int = 115200,
        timeout_s: float = bounds.CONSOLE.step_s,
        log: Path | str | None = None,
        encoding: str = "utf-8",
    ) -> None:
        """Prepare; nothing is opened yet.

        Args:
            url: device file or pyserial URL.
            baudrate: bits per second.
            timeout_s: default of `expect` and limit for writing, in seconds.
            log: file that everything received is appended to, as it comes.
            encoding: of the text; what does not fit it is replaced.
        """
        self.url = url
        self.baudrate = baudrate
        self.timeout_s = timeout_s
        self.encoding = encoding
        self.log = Path(log) if log else None
        self._serial: Serial | None = None
        self._buffer = bytearray()
        self._lines: list[TranscriptLine] = []
        self._size = 0
        self._truncated = False
        self._noted_at = float("-inf")

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def is_open(self) -> bool:
        """Whether the console is open."""
        return self._serial is not None

    def open(self) -> None:
        """Open the console.

        Raises:
            ConsoleError: it cannot be opened.
        """
        if self._serial is not None:
            return
        import serial

        try:
            port = serial.serial_for_url(
                self.url,
                baudrate=self.baudrate,
                timeout=_POLL_S,
                write_timeout=self.timeout_s,
                do_not_open=True,
            )
            if self.url.lower().startswith("socket://"):
                # Opening throws away what has arrived already: on a socket that is the device's greeting.
                port.reset_input_buffer = lambda: None  # type: ignore[method-assign]
            port.open()
            self._serial = port
        except (OSError, ValueError, serial.SerialException) as error:
            raise ConsoleError(f"{self.url}: the console cannot be opened: {error}") from error

    def close(self) -> None:
        """Close the console; the transcript stays."""
        if self._serial is not None:
            self._serial.close()
            self._serial = None

    def send(self, text: str | bytes) -> None:
        """Write text; line ends are yours to give.

        Raises:
            ConsoleError: the console is not open, or does not take it.
        """
        data = text.encode(self.encoding) if isinstance(text, str) else bytes(text)
        port = self._port()
        try:
            port.write(data)
            port.flush()
        except OSError as error:
            raise ConsoleError(f"{self.url}: cannot write: {error}") from error
        self._note(">", data)

    def expect(self, pattern: str | re.Pattern[str], timeout_s: float | None = None) -> ConsoleMatch:
        """Wait until the text received matches, and take it out of the buffer up to the end of the match.

        Args:
            pattern: regular expression, searched for with `re.search` and `re.MULTILINE`.
            timeout_s: seconds to wait; the console's default when None.

        Raises:
            ConsoleTimeout: it did not come.
            ConsoleError: the console is gone.
        """
        wanted = re.compile(pattern, re.MULTILINE) if isinstance(pattern, str) else pattern
        limit = self.timeout_s if timeout_s is None else timeout_s
        deadline = Deadline(limit)
        while True:
            text = self._buffer.decode(self.encoding, "replace")
            match = wanted.search(text)
            if match:
                after = text[match.end() :]
                self._buffer = bytearray(after.encode(self.encoding, "replace"))
                return ConsoleMatch(text[: match.start()], match[0], after, match.groups(), deadline.elapsed)
            if deadline.expired:
                raise ConsoleTimeout(self.url, wanted.pattern, limit, text, self._where())
            self._read(deadline)

    def read_for(self, seconds: float) -> str:
        """Listen for a while; gives what came, and leaves it in the buffer."""
        deadline = Deadline(seconds)
        start = len(self.transcript.received)
        while not deadline.expired:
            self._read(deadline)
        return self.transcript.received[start:].decode(self.encoding, "replace")

    @property
    def buffer(self) -> str:
        """What has been received and not been expected yet."""
        return self._buffer.decode(self.encoding, "replace")

    def clear(self) -> None:
        """Forget what is in the buffer; the transcript keeps it."""
        self._buffer.clear()

    @property
    def transcript(self) -> Transcript:
        """All that went over the console so far."""
        return Transcript(self.url, tuple(self._lines), self._truncated)

    def _port(self) -> Serial:
        if self._serial is None:
            raise ConsoleError(f"{self.url}: the console is not open")
        return self._serial

    def _read(self, deadline: Deadline) -> None:
        port = self._port()
        try:
            port.timeout = max(0.001, deadline.left(_POLL_S))
            data = port.read(1)
            waiting = port.in_waiting if data else 0
            if waiting:
                # In small pieces: a device that floods must not keep one read going.
                port.timeout = 0.001
                data += port.read(min(waiting, 65536))
        except (OSError, TypeError) as error:  # pyserial raises TypeError when a pty disappears in a read
            raise ConsoleError(f"{self.url}: the console is gone: {error}") from error
        if not data:
            if port.in_waiting == 0:
                time.sleep(0)
            return
        self._buffer += data
        if len(self._buffer) > _MAX_BUFFER:
            del self._buffer[: len(self._buffer) - _MAX_BUFFER]
        self._note("<", data)

    def _note(self, direction: str, data: bytes) -> None:
        if self.log is not None and direction == "<":
            with self.log.open("ab") as log:
                log.write(data)
        if self._size >= _MAX_TRANSCRIPT:
            self._truncated = True
            return
        self._size += len(data)
        now, moment = datetime.now(UTC), time.monotonic()
        last = self._lines[-1] if self._lines else None
        soon, self._noted_at = moment - self._noted_at < _SAME_LINE_S, moment
        if last and last.direction == direction and soon and len(last.data) < 4096:
            self._lines[-1] = TranscriptLine(last.at, direction, last.data + data)
        else:
            self._lines.append(TranscriptLine(now, direction, data))

    def _where(self) -> str:
        received = sum(len(line.data) for line in self._lines if line.direction == "<")
        return f"transcript: {received} bytes received" + (f", in {self.log}" if self.log else "")
