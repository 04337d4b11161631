"""Facts and access of 21-PersData and 24-TelData: data of people, and what the device reports (5.8, 5.10, 6)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pytest_etsi.profile._types import Secret, Strict

__all__ = [
    "PersDataAccess",
    "PersDataFacts",
    "TelDataFacts",
]


class PersDataFacts(Strict):
    """Typed claims of an entry of 21-PersData."""

    sensitive: bool | None = None
    consent: bool | None = Field(default=None, description="Whether the processing rests on consent.")
    on_device: bool | None = None
    on_service: bool | None = None
    consent_by: Literal["explicit-action", "preselected", "implied"] | None = Field(
        default=None, description="How consent is given, where the processing rests on it."
    )
    withdrawal: Literal["setting", "account-deletion", "support", "impossible"] | None = Field(
        default=None, description="How consent is withdrawn."
    )


class PersDataAccess(Strict):
    """How a program writes, reads and consents."""

    canary: Secret | None = Field(
        default=None, repr=False, description="A known value of these data that must not be found in clear."
    )


class TelDataFacts(Strict):
    """Typed claims of an entry of 24-TelData."""

    examined: bool | None = Field(default=None, description="Whether it is examined for security anomalies.")
    needs_personal_data: bool | None = Field(
        default=None, description="Whether the purpose cannot be reached without personal data."
    )
