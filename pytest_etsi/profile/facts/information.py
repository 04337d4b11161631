"""Facts and access of 2-UserInfo: what is published for users."""

from __future__ import annotations

from pydantic import Field

from pytest_etsi.profile._types import NonNegativeFloat, Strict, Url

__all__ = [
    "Published",
    "UserInfoAccess",
    "UserInfoFacts",
]


class Published(Strict):
    """Where a document is published and what it has to say."""

    url: Url | None = Field(
        default=None, description="Address; its host has to be in access.network.documents_hosts."
    )


class UserInfoFacts(Strict):
    """Typed claims of 2-UserInfo: one published document per field."""

    change_mechanisms: Published | None = Field(
        default=None, description="Documentation of Change Mechanisms"
    )
    sensors: Published | None = Field(default=None, description="Documentation of Sensors")
    secure_setup: Published | None = Field(default=None, description="Documentation of Secure Setup")
    setup_check: Published | None = Field(default=None, description="Documentation of Setup Check")
    maintenance_check: Published | None = Field(
        default=None, description="Documentation of Maintenance Check"
    )
    personal_data: Published | None = Field(default=None, description="Documentation of Personal Data")
    deletion: Published | None = Field(default=None, description="Documentation of Deletion")
    policy_acknowledge_days: NonNegativeFloat | None = Field(
        default=None,
        description="Longest time to the acknowledgement of a report that the policy states, in days.",
    )
    policy_status_days: NonNegativeFloat | None = Field(
        default=None,
        description="Longest time between two status updates to who reported that the policy states, in days.",
    )
    policy_max_days: NonNegativeFloat | None = Field(
        default=None,
        description="Longest time to a remedy that the published disclosure policy states, in days.",
    )


class UserInfoAccess(Strict):
    """How a program reads the model designation."""
