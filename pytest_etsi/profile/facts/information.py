"""Facts and access of 2-UserInfo: what is published for users."""

from __future__ import annotations

from pydantic import Field

from pytest_etsi.profile._types import NonNegativeFloat, OperationName, Regex, Strict, Url

__all__ = [
    "Published",
    "SetupCheckAccess",
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


class SetupCheckAccess(Strict):
    """How a program does a check of the configuration, on a good one and a weak one."""

    check: OperationName = Field(description="Operation whose value is the outcome of the check.")
    passes: Regex | None = Field(default=None, description="What the outcome says of a secure set-up.")
    weaken: OperationName = Field(description="Operation that makes a choice that the check has to find.")
    strengthen: OperationName = Field(description="Operation that undoes it; run in every case.")
    read: OperationName = Field(description="Operation whose value is the configuration.")


class UserInfoAccess(Strict):
    """How a program checks the set-up, and whether the device is kept secure."""

    setup_check: SetupCheckAccess | None = Field(
        default=None, description="How the check of the set-up is done."
    )
    maintenance_check: SetupCheckAccess | None = Field(
        default=None, description="How the check that the device is kept secure is done."
    )
