"""At which speed a line speaks: what is text at one speed is garbage at another, and a boot may use several."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_etsi.probes._net import Deadline
from pytest_etsi.probes.observation import Observation
from pytest_etsi.probes.serial.beside import Beside
from pytest_etsi.probes.serial.errors import ConsoleUnsettable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_etsi.probes.serial.console import Console

__all__ = ["USUAL", "Part", "SpeedSearch", "find_speeds", "legible", "listen"]

USUAL = (
    115200, 9600, 1500000, 74880, 57600, 38400, 921600, 19200, 230400, 460800, 2000000, 1000000, 3000000, 4800, 2400,
)  # fmt: skip
"""Speeds of consoles in the field, the likeliest first; 74,880 is a boot ROM's, 1,500,000 that of many boards."""

_LEAST = 8
"""Bytes of which something can be said."""
_LOOKED_AT = 96
_SHARE = 0.9
_STEP_S = 0.02
_PAUSE_S = 0.003
_GLITCH = 4
"""Bytes that a line seems to carry when a supply is switched, at most."""
_MOST_PARTS = 400


def legible(data: bytes) -> bool | None:
    """Whether bytes are text; None: too few to tell.

    At a wrong speed bits merge or repeat, framing errors become zeros, and half of what comes has its highest bit set.
    """
    if len(data) < _LEAST:
        return None
    text = data.decode("utf-8", "replace")
    fine = sum(char.isprintable() or char in "\r\n\t\x1b\x08" for char in text) - text.count("\ufffd")
    return fine >= _SHARE * len(text)


@dataclass(frozen=True, slots=True)
class Part(Observation):
    """A stretch of what came that was read at one speed.

    Attributes:
        speed: symbols per second.
        start: position of its first byte.
        end: position behind its last byte.
        legible: whether it is text; None: too short to tell.
    """

    speed: int
    start: int
    end: int
    legible: bool | None


@dataclass(frozen=True, slots=True)
class SpeedSearch(Observation):
    """What was found out about the speeds of a line.

    Attributes:
        parts: all that came, stretch by stretch; garbage among it is no text and no silence either.
        spoken: speeds at which there was text, in the order in which they were used.
        unsettable: speeds that the adapter cannot set.
        starts: how often the device was started for it.
    """

    parts: tuple[Part, ...]
    spoken: tuple[int, ...]
    unsettable: tuple[int, ...]
    starts: int

    @property
    def unread(self) -> int:
        """Bytes that came and were text at no speed tried."""
        if self.spoken:
            return _unread(self.parts)
        whole = sum(part.end - part.start for part in self.parts if part.legible is not True)
        return whole if whole >= _GLITCH else 0


def listen(
    console: Console,
    order: Sequence[int],
    *,
    within_s: float,
    quiet_s: float,
    at_once: bool = False,
    since: int | None = None,
    lead: int = 0,
    beside: Beside | None = None,
) -> tuple[Part, ...]:
    """Listen until it has been quiet for a while, and change the speed whenever what comes is no text.

    Args:
        console: the console; it starts at the first of `order`.
        order: speeds to try, in turn.
        within_s: seconds at most.
        quiet_s: seconds of quiet that end it.
        at_once: quiet counts from the beginning, also where nothing comes at all.
        since: a mark from which on to listen; None: from now on.
        lead: bytes at the first speed after which, at the next pause, the second one is due; 0: not known.
        beside: what goes on meanwhile: quiet counts from its end.
    """
    speeds = list(dict.fromkeys(order))
    _set(console, speeds)
    parts: list[Part] = []
    start, at = console.log.end if since is None else since, 0
    deadline, began = Deadline(within_s), time.monotonic()
    while not deadline.expired and speeds and len(parts) < _MOST_PARTS:
        come = console.log.wait(console.log.end, min(_PAUSE_S if lead else _STEP_S, deadline.left()))
        end = console.log.end
        if lead and not come and end - start >= lead - _LOOKED_AT // 4:
            lead = 0
            parts.append(Part(console.baudrate, start, end, legible=True))
            at, start = 1, end
            _change(console, speeds, at)
            continue
        fresh, _ = console.log.read(max(start, end - _LOOKED_AT), _LOOKED_AT)
        if legible(fresh) is False:
            # What was text before it turned to garbage stays text.
            turn = _turn(console, start, end)
            if turn > start:
                parts.append(Part(console.baudrate, start, turn, legible=True))
            parts.append(Part(console.baudrate, turn, end, legible=False))
            at = (at + 1) % len(speeds)
            start = end
            if not _change(console, speeds, at):
                break
            start = console.log.end
            continue
        if beside is not None and not beside.done:
            began = time.monotonic()
            continue
        silent_s = time.monotonic() - max(console.log.heard_at, began)
        if silent_s >= (quiet_s if at_once or end > start or parts else within_s):
            break
    if console.log.end > start:
        data, _ = console.log.read(start, _LOOKED_AT * 40)
        parts.append(Part(console.baudrate, start, console.log.end, legible(data)))
    return tuple(parts)


def find_speeds(
    console: Console,
    cycle: Callable[[], object],
    order: Sequence[int] = USUAL,
    *,
    starts: int = 4,
    within_s: float = 60.0,
    quiet_s: float = 2.0,
) -> SpeedSearch:
    """Start the device until all that it says has been read at a speed at which it is text.

    Within one start the speed is changed as soon as what comes is garbage. The next start begins at the next speed for
    the first stretch, and goes on with those at which there was text.

    Args:
        console: the console.
        cycle: switches the device off and on; what it says meanwhile is listened to.
        order: speeds, the likeliest first.
        starts: how often the device may be started.
        within_s: seconds that a start takes at most.
        quiet_s: seconds of quiet that end it.
    """
    firsts = list(dict.fromkeys(order))
    unsettable = _unsettable(console, firsts)
    spoken: list[int] = []
    parts: tuple[Part, ...] = ()
    best: tuple[Part, ...] | None = None
    done = 0
    while done < starts and firsts:
        first = firsts.pop(0)
        others = [speed for speed in (*spoken, *order) if speed != first and speed not in unsettable]
        if not _change(console, [first], 0):
            continue
        mark = console.mark()
        with Beside(cycle) as beside:
            parts = listen(
                console, (first, *others), within_s=within_s, quiet_s=quiet_s, since=mark, beside=beside
            )
        done += 1
        heard = [part.speed for part in parts if part.legible]
        spoken = list(dict.fromkeys((*heard, *spoken)))
        if best is None or _worth(parts) > _worth(best):
            best = parts
        if _is_read(parts) and (any(part.legible for part in parts) or _is_read(best)):
            break
        # What was not text at its beginning is tried at another speed; a speed that was tried there is not again.
        failed = {part.speed for part in parts if part.legible is False and part.start == parts[0].start}
        firsts = [speed for speed in firsts if speed not in failed]
    if len(spoken) > 1 and best is not None and _unread(best) and done < starts:
        # Where the first stretch ends is known now, so that the next begins at its own speed.
        lead = next(part for part in best if part.legible)
        if _change(console, [lead.speed], 0):
            mark = console.mark()
            order = (lead.speed, *(speed for speed in spoken if speed != lead.speed))
            with Beside(cycle) as beside:
                parts = listen(
                    console,
                    order,
                    within_s=within_s,
                    quiet_s=quiet_s,
                    since=mark,
                    lead=lead.end - lead.start,
                    beside=beside,
                )
            done += 1
            best = max(best, parts, key=_worth)
    used = tuple(dict.fromkeys(part.speed for part in best or () if part.legible))
    if used:
        with contextlib.suppress(ConsoleUnsettable):
            console.set_speed(used[-1])  # what was spoken last is the running device's
    return SpeedSearch(best or (), used, unsettable, done)


def _is_read(parts: Sequence[Part]) -> bool:
    """Whether a start was read to its end; one that says nothing was, and the glitch of a supply is nothing."""
    if any(part.legible for part in parts):
        return all(part.legible is not False for part in parts)
    return sum(part.end - part.start for part in parts) < _GLITCH


def _worth(parts: Sequence[Part]) -> tuple[int, int]:
    """How much of a start was read: bytes of text, then the fewest others; without any text, what there was."""
    text = sum(part.end - part.start for part in parts if part.legible)
    return text, -_unread(parts) if text else sum(part.end - part.start for part in parts)


def _unread(parts: Sequence[Part]) -> int:
    return sum(part.end - part.start for part in parts if part.legible is False)


def _turn(console: Console, start: int, end: int) -> int:
    """Where what was text became garbage; `start`: it never was."""
    data, position = console.log.read(start, end - start)
    begin = position - len(data)
    step = _LOOKED_AT // 4
    turn = begin
    for at in range(0, len(data), step):
        if legible(data[at : at + step]) is not True:
            break
        turn = begin + min(len(data), at + step)
    return min(turn, end)


def _set(console: Console, speeds: list[int]) -> None:
    _change(console, speeds, 0)


def _change(console: Console, speeds: list[int], at: int) -> bool:
    """Set the speed at a place of the list, or the next that can be set; whether there was one."""
    while speeds:
        speed = speeds[at % len(speeds)]
        if console.baudrate == speed:
            return True
        try:
            console.set_speed(speed)
        except ConsoleUnsettable:
            speeds.remove(speed)
        else:
            return True
    return False


def _unsettable(console: Console, speeds: list[int]) -> tuple[int, ...]:
    """Speeds that cannot be set; they are taken out of the list."""
    former, found = console.baudrate, []
    for speed in list(speeds):
        if speed == former:
            continue
        try:
            console.set_speed(speed)
        except ConsoleUnsettable:
            speeds.remove(speed)
            found.append(speed)
    with contextlib.suppress(ConsoleUnsettable):
        console.set_speed(former)
    return tuple(found)
