"""What day it is, and whether the clock of this machine can be right about that.

Durations are measured by `time.monotonic`, which no setting of the clock changes. What is decided by a date is not
decided while the clock cannot be right: a certificate that has ended must not pass on a machine whose battery is empty.
"""

from __future__ import annotations

from datetime import UTC, datetime

from pytest_etsi.verdict import Cause, inconclusive

__all__ = ["EARLIEST", "doubt", "now", "now_if_known"]

EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
"""No release of this program is older."""
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)
"""No certificate or support period of today reaches so far."""


def _read() -> datetime:
    return datetime.now(UTC)


def doubt() -> str:
    """Why the clock cannot be right; empty: it may be."""
    at = _read()
    if EARLIEST <= at < _LATEST:
        return ""
    return f"the clock of this machine says {at:%Y-%m-%d}, which cannot be right"


def now_if_known() -> datetime | None:
    """The time in UTC; None: the clock cannot be right."""
    return None if doubt() else _read()


def now() -> datetime:
    """The time in UTC, where something is decided by it.

    Raises:
        Inconclusive: the clock cannot be right.
    """
    wrong = doubt()
    if wrong:
        inconclusive(
            f"{wrong}, and the date decides here",
            cause=Cause.BENCH,
            settle="set the clock of this machine, and run the unit again",
        )
    return _read()
