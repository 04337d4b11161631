"""Facts and access of 2-UserInfo: what is published for users."""

from __future__ import annotations

from pydantic import Field

from pytest_etsi.profile._types import NonNegativeFloat, Strict, Text, Url
from pytest_etsi.profile.facts.common import Request

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
    linked_from: Url | None = Field(default=None, description="Page that leads the user to it.")
    contains: tuple[Text, ...] = Field(default=(), description="Phrases that the document carries.")


class UserInfoFacts(Strict):
    """Typed claims of 2-UserInfo: one published document per field."""

    change_mechanisms: Published | None = Field(
        default=None, description="Documentation of Change Mechanisms"
    )
    replacement: Published | None = Field(default=None, description="Documentation of Replacement")
    sensors: Published | None = Field(default=None, description="Documentation of Sensors")
    secure_setup: Published | None = Field(default=None, description="Documentation of Secure Setup")
    setup_check: Published | None = Field(default=None, description="Documentation of Setup Check")
    maintenance_check: Published | None = Field(
        default=None, description="Documentation of Maintenance Check"
    )
    personal_data: Published | None = Field(default=None, description="Documentation of Personal Data")
    telemetry_data: Published | None = Field(default=None, description="Documentation of Telemetry Data")
    deletion: Published | None = Field(default=None, description="Documentation of Deletion")
    support_period: Published | None = Field(default=None, description="Publication of Support Period")
    disclosure_policy: Published | None = Field(
        default=None, description="Publication of Vulnerability Disclosure Policy"
    )
    non_updatable: Published | None = Field(default=None, description="Publication of Non-Updatable")
    model_designation: Text | None = Field(
        default=None, description="The designation as the device gives it."
    )
    support_until: Text | None = Field(
        default=None, pattern=r"^\d{4}-\d{2}-\d{2}$", description="Last day: 2031-12-31."
    )
    policy_max_days: NonNegativeFloat | None = Field(
        default=None,
        description="Longest time to a remedy that the published disclosure policy states, in days.",
    )


class UserInfoAccess(Strict):
    """How a program reads the model designation."""

    model_designation: Request | None = Field(
        default=None, description="A request whose answer carries the designation."
    )
    console_command: Text | None = Field(
        default=None, description="A console command that prints the designation."
    )
