"""How long a question may take, how much of what others have made is read, and how a limit of time is kept.

Whoever asks a device, or reads what a device or a stranger has written, has its bounds here. A test goes through all of
them with what never ends, is huge, is nested without end, or comes drop by drop.
"""

from __future__ import annotations

import errno
import signal
import stat
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

__all__ = [
    "Limit",
    "OutOfTime",
    "Question",
    "Reading",
    "at_most",
    "changed",
    "ending",
    "undisturbed",
]

KIB, MIB = 1024, 1024 * 1024


@dataclass(frozen=True, slots=True)
class Question:
    """The bounds of what is asked of a device.

    Attributes:
        step_s: seconds for one step: a connection, an answer, a silence.
        whole_s: seconds for all of it; 0: as its one step.
        most: bytes that are read of one answer, or of a connection; 0: as the protocol below it.
    """

    step_s: float
    whole_s: float = 0.0
    most: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """The bounds of a parser of what others have made.

    Attributes:
        most: bytes of it that are read; what is larger is refused, or cut and said to be.
        items: parts that it may have: values, elements, records.
        depth: levels of nesting; 0: the form has none, or what is read of it needs no stack.
    """

    most: int
    items: int = 0
    depth: int = 0


# Questions to a device --------------------------------------------------------------------------------------

CONNECTION = Question(3.0, most=256 * KIB)
"""A connection of which nothing else is said."""
HTTP = Question(10.0, 30.0, 8 * MIB)
DOCUMENT = Question(10.0, 20.0, 8 * MIB)
LOGINS = Question(3.0, 20.0, 256 * KIB)
DISCLOSURE = Question(3.0, 60.0, 64 * KIB)
UPDATES = Question(5.0, 90.0, 64 * KIB)
UPDATE_SERVER = Question(5.0, 600.0, 64 * KIB)
"""A request of a device to a server that stands in for that of its updates; `whole_s` for what it is then given."""
RELAY = Question(10.0, 600.0)
"""A connection that is passed on; `whole_s` while nothing goes either way."""
RENDERING = Question(30.0, most=8 * MIB)
INPUTS = Question(10.0, 120.0, 256 * KIB)
SERVICES = Question(3.0, 60.0, 256 * KIB)
PORTS = Question(1.0, 600.0)
ALL_PORTS = Question(1.0, 3600.0)
UDP_PORTS = Question(1.0, 120.0, 2 * KIB)
NMAP = Question(120.0, 120.0)
SNMP = Question(1.5, most=64 * KIB)
COAP = Question(1.0, most=64 * KIB)
UDP_SERVICE = Question(1.0, 10.0, 64 * KIB)
MDNS = Question(1.0, 30.0, 64 * KIB)
SSDP = Question(1.2, 40.0, 256 * KIB)
WS_DISCOVERY = Question(1.0, most=64 * KIB)
TLS = Question(3.0, 20.0, 256 * KIB)
DTLS = Question(2.0, 90.0, 256 * KIB)
TRUST = Question(10.0)
SSH = Question(10.0, most=256 * KIB)
SSH_LOGIN = Question(15.0, most=8 * MIB)
MQTT = Question(5.0, most=1 * MIB)
MQTT_MESSAGE = Question(3.0, most=1 * MIB)
RTSP = Question(5.0, most=64 * KIB)
RTSP_TOLD = Question(3.0, most=64 * KIB)
TELNET = Question(10.0, most=256 * KIB)
CONSOLE = Question(10.0, most=16 * MIB)
MALFORMED = Question(3.0)
RESILIENCE = Question(5.0, most=64 * KIB)
LIVE_CAPTURE = Question(10.0, most=60 * MIB)
IMAGE_SEARCH = Question(300.0)
"""The search of a firmware image, which asks nobody."""
OPERATION = Question(30.0, 600.0)
"""What a project or a profile does to the device; `whole_s` where it does not ask for more."""

# What others have made --------------------------------------------------------------------------------------

JSON = Reading(8 * MIB, items=500_000, depth=200)
XML = Reading(8 * MIB, items=2000, depth=60)
HTML = Reading(2_000_000)
DOCUMENT_TEXT = Reading(2_000_000, items=20_000, depth=200)
"""Of a published document: characters, passages, elements within elements."""
PDF = Reading(16 * MIB, items=400)
"""The items are pages."""
YAML = Reading(8 * MIB, items=500_000, depth=64)
OPENAPI = Reading(8 * MIB, items=500_000, depth=200)
WORKBOOK = Reading(64 * MIB, items=3_000_000)
"""Unpacked; the items are tags."""
PRIVATE_KEY = Reading(64 * KIB)
CERTIFICATE = Reading(256 * KIB)
CAPTURE = Reading(1 << 30)
"""Unpacked, where it is compressed; mapped from its file, not held."""
PACKET = Reading(1 << 24)
IMAGE = Reading(1 << 30, items=300_000, depth=8)
"""A firmware image, unpacked; the items are files in it, the levels containers within containers."""
DNS = Reading(64 * KIB, items=200)
MANIFEST = Reading(1 * MIB)
"""What a maker's server says of an update, as it is put before a device."""
PACKAGE = Reading(16 * MIB, items=4096)
"""Of a package of software: its directory, or one part of it; the rest is copied and never held."""


# Limits of time ---------------------------------------------------------------------------------------------


class OutOfTime(BaseException):
    """The time of something is over. No `except Exception` on the way takes it for an answer of the device.

    Attributes:
        limit: which limit was reached.
    """

    def __init__(self, limit: Limit) -> None:
        super().__init__(f"it has taken {limit.seconds:g} s, the longest that it may")
        self.limit = limit


class Limit:
    """A limit of time that is being kept.

    Attributes:
        seconds: how long it is.
        end: when it is reached, by the monotonic clock.
        shields: how many shields were up when it began; under more of them it waits.
    """

    __slots__ = ("end", "seconds", "shields")

    def __init__(self, seconds: float, shields: int) -> None:
        self.seconds, self.shields = seconds, shields
        self.end = time.monotonic() + seconds


class _Kept(threading.local):
    def __init__(self) -> None:
        self.limits: list[Limit] = []
        self.shields = 0


_kept = _Kept()


@contextmanager
def at_most(seconds: float | None) -> Iterator[Limit | None]:
    """Raise `OutOfTime` in what runs within when it takes longer; None: it may. One may be within another.

    Does nothing where another plugin has a timer, outside the main thread, and on systems without signals.

    Raises:
        OutOfTime: it has taken longer.
    """
    if seconds is None or not (_kept.limits or _can_ring()):
        yield None
        return
    limit = Limit(seconds, _kept.shields)
    before = signal.signal(signal.SIGALRM, _ring)
    _kept.limits.append(limit)
    try:
        _arm()
        yield limit
    finally:
        _kept.limits.remove(limit)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if _kept.limits:
            _arm()


@contextmanager
def undisturbed() -> Iterator[Callable[[], AbstractContextManager[None]]]:
    """Let no limit that began before end what runs within: it changes the device, or puts it back.

    A limit that was reached meanwhile is told at the end, unless something else went wrong. What is given opens a
    window: in its block the limits count again.
    """
    before = _kept.shields
    _kept.shields = before + 1
    _arm()

    @contextmanager
    def disturbed() -> Iterator[None]:
        _kept.shields = before
        try:
            _arm()
            yield
        finally:
            _kept.shields = before + 1
            _arm()

    try:
        yield disturbed
    finally:
        _kept.shields = before
    _arm()


@contextmanager
def changed(change: Callable[[], object], restore: Callable[[], object]) -> Iterator[None]:
    """The device as `change` leaves it, in the block; whatever ends the block, it is restored.

    A limit of time ends the block and never the change or the restoration. A change that fails is not undone.
    """
    with undisturbed() as disturbed:
        change()
        try:
            with disturbed():
                yield
        finally:
            restore()


def _arm() -> None:
    """Have the alarm ring at the first limit that counts now; one that was reached is told at once.

    Raises:
        OutOfTime: see there.
    """
    counting = [limit for limit in _kept.limits if limit.shields >= _kept.shields]
    if not counting:
        if _kept.limits:
            signal.setitimer(signal.ITIMER_REAL, 0)
        return
    first = min(counting, key=lambda limit: limit.end)
    left = first.end - time.monotonic()
    if left <= 0:
        raise OutOfTime(first)
    signal.setitimer(signal.ITIMER_REAL, left)


def _can_ring() -> bool:
    return (
        hasattr(signal, "setitimer")
        and threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGALRM) in (signal.SIG_DFL, signal.SIG_IGN)
    )


def _ring(*_: object) -> None:
    _arm()


def ending(path: Path) -> Path:
    """A path from which reading ends: a pipe that nobody writes to would be waited for, and a device may never end.

    Raises:
        OSError: it leads to one of these, or to nothing.
    """
    mode = path.stat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise OSError(errno.EINVAL, "it is a pipe or a device, and no file", str(path))
    return path
