"""The longest time of a unit, kept: what takes longer is ended, wherever it waits."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["OutOfTime", "at_most"]


class OutOfTime(BaseException):
    """The time of a unit is over. No `except Exception` on the way takes it for an answer of the device."""


@contextmanager
def at_most(seconds: float | None) -> Iterator[None]:
    """Raise `OutOfTime` in what runs within, when it takes longer; None: it may.

    Does nothing where another plugin has a timer, outside the main thread, and on systems without signals.

    Raises:
        OutOfTime: it has taken longer.
    """
    if seconds is None or not _can_ring():
        yield
        return
    before = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _can_ring() -> bool:
    return (
        hasattr(signal, "setitimer")
        and threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGALRM) in (signal.SIG_DFL, signal.SIG_IGN)
    )


def _ring(*_: object) -> NoReturn:
    raise OutOfTime
