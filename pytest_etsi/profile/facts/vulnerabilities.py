"""Facts of 3-VulnTypes, 5-VulnMon and 8-UpdProc: how fast vulnerabilities are dealt with (5.2, 5.3-8)."""

from __future__ import annotations

from pydantic import Field

from pytest_etsi.profile._types import NonNegativeFloat, Strict, Text

__all__ = [
    "TimeFrameFacts",
]


class TimeFrameFacts(Strict):
    """Time frame of 3-VulnTypes and 8-UpdProc entries, and sources of 5-VulnMon."""

    max_days: NonNegativeFloat | None = Field(
        default=None, description="Longest time from notice to remedy, in days."
    )
    interval_days: NonNegativeFloat | None = Field(
        default=None, description="Interval of monitoring, in days."
    )
    sources: tuple[Text, ...] = Field(default=(), description="Feeds, lists and mailboxes that are watched.")
    roles: tuple[Text, ...] = Field(default=(), description="Roles that are involved.")
