"""What a person sees while a unit waits: the seconds since it began, and what it is at."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["told_while"]

_AFTER_S = 2.0
"""Seconds before anything is shown: most units are over by then."""
_EVERY_S = 1.0


@contextmanager
def told_while(show: Callable[[str], None] | None, at: Callable[[], str]) -> Iterator[None]:
    """Show from time to time how long something has taken, until it is over.

    Args:
        show: shows words, and with "" takes them away; None: nobody looks.
        at: gives what it is at; called from a thread.
    """
    if show is None:
        yield
        return
    over = threading.Event()
    thread = threading.Thread(target=_tell, args=(show, at, over), name="waiting", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _tell(show: Callable[[str], None], at: Callable[[], str], over: threading.Event) -> None:
    began, wait_s, shown = time.monotonic(), _AFTER_S, False
    while not over.wait(wait_s):
        show(f"{time.monotonic() - began:.0f} s: {at()}")
        wait_s, shown = _EVERY_S, True
    if shown:
        show("")
