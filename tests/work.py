"""Bounds on what something costs, which hold on a machine that is busy with something else, too."""

from __future__ import annotations

import collections
import contextlib
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

__all__ = ["FAR_TOO_LONG_S", "at_most_cpu_s", "calls_within"]

FAR_TOO_LONG_S = 15.0
"""Seconds that no wait takes which ends as it should, however busy the machine; what does not end takes longer."""


@contextlib.contextmanager
def at_most_cpu_s(seconds: float) -> Iterator[None]:
    """Make sure that what happens within takes this thread less than so many seconds of a processor."""
    began = time.thread_time()
    yield
    spent = time.thread_time() - began

    assert spent < seconds, f"took {spent:.1f} s of a processor"


@contextlib.contextmanager
def calls_within() -> Iterator[collections.Counter[str]]:
    """How often which function, by its name, is called by this thread within: the same on every machine."""
    calls: collections.Counter[str] = collections.Counter()

    def take(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            calls[frame.f_code.co_qualname] += 1

    before = sys.getprofile()
    sys.setprofile(take)
    try:
        yield calls
    finally:
        sys.setprofile(before)
