"""All that goes over a console: kept within bounds, with positions that only grow."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pytest_etsi import bounds
from pytest_etsi.probes.observation import Observation, printable

if TYPE_CHECKING:
    from pytest_etsi.probes.serial.logfile import LogFile

__all__ = ["Log", "Transcript", "TranscriptLine"]

KEPT = bounds.CONSOLE.most
"""Bytes that a log keeps in memory, what it takes to keep them included."""
_OVERHEAD = 200
_SAME_LINE_S = 0.05
_SAME_LINE = 4096
_SHOWN = 4000


@dataclass(frozen=True, slots=True)
class TranscriptLine(Observation):
    """One read, write or event.

    Attributes:
        at: when, UTC.
        direction: "<" from the device, ">" to it, "!" what happened to the line itself.
        data: the bytes, or the words for what happened.
        position: bytes that had been received before it since the console was made.
    """

    at: datetime
    direction: str
    data: bytes
    position: int = 0


@dataclass(frozen=True, slots=True)
class Transcript(Observation):
    """What went over a console, or a part of it.

    Attributes:
        url: the console.
        lines: reads, writes and events in their order.
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
        """The transcript for people: a line per read, write or event, nothing in it acts on a terminal."""
        return "".join(
            f"{line.at.strftime('%H:%M:%S.%f')[:-3]} {line.direction} {printable(line.data, _SHOWN)}\n"
            for line in self.lines
        )


class _Entry:
    """A line that may still grow."""

    __slots__ = ("at", "data", "direction", "moment", "number", "position")

    def __init__(self, number: int, direction: str, data: bytes, position: int, moment: float) -> None:
        self.at = datetime.now(UTC)
        self.number = number
        self.direction = direction
        self.data = data
        self.position = position
        self.moment = moment

    def frozen(self) -> TranscriptLine:
        return TranscriptLine(self.at, self.direction, self.data, self.position)


class Log:
    """What has gone over a line; one thread adds, others wait and read.

    Attributes:
        end: bytes received so far: a position, which goes on growing when old bytes are dropped.
        begin: position of the oldest byte that is still kept.
        changed: notified whenever something was added.
        heard_at: `time.monotonic` of the last byte received; minus infinity: none yet.

    Args:
        url: the console.
        kept: bytes to keep in memory.
        file: writes down what comes; None: nobody does.
    """

    def __init__(self, url: str, *, kept: int = KEPT, file: LogFile | None = None) -> None:
        self.url = url
        self.end = 0
        self.begin = 0
        self.changed = threading.Condition()
        self.heard_at = float("-inf")
        self._file = file
        self._kept = kept
        self._size = 0
        self._entries: deque[_Entry] = deque()
        self._numbers = 0
        self._sealed = False
        self._dropped_numbers = 0

    def add(self, direction: str, data: bytes) -> None:
        """Add what was read, written, or happened."""
        moment = time.monotonic()
        with self.changed:
            last = self._entries[-1] if self._entries and not self._sealed else None
            if (
                last is not None
                and last.direction == direction != "!"
                and moment - last.moment < _SAME_LINE_S
                and len(last.data) + len(data) <= _SAME_LINE
            ):
                last.data += data
                last.moment = moment
                self._size += len(data)
            else:
                self._numbers += 1
                self._entries.append(_Entry(self._numbers, direction, data, self.end, moment))
                self._size += len(data) + _OVERHEAD
                self._sealed = False
            if direction == "<":
                self.end += len(data)
                self.heard_at = moment
            while self._size > self._kept and len(self._entries) > 1:
                old = self._entries.popleft()
                self._size -= len(old.data) + _OVERHEAD
                self._dropped_numbers = old.number
                if old.direction == "<":
                    self.begin = old.position + len(old.data)
            self.changed.notify_all()
        if self._file is not None:
            self._file.add(direction, data)

    def read(self, position: int, limit: int) -> tuple[bytes, int]:
        """Received bytes from `position` on, at most `limit`, and the position behind them.

        Where some were dropped meanwhile, they begin later: then the position behind them minus their number is more
        than `position`.
        """
        with self.changed:
            position = max(position, self.begin)
            behind: list[tuple[int, bytes]] = []
            for entry in reversed(self._entries):
                if entry.direction != "<":
                    continue
                if entry.position + len(entry.data) <= position:
                    break
                behind.append((entry.position, entry.data))
        found = bytearray()
        for begin, data in reversed(behind):
            if len(found) >= limit:
                break
            found += data[max(0, position - begin) :][: limit - len(found)]
        return bytes(found), position + len(found)

    def wait(self, position: int, seconds: float) -> bool:
        """Wait until there is something behind `position`, for at most `seconds`."""
        with self.changed:
            return self.changed.wait_for(lambda: self.end > position, seconds)

    @property
    def number(self) -> int:
        """Of the last line so far; `transcript` takes it. What comes next begins a line of its own."""
        with self.changed:
            self._sealed = True
            return self._numbers

    def transcript(self, since: int = 0, *, limit: int = KEPT) -> Transcript:
        """What went over the line after line number `since`; beyond `limit` bytes the middle is left out."""
        with self.changed:
            lines = [entry.frozen() for entry in self._entries if entry.number > since]
            truncated = self._dropped_numbers > since
        size = sum(len(line.data) + _OVERHEAD for line in lines)
        if size > limit:
            lines = _shortened(lines, limit)
            truncated = True
        return Transcript(self.url, tuple(lines), truncated)


def _shortened(lines: list[TranscriptLine], limit: int) -> list[TranscriptLine]:
    """The first and the last lines, and between them how much was left out."""
    head: list[TranscriptLine] = []
    tail: list[TranscriptLine] = []
    room = limit // 2
    for line in lines:
        room -= len(line.data) + _OVERHEAD
        if room < 0:
            break
        head.append(line)
    room = limit // 2
    for line in reversed(lines[len(head) :]):
        room -= len(line.data) + _OVERHEAD
        if room < 0:
            break
        tail.append(line)
    between = lines[len(head) : len(lines) - len(tail)]
    if not between:
        return lines
    left_out = sum(len(line.data) for line in between)
    event = TranscriptLine(
        between[0].at, "!", f"{left_out} bytes are left out here".encode(), between[0].position
    )
    return [*head, event, *reversed(tail)]
