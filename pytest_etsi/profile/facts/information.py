"""Facts and access of 2-UserInfo: what is published for users."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from pytest_etsi.profile._types import FilePath, NonNegativeFloat, OperationName, Regex, Strict, Text, Url

__all__ = [
    "DesignationAccess",
    "Published",
    "Reference",
    "SetupCheckAccess",
    "UserInfoAccess",
    "UserInfoFacts",
]


def _pages(text: str) -> str:
    if not re.fullmatch(r"\s*\d{1,4}(?:\s*-\s*\d{1,4})?(?:\s*,\s*\d{1,4}(?:\s*-\s*\d{1,4})?)*\s*", text):
        raise PydanticCustomError("etsi_pages", 'expected pages such as "3" or "12-14, 20"', {})
    return text


class Reference(Strict):
    """A published document, or a place on the device, its packaging or a card."""

    url: Url | None = Field(
        default=None, description="Address; its host has to be in access.network.documents_hosts."
    )
    file: FilePath | None = Field(default=None, description="The document as a file: a PDF, a page, a text.")
    pages: Annotated[str, AfterValidator(_pages)] | None = Field(
        default=None, description='The pages that count, of a document that has pages: "12-14, 20".'
    )
    where: Text | None = Field(
        default=None,
        description="Place that no program reads: the label, the packaging, the quick start card.",
    )
    reads: Text | None = Field(default=None, description="What stands at that place, typed.")
    photo: FilePath | None = Field(default=None, description="A photo of that place.")

    @model_validator(mode="after")
    def _has_one_place(self) -> Reference:
        if sum(one is not None for one in (self.url, self.file, self.where)) > 1:
            raise PydanticCustomError("etsi_reference", "expected one of url, file and where", {})
        if self.where is None and (self.reads is not None or self.photo is not None):
            raise PydanticCustomError("etsi_reference_where", "expected where, beside reads or photo", {})
        return self

    def page_numbers(self) -> tuple[int, ...]:
        """The pages that count, from 1; empty: all."""
        found: list[int] = []
        for part in (self.pages or "").split(","):
            first, _, last = part.strip().partition("-")
            if first:
                found += range(int(first), min(int(last or first), int(first) + 2000) + 1)
        return tuple(found)

    @property
    def named(self) -> str:
        """How it is told in a sentence; empty: nothing is named."""
        return str(self.url or "") or (self.file.name if self.file else "") or (self.where or "")


class Published(Reference):
    """Where a document is published, and from where users are led to it."""

    led_by: tuple[Reference, ...] = Field(
        default=(),
        description="What leads users to it: the manual, a page, the quick start card. Its address has to stand there.",
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
    telemetry: Published | None = Field(default=None, description="Documentation of Telemetry Data")
    replacement: Published | None = Field(default=None, description="Documentation of Replacement")
    support_period: Published | None = Field(default=None, description="Publication of Support Period")
    disclosure_policy: Published | None = Field(
        default=None, description="Publication of Vulnerability Disclosure Policy"
    )
    non_updatable: Published | None = Field(default=None, description="Publication of Non-Updatable")
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


class DesignationAccess(Strict):
    """How the model designation is read in the way that the documents describe."""

    read: OperationName | None = Field(
        default=None, description="Operation whose value is what the device, its console or page shows."
    )
    where: Text | None = Field(
        default=None, description="Place that is read by eye: the label on the underside."
    )
    reads: Text | None = Field(default=None, description="What stands there, typed as it is.")
    photo: FilePath | None = Field(default=None, description="A photo of it.")


class UserInfoAccess(Strict):
    """How a program checks the set-up, and whether the device is kept secure."""

    designation: DesignationAccess | None = Field(
        default=None, description="How the model designation is read."
    )

    setup_check: SetupCheckAccess | None = Field(
        default=None, description="How the check of the set-up is done."
    )
    maintenance_check: SetupCheckAccess | None = Field(
        default=None, description="How the check that the device is kept secure is done."
    )
