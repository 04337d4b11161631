"""What day it is, and whether the clock of this machine can be right about that.

A bench without a battery or a network wakes up in the 1970s. Durations are measured by `time.monotonic`, which no
setting of the clock changes; what is decided by a date is not decided while the clock cannot be right.
"""

from __future__ import annotations

import datetime

__all__ = ["MADE", "doubt", "now", "today"]

MADE = datetime.date(2026, 11, 1)
"""When the reference data of this version were compiled: no clock that is right shows an earlier day."""
_LATEST = datetime.date(2100, 1, 1)
"""No certificate or support period of today reaches so far."""


def doubt() -> str:
    """Why the clock cannot be right, as a part of a sentence; empty: it may be."""
    shown = _read().date()
    if MADE <= shown < _LATEST:
        return ""
    return f"the clock of this machine shows {shown}, which cannot be right"


def now() -> datetime.datetime | None:
    """The present time, UTC; None: the clock cannot be right."""
    return None if doubt() else _read()


def today() -> datetime.date | None:
    """The present day, UTC; None: the clock cannot be right."""
    shown = now()
    return shown.date() if shown is not None else None


def _read() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
