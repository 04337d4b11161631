"""The bench's clock, as far as it can be believed.

A bench without a battery or a network wakes up in the 1970s. What is held against such a clock decides nothing.
"""

from __future__ import annotations

import datetime

__all__ = ["MADE", "UNSET", "now", "today"]

MADE = datetime.date(2026, 11, 1)
"""When the reference data of this version were compiled: no clock that is right shows an earlier day."""

UNSET = (
    f"the clock of the bench is not set: it shows a day before {MADE}, when the reference data were compiled"
)
"""Why nothing follows from the present day, as a part of a sentence."""


def now() -> datetime.datetime | None:
    """The present time, UTC; None: the clock is not set."""
    shown = datetime.datetime.now(datetime.UTC)
    return shown if shown.date() >= MADE else None


def today() -> datetime.date | None:
    """The present day, UTC; None: the clock is not set."""
    shown = now()
    return shown.date() if shown is not None else None
