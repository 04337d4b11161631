"""A run that is told to end (SIGTERM: a job of CI that is cancelled, a machine that shuts down) ends as by Ctrl-C.

The device is then restored, and the results say what was not run; by itself Python would end at once, with neither.
"""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from types import FrameType

__all__ = ["TellsOfTheEnd"]


class TellsOfTheEnd:
    """Takes the signal while tests run, unless somebody else has taken it."""

    def __init__(self) -> None:
        self._taken = False

    def pytest_sessionstart(self) -> None:
        """Take it."""
        main = threading.current_thread() is threading.main_thread()
        if main and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, _interrupt)
            self._taken = True

    def pytest_unconfigure(self) -> None:
        """Give it back."""
        if self._taken:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            self._taken = False


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - what a handler is given
    # Once: whoever asks again means it.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    raise KeyboardInterrupt
